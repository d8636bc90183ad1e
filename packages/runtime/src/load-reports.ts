// Checks the reports of a programme at loading: registers, fields, columns, rules and expressions that are there.
import { compileExpression, type Issue, issue } from '@yimai/forms';
import type { ReportColumn, ReportDeclaration } from './programme.ts';

/** Fields by register, and facts by entitlement, of all programmes. */
export interface ReportNames {
  readonly registers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly entitlements: ReadonlyMap<string, ReadonlySet<string>>;
}

type Fields = ReadonlySet<string>;
/** Names that an expression may use: a root with its fields, or alone. */
type Scope = Readonly<Record<string, Fields | null>>;

const KINDS = ['count', 'distinct', 'sum', 'mean', 'percent', 'change'] as const;
const NONE: Fields = new Set();

export function checkReport(report: ReportDeclaration, names: ReportNames): Issue[] {
  const at = `reports.${report.id}`;
  const issues: Issue[] = [];
  const unknown = (place: string, name: string) =>
    issues.push(issue(`${at}.${place}`, 'name-unknown', `没有“${name}”`, `there is no "${name}"`));
  const fields = names.registers.get(report.register);
  if (!fields) unknown('register', report.register);
  const here = fields ?? NONE;
  const columns = new Set((report.columns ?? []).map(({ id }) => id));
  const compiles = (text: string | undefined, place: string, scope: Scope) => {
    if (text === undefined) return;
    const compiled = compileExpression(text, ([root = '', field]) => {
      const known = scope[root];
      return known === null ? field === undefined : field !== undefined && known?.has(field) === true;
    });
    if (compiled.ok) return;
    const { zh = '', en = '' } = compiled.refusal.detail ?? {};
    issues.push(issue(`${at}.${place}`, 'expression-invalid', zh, en));
  };
  const entry: Scope = { data: here, today: null, ...(report.joins ? { matches: null } : {}) };
  const judged: Scope = report.rule !== undefined && !report.by ? { ...entry, granted: null } : entry;
  compiles(report.when, 'when', entry);
  compiles(report.names, 'names', judged);
  const ruled: Scope = report.rule !== undefined && report.by ? { granted: null } : {};
  compiles(report.keeps, 'keeps', { row: columns, today: null, ...ruled });
  for (const name of report.by ?? []) if (!here.has(name)) unknown('by', name);
  if (report.joins) {
    const there = names.registers.get(report.joins.register);
    if (!there) unknown('joins.register', report.joins.register);
    for (const [own, other] of Object.entries(report.joins.on)) {
      if (!here.has(own)) unknown('joins.on', own);
      if (there && !there.has(other)) unknown('joins.on', other);
    }
    compiles(report.joins.when, 'joins.when', { data: here, other: there ?? NONE, today: null });
  }
  if (report.rule !== undefined && !names.entitlements.has(report.rule)) unknown('rule', report.rule);
  for (const column of report.columns ?? []) {
    const place = `columns.${column.id}`;
    if (KINDS.filter((kind) => column[kind] !== undefined).length !== 1)
      issues.push(
        issue(`${at}.${place}`, 'column-kind', '一列只能有一种算法', 'a column has exactly one kind'),
      );
    if (typeof column.count === 'string') compiles(column.count, place, judged);
    for (const name of fieldsOf(column)) if (!here.has(name)) unknown(place, name);
    for (const name of columnsOf(column)) if (!columns.has(name)) unknown(place, name);
  }
  if (columns.size === 0 && report.names === undefined)
    issues.push(issue(at, 'report-empty', '既无列也无名单', 'has neither columns nor a list'));
  return issues;
}

const fieldsOf = ({ distinct, sum, mean }: ReportColumn): string[] =>
  [distinct, sum, mean].filter((one) => one !== undefined);

const columnsOf = ({ percent, change }: ReportColumn): string[] =>
  [...(percent ?? []), change].filter((one) => one !== undefined);
