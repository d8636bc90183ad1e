// Leaves out what `_summary` and `_elements` do not ask for, and marks the rest as incomplete (SUBSETTED).
import { readFileSync } from 'node:fs';
import { type Projection, SUMMARY_MODES } from './tree.ts';

interface Elements {
  readonly summary: readonly string[];
  readonly mandatory: readonly string[];
}

let table: Readonly<Record<string, Elements>> | undefined;

/** The elements of each type that HL7 marks as summary, and those that must be there (build/make-summary-elements.ts). */
function elementsOf(type: string): Elements | undefined {
  table ??= JSON.parse(
    readFileSync(new URL('summary-elements.json', import.meta.url), 'utf8'),
  ) as typeof table;
  return Object.hasOwn(table!, type) ? table![type] : undefined;
}

/** `JSON.parse` with source text and `JSON.rawJSON`, which the type library does not know yet. */
const sourceJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};
const ALWAYS = ['resourceType', 'id', 'meta'];

/** `_summary` and `_elements` of a read; null if they cannot be understood. */
export function readProjection(params: URLSearchParams): Projection | null {
  const asked = params.get('_summary') ?? 'false';
  const summary = SUMMARY_MODES.find((mode) => mode === asked && mode !== 'count');
  const elements = params
    .getAll('_elements')
    .flatMap((text) => text.split(','))
    .map(topElement);
  if (!summary || elements.some((one) => !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(one))) return null;
  return { summary, elements: elements.length === 0 ? null : elements };
}

/** `Patient.name.family` and `name` both keep `name`: whole elements stay or go. */
export const topElement = (path: string): string =>
  path
    .trim()
    .replace(/^[A-Z][A-Za-z]*\./, '')
    .split('.')[0]!;

/** From JSON text to JSON text; numbers keep their digits. Without a projection the text comes back as it is. */
export function project(content: string, projection: Projection): string {
  if (!narrows(projection)) return content;
  const resource = sourceJson.parse(content, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? sourceJson.rawJSON(context.source) : value,
  ) as Record<string, unknown>;
  const keeps = keeper(String(resource['resourceType']), projection);
  const kept = Object.fromEntries(Object.entries(resource).filter(([name]) => keeps(name)));
  return JSON.stringify({ ...kept, meta: marked(resource['meta']) });
}

const narrows = ({ summary, elements }: Projection): boolean =>
  elements !== null || summary === 'true' || summary === 'text' || summary === 'data';

function keeper(type: string, { summary, elements }: Projection): (name: string) => boolean {
  const known = elementsOf(type);
  const mandatory = known?.mandatory ?? [];
  if (elements !== null)
    return among([...ALWAYS, ...mandatory, ...elements.flatMap((one) => [one, `${one}[x]`])]);
  if (summary === 'data') return (name) => name !== 'text';
  if (summary === 'text') return among([...ALWAYS, ...mandatory, 'text']);
  return among([...ALWAYS, ...mandatory, ...(known?.summary ?? [])]);
}

/** `value[x]` keeps `valueQuantity`, `birthDate` keeps `_birthDate`. */
function among(names: readonly string[]): (name: string) => boolean {
  const exact = new Set(names.filter((name) => !name.endsWith('[x]')));
  const stems = names.filter((name) => name.endsWith('[x]')).map((name) => name.slice(0, -3));
  return (written) => {
    const name = written.startsWith('_') ? written.slice(1) : written;
    return exact.has(name) || stems.some((stem) => isChoice(name, stem));
  };
}

const isChoice = (name: string, stem: string): boolean =>
  name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length));

function marked(meta: unknown): Record<string, unknown> {
  const before = typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : {};
  const tags: unknown[] = Array.isArray(before['tag']) ? before['tag'] : [];
  const others = tags.filter((tag) => (tag as { code?: unknown }).code !== SUBSETTED.code);
  return { ...before, tag: [...others, SUBSETTED] };
}
