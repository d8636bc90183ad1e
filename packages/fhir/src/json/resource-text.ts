// Reads the JSON text of a resource strictly, and writes the text that is stored: the client's, digit for digit.
import { ok, type Result, refuse } from '@yimai/kit';
import { isResourceType } from '../definitions/load.ts';
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';
import { type LocatedFault, locateFault } from './locate.ts';
import { rememberNumberText } from './number-text.ts';
import { countKeys, scanJson } from './scan.ts';

export interface ParsedResource {
  readonly resource: Resource;
  /** False if some number must be taken from the text, because a JavaScript number would lose digits. */
  readonly lossless: boolean;
}

export const DEFAULT_MAX_DEPTH = 64;

interface SourceContext {
  readonly source?: string;
}
interface SourceJson {
  parse(
    text: string,
    reviver: (this: object, key: string, value: unknown, context: SourceContext) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}
/** `JSON.parse` source text access and `JSON.rawJSON` (ECMAScript 2026, in Node 24; not yet in the type library). */
const sourceJson = JSON as unknown as SourceJson;

export function parseResourceText(text: string, maxDepth = DEFAULT_MAX_DEPTH): Result<ParsedResource> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuseFault(locateFault(text, maxDepth));
  }
  const scan = scanJson(text);
  if (scan.depth > maxDepth) return refuseFault(locateFault(text, maxDepth));
  if (scan.keys !== countKeys(value)) return refuseFault(locateFault(text, maxDepth));
  if (!isObject(value)) {
    return refuse(
      'not-an-object',
      { zh: '资源必须是 JSON 对象', en: 'a resource is a JSON object' },
      { at: '' },
    );
  }
  const type = value['resourceType'];
  if (typeof type !== 'string' || !isResourceType(type)) {
    const detail = {
      zh: '缺少 resourceType 或其值不是 R4 资源类型',
      en: 'resourceType is missing or is no R4 resource type',
    };
    return refuse('unknown-resource-type', detail, { at: 'resourceType', rule: 'F2' });
  }
  if (!scan.losesDigits) return ok({ resource: value as Resource, lossless: true });
  return ok({ resource: parseKeepingNumbers(text) as Resource, lossless: false });
}

function refuseFault(found: LocatedFault | null) {
  const { fault, line, column, path, expected } = found ?? {
    fault: 'syntax',
    line: 1,
    column: 1,
    path: '',
    expected: '',
  };
  const at = `${path || '(root)'} @ ${line}:${column}`;
  switch (fault) {
    case 'duplicate-key':
      return refuse(
        'duplicate-key',
        {
          zh: `第 ${line} 行第 ${column} 列：同一对象中键重复`,
          en: `line ${line}, column ${column}: the key stands twice in one object`,
        },
        { at, rule: 'F1' },
      );
    case 'too-deep':
      return refuse(
        'too-deep',
        {
          zh: `第 ${line} 行第 ${column} 列：嵌套过深`,
          en: `line ${line}, column ${column}: nested too deeply`,
        },
        { at, rule: 'F1' },
      );
    default:
      return refuse(
        'invalid-json',
        {
          zh: `第 ${line} 行第 ${column} 列不是合法 JSON${expected ? `（此处应为 ${expected}）` : ''}`,
          en: `line ${line}, column ${column} is not JSON${expected ? ` (expected ${expected})` : ''}`,
        },
        { at, rule: 'F1' },
      );
  }
}

/** Numbers that would lose digits are remembered by their holder, so that the index sees their precision. */
function parseKeepingNumbers(text: string): unknown {
  return sourceJson.parse(text, function keep(this: object, key, value, { source }) {
    if (typeof value === 'number' && source !== undefined && String(value) !== source) {
      rememberNumberText(this, key, source);
    }
    return value;
  });
}

export interface StoredIdentity {
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: string;
}

/** The stored text: equal to the client's but for id, meta.versionId and meta.lastUpdated. */
export function renderStored(
  text: string,
  parsed: { readonly resource: Resource; readonly lossless: boolean },
  identity: StoredIdentity,
): string {
  if (parsed.lossless) return JSON.stringify(withIdentity(parsed.resource, identity));
  const exact = sourceJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? sourceJson.rawJSON(source) : value,
  ) as Resource;
  return JSON.stringify(withIdentity(exact, identity));
}

/** A copy with its identity in place of the client's. */
export function withIdentity(resource: Resource, { id, versionId, lastUpdated }: StoredIdentity): Resource {
  const { resourceType, id: _id, meta, ...rest } = resource;
  return { resourceType, id, meta: { ...meta, versionId, lastUpdated }, ...rest };
}
