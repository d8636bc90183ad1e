// Reports (统计表): a standing question about a register: which entries count, by what, how many, and which are named.
import { type Compiled, compileExpression } from '@yimai/forms';
import { must, type Text } from '@yimai/kit';
import type { CaseData, FieldValue } from '@yimai/loops';
import type { EntitlementDeclaration, ReportColumn, ReportDeclaration } from './programme.ts';
import { checkRules } from './register-engine.ts';

export interface ReportEntry {
  readonly id: string;
  readonly key: string;
  readonly from: string;
  readonly data: CaseData;
}

export interface ReportSource {
  readonly entries: readonly ReportEntry[];
  /** Entries of the register that `joins` names. */
  readonly others: readonly ReportEntry[];
  /** What `rule` names. */
  readonly rule: EntitlementDeclaration | undefined;
  readonly today: string;
}

export interface ReportRow {
  /** Values of the fields in `by`, in their order. */
  readonly of: readonly string[];
  /** One a column; null where there is nothing to divide by, to average or to compare with. */
  readonly cells: readonly (number | null)[];
  /** Rules that the row does not meet. */
  readonly lacks: readonly Lack[];
}

export interface Lack {
  readonly code: string;
  readonly text: Text;
}

export interface NamedEntry extends ReportEntry {
  readonly lacks: readonly Lack[];
}

export interface ReportAnswer {
  /** Without `by` one row over all that counts. */
  readonly rows: readonly ReportRow[];
  readonly total: readonly (number | null)[];
  readonly named: readonly NamedEntry[];
  /** Entries that counted. */
  readonly counted: number;
}

/** An entry with what was found out about it. */
interface Judged {
  readonly entry: ReportEntry;
  readonly scope: Readonly<Record<string, unknown>>;
  readonly lacks: readonly Lack[];
}

/** Pure: the answer follows from the entries; rows by their values, named entries in the order of the source. */
export function answerReport(report: ReportDeclaration, source: ReportSource): ReportAnswer {
  const counts = condition(report.when);
  const matches = matcher(report, source);
  const judged = source.entries.flatMap((entry): Judged[] => {
    const scope = { data: entry.data, today: source.today, matches: matches(entry) };
    if (!counts(scope)) return [];
    const lacks = report.by ? [] : lacksOf(source, entry.data);
    return [{ entry, scope: { ...scope, granted: lacks.length === 0 }, lacks }];
  });
  const columns = (report.columns ?? []).map(cellFrom);
  const keeps = condition(report.keeps);
  const groups = [...groupsOf(report.by ?? [], judged)].flatMap(([, group]) => {
    const cells = columns.map((cell) => cell(group.of));
    const row = Object.fromEntries((report.columns ?? []).map(({ id }, at) => [id, cells[at] ?? null]));
    const lacks = report.by ? lacksOf(source, row) : [];
    return keeps({ row, granted: lacks.length === 0, today: source.today })
      ? [{ ...group, cells, lacks }]
      : [];
  });
  const kept = groups.flatMap((group) => group.of);
  const names = report.names === undefined ? () => false : condition(report.names);
  return {
    rows: groups.map(({ values, cells, lacks }, at) => ({
      of: values,
      cells: withChanges(report.columns ?? [], cells, groups[at - 1]?.cells),
      lacks,
    })),
    total: withChanges(
      report.columns ?? [],
      columns.map((cell) => cell(kept)),
      undefined,
    ),
    named: kept.flatMap(({ entry, scope, lacks }) => (names(scope) ? [{ ...entry, lacks }] : [])),
    counted: kept.length,
  };
}

type Condition = (scope: Readonly<Record<string, unknown>>) => boolean;

/** Loading has checked the expression; none at all holds always. */
function condition(text: string | undefined): Condition {
  if (text === undefined) return () => true;
  const compiled: Compiled = must(compileExpression(text, () => true));
  return (scope) => compiled(scope) === true;
}

/** How many entries of the other register belong to one of these: equal in the fields named, and `when` holds. */
function matcher({ joins }: ReportDeclaration, { others, today }: ReportSource) {
  if (!joins) return () => 0;
  const fields = Object.entries(joins.on);
  const belongs = condition(joins.when);
  const byValues = new Map<string, ReportEntry[]>();
  for (const other of others) {
    const at = valuesKey(fields.map(([, there]) => other.data[there]));
    const list = byValues.get(at);
    if (list) list.push(other);
    else byValues.set(at, [other]);
  }
  return ({ data }: ReportEntry): number => {
    const found = byValues.get(valuesKey(fields.map(([here]) => data[here]))) ?? [];
    return found.filter((other) => belongs({ data, other: other.data, today })).length;
  };
}

const valuesKey = (values: readonly (FieldValue | undefined)[]): string => JSON.stringify(values);

function lacksOf({ rule, today }: ReportSource, data: Readonly<Record<string, FieldValue>>): Lack[] {
  if (!rule) return [];
  const facts = Object.fromEntries(Object.keys(rule.fields).map((name) => [name, data[name] ?? null]));
  const scope = { data: facts, today, setting: rule.settings ?? {} };
  return rule.rules.flatMap((one) =>
    checkRules([one], scope, '').ok ? [] : [{ code: one.code, text: one.otherwise }],
  );
}

function groupsOf(by: readonly string[], judged: readonly Judged[]) {
  const groups = new Map<string, { readonly values: readonly string[]; readonly of: Judged[] }>();
  for (const one of judged) {
    const values = by.map((field) => String(one.entry.data[field] ?? ''));
    const at = valuesKey(values);
    const group = groups.get(at) ?? { values, of: [] };
    group.of.push(one);
    groups.set(at, group);
  }
  if (by.length === 0 && groups.size === 0) groups.set('', { values: [], of: [] });
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

type Cell = (group: readonly Judged[]) => number | null;

function cellFrom(column: ReportColumn, _at: number, all: readonly ReportColumn[]): Cell {
  if (column.count !== undefined) {
    const holds = condition(column.count === true ? undefined : column.count);
    return (group) => group.filter(({ scope }) => holds(scope)).length;
  }
  if (column.distinct !== undefined) {
    const field = column.distinct;
    return (group) => new Set(group.flatMap(({ entry }) => [entry.data[field] ?? []].flat())).size;
  }
  if (column.sum !== undefined) return (group) => rounded(sumOf(numbersIn(group, column.sum)));
  if (column.mean !== undefined) {
    return (group) => {
      const numbers = numbersIn(group, column.mean);
      return numbers.length === 0 ? null : rounded(sumOf(numbers) / numbers.length);
    };
  }
  if (column.percent !== undefined) {
    const [part, whole] = column.percent.map((id) => cellOf(all, id));
    return (group) => {
      const [above, below] = [part?.(group) ?? null, whole?.(group) ?? null];
      return above === null || !below ? null : rounded((above / below) * 100);
    };
  }
  return () => null;
}

function cellOf(all: readonly ReportColumn[], id: string): Cell {
  const at = all.findIndex((one) => one.id === id);
  return at < 0 ? () => null : cellFrom(all[at]!, at, all);
}

/** Fills in columns that compare with the row before. */
function withChanges(
  columns: readonly ReportColumn[],
  cells: readonly (number | null)[],
  before: readonly (number | null)[] | undefined,
): (number | null)[] {
  return columns.map((column, at) => {
    if (column.change === undefined) return cells[at] ?? null;
    const of = columns.findIndex((one) => one.id === column.change);
    const [now, then] = [cells[of] ?? null, before?.[of] ?? null];
    return now === null || then === null ? null : rounded(now - then);
  });
}

const numbersIn = (group: readonly Judged[], field: string | undefined): number[] =>
  group.flatMap(({ entry }) => {
    const value = entry.data[field ?? ''];
    return typeof value === 'number' ? [value] : [];
  });

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** To two decimals, free of the last bits of binary fractions. */
const rounded = (value: number): number => Math.round((value + Number.EPSILON) * 100) / 100;
