// A value on its way through a path: the JSON value, its FHIR type and, for primitives, the sibling that holds its extensions.
import { definitions, isResourceType, propertyName, typeDef } from '../definitions/load.ts';

export interface Node {
  readonly value: unknown;
  readonly type: string;
  /** The `_name` sibling of a primitive; its own `value` is then undefined when only extensions are there. */
  readonly sibling?: unknown;
  /** The code system that a `code` means by its required binding, where there is exactly one. */
  readonly system?: string;
}

export type Nodes = readonly Node[];
type JsonObject = Readonly<Record<string, unknown>>;

interface Step {
  readonly property: string;
  readonly type: string;
  readonly primitive: boolean;
  readonly system?: string;
}

const steps = new Map<string, Map<string, readonly Step[]>>();
const NO_STEPS: readonly Step[] = [];
const ELEMENT_STEPS: Readonly<Record<string, readonly Step[]>> = {
  id: [{ property: 'id', type: 'string', primitive: true }],
  extension: [{ property: 'extension', type: 'Extension', primitive: false }],
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The type of a value read as a member of `Resource`: its own `resourceType`. */
function actualType(type: string, value: unknown): string {
  if (type !== 'Resource' || !isObject(value)) return type;
  const own = value['resourceType'];
  return typeof own === 'string' && isResourceType(own) ? own : type;
}

export const resourceNode = (resource: unknown): Node => ({
  value: resource,
  type: actualType('Resource', resource),
});

function stepsOf(type: string): Map<string, readonly Step[]> {
  const known = steps.get(type);
  if (known) return known;
  const table = new Map<string, readonly Step[]>();
  for (const element of typeDef(type)?.elements ?? []) {
    const targets = element.types.map(({ code }) => ({
      property: propertyName(element, code),
      type: code,
      primitive: definitions().types[code]?.kind === 'primitive',
      ...(code === 'code' ? impliedSystem(element.binding) : {}),
    }));
    table.set(element.name, targets);
    if (element.choice) for (const target of targets) table.set(target.property, [target]);
  }
  steps.set(type, table);
  return table;
}

function impliedSystem(valueSet: string | undefined): { system?: string } {
  const [system, ...others] = Object.keys(definitions().valueSets[valueSet ?? ''] ?? {});
  return system === undefined || others.length > 0 ? {} : { system };
}

function push(out: Node[], step: Step, value: unknown, sibling: unknown): void {
  if (value === undefined || value === null) {
    if (sibling !== undefined && sibling !== null) out.push({ value: undefined, type: step.type, sibling });
  } else if (sibling !== undefined && sibling !== null) out.push({ value, type: step.type, sibling });
  else if (step.system !== undefined) out.push({ value, type: step.type, system: step.system });
  else out.push({ value, type: actualType(step.type, value) });
}

function pushAll(out: Node[], holder: JsonObject, step: Step): void {
  const value = holder[step.property];
  const sibling = step.primitive ? holder[`_${step.property}`] : undefined;
  if (value === undefined && sibling === undefined) return;
  if (!Array.isArray(value) && !Array.isArray(sibling)) {
    push(out, step, value, sibling);
    return;
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const siblings: readonly unknown[] = Array.isArray(sibling) ? sibling : [];
  for (let at = 0; at < Math.max(values.length, siblings.length); at++)
    push(out, step, values[at], siblings[at]);
}

/** Appends the children of `node` called `name`. */
export function childrenNamed(node: Node, name: string, out: Node[]): void {
  if (isObject(node.value)) {
    const found = stepsOf(node.type).get(name) ?? NO_STEPS;
    for (const step of found) pushAll(out, node.value, step);
  } else if (isObject(node.sibling)) {
    const step = ELEMENT_STEPS[name]?.[0];
    if (step) pushAll(out, node.sibling, step);
  }
}

/** Every child of a node, in the order of the definition. */
export function allChildren(node: Node): Node[] {
  const out: Node[] = [];
  if (isObject(node.value)) {
    for (const element of typeDef(node.type)?.elements ?? []) childrenNamed(node, element.name, out);
  } else if (isObject(node.sibling)) {
    childrenNamed(node, 'id', out);
    childrenNamed(node, 'extension', out);
  }
  return out;
}

export function allDescendants(nodes: Nodes): Node[] {
  const out: Node[] = [];
  const visit = (node: Node): void => {
    for (const child of allChildren(node)) {
      out.push(child);
      visit(child);
    }
  };
  for (const node of nodes) visit(node);
  return out;
}
