// Walks a resource beside its definition: unknown fields, JSON shapes, cardinality, primitives, then invariants.
import { isResourceType } from '../definitions/load.ts';
import { numberText } from '../json/number-text.ts';
import type { Scope } from '../path/compile.ts';
import { isObject, type Node, resourceNode } from '../path/node.ts';
import { truth } from '../path/operators.ts';
import { checkBinding } from './bindings.ts';
import { checkCanonical } from './canonicals.ts';
import { type CompiledType, compiledType, type Invariant, type Property } from './compiled-type.ts';
import { checkContained } from './contained.ts';
import { checkDataType } from './data-types.ts';
import { checkExtensionPlaces } from './extensions.ts';
import type { Findings } from './findings.ts';
import type { PrimitiveFault } from './primitives.ts';
import { checkQuestionnaire } from './questionnaire.ts';
import { checkReference } from './references.ts';

type Json = Readonly<Record<string, unknown>>;

/** What stays the same while one resource is walked. */
export interface Walk {
  readonly findings: Findings;
  /** The resource itself and the one that contains it; invariants and `#` references look at them. */
  readonly scope: Scope;
  /** Types of the contained resources by id. */
  readonly contained: ReadonlyMap<string, string>;
  /** Ids of elements met so far in this resource. */
  readonly elementIds: Set<unknown>;
}

const RESOURCE_KEYS = new Set(['resourceType']);

/** Checks a resource that stands alone or as an entry of a Bundle. */
export function checkResource(resource: unknown, at: string, findings: Findings): void {
  if (!isNamedResource(resource, at, findings)) return;
  const node = resourceNode(resource);
  const scope: Scope = { resource: node, root: node, context: node };
  const walk: Walk = { findings, scope, contained: containedIn(resource), elementIds: new Set() };
  checkObject(walk, resource, compiledType(node.type), at);
  checkExtensionPlaces(findings, resource, { type: node.type, path: node.type }, at);
  checkContained(resource, at, findings);
  if (node.type === 'Questionnaire') checkQuestionnaire(resource, at, findings);
}

function isNamedResource(resource: unknown, at: string, findings: Findings): resource is Json {
  const type = isObject(resource) ? resource['resourceType'] : undefined;
  if (typeof type === 'string' && isResourceType(type)) return true;
  findings.error(
    'structure',
    at,
    '不是资源：resourceType 缺失或不是 R4 资源类型',
    'no resource: resourceType is missing or no R4 type',
  );
  return false;
}

function containedIn({ contained }: Json): Map<string, string> {
  const types = new Map<string, string>();
  for (const one of Array.isArray(contained) ? contained : []) {
    if (isObject(one) && typeof one['id'] === 'string') types.set(one['id'], String(one['resourceType']));
  }
  return types;
}

/** `ofValue`: what stands beside the value of a primitive, where an id alone is something. */
function checkObject(walk: Walk, value: Json, type: CompiledType, at: string, ofValue = false): void {
  const { findings } = walk;
  let empty = true;
  let choices: readonly Property[] | null = null;
  for (const key in value) {
    if (value[key] === undefined) continue;
    if (key !== 'id' && key !== '_id') empty = false;
    const property = type.properties.get(key);
    const chosen = property ?? (key.startsWith('_') ? type.properties.get(key.slice(1)) : undefined);
    if (chosen?.element.choice) choices = choices ? [...choices, chosen] : [chosen];
    if (property) checkProperty(walk, value, property, at);
    else if (key.startsWith('_')) checkSiblingOnly(walk, value, type, key, at);
    else if (!(type.def.kind === 'resource' && RESOURCE_KEYS.has(key)))
      unknownField(findings, at, key, type.name);
  }
  if (empty && !(ofValue && value['id'] !== undefined))
    findings.error('structure', at, '元素不能为空', 'an element must not be empty', 'ele-1');
  if (value['id'] !== undefined && type.def.kind !== 'resource') checkElementId(walk, value['id'], at);
  checkPresence(findings, value, type, at);
  if (choices && choices.length > 1) checkChoices(findings, choices, at);
  checkDataType(findings, type.name, value, at);
  if (type.name === 'Reference') return;
  if (type.invariants.length) checkInvariants(walk, type.invariants, { value, type: type.name }, at);
}

/** An element id is found once in its resource; what is contained counts for itself. */
function checkElementId({ findings, elementIds }: Walk, id: unknown, at: string): void {
  if (elementIds.has(id))
    findings.error(
      'duplicate',
      `${at}.id`,
      '同一资源中元素的 id 重复',
      'this element id stands twice in the resource',
      'F8',
    );
  elementIds.add(id);
}

function unknownField(findings: Findings, at: string, key: string, type: string): void {
  const shown = key.length > 64 ? `${key.slice(0, 64)}…` : key;
  findings.error('structure', at, `${type} 没有字段“${shown}”`, `${type} has no field "${shown}"`, 'F4');
}

function checkPresence(findings: Findings, value: Json, type: CompiledType, at: string): void {
  for (const { name, properties } of type.required) {
    if (properties.some((property) => value[property] !== undefined)) continue;
    findings.error(
      'required',
      at,
      `缺少必填元素 ${type.name}.${name}`,
      `${type.name}.${name} is required`,
      'F5',
    );
  }
}

/** `valueString` beside `valueQuantity`; a primitive and its own `_` sibling are one. */
function checkChoices(findings: Findings, chosen: readonly Property[], at: string): void {
  for (const [index, { element, name }] of chosen.entries()) {
    const other = chosen.slice(0, index).find((one) => one.element === element && one.name !== name);
    if (!other) continue;
    findings.error(
      'structure',
      `${at}.${element.name}`,
      `${element.name}[x] 只能有一种类型，现有 ${other.name}、${name}`,
      `${element.name}[x] may have one type only, found ${other.name}, ${name}`,
      'F6',
    );
  }
}

function checkProperty(walk: Walk, holder: Json, property: Property, at: string): void {
  const { findings } = walk;
  const value = holder[property.name];
  const place = `${at}.${property.step}`;
  const sibling = property.check ? holder[`_${property.name}`] : undefined;
  if (Array.isArray(value) !== property.list) {
    const [zh, en] = property.list
      ? ['应为数组', 'an array is expected']
      : ['不应为数组', 'an array is not expected'];
    findings.error('structure', place, zh, en, 'F5');
    return;
  }
  if (!Array.isArray(value)) {
    checkValue(walk, property, { holder, key: property.name, sibling }, value, place);
    return;
  }
  if (value.length === 0)
    findings.error('structure', place, '数组不能为空', 'an array must not be empty', 'F7');
  const { max } = property.element;
  if (max > 0 && value.length > max)
    findings.error('structure', place, `最多 ${max} 个`, `at most ${max} allowed`, 'F5');
  const siblings: readonly unknown[] = Array.isArray(sibling) ? sibling : [];
  for (let index = 0; index < value.length; index++) {
    const held = { holder: value, key: String(index), sibling: siblings[index] };
    checkValue(walk, property, held, value[index], `${place}[${index}]`);
  }
}

/** `1.0` and `1e3` are decimals, also where JavaScript sees a whole number. */
function wholeNumberFault(type: string, holder: object, key: string, value: unknown): PrimitiveFault {
  if (type !== 'integer' && type !== 'positiveInt' && type !== 'unsignedInt') return null;
  if (!/[.eE]/.test(numberText(holder, key, value as number))) return null;
  return ['整数不能写小数点或指数', 'a whole number is written without point and exponent'];
}

function checkValue(
  walk: Walk,
  property: Property,
  { holder, key, sibling }: { holder: object; key: string; sibling: unknown },
  value: unknown,
  at: string,
): void {
  const { findings } = walk;
  const { type, check } = property;
  if (value === null) {
    if (check && isObject(sibling)) return;
    findings.error('structure', at, '不允许 null', 'null is not allowed here', 'F7');
    return;
  }
  if (check) {
    const fault = check(value) ?? wholeNumberFault(type, holder, key, value);
    if (fault) {
      findings.error('value', at, `${type}：${fault[0]}`, `${type}: ${fault[1]}`, 'F8');
      return;
    }
    if (type === 'canonical') checkCanonical(walk, value as string, property.targets, at);
  } else if (property.resource) {
    checkNested(walk, property, value, at);
    return;
  } else if (isObject(value)) {
    checkObject(walk, value, compiledType(type), at);
    if (value['extension'] || value['modifierExtension']) checkExtensionPlaces(findings, value, property, at);
    if (type === 'Reference') checkReference(walk, value, property.targets, at);
  } else {
    findings.error('structure', at, `应为 ${type} 对象`, `an object of type ${type} is expected`, 'F5');
    return;
  }
  if (property.element.binding) checkBinding(findings, property, property.element.binding, value, at);
  if (property.invariants.length) checkInvariants(walk, property.invariants, { value, type }, at);
}

/** A contained resource keeps its container as root; any other nested resource is its own root. */
function checkNested(walk: Walk, property: Property, value: unknown, at: string): void {
  if (property.name !== 'contained') {
    checkResource(value, at, walk.findings);
    return;
  }
  if (!isNamedResource(value, at, walk.findings)) return;
  const node = resourceNode(value);
  const scope: Scope = { resource: node, root: walk.scope.root, context: node };
  checkObject({ ...walk, scope, elementIds: new Set() }, value, compiledType(node.type), at);
  checkExtensionPlaces(walk.findings, value, { type: node.type, path: node.type }, at);
  if (node.type === 'Questionnaire') checkQuestionnaire(value, at, walk.findings);
}

/** `_birthDate` beside or instead of `birthDate`: an Element with id and extensions, in step with its array. */
function checkSiblingOnly(walk: Walk, holder: Json, type: CompiledType, key: string, at: string): void {
  const { findings } = walk;
  const property = type.properties.get(key.slice(1));
  if (!property?.check) {
    unknownField(findings, at, key, type.name);
    return;
  }
  const sibling = holder[key];
  const value = holder[property.name];
  const place = `${at}.${property.step}`;
  if (Array.isArray(sibling) !== property.list) {
    findings.error(
      'structure',
      place,
      `${key} 的形状与 ${property.name} 不符`,
      `${key} does not have the shape of ${property.name}`,
      'F7',
    );
    return;
  }
  if (!Array.isArray(sibling)) {
    checkElement(walk, sibling, property, place, value !== undefined);
    return;
  }
  if (sibling.length === 0)
    findings.error('structure', place, '数组不能为空', 'an array must not be empty', 'F7');
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  for (let index = 0; index < sibling.length; index++) {
    const ofValue = values[index] !== undefined && values[index] !== null;
    if (sibling[index] !== null) checkElement(walk, sibling[index], property, `${place}[${index}]`, ofValue);
    else if (!ofValue) {
      findings.error('structure', `${place}[${index}]`, '不允许 null', 'null is not allowed here', 'F7');
    }
  }
}

function checkElement(walk: Walk, value: unknown, property: Property, at: string, ofValue: boolean): void {
  if (isObject(value)) {
    checkObject(walk, value, compiledType('Element'), at, ofValue);
    checkExtensionPlaces(walk.findings, value, property, at);
  } else
    walk.findings.error('structure', at, '应为带扩展的对象', 'an object with extensions is expected', 'F7');
}

function checkInvariants(walk: Walk, invariants: readonly Invariant[], node: Node, at: string): void {
  for (const { key, human, path } of invariants) {
    const scope: Scope = { ...walk.scope, context: node };
    if (truth(path.evaluate(scope, [node])) !== true) {
      walk.findings.error('invariant', at, `不满足约束 ${key}`, `${key}: ${human}`, key);
    }
  }
}
