// Reads the tables of data/ once, on first use, and answers questions about R4 types.
import { readFileSync } from 'node:fs';
import type { Definitions, ElementDef, PatientCompartment, SearchParameterEntry, TypeDef } from './types.ts';

const DATA = new URL('../../data/', import.meta.url);

let loaded: Definitions | undefined;

function readTable<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, DATA), 'utf8')) as T;
}

export function definitions(): Definitions {
  loaded ??= readTable<Definitions>('definitions.json');
  return loaded;
}

export const readSearchParameters = (): SearchParameterEntry[] => readTable('search-parameters.json');
export const readPatientCompartment = (): PatientCompartment => readTable('patient-compartment.json');

export function typeDef(type: string): TypeDef | undefined {
  const { types } = definitions();
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/** True for the 146 resource types that can stand alone. */
export function isResourceType(type: string): boolean {
  const def = typeDef(type);
  return def?.kind === 'resource' && !def.abstract;
}

let names: readonly string[] | undefined;

/** The 146 concrete resource types of R4, in order of the alphabet. */
export function resourceTypes(): readonly string[] {
  names ??= Object.keys(definitions().types).filter(isResourceType).sort();
  return names;
}

/** The codes of a value set that R4 defines and binds as required; undefined for any other. */
export function standardValueSet(url: string): { system: string; code: string }[] | undefined {
  const { valueSets } = definitions();
  const set = Object.hasOwn(valueSets, url) ? valueSets[url] : undefined;
  return set && Object.entries(set).flatMap(([system, codes]) => codes.map((code) => ({ system, code })));
}

/** True if `type` is `ancestor` or descends from it. */
export function isKindOf(type: string, ancestor: string): boolean {
  for (let at: string | null = type; at !== null; at = typeDef(at)?.base ?? null)
    if (at === ancestor) return true;
  return false;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The JSON property of an element for one of its types: `value` and `Quantity` give `valueQuantity`. */
export function propertyName(element: ElementDef, typeCode: string): string {
  return element.choice ? element.name + upperFirst(typeCode) : element.name;
}
