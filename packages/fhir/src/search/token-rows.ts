// Token rows: codes, identifiers, contact points, booleans and URIs.
import { isObject, type Node } from '../path/node.ts';
import { isNationalIdValue } from '../profiles/systems.ts';
import type { Target } from './extract.ts';
import { indexedKey, tellable } from './normalise.ts';
import type { Sensitive, TokenRow } from './rows.ts';

const PHONE_SYSTEMS = new Set<unknown>(['phone', 'sms']);
type Json = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const shownOf = (value: unknown): string | null =>
  typeof value === 'string' ? textOf(tellable(value)) : null;

export function tokenRows(out: TokenRow[], target: Target, node: Node): void {
  const { value } = node;
  const { param, part } = target;
  if (value === undefined) return;
  if (!isObject(value)) {
    out.push({ param, system: node.system ?? null, value: indexedKey(String(value)), part });
    return;
  }
  switch (node.type) {
    case 'Coding':
      codingRow(out, target, value, null);
      return;
    case 'CodeableConcept':
      conceptRows(out, target, value);
      return;
    case 'Identifier':
      identifierRows(out, target, value);
      return;
    case 'ContactPoint': {
      const number = textOf(value['value']);
      if (number === null) return;
      const row = { param, system: null, value: indexedKey(number), part };
      out.push(PHONE_SYSTEMS.has(value['system']) ? { ...row, sensitive: 'phone' } : row);
      return;
    }
    default:
      return;
  }
}

function codingRow(out: TokenRow[], { param, part }: Target, coding: Json, conceptText: string | null): void {
  const display = shownOf(coding['display']);
  const text =
    display !== null && conceptText !== null && display !== conceptText
      ? `${conceptText} ${display}`
      : (conceptText ?? display);
  const value = textOf(coding['code']);
  if (value === null && text === null) return;
  out.push({ param, system: textOf(coding['system']), value: indexedKey(value ?? ''), text, part });
}

function conceptRows(out: TokenRow[], target: Target, concept: Json): void {
  const text = shownOf(concept['text']);
  const codings = Array.isArray(concept['coding']) ? concept['coding'] : [];
  for (const coding of codings) if (isObject(coding)) codingRow(out, target, coding, text);
  if (codings.length === 0 && text !== null) {
    out.push({ param: target.param, system: null, value: '', text, part: target.part });
  }
}

function identifierRows(out: TokenRow[], { param, ofTypeParam, part }: Target, identifier: Json): void {
  const written = textOf(identifier['value']);
  if (written === null) return;
  const system = textOf(identifier['system']);
  const isNationalId = isNationalIdValue(system, written);
  const value = isNationalId ? written : tellable(written);
  const sensitive: { sensitive?: Sensitive } = isNationalId ? { sensitive: 'national-id' } : {};
  const type = isObject(identifier['type']) ? identifier['type'] : null;
  out.push({
    param,
    system,
    value: indexedKey(value),
    text: type ? shownOf(type['text']) : null,
    part,
    ...sensitive,
  });
  if (!type || part !== null || !Array.isArray(type['coding'])) return;
  for (const coding of type['coding']) {
    if (!isObject(coding)) continue;
    const code = textOf(coding['code']);
    if (code === null) continue;
    const typed = `${textOf(coding['system']) ?? ''}|${code}|${value}`;
    out.push({ param: ofTypeParam, system: null, value: indexedKey(typed), part, ...sensitive });
  }
}
