// Remembers whether a walk along the first rows of an order has filled pages of searches of one shape lately.

const TRIES_MAX = 64;
const SHAPES_MAX = 2000;

interface Luck {
  misses: number;
  /** Searches of this shape that go straight to the whole before the next try. */
  rest: number;
}
const shapes = new Map<string, Luck>();

/** After each miss twice as many searches of the shape pass before a walk is tried again. */
export function worthWalking(shape: string): boolean {
  const record = shapes.get(shape);
  if (record === undefined || record.rest === 0) return true;
  record.rest -= 1;
  return false;
}

export function walked(shape: string, filled: boolean): void {
  if (filled) {
    shapes.delete(shape);
    return;
  }
  if (shapes.size >= SHAPES_MAX) shapes.clear();
  const misses = (shapes.get(shape)?.misses ?? 0) + 1;
  shapes.set(shape, { misses, rest: Math.min(2 ** misses, TRIES_MAX) });
}
