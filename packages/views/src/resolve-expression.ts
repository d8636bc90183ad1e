// Looks up every name of an expression: elements in the FHIR table, choices with their type, constants with their value.
import { choiceName, elementOf, formOfType, isComplex } from './elements.ts';
import type { Expression, Literal, Operator } from './expression.ts';
import { wrongExpression } from './tokens.ts';
import type { Step, TypedExpression } from './typed-expression.ts';

export interface Scope {
  /** FHIR type of `$this`; null when unknown. */
  readonly type: string | null;
  /** True only at the resource itself, where a path may begin with the resource's type and has a key. */
  readonly isResource: boolean;
  readonly constants: ReadonlyMap<string, Literal>;
}

/** Throws `RefusalError` (`wrong-expression`) when a constant is not defined or a function is misused. */
export function resolveExpression(tree: Expression, scope: Scope): TypedExpression {
  const { at } = tree;
  switch (tree.kind) {
    case 'literal':
      return literalNode(tree.literal, at);
    case 'this':
      return { kind: 'this', at, type: scope.type, many: false };
    case 'constant':
      return constantNode(tree.name, at, scope);
    case 'member':
      return memberNode(tree, scope);
    case 'index':
      return indexNode(resolveExpression(tree.of, scope), numberOf(tree.index, scope), at);
    case 'call':
      return callNode(tree, scope);
    case 'binary': {
      const [left, right] = [resolveExpression(tree.left, scope), resolveExpression(tree.right, scope)];
      const { operator } = tree;
      return {
        kind: 'binary',
        at,
        many: false,
        operator,
        type: typeOfBinary(operator, left, right),
        left,
        right,
      };
    }
  }
}

type Call = Extract<Expression, { kind: 'call' }>;
type Member = Extract<Expression, { kind: 'member' }>;

function callNode(call: Call, scope: Scope): TypedExpression {
  const { at, name } = call;
  const flag = { at, type: 'boolean', many: false } as const;
  if (name === 'ofType') return ofTypeNode(call, scope);
  const of = resolveExpression(call.of, scope);
  switch (name) {
    case 'where':
      return whereNode(of, call.args[0]!, at, scope);
    case 'exists': {
      const [criteria] = call.args;
      const found = criteria === undefined ? of : whereNode(of, criteria, at, scope);
      return { kind: 'exists', ...flag, of: found, wanted: true };
    }
    case 'empty':
      return { kind: 'exists', ...flag, of, wanted: false };
    case 'not':
      return { kind: 'not', ...flag, of };
    case 'first':
      return indexNode(of, 0, at);
    case 'last':
      return { kind: 'last', at, type: of.type, many: false, of };
    case 'count':
      return { kind: 'count', at, type: 'integer', many: false, of };
    case 'join': {
      const separator = call.args[0] === undefined ? '' : textOf(call.args[0], scope);
      return { kind: 'join', at, type: 'string', many: false, of, separator };
    }
    case 'extension':
      return extensionNode(of, textOf(call.args[0]!, scope), at);
    case 'lowBoundary':
    case 'highBoundary':
      return boundaryNode(of, name === 'lowBoundary' ? 'low' : 'high', at);
    case 'getResourceKey': {
      const isHere = call.of.kind === 'this' && scope.isResource;
      if (!isHere)
        throw wrongExpression(at, 'getResourceKey() 只用于资源本身', 'getResourceKey() is for the resource');
      return pathNode(of, { names: ['id'], many: false }, 'string', at);
    }
    case 'getReferenceKey': {
      const resource = call.args[0] === undefined ? null : typeName(call.args[0]);
      return { kind: 'reference-key', at, type: 'string', many: of.many, of, resource };
    }
  }
}

function memberNode(member: Member, scope: Scope): TypedExpression {
  if (member.of.kind === 'this' && scope.isResource && member.name === scope.type) {
    return { kind: 'this', at: member.at, type: scope.type, many: false };
  }
  const of = resolveExpression(member.of, scope);
  if (member.name === 'extension' && isPrimitive(of)) {
    return pathNode(besidePrimitive(of), { names: ['extension'], many: true }, 'Extension', member.at);
  }
  const fact = elementOf(of.type, member.name);
  const names =
    fact.choices.length > 0 ? fact.choices.map((type) => choiceName(fact.name, type)) : [fact.name];
  return pathNode(of, { names, many: fact.many }, fact.type, member.at);
}

// `value.ofType(Quantity)` is the element `valueQuantity`; on anything else it keeps what has that type.
function ofTypeNode(call: Call, scope: Scope): TypedExpression {
  const type = typeName(call.args[0]!);
  const { at } = call;
  if (call.of.kind === 'member') {
    const owner = resolveExpression(call.of.of, scope);
    const fact = elementOf(owner.type, call.of.name);
    if (fact.choices.length > 0 || (fact.type === null && type !== 'Resource')) {
      if (fact.choices.length > 0 && !fact.choices.includes(type))
        return { kind: 'nothing', at, type, many: false };
      const many = fact.choices.length > 0 ? fact.many : 'unknown';
      return pathNode(owner, { names: [choiceName(fact.name, type)], many }, type, at);
    }
  }
  const of = resolveExpression(call.of, scope);
  if (of.type === type) return of;
  if (of.type === 'Resource') return { kind: 'of-resource', at, type, many: of.many, of, resource: type };
  if (of.type === null) return { ...of, type };
  return { kind: 'nothing', at, type, many: false };
}

function whereNode(of: TypedExpression, criteria: Expression, at: number, scope: Scope): TypedExpression {
  const inner: Scope = { ...scope, type: of.type, isResource: scope.isResource && of.kind === 'this' };
  return {
    kind: 'where',
    at,
    type: of.type,
    many: of.many,
    of,
    criteria: resolveExpression(criteria, inner),
  };
}

function extensionNode(of: TypedExpression, url: string, at: number): TypedExpression {
  const list = pathNode(besidePrimitive(of), { names: ['extension'], many: true }, 'Extension', at);
  const self: TypedExpression = { kind: 'this', at, type: 'Extension', many: false };
  const left = pathNode(self, { names: ['url'], many: false }, 'uri', at);
  const right = literalNode({ type: 'string', value: url }, at);
  const criteria: TypedExpression = {
    kind: 'binary',
    at,
    type: 'boolean',
    many: false,
    operator: '=',
    left,
    right,
  };
  return { kind: 'where', at, type: 'Extension', many: true, of: list, criteria };
}

type Path = Extract<TypedExpression, { kind: 'path' }>;

function isPrimitive(node: TypedExpression): node is Path {
  return node.kind === 'path' && node.type !== null && formOfType(node.type) !== 'json';
}

// JSON keeps the extensions of `birthDate` beside it, in `_birthDate`.
function besidePrimitive(of: TypedExpression): TypedExpression {
  if (!isPrimitive(of)) return of;
  const last = of.steps.at(-1)!;
  const beside = { ...last, names: last.names.map((name) => `_${name}`) };
  return { ...of, type: null, steps: [...of.steps.slice(0, -1), beside] };
}

function boundaryNode(of: TypedExpression, side: 'low' | 'high', at: number): TypedExpression {
  const { type } = of;
  if (type === null || !['decimal', 'integer', 'date', 'dateTime', 'instant', 'time'].includes(type)) {
    throw wrongExpression(at, '边界函数只用于数值和时间', 'a boundary exists for numbers and times only');
  }
  return { kind: 'boundary', at, type, many: false, of, side };
}

// Steps along single elements are joined into one path, so that SQL walks the JSON once.
function pathNode(of: TypedExpression, step: Step, type: string | null, at: number): TypedExpression {
  const many = of.many || step.many !== false;
  if (of.kind === 'path') return { kind: 'path', at, type, many, of: of.of, steps: [...of.steps, step] };
  return { kind: 'path', at, type, many, of, steps: [step] };
}

function indexNode(of: TypedExpression, index: number, at: number): TypedExpression {
  return { kind: 'index', at, type: of.type, many: false, of, index };
}

function constantNode(name: string, at: number, scope: Scope): TypedExpression {
  if (name === 'rowIndex') return { kind: 'row-index', at, type: 'integer', many: false };
  const value = scope.constants.get(name);
  if (value === undefined)
    throw wrongExpression(at, `常量 %${name} 未定义`, `the constant %${name} is not defined`);
  return literalNode(value, at);
}

function literalNode(literal: Literal, at: number): TypedExpression {
  return { kind: 'literal', at, type: literal.type, many: false, literal };
}

// Texts are put together by `+` too; what is not known to be a number counts as text beside a text.
function typeOfBinary(operator: Operator, left: TypedExpression, right: TypedExpression): string {
  if (operator === '&') return 'string';
  const forms = [formOf(left), formOf(right)];
  const isText = forms.includes('text') && forms.every((form) => form === 'text' || form === 'json');
  if (operator === '+' && isText && !isComplex(left.type) && !isComplex(right.type)) return 'string';
  return operator === '+' || operator === '-' || operator === '*' || operator === '/' ? 'decimal' : 'boolean';
}

function numberOf(tree: Expression, scope: Scope): number {
  const value = resolveExpression(tree, scope);
  if (value.kind === 'literal' && value.literal.type === 'integer' && value.literal.value >= 0) {
    return value.literal.value;
  }
  throw wrongExpression(tree.at, '下标应为非负整数', 'an index is a whole number from 0');
}

function textOf(tree: Expression, scope: Scope): string {
  const value = resolveExpression(tree, scope);
  if (value.kind === 'literal' && typeof value.literal.value === 'string') return value.literal.value;
  throw wrongExpression(tree.at, '应为文字', 'a text is expected here');
}

function typeName(tree: Expression): string {
  if (tree.kind === 'member') return tree.name;
  throw wrongExpression(tree.at, '应为类型名', 'a type name is expected here');
}

/** The form in which a node's value is naturally held. */
export function formOf(node: TypedExpression): ReturnType<typeof formOfType> {
  return formOfType(node.type);
}
