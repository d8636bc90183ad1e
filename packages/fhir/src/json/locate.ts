// Finds the place of a fault in JSON text: a slow reader that is only used once something is known to be wrong.
import { endOfString } from './scan.ts';

export type JsonFault = 'syntax' | 'duplicate-key' | 'too-deep';

export interface LocatedFault {
  readonly fault: JsonFault;
  readonly line: number;
  readonly column: number;
  /** JSON pointer-like path of the value that was being read. */
  readonly path: string;
  readonly expected: string;
}

class Stop extends Error {
  readonly fault: JsonFault;
  readonly at: number;
  readonly expected: string;
  constructor(fault: JsonFault, at: number, expected: string) {
    super(fault);
    this.fault = fault;
    this.at = at;
    this.expected = expected;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  readonly path: (string | number)[] = [];

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  whole(): void {
    this.#space();
    this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new Stop('syntax', this.#at, 'end of text');
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match !== null;
  }

  #takes(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #string(expected: string): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw new Stop('syntax', start, expected);
    const end = endOfString(this.#text, start);
    const raw = this.#text.slice(start, end + 1);
    try {
      const value = JSON.parse(raw) as string;
      this.#at = end + 1;
      return value;
    } catch {
      throw new Stop('syntax', start, 'string');
    }
  }

  #value(depth: number): void {
    const start = this.#at;
    const char = this.#text[start];
    if ((char === '{' || char === '[') && depth >= this.#maxDepth) throw new Stop('too-deep', start, '');
    if (char === '{') this.#object(depth);
    else if (char === '[') this.#array(depth);
    else if (char === '"') this.#string('string');
    else if (!this.#take(NUMBER) && !this.#take(WORD)) throw new Stop('syntax', start, 'value');
  }

  #object(depth: number): void {
    this.#at += 1;
    this.#space();
    if (this.#takes('}')) return;
    const seen = new Set<string>();
    do {
      this.#space();
      const start = this.#at;
      const key = this.#string('key');
      this.path.push(key);
      if (seen.has(key)) throw new Stop('duplicate-key', start, '');
      seen.add(key);
      this.#space();
      if (!this.#takes(':')) throw new Stop('syntax', this.#at, ':');
      this.#space();
      this.#value(depth + 1);
      this.path.pop();
      this.#space();
    } while (this.#takes(','));
    if (!this.#takes('}')) throw new Stop('syntax', this.#at, ', or }');
  }

  #array(depth: number): void {
    this.#at += 1;
    this.#space();
    if (this.#takes(']')) return;
    let index = 0;
    do {
      this.#space();
      this.path.push(index);
      this.#value(depth + 1);
      this.path.pop();
      index += 1;
      this.#space();
    } while (this.#takes(','));
    if (!this.#takes(']')) throw new Stop('syntax', this.#at, ', or ]');
  }
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** The first fault, or null if there is none. */
export function locateFault(text: string, maxDepth: number): LocatedFault | null {
  const reader = new Reader(text, maxDepth);
  try {
    reader.whole();
    return null;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const path = reader.path
      .map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`))
      .join('')
      .replace(/^\./, '');
    return { fault: error.fault, expected: error.expected, path, ...placeOf(text, error.at) };
  }
}
