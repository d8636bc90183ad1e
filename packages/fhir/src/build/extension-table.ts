// The compact table of HL7's own extensions: what they hold and which elements may carry them.
import type { ExtensionDef, ExtensionPart } from '../definitions/types.ts';
import type { RawElement, RawStructure } from './raw.ts';

type Holds = Pick<ExtensionDef, 'values' | 'parts'>;

export function extensionTable(structures: readonly RawStructure[]): Record<string, ExtensionDef> {
  const table: Record<string, ExtensionDef> = {};
  for (const { url, context, snapshot } of structures) {
    const on = (context ?? [])
      .filter(({ type }) => type === 'element')
      .map(({ expression }) => place(expression));
    const modifier = snapshot.element[0]?.isModifier === true;
    table[url] = {
      on,
      ...holds(snapshot.element, 'Extension'),
      ...(modifier ? { modifier: true as const } : {}),
    };
  }
  return table;
}

/** An element of a data type carries the data type's name, wherever it is used. */
const place = (expression: string): string =>
  expression.replace(/^StructureDefinition\.(?:snapshot|differential)\.element(?=\.|$)/, 'ElementDefinition');

function holds(elements: readonly RawElement[], id: string): Holds {
  const value = elements.find((one) => one.id === `${id}.value[x]` || one.id?.startsWith(`${id}.value[x]:`));
  if (value && value.max !== '0') return { values: (value.type ?? []).map((one) => one.code) };
  const parts: Record<string, ExtensionPart> = {};
  for (const one of elements) {
    if (!one.sliceName || one.id !== `${id}.extension:${one.sliceName}`) continue;
    const url = elements.find((other) => other.id === `${one.id}.url`)?.fixedUri ?? one.sliceName;
    parts[url] = { ...holds(elements, one.id), min: one.min, max: one.max === '*' ? -1 : Number(one.max) };
  }
  return Object.keys(parts).length > 0 ? { parts } : {};
}
