// Values of a closed period are frozen as MeasureReports of the record, their exact numbers beside them where only the
// figures read; freezing again makes a new version of both.
import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ENGINE_TAG_SYSTEM } from '@yimai/record';
import type { MaskedValue, MeasureValue, TopItem } from './values.ts';

export interface FrozenFigure {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly version: string;
  readonly dataVersion: number;
  readonly frozenAt: string;
  /** Its exact numbers are not there: a report of before they were kept, read by the data as it stands now. */
  readonly isMasked: boolean;
  readonly items: readonly TopItem[] | null;
  /** The numbers of cases that the value gives away; null: they follow from numerator and denominator. */
  readonly counts: readonly number[] | null;
}

export interface FrozenFigures {
  get(measure: string, period: string, scope: string): Promise<FrozenFigure | undefined>;
}

const MEASURE_URL = 'https://yimai.example/fhir/Measure/';
const EXTENSION_URL = 'https://yimai.example/fhir/StructureDefinition/';
const POPULATION_SYSTEM = 'https://yimai.example/fhir/CodeSystem/figure-part';
const EXACT_SYSTEM = 'https://yimai.example/fhir/CodeSystem/frozen-figure';
const KIND_SYSTEM = 'https://yimai.example/fhir/CodeSystem/data-kind';
/** Nobody writes it over an interface: so no report that a person sent counts as frozen. */
const ENGINE_TAG = { system: ENGINE_TAG_SYSTEM, code: 'measure' };

/**
 * The MeasureReport that freezes a value. A masked value is written without its numbers: reports are read over the
 * interfaces by people who see no persons. Its id follows from measure, period and scope, so that restating a closed
 * period writes the next version of the same resource and the record keeps every earlier one.
 */
export function freezeFigure(
  value: MeasureValue | MaskedValue,
  period: { readonly from: string; readonly until: string },
  at: Date,
  reason?: string,
): Readonly<Record<string, unknown>> {
  const part = (code: string, count: number | null): unknown[] =>
    count === null
      ? []
      : [
          {
            code: { coding: [{ system: POPULATION_SYSTEM, code }] },
            extension: [{ url: `${EXTENSION_URL}exact`, valueDecimal: count }],
          },
        ];
  const population = [...part('numerator', value.numerator), ...part('denominator', value.denominator)];
  const extension = [
    { url: `${EXTENSION_URL}frozen-figure`, valueString: value.period },
    { url: `${EXTENSION_URL}definition-version`, valueString: value.version },
    { url: `${EXTENSION_URL}data-version`, valueInteger: value.dataVersion },
    ...('masked' in value && value.masked ? [{ url: `${EXTENSION_URL}masked`, valueBoolean: true }] : []),
    ...(reason === undefined ? [] : [{ url: `${EXTENSION_URL}restated-because`, valueString: reason }]),
  ];
  return {
    resourceType: 'MeasureReport',
    id: frozenId(value.measure, value.period, value.scope),
    meta: { tag: [ENGINE_TAG] },
    extension,
    status: 'complete',
    type: 'summary',
    measure: `${MEASURE_URL}${value.measure}`,
    date: at.toISOString(),
    reporter: { reference: `Organization/${value.scope}` },
    period: { start: period.from, end: period.until },
    ...(population.length === 0
      ? {}
      : {
          group: [{ population, ...(value.value === null ? {} : { measureScore: { value: value.value } }) }],
        }),
  };
}

/** What the exact numbers of a frozen value are kept as. */
interface Exact {
  readonly at: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly items: readonly TopItem[] | null;
  readonly counts: readonly number[];
}

/**
 * The numbers as they were, small ones too, as a resource of the kind `exact-figure`: no row of the policy opens that
 * kind to a person, so it is read by the figures only, which hide small counts from each reader after the scope.
 */
export function exactFigure(value: MeasureValue, at: Date): Readonly<Record<string, unknown>> {
  const { numerator, denominator, items, counts } = value;
  const exact: Exact = { at: at.toISOString(), value: value.value, numerator, denominator, items, counts };
  return {
    resourceType: 'Basic',
    id: frozenId(value.measure, value.period, value.scope),
    meta: { tag: [ENGINE_TAG, { system: KIND_SYSTEM, code: 'exact-figure' }] },
    code: { coding: [{ system: EXACT_SYSTEM, code: 'exact' }] },
    author: { reference: `Organization/${value.scope}` },
    extension: [{ url: `${EXTENSION_URL}exact-figure`, valueString: JSON.stringify(exact) }],
  };
}

export const frozenId = (measure: string, period: string, scope: string): string =>
  createHash('sha256').update(`${measure} ${period} ${scope}`).digest('hex').slice(0, 40);

/** Periods are read when they are asked for: years of frozen months stand in a snapshot, an answer needs a few of them. */
export function frozenFigures(connection: DuckDBConnection): FrozenFigures {
  const periods = new Map<string, Promise<ReadonlyMap<string, FrozenFigure>>>();
  return {
    async get(measure, period, scope) {
      const asked = periods.get(period) ?? readFrozen(connection, period);
      periods.set(period, asked);
      return (await asked).get(`${measure} ${scope}`);
    },
  };
}

async function readFrozen(
  connection: DuckDBConnection,
  period: string,
): Promise<ReadonlyMap<string, FrozenFigure>> {
  const reader = await connection.runAndReadAll(
    `select f.measure, f.scope, f.value, f.numerator, f.denominator, f.definition, f.data_version,
      f.frozen_at, f.masked, e.content
    from frozen_figure f left join frozen_exact e on e.resource_id = f.resource_id
    where f.status = 'complete' and f.period = $1`,
    [period],
  );
  const figures = new Map<string, FrozenFigure>();
  const number = (value: unknown): number | null => (value === null ? null : Number(value));
  for (const row of reader.getRows()) {
    const [measure, scope, value, numerator, denominator, version, seq, at, masked, content] = row;
    const exact = exactOf(content, String(at));
    figures.set(`${String(measure).slice(MEASURE_URL.length)} ${scope}`, {
      ...(exact ?? {
        value: number(value),
        numerator: number(numerator),
        denominator: number(denominator),
        items: null,
        counts: null,
      }),
      version: String(version),
      dataVersion: Number(seq),
      frozenAt: String(at),
      isMasked: exact === null && masked === true,
    });
  }
  return figures;
}

/** Null when none is kept, or when it is of another freezing than the report: a snapshot may lie between the two. */
function exactOf(content: unknown, frozenAt: string): Omit<Exact, 'at'> | null {
  if (typeof content !== 'string') return null;
  const { at, ...exact } = JSON.parse(content) as Exact;
  return Date.parse(at) === Date.parse(frozenAt) ? exact : null;
}
