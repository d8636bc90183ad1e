// The commands that keep the figures of closed periods: freezing writes a MeasureReport, restating its next version.
import { rowKey } from '@yimai/fhir';
import { chinaDate, must, ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler, RecordTx, Resource } from '@yimai/record';
import type { MeasureEngine } from './engine.ts';
import { exactFigure, freezeFigure, frozenId } from './frozen.ts';
import { type Period, parsePeriod } from './period.ts';
import { type MaskedValue, type MeasureValue, maskSmallCounts } from './values.ts';

/** Where the commands compute: the figures that are published at that moment; null while there are none. */
export interface FigureSource {
  use<T>(work: (figures: PublishedFigures) => Promise<T>): Promise<T | null>;
}

export interface PublishedFigures {
  readonly engine: MeasureEngine;
  /** One question after the other: they share a connection. */
  kept<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

interface Asked {
  readonly measure: string;
  readonly period: Period;
  readonly scope: string;
  /** Only restating has one, and must. */
  readonly reason: string | undefined;
}

/** Reports written by these commands are changed by nothing else. */
export const ENGINE = 'measure';

export function measureCommands(figures: FigureSource): CommandHandler<never>[] {
  const commands: CommandHandler<Asked>[] = [
    {
      type: 'measure.freeze',
      parse: (payload) => readAsked(payload, false),
      apply: (tx, _command, asked) => freeze(tx, asked, figures),
    },
    {
      type: 'measure.restate',
      parse: (payload) => readAsked(payload, true),
      apply: (tx, _command, asked) => restate(tx, asked, figures),
    },
  ];
  return commands as unknown as CommandHandler<never>[];
}

async function freeze(tx: RecordTx, asked: Asked, figures: FigureSource): Promise<Result<unknown>> {
  const standing = await standingReport(tx, asked);
  if (!standing.ok) return standing;
  if (standing.value !== null) {
    const detail = { zh: '该值已定格，更正请用重述', en: 'the value is frozen; restate it to correct it' };
    return refuse('already-frozen', detail, { at: 'payload.measure', rule: 'M11' });
  }
  const value = await valueNow(asked, figures);
  if (!value.ok) return value;
  const report = reportOf(asked, value.value.shown, tx.recordedAt);
  const row = await tx.create(report, { id: report.id!, engine: ENGINE });
  await keepExact(tx, value.value.exact);
  return ok(answer(report, row.version, value.value.shown));
}

async function restate(tx: RecordTx, asked: Asked, figures: FigureSource): Promise<Result<unknown>> {
  const standing = await standingReport(tx, asked);
  if (!standing.ok) return standing;
  if (standing.value === null) {
    const detail = { zh: '该值尚未定格', en: 'the value was not frozen' };
    return refuse('not-frozen', detail, { at: 'payload.measure', rule: 'M11' });
  }
  const value = await valueNow(asked, figures);
  if (!value.ok) return value;
  const report = reportOf(asked, value.value.shown, tx.recordedAt);
  const row = await tx.update(report, { ifVersion: standing.value, engine: ENGINE });
  await keepExact(tx, value.value.exact);
  return ok(answer(report, row.version, value.value.shown));
}

/** The next version of the exact numbers, or the first where a report of before they were kept is restated. */
async function keepExact(tx: RecordTx, value: MeasureValue): Promise<void> {
  const exact = exactFigure(value, tx.recordedAt) as unknown as Resource;
  if (await tx.readAsSystem('Basic', exact.id!, { forUpdate: true }))
    await tx.update(exact, { engine: ENGINE });
  else await tx.create(exact, { id: exact.id!, engine: ENGINE });
}

/** The version that stands, or null; refused to whoever may not write figures of this organisation. */
async function standingReport(
  tx: RecordTx,
  { measure, period, scope }: Asked,
): Promise<Result<number | null>> {
  const labels = { kind: 'figure', locks: [], org: rowKey('Organization', scope), patient: null };
  const no = tx.access.writable('update', 'MeasureReport', labels);
  if (no) return { ok: false, refusal: { ...no, at: 'payload.scope' } };
  if (period.until > chinaDate(tx.recordedAt)) {
    const detail = { zh: '统计期未结束，不能定格', en: 'the period is not over: it cannot be frozen' };
    return refuse('period-running', detail, { at: 'payload.period', rule: 'M11' });
  }
  const id = frozenId(measure, period.name, scope);
  const standing = await tx.readAsSystem('MeasureReport', id, { forUpdate: true });
  return ok(standing?.row.version ?? null);
}

interface Computed {
  /** For the figures only. */
  readonly exact: MeasureValue;
  /** As it may be written into the report: small counts of persons are left out. */
  readonly shown: MaskedValue;
}

async function valueNow(asked: Asked, figures: FigureSource): Promise<Result<Computed>> {
  const { measure, period, scope } = asked;
  const found = await figures.use(({ engine, kept }) => {
    const [definition] = engine.definitions(period, [measure]);
    if (!definition) {
      const detail = { zh: `没有指标“${measure}”`, en: `there is no measure "${measure}" then` };
      return Promise.resolve(refuse('unknown-measure', detail, { at: 'payload.measure' }));
    }
    if (!engine.tree.orgs.has(scope)) {
      const detail = { zh: `没有机构“${scope}”`, en: `there is no organisation "${scope}"` };
      return Promise.resolve(refuse('unknown-scope', detail, { at: 'payload.scope' }));
    }
    return kept(`anew ${measure} ${period.name} ${scope}`, async (): Promise<Result<Computed>> => {
      const value = await engine.valueAnew(definition, period, scope);
      if (value === null) {
        const detail = { zh: '该指标没有这一层级的值', en: 'the measure has no value at this level' };
        return refuse('wrong-level', detail, { at: 'payload.scope', rule: 'M8' });
      }
      if (value.value !== null) {
        const hides = await engine.isAboutPersons(definition);
        return ok({ exact: value, shown: hides ? maskSmallCounts(value) : { ...value, masked: false } });
      }
      const detail = { zh: '未采集的值不能定格', en: 'what was not collected cannot be frozen' };
      return refuse('not-collected', detail, { at: 'payload.measure', rule: 'M5' });
    });
  });
  const detail = { zh: '视图尚未发布', en: 'the views have not been published yet' };
  return found ?? refuse('views-not-published', detail, { transient: true });
}

const reportOf = ({ period, reason }: Asked, value: MaskedValue, at: Date): Resource =>
  freezeFigure(value, period, at, reason) as unknown as Resource;

const answer = (report: Resource, version: number, value: MaskedValue): unknown => ({
  report: report.id,
  version,
  value: value.value,
  numerator: value.numerator,
  denominator: value.denominator,
  masked: value.masked,
  definition: value.version,
  dataVersion: value.dataVersion,
});

function readAsked(payload: unknown, isRestating: boolean): Result<Asked> {
  const wanted = ['measure', 'period', 'scope', ...(isRestating ? ['reason'] : [])];
  const given = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  const strange = Object.keys(given).find((key) => !wanted.includes(key));
  if (strange !== undefined) {
    const detail = { zh: '不认识的字段', en: 'this field is not known' };
    return refuse('field-unknown', detail, { at: `payload.${strange}` });
  }
  for (const key of wanted) {
    if (typeof given[key] === 'string' && given[key].trim() !== '') continue;
    const detail = { zh: '必填', en: 'this is needed' };
    return refuse(key === 'reason' ? 'reason-missing' : 'field-missing', detail, { at: `payload.${key}` });
  }
  const { measure, period, scope, reason } = given as Record<string, string | undefined>;
  const read = parsePeriod(period!);
  if (!read.ok) return { ok: false, refusal: { ...read.refusal, at: 'payload.period' } };
  return ok({ measure: measure!, period: must(read), scope: scope!, reason });
}
