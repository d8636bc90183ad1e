// Required bindings: the code must be one of the listed codes of its value set.
import { definitions } from '../definitions/load.ts';
import { isObject } from '../path/node.ts';
import type { Property } from './compiled-type.ts';
import type { Findings } from './findings.ts';

interface Codes {
  readonly all: ReadonlySet<string>;
  readonly bySystem: ReadonlyMap<string, ReadonlySet<string>>;
}

const sets = new Map<string, Codes | null>();

/** null if the value set cannot be listed from the definitions; then nothing is said about the code. */
function codesOf(valueSet: string): Codes | null {
  let known = sets.get(valueSet);
  if (known === undefined) {
    const expanded = definitions().valueSets[valueSet];
    known = null;
    if (expanded) {
      const bySystem = new Map(Object.entries(expanded).map(([system, codes]) => [system, new Set(codes)]));
      known = { bySystem, all: new Set(Object.values(expanded).flat()) };
    }
    sets.set(valueSet, known);
  }
  return known;
}

let currencyCodes: ReadonlySet<string> | undefined;

/** ISO 4217 as the language itself knows it. */
function currencies(): ReadonlySet<string> {
  currencyCodes ??= new Set(Intl.supportedValuesOf('currency'));
  return currencyCodes;
}

const CURRENCIES = 'http://hl7.org/fhir/ValueSet/currencies';

export function checkBinding(
  findings: Findings,
  property: Property,
  valueSet: string,
  value: unknown,
  at: string,
): void {
  const codes = codesOf(valueSet);
  if (!codes) {
    if (valueSet === CURRENCIES && !currencies().has(String(value)))
      refuseCode(findings, at, String(value), valueSet);
    return;
  }
  if (property.type === 'code' || property.type === 'string' || property.type === 'uri') {
    if (!codes.all.has(value as string)) refuseCode(findings, at, String(value), valueSet);
  } else if (property.type === 'CodeableConcept' && isObject(value)) {
    const { coding } = value;
    if (Array.isArray(coding) && coding.some((one) => isIn(codes, one))) return;
    if (isObject(value) && Array.isArray(value['extension'])) return;
    const first: unknown = Array.isArray(coding) ? coding[0] : undefined;
    refuseCode(findings, at, isObject(first) ? String(first['code']) : '', valueSet);
  } else if (property.type === 'Coding' && isObject(value) && !isIn(codes, value)) {
    refuseCode(findings, at, String(value['code']), valueSet);
  }
}

function isIn({ bySystem }: Codes, coding: unknown): boolean {
  if (!isObject(coding) || typeof coding['system'] !== 'string' || typeof coding['code'] !== 'string')
    return false;
  return bySystem.get(coding['system'])?.has(coding['code']) ?? false;
}

function refuseCode(findings: Findings, at: string, code: string, valueSet: string): void {
  const shown = code.length > 64 ? `${code.slice(0, 64)}…` : code;
  const name = valueSet.slice(valueSet.lastIndexOf('/') + 1);
  findings.error(
    'code-invalid',
    at,
    `代码“${shown}”不在必选值集 ${name} 中`,
    `code "${shown}" is not in the required value set ${name}`,
    'F9',
  );
}
