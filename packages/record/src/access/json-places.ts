// Finds string literals and objects in JSON text by their place, so that text can be changed without touching a digit.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where values stand in a JSON text: strings with their quotes, objects and arrays with their brackets. */
export interface Places {
  readonly strings: ReadonlyMap<string, Span>;
  readonly containers: ReadonlyMap<string, Span>;
}

/** A step down in a JSON pointer (RFC 6901). */
export const below = (pointer: string, name: string | number): string =>
  `${pointer}/${typeof name === 'number' ? name : name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** `wanted` are JSON pointers such as `/identifier/0/value`; only these are reported. The text is valid JSON. */
export function findPlaces(text: string, wanted: ReadonlySet<string>): Places {
  const strings = new Map<string, Span>();
  const containers = new Map<string, Span>();
  let at = 0;

  const space = (): void => {
    while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  };
  const string = (): Span => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return { start, end: at };
  };
  const value = (pointer: string): void => {
    space();
    const start = at;
    const first = text[at];
    if (first === '"') {
      const span = string();
      if (wanted.has(pointer)) strings.set(pointer, span);
    } else if (first === '{' || first === '[') {
      at += 1;
      inside(pointer, first === '{');
      if (wanted.has(pointer)) containers.set(pointer, { start, end: at });
    } else {
      while (at < text.length && !',]}'.includes(text[at]!)) at += 1;
    }
  };
  const inside = (pointer: string, isObject: boolean): void => {
    for (let index = 0; ; index += 1) {
      space();
      if (text[at] === '}' || text[at] === ']') break;
      let name = String(index);
      if (isObject) {
        const key = string();
        name = JSON.parse(text.slice(key.start, key.end)) as string;
        space();
        at += 1;
      }
      value(below(pointer, name));
      space();
      if (text[at] === ',') at += 1;
    }
    at += 1;
  };
  value('');
  return { strings, containers };
}

export interface Edit {
  readonly at: Span;
  readonly text: string;
}

/** The text with the spans replaced; spans do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let done = 0;
  for (const edit of [...edits].sort((a, b) => a.at.start - b.at.start)) {
    out += text.slice(done, edit.at.start) + edit.text;
    done = edit.at.end;
  }
  return out + text.slice(done);
}
