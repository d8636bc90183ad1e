// A resident's health history in lines: visits, conditions, results, prescriptions, reports; newest first.
import type { Resident, Text } from '@yimai/desk/contract';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { type Json, searchPage } from './resources.ts';

interface Source {
  readonly type: string;
  readonly sort: string;
  readonly kind: Text;
  readonly at: (resource: Json) => string | null;
  readonly title: (resource: Json) => string;
  readonly detail: (resource: Json) => string | null;
}

const concept = (value: Json): string =>
  String(value?.text ?? value?.coding?.[0]?.display ?? value?.coding?.[0]?.code ?? '');

const SOURCES: readonly Source[] = [
  {
    type: 'Encounter',
    sort: '-date',
    kind: { zh: '就诊', en: 'Visit' },
    at: (resource) => resource.period?.start ?? null,
    title: (resource) =>
      concept(resource.reasonCode?.[0]) ||
      concept(resource.type?.[0]) ||
      String(resource.class?.display ?? ''),
    detail: (resource) => resource.serviceProvider?.display ?? null,
  },
  {
    type: 'Condition',
    sort: '-recorded-date',
    kind: { zh: '诊断', en: 'Diagnosis' },
    at: (resource) => resource.recordedDate ?? resource.onsetDateTime ?? null,
    title: (resource) => concept(resource.code),
    detail: (resource) => concept(resource.clinicalStatus) || null,
  },
  {
    type: 'Observation',
    sort: '-date',
    kind: { zh: '检查检验', en: 'Result' },
    at: (resource) => resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? null,
    title: (resource) => `${concept(resource.code)} ${valueWords(resource)}`.trim(),
    detail: (resource) => concept(resource.interpretation?.[0]) || null,
  },
  {
    type: 'MedicationRequest',
    sort: '-authoredon',
    kind: { zh: '用药', en: 'Medicine' },
    at: (resource) => resource.authoredOn ?? null,
    title: (resource) =>
      concept(resource.medicationCodeableConcept) || String(resource.medicationReference?.display ?? ''),
    detail: (resource) => resource.dosageInstruction?.[0]?.text ?? null,
  },
  {
    type: 'DiagnosticReport',
    sort: '-date',
    kind: { zh: '报告', en: 'Report' },
    at: (resource) => resource.effectiveDateTime ?? resource.issued ?? null,
    title: (resource) => concept(resource.code),
    detail: (resource) => resource.conclusion ?? null,
  },
];

const EACH = 30;
const ALL = 80;

export async function historyOf(
  deps: DeskDeps,
  reader: Reader,
  patient: string,
): Promise<Resident['history']> {
  const pages = await Promise.all(
    SOURCES.map(async (source) => {
      const query = `patient=${encodeURIComponent(patient)}&_sort=${source.sort}&_count=${EACH}`;
      const page = await searchPage(deps, reader.access, source.type, query);
      return page.items.map(({ resource }) => ({
        at: source.at(resource),
        kind: source.kind,
        title: source.title(resource),
        detail: source.detail(resource),
      }));
    }),
  );
  return pages
    .flat()
    .filter((line) => line.title !== '')
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
    .slice(0, ALL);
}

function valueWords(resource: Json): string {
  const { valueQuantity, valueCodeableConcept, valueString, component } = resource;
  if (valueQuantity) return `${valueQuantity.value ?? ''} ${valueQuantity.unit ?? ''}`.trim();
  if (valueCodeableConcept) return concept(valueCodeableConcept);
  if (typeof valueString === 'string') return valueString;
  return (component ?? []).map((part: Json) => `${concept(part.code)} ${valueWords(part)}`).join('，');
}
