// Closes national IDs and phone numbers inside stored JSON text, and opens them again in clear or masked.
import {
  holdsNationalId,
  isNationalIdValue,
  replaceMobiles,
  replaceNationalIds,
  tellsMobile,
} from '@yimai/fhir';
import type { Resource } from '../types.ts';
import { isObject, type Json } from './elements.ts';
import { applyEdits, below, type Edit, findPlaces } from './json-places.ts';
import type { Keyring } from './keyring.ts';
import { maskAddress, maskName, maskNationalId, maskPhone } from './mask.ts';

export interface Fields {
  /** The stored text with sensitive values closed; `resource` is the same content parsed. */
  closeFields(text: string, resource: Resource): string;
  /** The text as an actor may see it: in clear, or masked and marked SUBSETTED. */
  openFields(content: string, clear: boolean): string;
  /** The text with every value under the newest key; null if it was so already. */
  reencrypt(content: string): string | null;
  blind(value: string): string;
}

const SEALED = /"enc:v1:[A-Za-z0-9]{1,16}:[A-Za-z0-9_-]+"/g;
const SEALED_MARK = 'enc:v1:';
const PERSONS = ['Patient', 'RelatedPerson', 'Person'];
const SUBSETTED = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}';

/** The first letter of what is sealed says what it is, so that it can be masked later. */
const NATIONAL_ID = 'i';
const PHONE = 'p';
/** A longer text in which an ID or mobile number stands: closed as a whole, masked in its numbers. */
const TEXT = 't';

export function makeFields(keyring: Keyring): Fields {
  return {
    closeFields(text, resource) {
      const found = new Map<string, string>();
      sensitiveValues(resource, '', found, resource.resourceType === 'QuestionnaireResponse');
      if (found.size === 0) return text;
      const { strings } = findPlaces(text, new Set(found.keys()));
      const edits = [...strings].map(([pointer, at]) => ({
        at,
        text: JSON.stringify(keyring.close(found.get(pointer)!)),
      }));
      return applyEdits(text, edits);
    },
    openFields(content, clear) {
      if (clear) return content.includes(SEALED_MARK) ? unsealAll(content, keyring) : content;
      return mask(content, keyring);
    },
    reencrypt(content) {
      let changed = false;
      const text = content.replace(SEALED, (literal) => {
        const sealed = literal.slice(1, -1);
        const plain = keyring.keyOf(sealed) === keyring.current ? null : keyring.open(sealed);
        if (plain === null) return literal;
        changed = true;
        return JSON.stringify(keyring.close(plain));
      });
      return changed ? text : null;
    },
    blind: (value) => keyring.blind(value),
  };
}

// Every Identifier with a national-ID system, every phone ContactPoint, and every text that is an ID number as a whole
// (its check digit and its birth date say so): an answer to a question, a member's number. In the answers of a
// questionnaire a mobile number is closed as well; a longer text that holds one of the two is closed whole.
function sensitiveValues(node: unknown, pointer: string, found: Map<string, string>, isForm: boolean): void {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) visitValue(item, below(pointer, index), found, isForm);
    return;
  }
  if (!isObject(node)) return;
  const mark = sensitivity(node);
  for (const [name, inner] of Object.entries(node)) {
    if (name === 'value' && mark !== null) found.set(`${pointer}/value`, mark + (inner as string));
    else if (!ADDRESSES.has(name)) visitValue(inner, below(pointer, name), found, isForm);
  }
}

function visitValue(value: unknown, pointer: string, found: Map<string, string>, isForm: boolean): void {
  if (typeof value === 'object') sensitiveValues(value, pointer, found, isForm);
  else if (typeof value === 'string') {
    const mark = sensitiveText(value, isForm);
    if (mark !== null) found.set(pointer, mark + value);
  }
}

/** What leads to other places has to stay readable: a closed reference would lead nowhere. */
const ADDRESSES = new Set(['id', 'resourceType', 'reference', 'fullUrl', 'url', 'system', 'code', 'linkId']);
const MOBILE = /^(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$/;

function sensitiveText(
  text: string,
  isForm: boolean,
): typeof NATIONAL_ID | typeof PHONE | typeof TEXT | null {
  if (isNationalIdValue(null, text)) return NATIONAL_ID;
  if (isForm && text.length <= 18 && MOBILE.test(text)) return PHONE;
  return (text.length > 18 && holdsNationalId(text)) || tellsMobile(text) ? TEXT : null;
}

function sensitivity(node: Json): typeof NATIONAL_ID | typeof PHONE | null {
  const { system, value } = node;
  if (typeof value !== 'string' || typeof system !== 'string' || value === '') return null;
  if (isNationalIdValue(system, value)) return NATIONAL_ID;
  return system === 'phone' || system === 'sms' ? PHONE : null;
}

// A text that only looks sealed (someone typed it) is left as it is.
function unsealAll(content: string, keyring: Keyring): string {
  return content.replace(SEALED, (literal) => {
    const plain = keyring.open(literal.slice(1, -1));
    return plain === null ? literal : JSON.stringify(plain.slice(1));
  });
}

// Names are masked where the resource is about a person; sealed values everywhere.
function mask(content: string, keyring: Keyring): string {
  const mayName = content.includes('"Patient') || PERSONS.some((type) => content.includes(`"${type}"`));
  if (!mayName && !content.includes(SEALED_MARK)) return content;
  const resource = JSON.parse(content) as Json;
  const masked = new Map<string, string>();
  maskNode(resource, '', keyring, masked);
  if (masked.size === 0) return content;
  const { strings, containers } = findPlaces(
    content,
    new Set([...masked.keys(), '', '/meta', '/meta/security']),
  );
  const edits: Edit[] = [...strings]
    .filter(([pointer]) => masked.has(pointer))
    .map(([pointer, at]) => ({ at, text: JSON.stringify(masked.get(pointer)) }));
  const inside = ['/meta/security', '/meta', ''].find((pointer) => containers.has(pointer))!;
  const start = containers.get(inside)!.start + 1;
  const isEmpty = /^\s*[\]}]/.test(content.slice(start, start + 20));
  const mark = { '/meta/security': SUBSETTED, '/meta': `"security":[${SUBSETTED}]` }[inside];
  edits.push({
    at: { start, end: start },
    text: `${mark ?? `"meta":{"security":[${SUBSETTED}]}`}${isEmpty ? '' : ','}`,
  });
  return applyEdits(content, edits);
}

function maskSealed(plain: string): string {
  const text = plain.slice(1);
  if (plain.startsWith(PHONE)) return maskPhone(text);
  return plain.startsWith(TEXT)
    ? replaceMobiles(replaceNationalIds(text, maskNationalId), maskPhone)
    : maskNationalId(text);
}

function maskNode(node: unknown, pointer: string, keyring: Keyring, masked: Map<string, string>): void {
  if (typeof node === 'string') {
    if (!node.startsWith(SEALED_MARK)) return;
    const plain = keyring.open(node);
    if (plain !== null) masked.set(pointer, maskSealed(plain));
    return;
  }
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) maskNode(item, below(pointer, index), keyring, masked);
    return;
  }
  if (!isObject(node)) return;
  if (PERSONS.includes(String(node['resourceType']))) maskPerson(node, pointer, masked);
  if (namesPerson(node) && typeof node['display'] === 'string')
    masked.set(`${pointer}/display`, maskName(node['display']));
  for (const [name, inner] of Object.entries(node)) maskNode(inner, below(pointer, name), keyring, masked);
}

const namesPerson = (node: Json): boolean =>
  typeof node['reference'] === 'string' && /(^|\/)(Patient|RelatedPerson|Person)\//.test(node['reference']);

// Name, address and the narrative, which repeats them.
function maskPerson(node: Json, pointer: string, masked: Map<string, string>): void {
  for (const [place, value] of stringsBelow(node['name'], `${pointer}/name`)) {
    if (/\/(text|family)$/.test(place) || /\/given\/\d+$/.test(place)) {
      masked.set(place, /\/given\/\d+$/.test(place) ? '*' : maskName(value));
    } else if (/extension/.test(place) && place.endsWith('/valueString')) masked.set(place, '*');
  }
  for (const [place, value] of stringsBelow(node['contact'], `${pointer}/contact`))
    if (/\/(text|family)$/.test(place) || /\/given\/\d+$/.test(place)) masked.set(place, maskName(value));
  for (const [place, value] of stringsBelow(node['address'], `${pointer}/address`))
    if (/\/text$/.test(place) || /\/line\/\d+$/.test(place)) masked.set(place, maskAddress(value));
  const text = node['text'];
  if (isObject(text) && typeof text['div'] === 'string')
    masked.set(`${pointer}/text/div`, '<div xmlns="http://www.w3.org/1999/xhtml">*</div>');
}

function* stringsBelow(node: unknown, pointer: string): Generator<[string, string]> {
  if (typeof node === 'string') yield [pointer, node];
  else if (Array.isArray(node))
    for (const [index, item] of node.entries()) yield* stringsBelow(item, below(pointer, index));
  else if (isObject(node))
    for (const [name, inner] of Object.entries(node)) yield* stringsBelow(inner, below(pointer, name));
}
