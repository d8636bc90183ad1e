// The cases behind a number: DuckDB gives ids, the record gives those of them that this reader may see.
import type { FigureCase, FigureCases } from '@yimai/desk/contract';
import { type Definition, type OrgFact, type Period, typesBehind } from '@yimai/measures';
import type { DeskDeps, Reader } from '../desk/desk-deps.ts';
import { byIds, type Json, namesOf } from '../desk/resources.ts';
import { atEveryLevel, definitionOf } from './detail.ts';
import type { OpenFigures } from './figure-shelf.ts';
import { ageOf, type FiguresDeps, maskFor } from './figures-deps.ts';

const PAGE = 50;
/** Most ids belong to others; so many more are asked for at once. */
const READ_AHEAD = 50;
/** Ids looked through for one answer; the reader may ask for more. */
const IDS_MOST = 500;

export interface CaseQuestion {
  readonly id: string;
  readonly period: Period;
  readonly org: OrgFact;
  readonly part: 'numerator' | 'denominator';
  readonly after: string | null;
}

export async function casesOf(
  deps: FiguresDeps,
  reader: Reader,
  figures: OpenFigures,
  question: CaseQuestion,
): Promise<FigureCases> {
  const { engine } = figures;
  const { id, period, org, part } = question;
  const definition = definitionOf(figures, id, period);
  const value = await figures.kept(`value ${id} ${period.name} ${org.id}`, () =>
    engine.valueWith(atEveryLevel(definition), period, org.id),
  );
  const own = value ? maskFor(deps, reader, value) : null;
  const types = typesBehind(figures.rules.set, figures.rules.types, JSON.stringify(definition.formula));
  const ids = await figures.kept(`cases ${id} ${period.name} ${org.id} ${part} ${question.after ?? ''}`, () =>
    engine.cases(definition, period, org.id, part, { after: question.after, limit: IDS_MOST }),
  );
  const found: FigureCase[] = [];
  let looked = 0;
  // Only as many are read as are shown: every reading of a person stands in the audit.
  while (found.length < PAGE && looked < ids.length) {
    const some = ids.slice(looked, looked + PAGE - found.length + READ_AHEAD);
    const seen = await seenCases(deps, reader, types, some);
    for (const each of some) {
      looked += 1;
      const one = seen.get(each);
      if (one) found.push(one);
      if (found.length === PAGE) break;
    }
  }
  const hasMore = looked < ids.length || ids.length === IDS_MOST;
  return {
    ...ageOf(deps, figures),
    part,
    count: own && !own.masked && countsRows(definition, part) ? own[part] : null,
    masked: own?.masked ?? false,
    cases: found,
    // How many others there are says a masked count; then it is not said.
    unseen: own?.masked ? 0 : looked - found.length,
    next: hasMore ? (ids[looked - 1] ?? null) : null,
  };
}

/** Sums of money and days are no number of cases. */
function countsRows({ formula }: Definition, part: CaseQuestion['part']): boolean {
  if (formula.kind !== 'parts') return false;
  const parts = part === 'numerator' ? formula.numerator : (formula.denominator ?? []);
  return parts.every(({ count }) => count.kind === 'rows');
}

export async function seenCases(
  deps: DeskDeps,
  reader: Reader,
  types: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, FigureCase>> {
  const pages = await Promise.all(types.map((type) => byIds(deps, reader.access, type, ids)));
  const resources = pages.flatMap((page) => [...page.values()].map((each) => each.resource as Json));
  const names = await namesOf(
    deps,
    reader,
    resources.flatMap((each) => [personIn(each), orgIn(each)]),
  );
  return new Map(resources.map((each) => [String(each.id), caseOf(each, names)]));
}

const KINDS: Readonly<Record<string, { zh: string; en: string }>> = {
  Encounter: { zh: '就诊', en: 'Visit' },
  ExplanationOfBenefit: { zh: '结算', en: 'Settlement' },
  Task: { zh: '事项', en: 'Case' },
  Patient: { zh: '居民', en: 'Resident' },
  EpisodeOfCare: { zh: '管理服务', en: 'Programme' },
  Organization: { zh: '机构', en: 'Organisation' },
  MeasureReport: { zh: '填报', en: 'Report' },
  DiagnosticReport: { zh: '检查报告', en: 'Diagnostic report' },
  Observation: { zh: '观察记录', en: 'Observation' },
  PractitionerRole: { zh: '岗位', en: 'Post' },
  QuestionnaireResponse: { zh: '问卷', en: 'Answered form' },
  Contract: { zh: '协议', en: 'Agreement' },
  Basic: { zh: '台账记录', en: 'Register entry' },
  OrganizationAffiliation: { zh: '站点功能', en: 'Function of a site' },
  ChargeItemDefinition: { zh: '价格项目', en: 'Price' },
};

function caseOf(resource: Json, names: ReadonlyMap<string, string>): FigureCase {
  const { resourceType: type, id } = resource;
  const person = personIn(resource);
  const personId = person?.split('/')[1];
  const number = resource.identifier?.[0]?.value;
  return {
    type,
    id,
    kind: KINDS[type] ?? { zh: '记录', en: 'Record' },
    title: titleOf(resource) ?? (typeof number === 'string' ? number : id),
    person: personId ? { id: personId, name: names.get(person!) ?? '' } : null,
    org: names.get(orgIn(resource) ?? '') ?? null,
    at: momentOf(resource),
    link: linkOf(resource, personId),
  };
}

function linkOf(resource: Json, person: string | undefined): FigureCase['link'] {
  if (resource.resourceType === 'Task') return { kind: 'case', id: resource.id };
  return person === undefined ? null : { kind: 'resident', id: person };
}

function personIn(resource: Json): string | null {
  if (resource.resourceType === 'Patient') return `Patient/${resource.id}`;
  const reference = resource.subject?.reference ?? resource.patient?.reference ?? resource.for?.reference;
  return typeof reference === 'string' && reference.startsWith('Patient/') ? reference : null;
}

function orgIn(resource: Json): string | null {
  const {
    resourceType: type,
    serviceProvider,
    provider,
    owner,
    organization,
    managingOrganization,
  } = resource;
  if (type === 'Organization') return `Organization/${resource.id}`;
  const { reporter, author, participatingOrganization } = resource;
  for (const each of [
    serviceProvider,
    provider,
    owner,
    organization,
    managingOrganization,
    reporter,
    author,
    participatingOrganization,
  ]) {
    const reference = each?.reference;
    if (typeof reference === 'string' && reference.startsWith('Organization/')) return reference;
  }
  return null;
}

function momentOf(resource: Json): string | null {
  const { period, billablePeriod, executionPeriod, authoredOn, issued, effectiveDateTime, date, created } =
    resource;
  const at =
    period?.start ??
    billablePeriod?.end ??
    executionPeriod?.end ??
    authoredOn ??
    effectiveDateTime ??
    issued ??
    date ??
    created;
  return typeof at === 'string' ? at : null;
}

function titleOf(resource: Json): string | null {
  const first = (concept: Json): string | undefined => concept?.text ?? concept?.coding?.[0]?.display;
  const text =
    resource.description ??
    first(resource.reasonCode?.[0]) ??
    first(resource.diagnosis?.[0]?.diagnosisCodeableConcept) ??
    (typeof resource.name === 'string' ? resource.name : undefined) ??
    (Array.isArray(resource.type) ? first(resource.type[0]) : first(resource.type)) ??
    first(resource.code);
  return typeof text === 'string' && text !== '' ? text : null;
}
