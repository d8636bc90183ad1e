// A department's budget of a year as it is kept: the document with its acts, and its lines with what the ledger says of them.
import { type Resource, rowKey } from '@yimai/fhir';
import type { BudgetLine, OperatingState } from '@yimai/fund';
import { type Fen, type LocalDate, ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { RecordTx } from '@yimai/record';
import { HOUSE_BOOKS } from '../books.ts';
import { readJson, writeJson } from '../settlement/reports.ts';
import type { Statements } from '../types.ts';

export const OPERATING_ENGINE = 'operating-budget';
/** Who drafts and spends for the own house; who approves for the consortium. */
export const OPERATING_KEEPERS = ['finance-clerk', 'township-director'];
export const OPERATING_APPROVERS = ['consortium-president', 'consortium-office'];
export const OPERATING_KINDS = ['operating-budget', 'operating-adjustment', 'operating-spending'] as const;

const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const CONTENT = 'https://yimai.example/fhir/StructureDefinition/operating-budget';

export interface OperatingLine {
  readonly id: string;
  readonly title: string;
  readonly plannedFen: Fen;
  /** Paid to another member of the consortium: counted once in the consortium's budget. */
  readonly isInternal: boolean;
}

export interface OperatingAdjustment {
  readonly number: number;
  readonly changes: readonly { readonly line: string; readonly amountFen: Fen }[];
  readonly reason: string;
  readonly by: Uuid;
  readonly at: string;
  readonly state: 'proposed' | 'granted' | 'refused';
  readonly answer: string | null;
}

export interface OperatingBudget {
  readonly year: string;
  readonly house: string;
  readonly department: string;
  readonly title: string;
  readonly state: OperatingState;
  readonly lines: readonly OperatingLine[];
  readonly adjustments: readonly OperatingAdjustment[];
  /** Who submitted it last: the same person does not approve it. */
  readonly submittedBy: Uuid | null;
  readonly acts: readonly {
    readonly act: string;
    readonly by: Uuid;
    readonly at: string;
    readonly note: string;
  }[];
}

export interface OperatingKey {
  readonly year: string;
  readonly house: string;
  readonly department: string;
}

/** Periods of their own: the insurer's lock of a year does not close a department's books. */
export const operatingPeriod = (year: string): string => `operating-${year}`;

export const budgetId = ({ year, house, department }: OperatingKey): string =>
  rowKey('Basic', `operating-budget/${year}/${house}/${department}`);

export const accountsOf = ({ year, house, department }: OperatingKey, line: string) => ({
  appropriation: `${HOUSE_BOOKS}${house}/appropriation/${year}`,
  allotment: `${HOUSE_BOOKS}${house}/allotment/${year}/${department}/${line}`,
  executed: `${HOUSE_BOOKS}${house}/executed/${year}/${department}/${line}`,
});

/** Locked until the end of the command, so that two acts on one department queue. */
export async function readBudget(tx: RecordTx, key: OperatingKey): Promise<OperatingBudget | null> {
  const found = await tx.readAsSystem('Basic', budgetId(key), { forUpdate: true });
  return found === null ? null : budgetOf(found.resource);
}

export async function mustReadBudget(tx: RecordTx, key: OperatingKey): Promise<Result<OperatingBudget>> {
  const budget = await readBudget(tx, key);
  if (budget !== null) return ok(budget);
  const detail = { zh: '该科室没有本年预算', en: 'this department has no budget of the year' };
  return refuse('budget-unknown', detail, { at: 'payload.department' });
}

export async function keepBudget(tx: RecordTx, budget: OperatingBudget): Promise<void> {
  const resource: Resource = {
    resourceType: 'Basic',
    id: budgetId(budget),
    code: { coding: [{ system: FUND, code: 'operating-budget' }] },
    subject: { reference: `Organization/${budget.house}` },
    extension: [{ url: CONTENT, valueString: writeJson(budget) }],
  };
  await tx.update(resource, {
    engine: OPERATING_ENGINE,
    labels: { kind: 'stock', org: rowKey('Organization', budget.house), patient: null, locks: [] },
  });
}

export function budgetOf(resource: Resource): OperatingBudget | null {
  const { extension } = resource as { extension?: { url: string; valueString?: string }[] };
  const text = extension?.find(({ url }) => url === CONTENT)?.valueString;
  return text === undefined ? null : readJson<OperatingBudget>(text);
}

/** All budgets of a year, as the system sees them; whoever asks decides who reads them. */
export async function operatingBudgets(
  read: <T>(fragment: Fragment) => Promise<{ rows: T[] }>,
  year: string,
): Promise<OperatingBudget[]> {
  const { rows } = await read<{ content: string }>(sql`
    select r.content from resource r where r.type = 'Basic' and r.engine = ${OPERATING_ENGINE} and not r.deleted
    order by r.fhir_id`);
  return rows
    .flatMap(({ content }) => budgetOf(JSON.parse(content)) ?? [])
    .filter((budget) => budget.year === year)
    .sort((left, right) =>
      `${left.house}/${left.department}` < `${right.house}/${right.department}` ? -1 : 1,
    );
}

/** Budgeted and spent, line by line, with everything that is dated up to that day. Before the approval nothing is allotted. */
export async function linesAt(
  on: Statements,
  { year, house, department, lines }: OperatingBudget,
  until: LocalDate,
): Promise<BudgetLine[]> {
  const key = { year, house, department };
  const prefix = accountsOf(key, '').allotment;
  const { rows } = await on.run<{ kind: string; account: string; amount: string }>(sql`
    select r.kind, case when starts_with(e.debit, ${prefix}) then e.debit else e.credit end as account,
      sum(case when starts_with(e.credit, ${prefix}) then e.amount_fen else -e.amount_fen end)::text as amount
    from ledger_run r join ledger_entry e on e.run = r.id
    where r.period = ${operatingPeriod(year)} and r.kind = any(${[...OPERATING_KINDS]}::text[])
      and starts_with(r.scope, ${`${house}/${department}/`}) and e.posted_on <= ${until}::date
    group by 1, 2`);
  const sumOf = (kind: string, line: string): Fen =>
    rows
      .filter((row) => row.kind === kind && row.account === accountsOf(key, line).allotment)
      .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  return lines.map(({ id }) => ({
    id,
    member: house,
    department,
    plannedFen: sumOf('operating-budget', id),
    adjustedFen: sumOf('operating-adjustment', id),
    spentFen: -sumOf('operating-spending', id),
  }));
}
