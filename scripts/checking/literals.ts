// Finds the string and template literals of TypeScript source, templates inside templates included.

export interface Literal {
  readonly offset: number;
  /** The text as written; what stands in `${...}` is blanked, because it is code and was looked at by itself. */
  readonly text: string;
  /** Written as sql`...` or raw('...'). */
  readonly tagged: boolean;
}

const SKIP = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|\{|\}/g;

/** Reads code from `start` up to the end of the text, or to the `}` that closes what was opened; gives that place. */
export function scanCode(text: string, start: number, found: Literal[], until: '' | '}'): number {
  let depth = 0;
  let at = start;
  for (;;) {
    SKIP.lastIndex = at;
    const match = SKIP.exec(text);
    if (!match) return text.length;
    const [piece] = match;
    at = match.index + piece.length;
    if (piece === '`') at = scanTemplate(text, at, found, isTagged(text, match.index));
    else if (piece === '{') depth += 1;
    else if (piece === '}') {
      if (depth === 0 && until === '}') return at;
      depth -= 1;
    } else if (piece[0] === "'" || piece[0] === '"')
      found.push({
        offset: match.index + 1,
        text: piece.slice(1, -1),
        tagged: isTagged(text, match.index),
      });
  }
}

function scanTemplate(text: string, start: number, found: Literal[], tagged: boolean): number {
  let inner = '';
  let at = start;
  while (at < text.length && text[at] !== '`') {
    if (text[at] === '\\') {
      inner += text.slice(at, at + 2);
      at += 2;
    } else if (text.startsWith('${', at)) {
      const end = scanCode(text, at + 2, found, '}');
      // Blanks of the same length, with their line breaks, keep every place right.
      inner += text.slice(at, end).replace(/[^\n]/g, ' ');
      at = end;
    } else {
      inner += text[at];
      at += 1;
    }
  }
  found.push({ offset: start, text: inner, tagged });
  return at + 1;
}

const isTagged = (text: string, at: number) =>
  /\b(?:sql|raw\()\s*$/.test(text.slice(Math.max(0, at - 12), at));
