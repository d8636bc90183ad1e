// Monthly pre-settlement (月度预结算): each hospital's stays of a month, the deposit kept, what is paid now, and the postings.
import type { Fen, LocalDate } from '@yimai/kit';
import { smaller, timesE4 } from './decimal.ts';
import { account, type Posting, transfer } from './postings.ts';
import type { RuleSet } from './rule-set.ts';
import type { PricedStay } from './stay-case.ts';

export interface OrgStatement {
  readonly org: string;
  readonly stays: number;
  readonly costFen: Fen;
  readonly payFen: Fen;
  readonly patientBorneFen: Fen;
  readonly fundFen: Fen;
  /** Of these the stays that chronic packages pay: what they cost, and what the packages owe for them. */
  readonly packageCostFen: Fen;
  readonly packageFen: Fen;
  /** Kept as quality deposit until the assessment. */
  readonly depositFen: Fen;
  /** Paid this month. */
  readonly paidFen: Fen;
  /** Owed, to be settled at the year's end. */
  readonly heldFen: Fen;
}

export interface MonthlySettlement {
  readonly month: string;
  readonly statements: readonly OrgStatement[];
  readonly postings: readonly Posting[];
}

/** `month` is `2026-03`; `run` distinguishes versions of the same month. */
export function settleMonth(
  priced: readonly PricedStay[],
  { month, on, rules, run = '1' }: { month: string; on: LocalDate; rules: RuleSet; run?: string },
): MonthlySettlement {
  const postings: Posting[] = [];
  for (const { stay, fundFen, kind, row } of priced) {
    const head = {
      key: `${month}/${run}/case/${stay.id}`,
      kind: 'stay-due',
      source: 'insurance' as const,
      purpose: kind === 'package' ? 'chronic-package' : 'inpatient',
      period: month,
      on,
      caseId: stay.id,
      row,
      text: CASE_TEXT,
    };
    const made = transfer(head, account.expense(kind), account.payable(stay.org), fundFen);
    if (made !== null) postings.push(made);
  }
  const statements = statementsOf(priced, rules);
  for (const statement of statements) postings.push(...orgPostings(statement, { month, on, rules, run }));
  return { month, statements, postings };
}

const CASE_TEXT = { zh: '住院结算应付', en: 'due for a stay' };

type Sums = {
  -readonly [key in
    | 'stays'
    | 'costFen'
    | 'payFen'
    | 'patientBorneFen'
    | 'fundFen'
    | 'packageCostFen'
    | 'packageFen']: OrgStatement[key];
};

function nothingYet(): Sums {
  return {
    stays: 0,
    costFen: 0n,
    payFen: 0n,
    patientBorneFen: 0n,
    fundFen: 0n,
    packageCostFen: 0n,
    packageFen: 0n,
  };
}

function statementsOf(priced: readonly PricedStay[], rules: RuleSet): OrgStatement[] {
  const byOrg = new Map<string, Sums>();
  for (const { stay, kind, payFen, fundFen } of priced) {
    let sum = byOrg.get(stay.org);
    if (sum === undefined) {
      sum = nothingYet();
      byOrg.set(stay.org, sum);
    }
    sum.stays += 1;
    sum.costFen += stay.costFen;
    sum.payFen += payFen;
    sum.patientBorneFen += stay.patientBorneFen;
    sum.fundFen += fundFen;
    if (kind !== 'package') continue;
    sum.packageCostFen += stay.costFen;
    sum.packageFen += fundFen;
  }
  const { deposit, monthly } = rules.settlement;
  return [...byOrg]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([org, sum]) => {
      const depositFen = timesE4(sum.fundFen, deposit.share);
      const most = sum.fundFen - depositFen;
      const paidFen = smaller(timesE4(sum.fundFen, monthly.share), most);
      return { org, ...sum, depositFen, paidFen, heldFen: sum.fundFen - depositFen - paidFen };
    });
}

function orgPostings(
  { org, depositFen, paidFen }: OrgStatement,
  { month, on, rules, run }: { month: string; on: LocalDate; rules: RuleSet; run: string },
): Posting[] {
  const head = { source: 'insurance' as const, purpose: 'inpatient', period: month, on, caseId: null };
  const { deposit, monthly } = rules.settlement;
  return [
    transfer(
      {
        ...head,
        key: `${month}/${run}/deposit/${org}`,
        kind: 'deposit-kept',
        row: deposit.id,
        text: { zh: `${org} ${month} 质量保证金`, en: `quality deposit of ${org} for ${month}` },
      },
      account.payable(org),
      account.deposit(org),
      depositFen,
    ),
    transfer(
      {
        ...head,
        key: `${month}/${run}/paid/${org}`,
        kind: 'monthly-payment',
        row: monthly.id,
        text: { zh: `${org} ${month} 月度预付`, en: `monthly payment to ${org} for ${month}` },
      },
      account.payable(org),
      account.bank('insurance'),
      paidFen,
    ),
  ].filter((made) => made !== null);
}
