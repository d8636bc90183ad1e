// Bundles: one fullUrl per entry, requests and responses by type, links once, documents and messages that hold together.
import { isResourceType } from '../definitions/load.ts';
import { isObject } from '../path/node.ts';
import type { Resource } from '../types.ts';
import { checkBundleReferences } from './bundle-references.ts';
import type { Findings } from './findings.ts';

export type Json = Readonly<Record<string, unknown>>;

const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const REST_URL = /^https?:\/\/.*\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;
const REQUEST_TYPES = new Set<unknown>(['batch', 'transaction', 'history']);
/** Bundles whose entries are told apart by fullUrl. */
const IDENTIFIED = new Set<unknown>(['document', 'message', 'collection']);
const RESPONSE_TYPES = new Set<unknown>(['batch-response', 'transaction-response', 'history']);

export function checkBundle(bundle: Resource, findings: Findings): void {
  checkLinks(bundle, findings);
  const entries = (Array.isArray(bundle['entry']) ? bundle['entry'] : []) as unknown[];
  const { type } = bundle;
  const searched = searchedTypes(bundle);
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    if (!isObject(entry)) return;
    const at = `Bundle.entry[${index}]`;
    checkFullUrl(entry, type, seen, at, findings);
    if ((entry['request'] !== undefined) !== REQUEST_TYPES.has(type)) {
      findings.error(
        'invariant',
        at,
        `类型为 ${type} 的 Bundle 中 request 的有无不对`,
        'bdl-3: entry.request is mandatory for batch/transaction/history, otherwise prohibited',
        'bdl-3',
      );
    }
    if ((entry['response'] !== undefined) !== RESPONSE_TYPES.has(type)) {
      findings.error(
        'invariant',
        at,
        `类型为 ${type} 的 Bundle 中 response 的有无不对`,
        'bdl-4: entry.response is mandatory for responses and history, otherwise prohibited',
        'bdl-4',
      );
    }
    if (type === 'searchset') checkSearchEntry(entry, at, searched, findings);
  });
  if (type === 'document' || type === 'message')
    checkBundleReferences(entries, type === 'document', findings);
}

function checkLinks(bundle: Resource, findings: Findings): void {
  const seen = new Set<unknown>();
  const links = (Array.isArray(bundle['link']) ? bundle['link'] : []) as unknown[];
  links.forEach((link, index) => {
    if (!isObject(link)) return;
    const { relation } = link;
    if (seen.has(relation)) {
      findings.error(
        'duplicate',
        `Bundle.link[${index}]`,
        `链接关系“${relation}”只能出现一次`,
        `the link relation "${relation}" can occur once only`,
        'F13',
      );
    }
    seen.add(relation);
  });
}

function checkFullUrl(entry: Json, type: unknown, seen: Set<string>, at: string, findings: Findings): void {
  const { fullUrl, resource } = entry;
  if (typeof fullUrl !== 'string') {
    if (
      IDENTIFIED.has(type) &&
      isObject(resource) &&
      fullUrl === undefined &&
      entry['response'] === undefined
    ) {
      findings.error(
        'required',
        at,
        '此类 Bundle 的条目必须有 fullUrl',
        'an entry of such a bundle must have a fullUrl',
        'F13',
      );
    }
    return;
  }
  if (!ABSOLUTE.test(fullUrl)) {
    findings.error('value', at, 'fullUrl 必须是绝对 URL', 'the fullUrl must be an absolute URL', 'F13');
    return;
  }
  const meta = isObject(resource) && isObject(resource['meta']) ? resource['meta'] : {};
  const key = `${fullUrl} ${String(meta['versionId'] ?? '')}`;
  if (seen.has(key) && type !== 'history') {
    findings.error(
      'duplicate',
      at,
      'fullUrl 与版本重复',
      'bdl-7: fullUrl must be unique, or differ in meta.versionId',
      'bdl-7',
    );
  }
  seen.add(key);
  const rest = REST_URL.exec(fullUrl);
  if (!rest || !isObject(resource)) return;
  if (
    typeof resource['id'] === 'string' &&
    (rest[1] !== resource['resourceType'] || rest[2] !== resource['id'])
  ) {
    findings.error(
      'value',
      at,
      'fullUrl 与资源的类型和 id 不一致',
      'the fullUrl disagrees with type and id of the resource',
      'F13',
    );
  }
}

/** The types that the search asked for, from the self link; null if it does not say. */
function searchedTypes(bundle: Resource): ReadonlySet<string> | null {
  const links = (Array.isArray(bundle['link']) ? bundle['link'] : []) as unknown[];
  const self = links.find((one) => isObject(one) && one['relation'] === 'self');
  const url = isObject(self) && typeof self['url'] === 'string' ? self['url'] : '';
  const [path = '', query = ''] = url.split('?');
  const listed = new URLSearchParams(query).get('_type');
  if (listed) return new Set(listed.split(','));
  const type = path.slice(path.lastIndexOf('/') + 1);
  return isResourceType(type) ? new Set([type]) : null;
}

function checkSearchEntry(
  entry: Json,
  at: string,
  searched: ReadonlySet<string> | null,
  findings: Findings,
): void {
  const { resource, search } = entry;
  if (!isObject(resource)) return;
  const mode = isObject(search) ? search['mode'] : undefined;
  const outcome = resource['resourceType'] === 'OperationOutcome';
  const place = `${at}.resource`;
  if (mode === 'outcome' && !outcome) {
    findings.error(
      'value',
      place,
      '方式为 outcome 的条目必须是 OperationOutcome',
      'an entry of mode outcome must be an OperationOutcome',
      'F13',
    );
  } else if (mode === 'match' && outcome) {
    findings.error(
      'value',
      place,
      'OperationOutcome 不能作为匹配结果',
      'an OperationOutcome is no match of a search',
      'F13',
    );
  }
  const found = String(resource['resourceType']);
  if (mode === 'match' && searched && !searched.has(found)) {
    const en = `${found} is not a type that was searched for`;
    findings.error('value', place, '资源类型与检索不符', en, 'F13');
  }
  if (!outcome && mode !== 'outcome' && resource['id'] === undefined) {
    findings.error('required', place, '检索结果必须有 id', 'search results must have ids', 'F13');
  }
}
