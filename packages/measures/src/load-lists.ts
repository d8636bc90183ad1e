// Lists beside the definitions: the chosen core measures of a year, the dated targets, when periods close.
import { ok, RefusalError, type Result } from '@yimai/kit';
import type { Target } from './compare.ts';
import { SCOPE_LEVELS, type ScopeLevel } from './definition.ts';
import { type MeasureSet, readYamlFile } from './load-measures.ts';
import { PERIOD_KINDS, type PeriodKind } from './period.ts';
import { fields, list, oneOf, text, texts, wrongDefinition } from './read-yaml.ts';

/** The measures of the core list (22项核心绩效指标) in force on that day. */
export function loadCoreList(folder: string, set: MeasureSet, on: string): Result<readonly string[]> {
  return refusing(() => {
    const file = 'core-22.yaml';
    const lists = list(readYamlFile(folder, file), file).map((entry, index) => {
      const at = `${file}[${index}]`;
      const chosen = fields(entry, at, ['effective', 'source', 'measures']);
      const from = dayText(fields(chosen['effective'], `${at}.effective`, ['from'])['from']);
      const measures = texts(chosen['measures'], `${at}.measures`);
      for (const [place, id] of measures.entries()) known(set, id, `${at}.measures[${place}]`);
      return { from, measures };
    });
    const dated = lists.filter((each) => each.from <= on).sort((a, b) => (a.from < b.from ? 1 : -1));
    return dated[0]?.measures ?? [];
  });
}

export function loadTargets(folder: string, set: MeasureSet): Result<readonly Target[]> {
  return refusing(() => {
    const file = 'targets.yaml';
    return list(readYamlFile(folder, file), file).map((entry, index) => {
      const at = `${file}[${index}]`;
      const target = fields(entry, at, ['measure', 'edge', 'value', 'from', 'source']);
      const { value } = target;
      if (typeof value !== 'number')
        throw wrongDefinition(`${at}.value`, '应为数值', 'a number is expected here');
      return {
        measure: known(set, text(target['measure'], `${at}.measure`), `${at}.measure`),
        edge: oneOf(target['edge'], ['atLeast', 'atMost', 'above', 'below'] as const, `${at}.edge`),
        value,
        from: dayText(target['from']),
        source: text(target['source'], `${at}.source`),
      };
    });
  });
}

/** When the periods that begin on or after `from` close by themselves, and for which organisations. */
export interface ClosingRule {
  readonly from: string;
  /** A span (`10 working days`) from the last day of the period; without one such periods are closed by hand only. */
  readonly after: Readonly<Partial<Record<PeriodKind, string>>>;
  readonly levels: readonly ScopeLevel[];
}

const SPAN = /^[1-9]\d{0,2} (working )?days?$/;

/** Newest first. */
export function loadClosing(folder: string): Result<readonly ClosingRule[]> {
  return refusing(() => {
    const file = 'closing.yaml';
    const rules = list(readYamlFile(folder, file), file).map((entry, index): ClosingRule => {
      const at = `${file}[${index}]`;
      const rule = fields(entry, at, ['effective', 'source', 'after', 'levels']);
      text(rule['source'], `${at}.source`);
      const after = fields(rule['after'], `${at}.after`, PERIOD_KINDS);
      for (const [kind, span] of Object.entries(after)) {
        if (SPAN.test(text(span, `${at}.after.${kind}`))) continue;
        throw wrongDefinition(
          `${at}.after.${kind}`,
          '应如 10 working days',
          'expected such as 10 working days',
        );
      }
      return {
        from: dayText(fields(rule['effective'], `${at}.effective`, ['from'])['from']),
        after: after as ClosingRule['after'],
        levels: texts(rule['levels'], `${at}.levels`).map((level, place) =>
          oneOf(level, SCOPE_LEVELS, `${at}.levels[${place}]`),
        ),
      };
    });
    return rules.sort((a, b) => (a.from < b.from ? 1 : -1));
  });
}

function known(set: MeasureSet, id: string, at: string): string {
  if (set.definitions.some((definition) => definition.id === id)) return id;
  throw wrongDefinition(at, `没有指标 ${id}`, `there is no measure ${id}`, 'unknown-measure');
}

const dayText = (value: unknown): string =>
  value instanceof Date ? value.toISOString().slice(0, 10) : String(value);

function refusing<T>(body: () => T): Result<T> {
  try {
    return ok(body());
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
