// Reads the Parameters resource of a FHIRPath Patch into steps.
import { ok, type Result, refuse } from '@yimai/kit';
import { isObject } from '../path/node.ts';
import { compiledType } from '../validate/compiled-type.ts';

/** A value of a patch; what it becomes depends on the element that it is for. */
export interface PatchValue {
  /** `Boolean` of `valueBoolean`; null for a value given in parts. */
  readonly suffix: string | null;
  /** The JSON value for an element of this type; null if the type has no such elements. */
  build(type: string): unknown;
}

export type Step =
  | { readonly type: 'add'; readonly path: string; readonly name: string; readonly value: PatchValue }
  | { readonly type: 'insert'; readonly path: string; readonly index: number; readonly value: PatchValue }
  | { readonly type: 'replace'; readonly path: string; readonly value: PatchValue }
  | { readonly type: 'delete'; readonly path: string }
  | { readonly type: 'move'; readonly path: string; readonly source: number; readonly destination: number };

type Json = Readonly<Record<string, unknown>>;

const STEPS_MAX = 1000;

export function readOperations(body: unknown): Result<readonly Step[]> {
  const list = isObject(body) && body['resourceType'] === 'Parameters' ? body['parameter'] : undefined;
  if (!Array.isArray(list) || list.length === 0 || list.length > STEPS_MAX)
    return malformed(
      'Parameters.parameter',
      '应为 1 至 1000 个 operation',
      '1 to 1000 operations are expected',
    );
  const steps: Step[] = [];
  for (const [at, parameter] of list.entries()) {
    const step = readStep(parameter);
    if (!step)
      return malformed(
        `Parameters.parameter[${at}]`,
        '不是完整的 operation（type、path 与该类型所需的 name、value、index、source、destination）',
        'no whole operation (type, path and what the type needs of name, value, index, source, destination)',
      );
    steps.push(step);
  }
  return ok(steps);
}

const malformed = (at: string, zh: string, en: string) => refuse('patch-malformed', { zh, en }, { at });

function readStep(parameter: unknown): Step | null {
  if (!isObject(parameter) || parameter['name'] !== 'operation' || !Array.isArray(parameter['part']))
    return null;
  const parts = new Map<unknown, Json>();
  for (const part of parameter['part']) if (isObject(part)) parts.set(part['name'], part);
  const text = (name: string): string | null => {
    const found = simple(parts.get(name))?.value;
    return typeof found === 'string' && found !== '' ? found : null;
  };
  const whole = (name: string): number | null => {
    const found = Number(JSON.stringify(simple(parts.get(name))?.value ?? null) ?? 'x');
    return parts.has(name) && Number.isSafeInteger(found) && found >= 0 ? found : null;
  };
  const path = text('path');
  if (path === null) return null;
  const value = parts.has('value') ? readValue(parts.get('value')!) : null;
  switch (text('type')) {
    case 'add': {
      const name = text('name');
      return name && value ? { type: 'add', path, name, value } : null;
    }
    case 'insert': {
      const index = whole('index');
      return index !== null && value ? { type: 'insert', path, index, value } : null;
    }
    case 'replace':
      return value ? { type: 'replace', path, value } : null;
    case 'delete':
      return { type: 'delete', path };
    case 'move': {
      const [source, destination] = [whole('source'), whole('destination')];
      return source !== null && destination !== null ? { type: 'move', path, source, destination } : null;
    }
    default:
      return null;
  }
}

/** `{name, valueString: 'x'}` gives `String` and `x`. */
function simple(part: Json | undefined): { suffix: string; value: unknown } | null {
  const key = part && Object.keys(part).find((name) => /^value[A-Z]/.test(name));
  return part && key ? { suffix: key.slice('value'.length), value: part[key] } : null;
}

function readValue(part: Json): PatchValue | null {
  const given = simple(part);
  if (given) return { suffix: given.suffix, build: () => given.value };
  if (isObject(part['resource'])) return { suffix: null, build: () => part['resource'] };
  const parts = part['part'];
  if (!Array.isArray(parts) || parts.length === 0) return null;
  return { suffix: null, build: (type) => fromParts(type, parts) };
}

/** Elements without a data type of their own (contact, component ...) come as parts named like their elements. */
function fromParts(type: string, parts: readonly unknown[]): unknown {
  const built: Record<string, unknown> = {};
  for (const part of parts) {
    const name = isObject(part) ? part['name'] : undefined;
    const value = isObject(part) ? readValue(part) : null;
    const key = typeof name === 'string' && value ? jsonKey(type, name, value) : null;
    const property = key === null ? undefined : compiledType(type).properties.get(key);
    const content = property && value ? value.build(property.type) : null;
    if (!key || content === null) return null;
    if (!property?.list) built[key] = content;
    else built[key] = [...((built[key] as unknown[] | undefined) ?? []), content];
  }
  return built;
}

/** The JSON name of an element for this value: `deceased` and `valueBoolean` give `deceasedBoolean`. */
export function jsonKey(type: string, name: string, value: PatchValue): string | null {
  const { properties } = compiledType(type);
  if (properties.has(name)) return name;
  const chosen = `${name}${value.suffix ?? ''}`;
  return value.suffix !== null && properties.has(chosen) ? chosen : null;
}
