// Reads the small expression language of declarations: guards, calculations, entitlement rules, scores.
import { ok, type Result, refuse } from '@yimai/kit';

export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | '+'
  | '-'
  | '*'
  | '/';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'not' | 'negative'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(==|!=|<=|>=|[<>+\-*/(),[\]]))/y;
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/'],
];
const DEPTH_MAX = 60;

class SyntaxRefusal extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** `data.age >= 45 and data.township in ['a', 'b']` as a tree; names may hold hyphens, so write `a - b` with spaces. */
export function parseExpression(text: string): Result<Expression> {
  try {
    const tokens = tokenize(text);
    const parser = { tokens, next: 0, depth: 0 };
    const tree = parseLevel(parser, 0);
    const rest = tokens[parser.next]!;
    if (rest.kind !== 'end') throw new SyntaxRefusal(`unexpected "${rest.text}"`, rest.at);
    return ok(tree);
  } catch (error) {
    if (!(error instanceof SyntaxRefusal)) throw error;
    return refuse(
      'expression-invalid',
      {
        zh: `表达式“${text}”第 ${error.at + 1} 个字符处有误：${error.message}`,
        en: `expression "${text}" is wrong at character ${error.at + 1}: ${error.message}`,
      },
      { at: String(error.at) },
    );
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.slice(at).trim() === '') break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxRefusal(`cannot read "${text.slice(at).trim().slice(0, 8)}"`, at);
    at = TOKEN.lastIndex;
    if (match[1] !== undefined) tokens.push({ kind: 'number', text: match[1], at });
    else if (match[2] !== undefined)
      tokens.push({ kind: 'string', text: match[2].replace(/\\(.)/g, '$1'), at });
    else if (match[3] !== undefined) tokens.push({ kind: 'name', text: match[3], at });
    else tokens.push({ kind: 'sign', text: match[4]!, at });
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length });
  return tokens;
}

interface Parser {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

function parseLevel(parser: Parser, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return parseUnary(parser);
  let left = parseLevel(parser, level + 1);
  for (;;) {
    const token = parser.tokens[parser.next]!;
    const operator =
      token.kind === 'sign' || token.kind === 'name' ? operators.find((o) => o === token.text) : undefined;
    if (!operator) return left;
    parser.next += 1;
    left = { kind: 'binary', operator, left, right: parseLevel(parser, level + 1) };
  }
}

function parseUnary(parser: Parser): Expression {
  parser.depth += 1;
  const token = parser.tokens[parser.next]!;
  if (parser.depth > DEPTH_MAX) throw new SyntaxRefusal('nested too deeply', token.at);
  let tree: Expression;
  if (token.kind === 'name' && token.text === 'not') {
    parser.next += 1;
    // `not a == b` denies the comparison, as people read it.
    tree = { kind: 'not', of: parseLevel(parser, 2) };
  } else if (token.kind === 'sign' && token.text === '-') {
    parser.next += 1;
    tree = { kind: 'negative', of: parseUnary(parser) };
  } else tree = parsePrimary(parser);
  parser.depth -= 1;
  return tree;
}

function parsePrimary(parser: Parser): Expression {
  const token = parser.tokens[parser.next]!;
  parser.next += 1;
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token.kind === 'string') return { kind: 'literal', value: token.text };
  if (token.kind === 'sign' && token.text === '(') {
    const inner = parseLevel(parser, 0);
    expectSign(parser, ')');
    return inner;
  }
  if (token.kind === 'sign' && token.text === '[') return { kind: 'list', items: parseItems(parser, ']') };
  if (token.kind !== 'name') throw new SyntaxRefusal(`unexpected "${token.text}"`, token.at);
  if (token.text === 'true' || token.text === 'false')
    return { kind: 'literal', value: token.text === 'true' };
  if (token.text === 'null') return { kind: 'literal', value: null };
  const after = parser.tokens[parser.next]!;
  if (after.kind === 'sign' && after.text === '(') {
    parser.next += 1;
    return { kind: 'call', name: token.text, args: parseItems(parser, ')') };
  }
  return { kind: 'path', path: token.text.split('.') };
}

function parseItems(parser: Parser, close: string): Expression[] {
  const items: Expression[] = [];
  const first = parser.tokens[parser.next]!;
  if (first.kind === 'sign' && first.text === close) {
    parser.next += 1;
    return items;
  }
  for (;;) {
    items.push(parseLevel(parser, 0));
    const token = parser.tokens[parser.next]!;
    if (token.kind === 'sign' && token.text === ',') parser.next += 1;
    else {
      expectSign(parser, close);
      return items;
    }
  }
}

function expectSign(parser: Parser, sign: string): void {
  const token = parser.tokens[parser.next]!;
  if (token.kind !== 'sign' || token.text !== sign) throw new SyntaxRefusal(`expected "${sign}"`, token.at);
  parser.next += 1;
}
