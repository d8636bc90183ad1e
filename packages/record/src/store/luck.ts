// Remembers whether a cheaper way has lately led to an answer for questions of one shape.

const TRIES_MAX = 64;
const SHAPES_MAX = 2000;

interface Tries {
  misses: number;
  /** Questions of this shape that take the sure way before the next try. */
  rest: number;
}

export class Luck {
  readonly #shapes = new Map<string, Tries>();

  /** After each miss twice as many questions of the shape pass before the cheaper way is tried again. */
  worthTrying(shape: string): boolean {
    const tries = this.#shapes.get(shape);
    if (tries === undefined || tries.rest === 0) return true;
    tries.rest -= 1;
    return false;
  }

  tried(shape: string, found: boolean): void {
    if (found) {
      this.#shapes.delete(shape);
      return;
    }
    if (this.#shapes.size >= SHAPES_MAX) this.#shapes.clear();
    const misses = (this.#shapes.get(shape)?.misses ?? 0) + 1;
    this.#shapes.set(shape, { misses, rest: Math.min(2 ** misses, TRIES_MAX) });
  }
}
