// Turns a tree into a closure over nodes: the fast engine for search parameters and invariants.
import { isKindOf } from '../definitions/load.ts';
import { callFunction, type PathFunction } from './functions.ts';
import { childrenNamed, type Node, type Nodes } from './node.ts';
import { arithmetic, bool, compare, EMPTY, equalSets, hasMember, logic, union } from './operators.ts';
import { type Literal, parsePath, type Tree, Unsupported } from './parse.ts';

/** What an expression sees besides its focus. */
export interface Scope {
  /** The resource that contains the focus (a contained resource is its own). */
  readonly resource: Node;
  /** The outermost resource. */
  readonly root: Node;
  /** The node that the expression was started on. */
  readonly context: Node;
  /** Follows a reference inside the document, if it can. */
  readonly resolve?: (reference: Node) => Node | undefined;
}

/** `input` is what stands before the dot; `self` is `$this`. */
export type Evaluate = (scope: Scope, self: Nodes) => Nodes;

export interface CompiledPath {
  readonly expression: string;
  readonly evaluate: Evaluate;
}

const cache = new Map<string, CompiledPath>();

/** Compiles once per text; throws `Unsupported` for what only the full engine knows. */
export function compilePath(expression: string): CompiledPath {
  const known = cache.get(expression);
  if (known) return known;
  const compiled = { expression, evaluate: compileTree(parsePath(expression)) };
  cache.set(expression, compiled);
  return compiled;
}

const LITERAL_TYPES = { string: 'string', number: 'decimal', boolean: 'boolean' } as const;

function literalNode(value: Literal): Node {
  return { value, type: LITERAL_TYPES[typeof value as keyof typeof LITERAL_TYPES] };
}

export function compileTree(tree: Tree): Evaluate {
  switch (tree.kind) {
    case 'literal': {
      const nodes = [literalNode(tree.value)];
      return () => nodes;
    }
    case 'empty':
      return () => EMPTY;
    case 'this':
      return (_scope, self) => self;
    case 'variable':
      return compileVariable(tree.name);
    case 'member':
      return compileMember(tree.of, tree.name);
    case 'call':
      return compileCall(tree);
    case 'index': {
      const of = compileTree(tree.of);
      const at = compileTree(tree.at);
      return (scope, self) => {
        const found = of(scope, self)[Number(at(scope, self)[0]?.value)];
        return found ? [found] : EMPTY;
      };
    }
    case 'minus': {
      const of = compileTree(tree.of);
      return (scope, self) =>
        of(scope, self).map((node) => ({ value: -Number(node.value), type: node.type }));
    }
    case 'type': {
      const of = compileTree(tree.of);
      const { type, operator } = tree;
      if (operator === 'as') return (scope, self) => of(scope, self).filter((node) => isOfType(node, type));
      return (scope, self) => {
        const [node] = of(scope, self);
        return node ? bool(isOfType(node, type)) : EMPTY;
      };
    }
    case 'binary':
      return compileBinary(tree.operator, compileTree(tree.left), compileTree(tree.right));
  }
}

/** `Patient`, `FHIR.Patient`, `System.String` or the old spelling `Boolean` for a primitive. */
export function isOfType(node: Node, name: string): boolean {
  const bare = name.replace(/^(FHIR|System)\./, '');
  if (isKindOf(node.type, bare)) return true;
  return typeof node.value !== 'object' && node.type === bare.charAt(0).toLowerCase() + bare.slice(1);
}

function compileVariable(name: string): Evaluate {
  switch (name) {
    case 'resource':
      return (scope) => [scope.resource];
    case 'rootResource':
      return (scope) => [scope.root];
    case 'context':
      return (scope) => [scope.context];
    case 'ucum': {
      const nodes = [literalNode('http://unitsofmeasure.org')];
      return () => nodes;
    }
    default:
      throw new Unsupported(`%${name}`);
  }
}

function compileMember(of: Tree | null, name: string): Evaluate {
  if (of === null && /^[A-Z]/.test(name)) {
    return (_scope, self) => self.filter((node) => isKindOf(node.type, name));
  }
  const before = of === null ? null : compileTree(of);
  return (scope, self) => {
    const input = before === null ? self : before(scope, self);
    if (input.length === 0) return EMPTY;
    const out: Node[] = [];
    for (const node of input) childrenNamed(node, name, out);
    return out;
  };
}

function compileCall(tree: Extract<Tree, { kind: 'call' }>): Evaluate {
  const before = tree.of === null ? null : compileTree(tree.of);
  const input = (scope: Scope, self: Nodes): Nodes => (before === null ? self : before(scope, self));
  const [first] = tree.args;
  if (tree.name === 'is' || tree.name === 'as' || tree.name === 'ofType') {
    const type = first ? typeNameOf(first) : '';
    if (tree.name !== 'is') return (scope, self) => input(scope, self).filter((node) => isOfType(node, type));
    return (scope, self) => {
      const [node] = input(scope, self);
      return node ? bool(isOfType(node, type)) : EMPTY;
    };
  }
  const call: PathFunction = callFunction(tree.name, tree.args.map(compileTree));
  return (scope, self) => call(scope, input(scope, self), self);
}

function typeNameOf(tree: Tree): string {
  if (tree.kind !== 'member') throw new Unsupported('a type name was expected');
  return tree.of === null ? tree.name : `${typeNameOf(tree.of)}.${tree.name}`;
}

function compileBinary(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case 'and':
    case 'or':
    case 'xor':
    case 'implies':
      return (scope, self) => logic(operator, left(scope, self), () => right(scope, self));
    case '=':
    case '~':
      return (scope, self) => equalSets(left(scope, self), right(scope, self), true);
    case '!=':
    case '!~':
      return (scope, self) => equalSets(left(scope, self), right(scope, self), false);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return (scope, self) => compare(operator, left(scope, self), right(scope, self));
    case '|':
      return (scope, self) => union(left(scope, self), right(scope, self));
    case 'in':
      return (scope, self) => hasMember(right(scope, self), left(scope, self));
    case 'contains':
      return (scope, self) => hasMember(left(scope, self), right(scope, self));
    case '+':
    case '-':
    case '*':
    case '&':
      return (scope, self) => arithmetic(operator, left(scope, self), right(scope, self));
    default:
      throw new Unsupported(operator);
  }
}
