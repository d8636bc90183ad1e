// What FHIR R4 says of an element: its type and whether it repeats. The table is made by scripts/make-elements.ts.
import { readFileSync } from 'node:fs';

const TABLE = JSON.parse(
  readFileSync(new URL('./fhir-r4-elements.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, string>>>>;

const TYPES_OF_NUMBER = new Set(['decimal', 'integer', 'integer64', 'positiveInt', 'unsignedInt']);
const TYPES_OF_TIME = new Set(['date', 'dateTime', 'instant', 'time']);
const TYPES_OF_TEXT = new Set(
  'base64Binary canonical code id markdown oid string uri url uuid xhtml date dateTime instant time'.split(
    ' ',
  ),
);

/** How a value is held in SQL: `json` is a JSON value, the others are native values. */
export type Form = 'json' | 'text' | 'number' | 'boolean';

/** An element below a type; `many: 'unknown'` when the table does not know the element. */
export interface ElementFact {
  readonly name: string;
  /** FHIR type or element path (`Patient.contact`); null when unknown. */
  readonly type: string | null;
  readonly many: boolean | 'unknown';
  /** The allowed types of a choice element such as `value[x]`. */
  readonly choices: readonly string[];
}

export function isKnownResource(type: string): boolean {
  return Object.hasOwn(TABLE, type) && TABLE[type]!['meta'] !== undefined;
}

export function elementOf(owner: string | null, name: string): ElementFact {
  const elements = owner !== null && Object.hasOwn(TABLE, owner) ? TABLE[owner] : undefined;
  const plain = elements !== undefined && Object.hasOwn(elements, name) ? elements[name] : undefined;
  if (plain !== undefined) return { name, ...typeAndMany(plain), choices: [] };
  const choice = elements?.[`${name}[x]`];
  if (choice !== undefined) {
    return { name, type: null, many: choice.endsWith('*'), choices: choice.replace('*', '').split('|') };
  }
  const variant = choiceVariant(elements, name);
  return variant ?? { name, type: null, many: 'unknown', choices: [] };
}

/** `value` + `Quantity` -> `valueQuantity`; `value` + `boolean` -> `valueBoolean`. */
export function choiceName(name: string, type: string): string {
  return `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

export function formOfType(type: string | null): Form {
  if (type === null) return 'json';
  if (type === 'boolean') return 'boolean';
  if (TYPES_OF_NUMBER.has(type)) return 'number';
  return TYPES_OF_TEXT.has(type) ? 'text' : 'json';
}

export function isTime(type: string | null): boolean {
  return type !== null && TYPES_OF_TIME.has(type);
}

export function isComplex(type: string | null): boolean {
  return type !== null && formOfType(type) === 'json';
}

function typeAndMany(text: string): { type: string; many: boolean } {
  return text.endsWith('*') ? { type: text.slice(0, -1), many: true } : { type: text, many: false };
}

// An expression may name a choice by its JSON name (`valueQuantity`), as the wire has it.
function choiceVariant(
  elements: Readonly<Record<string, string>> | undefined,
  name: string,
): ElementFact | null {
  for (const [key, types] of Object.entries(elements ?? {})) {
    if (!key.endsWith('[x]')) continue;
    const stem = key.slice(0, -3);
    if (!name.startsWith(stem)) continue;
    const type = types
      .replace('*', '')
      .split('|')
      .find((candidate) => choiceName(stem, candidate) === name);
    if (type !== undefined) return { name, type, many: types.endsWith('*'), choices: [] };
  }
  return null;
}
