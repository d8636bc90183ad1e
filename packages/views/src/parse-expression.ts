// Reads the text of a FHIRPath expression into its tree; what lies outside the SQL-on-FHIR subset is refused by place.
import { type Expression, FUNCTIONS, type FunctionName, type Literal, type Operator } from './expression.ts';
import { type Token, tokenize, wrongExpression } from './tokens.ts';

// FHIRPath precedence, loosest first.
const LEVELS: readonly (readonly Operator[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-', '&'],
  ['*', '/'],
];

/** Throws `RefusalError` with code `wrong-expression`. */
export function parseExpression(text: string): Expression {
  const reader = new Reader(tokenize(text));
  const tree = parseLevel(reader, 0);
  const rest = reader.peek();
  if (rest.kind !== 'end')
    throw wrongExpression(rest.at, `多余的“${rest.text}”`, `unexpected "${rest.text}"`);
  return tree;
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  depth = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }
  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }
  takeSign(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'sign' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }
  needSign(text: string): void {
    const token = this.peek();
    if (!this.takeSign(text)) {
      throw wrongExpression(
        token.at,
        `此处应为“${text}”`,
        `expected "${text}" but found "${token.text || 'the end'}"`,
      );
    }
  }
}

const DEEPEST = 100;

function parseLevel(reader: Reader, level: number): Expression {
  if (level > 0) return parseOperators(reader, level);
  const { at } = reader.peek();
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw wrongExpression(at, '嵌套过深', 'the expression is nested too deeply');
  const tree = parseOperators(reader, level);
  reader.depth -= 1;
  return tree;
}

function parseOperators(reader: Reader, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parsePostfix(reader);
  let left = parseLevel(reader, level + 1);
  for (;;) {
    const token = reader.peek();
    const operator = operators.find((candidate) => candidate === token.text);
    if (operator === undefined || token.quoted || (token.kind !== 'sign' && token.kind !== 'name'))
      return left;
    reader.take();
    left = { kind: 'binary', at: token.at, operator, left, right: parseLevel(reader, level + 1) };
  }
}

function parsePostfix(reader: Reader): Expression {
  let tree = parseTerm(reader);
  for (;;) {
    const token = reader.peek();
    if (reader.takeSign('.')) {
      const name = reader.peek();
      if (name.kind !== 'name') throw wrongExpression(name.at, '“.”之后缺名称', 'a name must follow "."');
      tree = parseInvocation(reader, tree);
    } else if (reader.takeSign('[')) {
      tree = { kind: 'index', at: token.at, of: tree, index: parseLevel(reader, 0) };
      reader.needSign(']');
    } else return tree;
  }
}

function parseTerm(reader: Reader): Expression {
  const token = reader.peek();
  const { at } = token;
  switch (token.kind) {
    case 'string':
      return literal(reader, { type: 'string', value: token.text });
    case 'number':
      return literal(reader, {
        type: token.text.includes('.') ? 'decimal' : 'integer',
        value: Number(token.text),
      });
    case 'time':
      return literal(reader, timeLiteral(token.text.slice(1)));
    case 'constant':
      reader.take();
      return { kind: 'constant', at, name: token.text };
    case 'name':
      return parseName(reader, token);
    case 'sign':
      if (reader.takeSign('(')) {
        const inner = parseLevel(reader, 0);
        reader.needSign(')');
        return inner;
      }
      if (reader.takeSign('-')) {
        const zero: Expression = { kind: 'literal', at, literal: { type: 'integer', value: 0 } };
        return { kind: 'binary', at, operator: '-', left: zero, right: parsePostfix(reader) };
      }
      throw wrongExpression(at, `不应有“${token.text}”`, `unexpected "${token.text}"`);
    case 'end':
      throw wrongExpression(at, '表达式不完整', 'the expression ends too early');
  }
}

function parseName(reader: Reader, token: Token): Expression {
  const { at } = token;
  if (!token.quoted) {
    if (token.text === '$this') {
      reader.take();
      return { kind: 'this', at };
    }
    const isValue = token.text === 'true' || token.text === 'false';
    if (isValue) return literal(reader, { type: 'boolean', value: token.text === 'true' });
  }
  return parseInvocation(reader, { kind: 'this', at });
}

function parseInvocation(reader: Reader, of: Expression): Expression {
  const token = reader.take();
  const { at } = token;
  if (token.text === '$this') throw wrongExpression(at, '$this 只能在开头', '$this can only come first');
  if (!reader.takeSign('(')) return { kind: 'member', at, of, name: token.text };
  const name = FUNCTIONS.find((candidate) => candidate === token.text);
  if (name === undefined) {
    throw wrongExpression(
      at,
      `不支持的函数 ${token.text}()`,
      `the function ${token.text}() is not supported`,
    );
  }
  return { kind: 'call', at, of, name, args: parseArguments(reader, name, at) };
}

// How many arguments each function takes: [fewest, most].
const ARITY: Readonly<Record<FunctionName, readonly [number, number]>> = {
  where: [1, 1],
  exists: [0, 1],
  empty: [0, 0],
  not: [0, 0],
  first: [0, 0],
  last: [0, 0],
  count: [0, 0],
  join: [0, 1],
  ofType: [1, 1],
  extension: [1, 1],
  lowBoundary: [0, 0],
  highBoundary: [0, 0],
  getResourceKey: [0, 0],
  getReferenceKey: [0, 1],
};

function parseArguments(reader: Reader, name: FunctionName, at: number): Expression[] {
  const args: Expression[] = [];
  if (!reader.takeSign(')')) {
    do args.push(parseLevel(reader, 0));
    while (reader.takeSign(','));
    reader.needSign(')');
  }
  const [fewest, most] = ARITY[name];
  if (args.length < fewest || args.length > most) {
    throw wrongExpression(at, `${name}() 的参数个数不对`, `${name}() takes ${fewest} to ${most} arguments`);
  }
  return args;
}

function literal(reader: Reader, value: Literal): Expression {
  return { kind: 'literal', at: reader.take().at, literal: value };
}

function timeLiteral(text: string): Literal {
  if (text.startsWith('T')) return { type: 'time', value: text.slice(1) };
  return text.includes('T')
    ? { type: 'dateTime', value: text.replace(/T$/, '') }
    : { type: 'date', value: text };
}
