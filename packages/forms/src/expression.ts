// Checks and runs expressions: a tree becomes a closure over a scope; a missing value is null and never throws.
import {
  addDays,
  addMonths,
  daysBetween,
  fullYears,
  isLocalDate,
  type LocalDate,
  ok,
  type Result,
  refuse,
} from '@yimai/kit';
import { type BinaryOperator, type Expression, parseExpression } from './expression-parse.ts';

export type Value = string | number | boolean | null | readonly Value[];
export type Scope = Readonly<Record<string, unknown>>;
export type Compiled = (scope: Scope) => Value;

/** Parses, checks every name against `knows` and every function against the table, and makes the closure. */
export function compileExpression(
  text: string,
  knows: (path: readonly string[]) => boolean,
): Result<Compiled> {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed;
  const problem = findProblem(parsed.value, knows);
  if (problem) {
    return refuse('expression-invalid', {
      zh: `表达式“${text}”：${problem.zh}`,
      en: `expression "${text}": ${problem.en}`,
    });
  }
  return ok(closure(parsed.value));
}

function findProblem(
  tree: Expression,
  knows: (path: readonly string[]) => boolean,
): { zh: string; en: string } | undefined {
  switch (tree.kind) {
    case 'literal':
      return undefined;
    case 'path': {
      const name = tree.path.join('.');
      return knows(tree.path)
        ? undefined
        : { zh: `没有“${name}”这个字段`, en: `there is no field "${name}"` };
    }
    case 'list':
      return firstProblem(tree.items, knows);
    case 'not':
    case 'negative':
      return findProblem(tree.of, knows);
    case 'binary':
      return firstProblem([tree.left, tree.right], knows);
    case 'call': {
      const known = Object.hasOwn(FUNCTIONS, tree.name) ? FUNCTIONS[tree.name] : undefined;
      if (!known && tree.name !== 'if') {
        return { zh: `没有“${tree.name}”这个函数`, en: `there is no function "${tree.name}"` };
      }
      const [least, most] = known ? [known.least, known.most] : [3, 3];
      if (tree.args.length < least || tree.args.length > most) {
        return {
          zh: `函数“${tree.name}”的参数个数不对`,
          en: `"${tree.name}" takes ${least === most ? least : `${least} to ${most}`} values`,
        };
      }
      return firstProblem(tree.args, knows);
    }
  }
}

function firstProblem(trees: readonly Expression[], knows: (path: readonly string[]) => boolean) {
  for (const tree of trees) {
    const problem = findProblem(tree, knows);
    if (problem) return problem;
  }
  return undefined;
}

function closure(tree: Expression): Compiled {
  switch (tree.kind) {
    case 'literal': {
      const value = tree.value;
      return () => value;
    }
    case 'path':
      return pathClosure(tree.path);
    case 'list': {
      const items = tree.items.map(closure);
      return (scope) => items.map((item) => item(scope));
    }
    case 'not': {
      const of = closure(tree.of);
      return (scope) => of(scope) !== true;
    }
    case 'negative': {
      const of = closure(tree.of);
      return (scope) => {
        const value = of(scope);
        return typeof value === 'number' ? -value : null;
      };
    }
    case 'binary':
      return binaryClosure(tree.operator, closure(tree.left), closure(tree.right));
    case 'call':
      return callClosure(tree.name, tree.args.map(closure));
  }
}

function pathClosure(path: readonly string[]): Compiled {
  return (scope) => {
    let value: unknown = scope;
    for (const name of path) {
      if (value === null || typeof value !== 'object') return null;
      value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
    }
    return value === undefined ? null : (value as Value);
  };
}

function binaryClosure(operator: BinaryOperator, left: Compiled, right: Compiled): Compiled {
  switch (operator) {
    case 'or':
      return (scope) => left(scope) === true || right(scope) === true;
    case 'and':
      return (scope) => left(scope) === true && right(scope) === true;
    case '==':
      return (scope) => left(scope) === right(scope);
    case '!=':
      return (scope) => left(scope) !== right(scope);
    case 'in':
      return (scope) => {
        const list = right(scope);
        return Array.isArray(list) && list.includes(left(scope) as Value);
      };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (scope) => compare(operator, left(scope), right(scope));
    default:
      return (scope) => arithmetic(operator, left(scope), right(scope));
  }
}

/** Numbers with numbers, texts (dates) with texts; anything else, and anything missing, is not in order. */
function compare(operator: '<' | '<=' | '>' | '>=', a: Value, b: Value): boolean {
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  if (operator === '>') return a > b;
  return a >= b;
}

function arithmetic(operator: '+' | '-' | '*' | '/', a: Value, b: Value): Value {
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  return b === 0 ? null : a / b;
}

function callClosure(name: string, args: readonly Compiled[]): Compiled {
  if (name === 'if') {
    const [condition, yes, no] = args as [Compiled, Compiled, Compiled];
    return (scope) => (condition(scope) === true ? yes(scope) : no(scope));
  }
  const { run } = FUNCTIONS[name]!;
  return (scope) => run(args.map((arg) => arg(scope)));
}

interface FunctionRow {
  readonly least: number;
  readonly most: number;
  readonly run: (args: readonly Value[]) => Value;
}

const row = (least: number, most: number, run: (args: readonly Value[]) => Value): FunctionRow => ({
  least,
  most,
  run,
});
const MANY = 100;

const FUNCTIONS: Readonly<Record<string, FunctionRow>> = {
  /** Full years (周岁) on a date. */
  age: row(2, 2, (args) => onDates(args, (birth, on) => fullYears(birth, on))),
  /** Days from the first to the second date; the first day is not counted. */
  days: row(2, 2, (args) => onDates(args, (from, to) => daysBetween(from, to))),
  'add-days': row(2, 2, ([date, n]) =>
    isLocalDate(date) && typeof n === 'number' ? addDays(date, n) : null,
  ),
  'add-months': row(2, 2, ([date, n]) =>
    isLocalDate(date) && typeof n === 'number' ? addMonths(date, n) : null,
  ),
  year: row(1, 1, ([date]) => (isLocalDate(date) ? Number(date.slice(0, 4)) : null)),
  /** A value is there and is not empty. */
  has: row(
    1,
    1,
    ([value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  ),
  len: row(1, 1, ([value]) => (typeof value === 'string' || Array.isArray(value) ? value.length : 0)),
  contains: row(2, 2, ([all, one]) =>
    Array.isArray(all)
      ? all.includes(one)
      : typeof all === 'string' && typeof one === 'string' && all.includes(one),
  ),
  /** Sum of the numbers given, missing ones left out; null when none is there. */
  sum: row(1, MANY, (args) => numbers(args, (list) => list.reduce((a, b) => a + b, 0))),
  mean: row(1, MANY, (args) => numbers(args, (list) => list.reduce((a, b) => a + b, 0) / list.length)),
  min: row(1, MANY, (args) => numbers(args, (list) => Math.min(...list))),
  max: row(1, MANY, (args) => numbers(args, (list) => Math.max(...list))),
  count: row(1, MANY, (args) => args.flat().filter((value) => value !== null && value !== false).length),
  abs: row(1, 1, ([value]) => (typeof value === 'number' ? Math.abs(value) : null)),
  floor: row(1, 1, ([value]) => (typeof value === 'number' ? Math.floor(value) : null)),
  round: row(1, 2, ([value, digits]) =>
    roundHalfAway(value ?? null, typeof digits === 'number' ? digits : 0),
  ),
  append: row(2, 2, ([list, item]) => [
    ...(Array.isArray(list) ? (list as readonly Value[]) : []),
    item ?? null,
  ]),
};

function onDates(args: readonly Value[], run: (a: LocalDate, b: LocalDate) => number): Value {
  const [a, b] = args.map((value) => (typeof value === 'string' ? value.slice(0, 10) : value));
  return isLocalDate(a) && isLocalDate(b) ? run(a, b) : null;
}

function numbers(args: readonly Value[], run: (list: readonly number[]) => number): Value {
  const list = args.flat().filter((value): value is number => typeof value === 'number');
  return list.length === 0 ? null : run(list);
}

/** Rounds the decimal that people see, half away from zero: 2.675 to two digits is 2.68. */
export function roundHalfAway(value: Value, digits: number): number | null {
  if (typeof value !== 'number') return null;
  const shifted = Number(`${Math.abs(value).toPrecision(15)}e${digits}`);
  const rounded = Number(
    `${Math.round(Number.isNaN(shifted) ? Math.abs(value) * 10 ** digits : shifted)}e-${digits}`,
  );
  return value < 0 ? -rounded : rounded;
}
