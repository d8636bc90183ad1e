// Remembers how a number was written where a JavaScript number cannot (1.00, 1e2, 20 digits), beside the parsed object.

const texts = new WeakMap<object, Map<string, string>>();

export function rememberNumberText(holder: object, key: string, text: string): void {
  let known = texts.get(holder);
  if (!known) {
    known = new Map();
    texts.set(holder, known);
  }
  known.set(key, text);
}

/** The number as the client wrote it, or as JavaScript prints it when that is the same. */
export function numberText(holder: object, key: string, value: number): string {
  return texts.get(holder)?.get(key) ?? String(value);
}

/** A copy of a parsed object with other members, which knows its numbers as the first did. */
export function sameNumbers<T extends object>(from: object, copy: T): T {
  const known = texts.get(from);
  if (known) texts.set(copy, known);
  return copy;
}
