// Cuts the text of a FHIRPath expression into tokens, each with its place.
import { RefusalError } from '@yimai/kit';

export type TokenKind = 'name' | 'string' | 'number' | 'time' | 'constant' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  /** A name in backticks is never a keyword. */
  readonly quoted?: boolean;
}

const PATTERNS: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/y],
  [
    'time',
    /@(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?|\d{4}(?:-\d{2}(?:-\d{2})?)?(?:T(?:\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?)?(?:Z|[+-]\d{2}:\d{2})?)?)/y,
  ],
  ['number', /\d+(?:\.\d+)?/y],
  ['string', /'(?:\\.|[^'\\])*'/y],
  ['name', /`(?:\\.|[^`\\])*`|\$this|[A-Za-z_][A-Za-z0-9_]*/y],
  ['constant', /%(?:[A-Za-z_][A-Za-z0-9_]*|`[^`]+`|'[^']+')/y],
  ['sign', /!=|<=|>=|[=<>+\-*/&().,[\]]/y],
];

// Far more than a view says by hand; engines refuse expressions that are nested without end.
const MOST_TOKENS = 1000;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = nextToken(text, at);
    if (token.kind !== 'space') tokens.push(asToken(token.kind, token.text, at));
    if (tokens.length > MOST_TOKENS) throw wrongExpression(at, '表达式过长', 'the expression is too long');
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

/** A refusal of an expression; `place` is the character position. */
export function wrongExpression(place: number, zh: string, en: string): RefusalError {
  return new RefusalError({
    code: 'wrong-expression',
    rule: 'V3',
    detail: { zh: `第 ${place + 1} 个字符处：${zh}`, en: `at character ${place + 1}: ${en}` },
  });
}

function nextToken(text: string, at: number): { kind: TokenKind | 'space'; text: string } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match && match[0].length > 0) return { kind, text: match[0] };
  }
  throw wrongExpression(at, `不认识的字符“${text[at]}”`, `unexpected "${text[at]}"`);
}

function asToken(kind: TokenKind, text: string, at: number): Token {
  if (kind === 'number' && !text.includes('.') && !Number.isSafeInteger(Number(text)))
    throw wrongExpression(at, '数过大', 'the number is too large');
  if (kind === 'string') return { kind, text: unescaped(text), at };
  if (kind === 'constant') return { kind, text: text.slice(1).replace(/^[`']|[`']$/g, ''), at };
  if (kind === 'name' && text.startsWith('`')) return { kind, text: quotedName(text, at), at, quoted: true };
  return { kind, text, at };
}

// No element of FHIR is called otherwise, and names stand in the SQL.
function quotedName(text: string, at: number): string {
  const name = unescaped(text);
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw wrongExpression(at, '名称只含字母、数字、下划线', 'a name has letters, digits and _ only');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

function unescaped(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/g, (_, hex: string | undefined, letter: string | undefined) =>
      hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[letter!] ?? letter!),
    );
}
