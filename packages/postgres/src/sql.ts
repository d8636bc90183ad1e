// SQL as a value: text with its parameters, composed by nesting, so that a value never becomes text.

/** Literal text pieces with values or other fragments between them. */
export class Fragment {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }

  /** The statement text with `$1…` and its parameters in order. */
  compile(): { text: string; params: unknown[] } {
    const params: unknown[] = [];
    return { text: render(this, params, new Map()), params };
  }
}

// A list that stands in several places (the organisations of a reader) is sent once.
function render(fragment: Fragment, params: unknown[], lists: Map<unknown, number>): string {
  let text = fragment.strings[0]!;
  for (const [index, value] of fragment.values.entries()) {
    if (value instanceof Fragment) text += render(value, params, lists);
    else {
      const sent = lists.get(value);
      if (sent === undefined) params.push(value);
      if (Array.isArray(value)) lists.set(value, sent ?? params.length);
      text += `$${sent ?? params.length}`;
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
  return new Fragment([text], []);
}

export const empty: Fragment = raw('');

export function join(parts: readonly Fragment[], separator: string): Fragment {
  if (parts.length === 0) return empty;
  const strings = ['', ...Array.from({ length: parts.length - 1 }, () => separator), ''];
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
