// Values of a closed period are frozen as MeasureReports of the record; freezing again makes a new version of one.
import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { MaskedValue, MeasureValue } from './values.ts';

export interface FrozenFigure {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly version: string;
  readonly dataVersion: number;
  readonly frozenAt: string;
  /** Its small counts were not written: whoever may see them has them computed. */
  readonly isMasked: boolean;
}

export interface FrozenFigures {
  get(measure: string, period: string, scope: string): FrozenFigure | undefined;
}

const MEASURE_URL = 'https://yimai.example/fhir/Measure/';
const EXTENSION_URL = 'https://yimai.example/fhir/StructureDefinition/';
const POPULATION_SYSTEM = 'https://yimai.example/fhir/CodeSystem/figure-part';

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

export const frozenId = (measure: string, period: string, scope: string): string =>
  createHash('sha256').update(`${measure} ${period} ${scope}`).digest('hex').slice(0, 40);

export async function readFrozen(connection: DuckDBConnection): Promise<FrozenFigures> {
  const reader = await connection.runAndReadAll(
    `select measure, period, scope, value, numerator, denominator, definition, data_version, frozen_at, masked
    from frozen_figure where status = 'complete'`,
  );
  const figures = new Map<string, FrozenFigure>();
  const number = (value: unknown): number | null => (value === null ? null : Number(value));
  for (const [
    measure,
    period,
    scope,
    value,
    numerator,
    denominator,
    version,
    seq,
    at,
    masked,
  ] of reader.getRows()) {
    figures.set(`${String(measure).slice(MEASURE_URL.length)} ${period} ${scope}`, {
      value: number(value),
      numerator: number(numerator),
      denominator: number(denominator),
      version: String(version),
      dataVersion: Number(seq),
      frozenAt: String(at),
      isMasked: masked === true,
    });
  }
  return { get: (measure, period, scope) => figures.get(`${measure} ${period} ${scope}`) };
}
