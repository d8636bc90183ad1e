// Writes summary-elements.json from HL7's R4 resource definitions: `node make-summary-elements.ts profiles-resources.json`.
import { readFileSync, writeFileSync } from 'node:fs';

interface Structure {
  readonly resourceType: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract?: boolean;
  readonly derivation?: string;
  readonly snapshot: {
    readonly element: readonly {
      readonly path: string;
      readonly min: number;
      readonly isSummary?: boolean;
    }[];
  };
}

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node make-summary-elements.ts profiles-resources.json');
const bundle = JSON.parse(readFileSync(source, 'utf8')) as { entry: { resource: Structure }[] };
const table: Record<string, { summary: string[]; mandatory: string[] }> = {};
for (const { resource } of bundle.entry) {
  if (resource.resourceType !== 'StructureDefinition' || resource.kind !== 'resource') continue;
  if (resource.abstract || resource.derivation !== 'specialization') continue;
  const own = resource.snapshot.element.filter((element) => element.path.split('.').length === 2);
  const names = (elements: typeof own) => elements.map((element) => element.path.split('.')[1]!);
  table[resource.type] = {
    summary: names(own.filter((element) => element.isSummary)),
    mandatory: names(own.filter((element) => element.min > 0)),
  };
}
const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(new URL('../summary-elements.json', import.meta.url), `${JSON.stringify(sorted)}\n`);
