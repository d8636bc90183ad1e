// SQL as a value: text with its parameters, composed by nesting, so that a value never becomes text.

/** Literal text pieces with values or other fragments between them. */
export class Fragment {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }

  /** The statement text with `$1…` and its parameters in order. Fragments of one shape share one text. */
  compile(): { text: string; params: unknown[] } {
    const params: unknown[] = [];
    const shape = shapeOf(this, params, new Map());
    let text = texts.get(shape);
    if (text === undefined) {
      text = render(this, { count: 0, sent: new Map() });
      if (texts.size >= TEXTS_MAX) texts.clear();
      texts.set(shape, text);
    }
    return { text, params };
  }
}

/** Texts of the shapes seen lately: putting one together costs more than finding it. */
const texts = new Map<string, string>();
const TEXTS_MAX = 2000;

/** A list or an instant that stands in several places (the organisations of a reader, the time) is sent once. */
const isShared = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What the text follows from, as a short text; gathers the parameters on the way. */
function shapeOf(fragment: Fragment, params: unknown[], sent: Map<unknown, number>): string {
  let shape = `${piecesNumber(fragment.strings)}(`;
  for (const value of fragment.values) {
    if (value instanceof Fragment) shape += shapeOf(value, params, sent);
    else {
      let at = isShared(value) ? sent.get(value) : undefined;
      if (at === undefined) {
        params.push(value);
        at = params.length;
        if (isShared(value)) sent.set(value, at);
      }
      shape += `$${at}`;
    }
  }
  return `${shape})`;
}

const numbers = new WeakMap<readonly string[], number>();
let lastNumber = 0;

// Pieces of a template are the same object each time it is met; those of `raw` and `join` are kept below.
function piecesNumber(pieces: readonly string[]): number {
  let number = numbers.get(pieces);
  if (number === undefined) {
    lastNumber += 1;
    number = lastNumber;
    numbers.set(pieces, number);
  }
  return number;
}

interface Sent {
  count: number;
  readonly sent: Map<unknown, number>;
}

function render(fragment: Fragment, params: Sent): string {
  let text = fragment.strings[0]!;
  for (const [index, value] of fragment.values.entries()) {
    if (value instanceof Fragment) text += render(value, params);
    else {
      let at = isShared(value) ? params.sent.get(value) : undefined;
      if (at === undefined) {
        params.count += 1;
        at = params.count;
        if (isShared(value)) params.sent.set(value, at);
      }
      text += `$${at}`;
    }
    text += fragment.strings[index + 1]!;
  }
  return text;
}

/** ``sql`select content from resource where id = ${id} and ${predicate}` `` */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Fragment {
  return new Fragment(strings, values);
}

/** Text of our own (a column or table name from a closed list), never anything that came from outside. */
export function raw(text: string): Fragment {
  return new Fragment(
    kept(text, () => [text]),
    [],
  );
}

const pieces = new Map<string, readonly string[]>();

function kept(key: string, make: () => readonly string[]): readonly string[] {
  let found = pieces.get(key);
  if (found === undefined) {
    found = make();
    if (pieces.size >= TEXTS_MAX) pieces.clear();
    pieces.set(key, found);
  }
  return found;
}

export const empty: Fragment = raw('');

export function join(parts: readonly Fragment[], separator: string): Fragment {
  if (parts.length === 0) return empty;
  const strings = kept(`${parts.length}\n${separator}`, () => [
    '',
    ...Array.from({ length: parts.length - 1 }, () => separator),
    '',
  ]);
  return new Fragment(strings, parts);
}

/** All of them; an empty list is true. */
export function and(parts: readonly Fragment[]): Fragment {
  return parts.length === 0
    ? raw('true')
    : join(
        parts.map((part) => sql`(${part})`),
        ' and ',
      );
}

/** Any of them; an empty list is false, so that a missing permission closes. */
export function or(parts: readonly Fragment[]): Fragment {
  return parts.length === 0
    ? raw('false')
    : sql`(${join(
        parts.map((part) => sql`(${part})`),
        ' or ',
      )})`;
}
