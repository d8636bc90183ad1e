// The functions of the fast path engine; a name that is not here goes to the full engine.
import type { Evaluate, Scope } from './compile.ts';
import { allChildren, allDescendants, childrenNamed, type Node, type Nodes } from './node.ts';
import { bool, distinct, EMPTY, hasMember, truth, union } from './operators.ts';
import { Unsupported } from './parse.ts';

export type PathFunction = (scope: Scope, input: Nodes, self: Nodes) => Nodes;
type Make = (args: readonly Evaluate[]) => PathFunction;

export function callFunction(name: string, args: readonly Evaluate[]): PathFunction {
  const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!make) throw new Unsupported(`${name}()`);
  return make(args);
}

const always: Evaluate = (_scope, self) => self;
const only = (args: readonly Evaluate[], at = 0): Evaluate => args[at] ?? always;

const holds = (scope: Scope, test: Evaluate, node: Node): boolean => truth(test(scope, [node])) === true;

/** A function of one string and one string argument. */
function onStrings(apply: (text: string, argument: string) => Nodes): Make {
  return (args) => (scope, input, self) => {
    const text = input[0]?.value;
    const argument = only(args)(scope, self)[0]?.value;
    return typeof text === 'string' && typeof argument === 'string' ? apply(text, argument) : EMPTY;
  };
}

const patterns = new Map<string, RegExp>();
function pattern(text: string): RegExp {
  let known = patterns.get(text);
  if (!known) {
    known = new RegExp(text, 's');
    patterns.set(text, known);
  }
  return known;
}

const text = (value: string): Nodes => [{ value, type: 'string' }];
const whole = (value: number): Nodes => [{ value, type: 'integer' }];

const toText: Make = () => (_scope, input) => (input[0] ? text(String(input[0].value)) : EMPTY);

const FUNCTIONS: Readonly<Record<string, Make>> = {
  empty: () => (_scope, input) => bool(input.length === 0),
  exists: (args) => {
    const [test] = args;
    if (!test) return (_scope, input) => bool(input.length > 0);
    return (scope, input) => bool(input.some((node) => holds(scope, test, node)));
  },
  all: (args) => (scope, input) => bool(input.every((node) => holds(scope, only(args), node))),
  allTrue: () => (_scope, input) => bool(input.every((node) => node.value === true)),
  allFalse: () => (_scope, input) => bool(input.every((node) => node.value === false)),
  count: () => (_scope, input) => whole(input.length),
  where: (args) => (scope, input) => input.filter((node) => holds(scope, only(args), node)),
  select: (args) => (scope, input) => input.flatMap((node) => only(args)(scope, [node])),
  first: () => (_scope, input) => input.slice(0, 1),
  last: () => (_scope, input) => input.slice(-1),
  tail: () => (_scope, input) => input.slice(1),
  not: () => (_scope, input) => {
    const value = truth(input);
    return value === null ? EMPTY : bool(!value);
  },
  hasValue: () => (_scope, input) =>
    bool(input.length === 1 && input[0]?.value !== undefined && typeof input[0].value !== 'object'),
  trace: () => (_scope, input) => input,
  distinct: () => (_scope, input) => distinct(input),
  isDistinct: () => (_scope, input) => bool(distinct(input).length === input.length),
  combine: (args) => (scope, input, self) => [...input, ...only(args)(scope, self)],
  union: (args) => (scope, input, self) => union(input, only(args)(scope, self)),
  intersect: (args) => (scope, input, self) => {
    const other = only(args)(scope, self);
    return distinct(input.filter((node) => truth(hasMember(other, [node])) === true));
  },
  children: () => (_scope, input) => input.flatMap(allChildren),
  descendants: () => (_scope, input) => allDescendants(input),
  extension: (args) => (scope, input, self) => {
    const url = only(args)(scope, self)[0]?.value;
    const out: Node[] = [];
    for (const node of input) childrenNamed(node, 'extension', out);
    return out.filter((node) => (node.value as { url?: unknown }).url === url);
  },
  iif: (args) => (scope, input) => {
    const chosen = truth(only(args)(scope, input)) === true ? args[1] : args[2];
    return chosen ? chosen(scope, input) : EMPTY;
  },
  matches: onStrings((value, argument) => bool(pattern(argument).test(value))),
  startsWith: onStrings((value, argument) => bool(value.startsWith(argument))),
  endsWith: onStrings((value, argument) => bool(value.endsWith(argument))),
  contains: onStrings((value, argument) => bool(value.includes(argument))),
  replaceMatches: (args) => (scope, input, self) => {
    const [value, from, to] = [input, only(args)(scope, self), only(args, 1)(scope, self)].map(
      (one) => one[0]?.value,
    );
    if (typeof value !== 'string' || typeof from !== 'string' || typeof to !== 'string') return EMPTY;
    return text(value.replace(new RegExp(from, 'gs'), to));
  },
  substring: (args) => (scope, input, self) => {
    const value = input[0]?.value;
    return typeof value === 'string' ? text(value.slice(Number(only(args)(scope, self)[0]?.value))) : EMPTY;
  },
  length: () => (_scope, input) =>
    typeof input[0]?.value === 'string' ? whole(input[0].value.length) : EMPTY,
  toInteger: () => (_scope, input) => {
    const value = input[0]?.value;
    return /^[+-]?\d+$/.test(String(value)) ? whole(Number(value)) : EMPTY;
  },
  toString: toText,
  resolve: () => (scope, input) => input.flatMap((node) => scope.resolve?.(node) ?? []),
};
