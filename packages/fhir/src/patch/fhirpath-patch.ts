// FHIRPath Patch: operations in a Parameters resource, carried out one after the other on the text of a resource.
import { ok, type Result, refuse } from '@yimai/kit';
import { isObject } from '../path/node.ts';
import { compiledType } from '../validate/compiled-type.ts';
import { type Place, placesOf } from './places.ts';
import { jsonKey, type PatchValue, readOperations, type Step } from './read-operations.ts';

type Json = { [name: string]: unknown };

interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

/** What stands at a place: its holder, the list it is one of, and the type of the holder. */
interface Spot {
  readonly holder: Json;
  readonly holderType: string;
  readonly key: string;
  readonly index: number | null;
  readonly trail: Place;
}

/** Answers the JSON text of the patched resource, every untouched number as it was; `body` is JSON already. */
export function applyFhirPathPatch(text: string, body: string): Result<string> {
  const steps = readOperations(exact(body));
  if (!steps.ok) return steps;
  const resource = exact(text) as Json;
  for (const [at, step] of steps.value.entries()) {
    const failed = carryOut(resource, step);
    if (failed !== null) {
      const [zh, en] = failed;
      return refuse(
        'patch-failed',
        {
          zh: `补丁第 ${at + 1} 步“${step.type}”：${zh}`,
          en: `step ${at + 1} (${step.type}) of the patch: ${en}`,
        },
        { at: `Parameters.parameter[${at}]` },
      );
    }
  }
  return ok(JSON.stringify(resource));
}

function exact(text: string): unknown {
  const source = JSON as unknown as SourceJson;
  return source.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? source.rawJSON(context.source) : value,
  );
}

type Failure = readonly [zh: string, en: string];

const NOT_ONE: Failure = ['path 应恰好指到一个元素', 'path must lead to exactly one element'];
const NO_ELEMENT: Failure = ['该类型没有此元素', 'this type has no such element'];
const OUTSIDE: Failure = ['序号超出列表', 'the index is outside the list'];
const TAKEN: Failure = ['元素已存在', 'the element is there already'];
const NO_LIST: Failure = ['path 应指到一个列表', 'path must lead to a list'];

function carryOut(resource: Json, step: Step): Failure | null {
  const places = placesOf(step.path, JSON.parse(JSON.stringify(resource)));
  if (places === null) return ['path 不是可用的 FHIRPath', 'path is no FHIRPath that a patch may use'];
  switch (step.type) {
    case 'add':
      return places.length === 1 ? add(resource, places[0]!, step) : NOT_ONE;
    case 'replace':
      return places.length === 1 ? replace(spotOf(resource, places[0]!), step.value) : NOT_ONE;
    case 'delete':
      if (places.length > 1) return NOT_ONE;
      if (places[0]) remove(resource, spotOf(resource, places[0]));
      return null;
    case 'insert':
      return insert(listOf(resource, step.path, places), step);
    case 'move':
      return move(listOf(resource, step.path, places), step);
  }
}

function add(resource: Json, place: Place, step: Step & { type: 'add' }): Failure | null {
  const found = nodeAt(resource, place);
  if (!isObject(found.value)) return NOT_ONE;
  const holder = found.value as Json;
  const key = jsonKey(found.type, step.name, step.value);
  const property = key === null ? undefined : compiledType(found.type).properties.get(key);
  if (!key || !property) return NO_ELEMENT;
  const content = step.value.build(property.type);
  if (content === null) return NO_ELEMENT;
  if (property.list) return push(holder, key, content);
  const taken = [...compiledType(found.type).properties.values()].some(
    (one) => one.element === property.element && holder[one.name] !== undefined,
  );
  if (taken) return TAKEN;
  holder[key] = content;
  return null;
}

function push(holder: Json, key: string, content: unknown): null {
  const list = (holder[key] as unknown[] | undefined) ?? [];
  list.push(content);
  holder[key] = list;
  // Values and their extensions are two lists of one length.
  const sibling = holder[`_${key}`];
  if (Array.isArray(sibling)) sibling.push(null);
  return null;
}

function replace(spot: Spot, value: PatchValue): Failure | null {
  const { holder, holderType, key, index } = spot;
  const named = index === null ? jsonKey(holderType, elementName(holderType, key), value) : key;
  const property = named === null ? undefined : compiledType(holderType).properties.get(named);
  if (!named || !property) return NO_ELEMENT;
  const content = value.build(property.type);
  if (content === null) return NO_ELEMENT;
  if (index !== null) (holder[key] as unknown[])[index] = content;
  else {
    if (named !== key) {
      delete holder[key];
      delete holder[`_${key}`];
    }
    holder[named] = content;
  }
  return null;
}

const elementName = (type: string, key: string): string =>
  compiledType(type).properties.get(key)?.element.name ?? key;

/** What is left empty goes too: FHIR has no empty elements. */
function remove(resource: Json, spot: Spot): void {
  const { holder, key, index, trail } = spot;
  if (index === null) {
    delete holder[key];
    delete holder[`_${key}`];
  } else {
    for (const name of [key, `_${key}`]) {
      const list = holder[name];
      if (!Array.isArray(list)) continue;
      list.splice(index, 1);
      if (list.length === 0) delete holder[name];
    }
  }
  const above = trail.slice(0, index === null ? -1 : -2);
  if (above.length > 0 && Object.keys(holder).length === 0) remove(resource, spotOf(resource, above));
}

interface List {
  readonly holder: Json;
  readonly key: string;
  readonly type: string;
  readonly items: unknown[];
}

function listOf(resource: Json, path: string, places: readonly Place[]): List | null {
  const first = places[0];
  if (first === undefined) return emptyList(resource, path);
  const { holder, holderType, key } = spotOf(resource, first);
  const property = compiledType(holderType).properties.get(key);
  const same = JSON.stringify(first.slice(0, -1));
  if (!property?.list || places.some((one) => JSON.stringify(one.slice(0, -1)) !== same)) return null;
  return { holder, key, type: property.type, items: holder[key] as unknown[] };
}

/** `Patient.contact` where there is none yet: the list is made by the insertion. */
function emptyList(resource: Json, path: string): List | null {
  const cut = path.lastIndexOf('.');
  const places = cut < 0 ? null : placesOf(path.slice(0, cut), JSON.parse(JSON.stringify(resource)));
  if (places?.length !== 1) return null;
  const { value, type } = nodeAt(resource, places[0]!);
  const key = path.slice(cut + 1);
  const property = compiledType(type).properties.get(key);
  if (!property?.list || !isObject(value) || value[key] !== undefined) return null;
  return { holder: value as Json, key, type: property.type, items: [] };
}

function insert(list: List | null, step: Step & { type: 'insert' }): Failure | null {
  if (!list) return NO_LIST;
  if (step.index > list.items.length) return OUTSIDE;
  const content = step.value.build(list.type);
  if (content === null) return NO_ELEMENT;
  list.items.splice(step.index, 0, content);
  list.holder[list.key] = list.items;
  const sibling = list.holder[`_${list.key}`];
  if (Array.isArray(sibling)) sibling.splice(step.index, 0, null);
  return null;
}

function move(list: List | null, step: Step & { type: 'move' }): Failure | null {
  if (!list) return NO_LIST;
  const { source, destination } = step;
  if (source >= list.items.length || destination >= list.items.length) return OUTSIDE;
  for (const items of [list.items, list.holder[`_${list.key}`]])
    if (Array.isArray(items)) items.splice(destination, 0, ...items.splice(source, 1));
  return null;
}

/** The value at a place and its type by the definitions. */
function nodeAt(resource: Json, place: Place): { value: unknown; type: string } {
  let value: unknown = resource;
  let type = String(resource['resourceType']);
  for (const step of place) {
    if (typeof step === 'number') value = (value as unknown[])[step];
    else {
      const key = propertyAt(value as Json, type, step);
      const property = compiledType(type).properties.get(key);
      value = (value as Json)[key];
      const inner = isObject(value) ? value['resourceType'] : undefined;
      type = typeof inner === 'string' ? inner : (property?.type ?? type);
    }
    if (isObject(value) && typeof value['resourceType'] === 'string') type = value['resourceType'];
  }
  return { value, type };
}

/** FHIRPath says `value` where JSON says `valueQuantity`. */
function propertyAt(holder: Json, type: string, name: string): string {
  const { properties } = compiledType(type);
  if (properties.has(name)) return name;
  const chosen = [...properties.values()].find(
    (one) => one.element.name === name && holder[one.name] !== undefined,
  );
  return chosen?.name ?? name;
}

function spotOf(resource: Json, place: Place): Spot {
  const last = place.at(-1);
  const index = typeof last === 'number' ? last : null;
  const name = index === null ? last : place.at(-2);
  const { value, type } = nodeAt(resource, place.slice(0, index === null ? -1 : -2));
  const holder = value as Json;
  return {
    holder,
    holderType: type,
    key: propertyAt(holder, type, String(name)),
    index,
    trail: place,
  };
}
