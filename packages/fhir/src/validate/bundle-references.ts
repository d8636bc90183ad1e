// In a document or message the first resource's references must lead to exactly one entry of the same bundle.
import { isObject } from '../path/node.ts';
import type { Json } from './bundle.ts';
import type { Findings } from './findings.ts';

/** The references that must travel with the bundle, by resource and path. */
const FOLLOWED: Readonly<Record<string, readonly string[]>> = {
  Composition: [
    'subject',
    'encounter',
    'author',
    'attester.party',
    'custodian',
    'event.detail',
    'section.author',
    'section.focus',
    'section.entry',
    'section.section.entry',
  ],
  MessageHeader: ['focus'],
};

interface Target {
  readonly at: string;
  readonly reference: string;
}

export function checkBundleReferences(entries: readonly unknown[], findings: Findings): void {
  const first = entries[0];
  if (!isObject(first) || !isObject(first['resource'])) return;
  const { fullUrl, resource } = first;
  const paths = FOLLOWED[String(resource['resourceType'])] ?? [];
  const base = baseOf(fullUrl, resource);
  for (const path of paths) {
    for (const { at, reference } of targetsAt(resource, path.split('.'), 'Bundle.entry[0].resource')) {
      if (reference.startsWith('#')) continue;
      const matches = entries.filter((entry) => isObject(entry) && leadsTo(reference, base, entry));
      if (matches.length === 0) {
        findings.error(
          'not-found',
          at,
          '引用的资源不在此 Bundle 中',
          `"${reference}" is not in the bundle`,
          'F13',
        );
      } else if (matches.length > 1) {
        findings.error(
          'duplicate',
          at,
          '引用在此 Bundle 中对应多个资源',
          `"${reference}" matches ${matches.length} entries of the bundle`,
          'F13',
        );
      }
    }
  }
}

function baseOf(fullUrl: unknown, resource: Json): string | null {
  if (typeof fullUrl !== 'string') return null;
  const tail = `/${String(resource['resourceType'])}/${String(resource['id'])}`;
  return fullUrl.endsWith(tail)
    ? fullUrl.slice(0, -tail.length)
    : (/^(https?:\/\/.*)\/[A-Z][A-Za-z]+\/[^/]+$/.exec(fullUrl)?.[1] ?? null);
}

function targetsAt(value: unknown, path: readonly string[], at: string): Target[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => targetsAt(one, path, `${at}[${index}]`));
  if (!isObject(value)) return [];
  const [step, ...rest] = path;
  if (step === undefined)
    return typeof value['reference'] === 'string' ? [{ at, reference: value['reference'] }] : [];
  return targetsAt(value[step], rest, `${at}.${step}`);
}

/** A relative reference is completed by the base of the entry that holds it (FHIR R4 bundle §2.36.4.1). */
function leadsTo(reference: string, base: string | null, entry: Json): boolean {
  const { fullUrl, resource } = entry;
  const [plain = reference, version] = reference.split('/_history/');
  const meta = isObject(resource) && isObject(resource['meta']) ? resource['meta'] : {};
  if (version !== undefined && meta['versionId'] !== version) return false;
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(plain)) return fullUrl === plain;
  if (base !== null) return fullUrl === `${base}/${plain}`;
  return isObject(resource) && `${String(resource['resourceType'])}/${String(resource['id'])}` === plain;
}
