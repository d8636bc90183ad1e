// For tests of programmes: what stands in a record goes the whole way (feed, views, snapshot) to figures that can be asked.
import { fileURLToPath } from 'node:url';
import { must, systemClock } from '@yimai/kit';
import type { Database } from '@yimai/postgres';
import { changesWithContent, type Record, type Resource, systemAccess } from '@yimai/record';
import type { ChangeSource } from '@yimai/views';
import { viewsOfFeed } from '@yimai/views/testing';
import { MeasureEngine } from './engine.ts';
import type { FigureSource } from './freeze-command.ts';
import { parsePeriod } from './period.ts';
import { type Entry, toResource } from './testing/resources.ts';
import { MEASURES, VIEWS } from './testing/rules.ts';
import type { MeasureValue } from './values.ts';

export { PlainCounty } from './testing/plain.ts';
export { PLAIN } from './testing/plain-measures.ts';
export { COLUMNS, MEASURES, MEASURES_FOLDER, VIEWS } from './testing/rules.ts';
export type { Entry };

const RULES_FOLDER = fileURLToPath(new URL('../../../rules/', import.meta.url));
export const QUALITY_FOLDER = `${RULES_FOLDER}quality`;

interface House {
  readonly record: Record;
  readonly database: Database;
}

export interface RecordFigures {
  readonly engine: MeasureEngine;
  readonly views: { readonly connection: MeasureEngineViews; readonly seq: number };
  /** One value by measure, period and scope; fails where the measure has none at that level. */
  value(measure: string, period: string, scope: string): Promise<MeasureValue>;
  /** Ids of the resources behind it. */
  cases(
    measure: string,
    period: string,
    scope: string,
    which?: 'numerator' | 'denominator',
  ): Promise<readonly string[]>;
  close(): void;
}
type MeasureEngineViews = Parameters<typeof MeasureEngine.open>[0]['connection'];

/** The figures of everything that the record holds at this moment. */
export async function figuresOf({ record, database }: House): Promise<RecordFigures> {
  await record.sequencer.settle();
  const { snapshot, close } = await viewsOfFeed(feedOf({ record, database }), VIEWS);
  const engine = await MeasureEngine.open(snapshot, MEASURES);
  return {
    engine,
    views: snapshot,
    close,
    async value(measure, period, scope) {
      const [value] = await engine.compute(must(parsePeriod(period)), [scope], [measure]);
      if (!value) throw new Error(`${measure} has no value for ${scope} in ${period}`);
      return value;
    },
    async cases(measure, period, scope, which = 'numerator') {
      const read = must(parsePeriod(period));
      const [definition] = engine.definitions(read, [measure]);
      return engine.cases(definition!, read, scope, which, { after: null, limit: 10_000 });
    },
  };
}

/** The change feed of the record as the views follow it. */
export function feedOf({ database }: House): ChangeSource {
  const types = [...new Set(VIEWS.flatMap((view) => view.resources))];
  return {
    changesSince: (seq, limit) =>
      changesWithContent(database, systemAccess(systemClock.now()), seq, limit, types),
  };
}

/** For the commands of figures: every use sees the record as it stands then. */
export const figureSource = (house: () => House): FigureSource => ({
  async use(work) {
    const { engine, close } = await figuresOf(house());
    try {
      return await work({ engine, kept: (_key, ask) => ask() });
    } finally {
      close();
    }
  },
});

/** A short entry (`{make: 'encounter', org: 'hospital', ...}`) as a whole resource that the record takes. */
export function entry(id: string, short: Entry): Resource {
  const resource = withoutEmpty(toResource(short, id)) as Resource;
  const type = resource.resourceType;
  return { ...FILLED[type]?.(resource), ...resource, ...FIXED[type]?.(resource) } as Resource;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(
      ([, inner]) => inner !== undefined && inner !== null && !(Array.isArray(inner) && inner.length === 0),
    )
    .map(([key, inner]) => [key, withoutEmpty(inner)]);
  return Object.fromEntries(kept);
}

type Filling = (resource: Resource) => object;
const amb = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** What FHIR needs and no figure reads. */
const FILLED: Readonly<{ [type: string]: Filling }> = {
  Organization: (resource) => ({ name: `${resource.id}（合成）` }),
  ExplanationOfBenefit: (resource) => ({
    created: (resource['billablePeriod'] as { end?: string } | undefined)?.end ?? '2000-01-01',
    patient: { reference: 'Patient/synthetic' },
    insurer: { reference: 'Organization/county' },
    insurance: [{ focal: true, coverage: { display: '居民医保（合成）' } }],
  }),
};

const FIXED: Readonly<{ [type: string]: Filling }> = {
  ExplanationOfBenefit: (resource) => ({
    diagnosis: (resource['diagnosis'] as object[]).map((each) => ({
      diagnosisCodeableConcept: { text: '未填（合成）' },
      ...each,
    })),
  }),
  Encounter: (resource) => ({ class: { system: amb, ...(resource['class'] as object) } }),
};
