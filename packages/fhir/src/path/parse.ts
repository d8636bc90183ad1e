// Reads the part of FHIRPath that search parameters and invariants use into a tree.

export type Literal = string | number | boolean;

export type Tree =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'empty' }
  | { readonly kind: 'this' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Tree | null; readonly name: string }
  | { readonly kind: 'call'; readonly of: Tree | null; readonly name: string; readonly args: readonly Tree[] }
  | { readonly kind: 'index'; readonly of: Tree; readonly at: Tree }
  | { readonly kind: 'minus'; readonly of: Tree }
  | { readonly kind: 'type'; readonly operator: 'is' | 'as'; readonly of: Tree; readonly type: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Tree; readonly right: Tree };

/** The expression uses something outside our part of the language; the full engine must take it. */
export class Unsupported extends Error {}

interface Token {
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<string>'(?:[^'\\]|\\.)*')|(?<quoted>`[^`]*`)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*)|(?<symbol>%[A-Za-z-]+|\$this|<=|>=|!=|!~|[=~<>|&+\-*.,()[\]{}]))/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

function unescapeString(text: string): string {
  return text.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_all, found: string) => {
    if (found.length === 5) return String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return ESCAPES[found] ?? found;
  });
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match?.groups) throw new Unsupported(`cannot read ${expression}`);
    const { string, quoted, number, name, symbol } = match.groups;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescapeString(string) });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'symbol', text: symbol ?? '' });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

/** From the loosest to the tightest binding. */
const LEVELS: readonly (readonly string[])[] = [
  ['implies'],
  ['or', 'xor'],
  ['and'],
  ['in', 'contains'],
  ['=', '!=', '~', '!~'],
  ['<', '>', '<=', '>='],
  ['|'],
  ['is', 'as'],
  ['+', '-', '&'],
  ['*'],
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(expression: string) {
    this.#tokens = tokensOf(expression);
  }

  whole(): Tree {
    const tree = this.#binary(0);
    if (this.#peek().kind !== 'end') throw new Unsupported(`unexpected ${this.#peek().text}`);
    return tree;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #takes(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#takes(symbol)) throw new Unsupported(`expected ${symbol}`);
  }

  #operator(level: number): string | null {
    const token = this.#peek();
    const operators = LEVELS[level] ?? [];
    if (token.kind !== 'symbol' && token.kind !== 'name') return null;
    return operators.includes(token.text) ? token.text : null;
  }

  #binary(level: number): Tree {
    if (level === LEVELS.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#operator(level); operator !== null; operator = this.#operator(level)) {
      this.#next();
      if (operator === 'is' || operator === 'as')
        left = { kind: 'type', operator, of: left, type: this.#typeName() };
      else left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #typeName(): string {
    let name = this.#name();
    while (this.#takes('.')) name += `.${this.#name()}`;
    return name;
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'quoted')
      throw new Unsupported(`expected a name, found ${token.text}`);
    return token.text;
  }

  #unary(): Tree {
    if (this.#takes('-')) return { kind: 'minus', of: this.#unary() };
    let tree = this.#term();
    for (;;) {
      if (this.#takes('.')) tree = this.#invocation(tree);
      else if (this.#takes('[')) {
        tree = { kind: 'index', of: tree, at: this.#binary(0) };
        this.#expect(']');
      } else return tree;
    }
  }

  #term(): Tree {
    const token = this.#peek();
    if (token.kind === 'string') return { kind: 'literal', value: this.#next().text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(this.#next().text) };
    if (token.kind === 'name' && (token.text === 'true' || token.text === 'false')) {
      return { kind: 'literal', value: this.#next().text === 'true' };
    }
    if (token.kind === 'symbol' && token.text.startsWith('%')) {
      return { kind: 'variable', name: this.#next().text.slice(1) };
    }
    if (this.#takes('$this')) return { kind: 'this' };
    if (this.#takes('{')) {
      this.#expect('}');
      return { kind: 'empty' };
    }
    if (this.#takes('(')) {
      const inner = this.#binary(0);
      this.#expect(')');
      return inner;
    }
    return this.#invocation(null);
  }

  #invocation(of: Tree | null): Tree {
    const name = this.#name();
    if (!this.#takes('(')) return { kind: 'member', of, name };
    const args: Tree[] = [];
    if (!this.#takes(')')) {
      do args.push(this.#binary(0));
      while (this.#takes(','));
      this.#expect(')');
    }
    return { kind: 'call', of, name, args };
  }
}

/** The tree of an expression; throws `Unsupported` where the full engine is needed. */
export const parsePath = (expression: string): Tree => new Parser(expression).whole();
