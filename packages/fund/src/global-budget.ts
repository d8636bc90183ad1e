// A county consortium under a global budget (县域总额打包): heads × amount, instalments, care charged, surplus or overrun.
import { allocate, type Fen, type LocalDate, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { ONE, smaller, timesE4 } from './decimal.ts';
import { account, type Posting, transfer } from './postings.ts';
import { type Consortium, PARTIES, type Party, type Payer, type RuleSet } from './rule-set.ts';

/** Insured people of one kind; someone insured for half a year counts six member months. */
export interface Insured {
  readonly payer: Payer;
  readonly memberMonths: bigint;
}

export interface BudgetPlan {
  readonly grossFen: Fen;
  readonly reserveFen: Fen;
  readonly budgetFen: Fen;
  readonly instalmentsFen: readonly Fen[];
  readonly rows: readonly string[];
}

/** The year's budget and its twelve instalments, which sum to it. */
export function planBudget(insured: readonly Insured[], consortium: Consortium): Result<BudgetPlan> {
  let grossFen = 0n;
  const rows: string[] = [];
  for (const [index, { payer, memberMonths }] of insured.entries()) {
    const rate = consortium.capitation.find((row) => row.payer === payer);
    if (rate === undefined || memberMonths < 0n) {
      const detail = {
        zh: `${payer} 没有人头标准或人月数为负`,
        en: `no amount per head for ${payer}, or negative months`,
      };
      return refuse('capitation-unknown', detail, { at: `insured[${index}]`, rule: 'F8' });
    }
    grossFen += roundHalfUp(rate.perHeadFen * memberMonths, 12n);
    rows.push(rate.id);
  }
  const reserveFen = timesE4(grossFen, consortium.reserve.share);
  const budgetFen = grossFen - reserveFen;
  const instalmentsFen = allocate(budgetFen, Array<bigint>(12).fill(1n));
  return ok({ grossFen, reserveFen, budgetFen, instalmentsFen, rows: [...rows, consortium.reserve.id] });
}

export interface ConsortiumYear {
  readonly budgetFen: Fen;
  readonly inCountyFen: Fen;
  /** Care that insured residents received elsewhere: charged to the same budget. */
  readonly outsideFen: Fen;
  /** What packages draw from the same budget: the insurance part of their price, amounts per head. */
  readonly packagesFen?: Fen;
  /** The part of an overrun that the parties found reasonable (合理); the rule set says how it is shared. */
  readonly reasonableOverrunFen: Fen;
}

export interface ConsortiumResult {
  /** Care inside and outside the county, and packages. */
  readonly chargedFen: Fen;
  readonly packagesFen: Fen;
  readonly surplusFen: Fen;
  readonly overrunFen: Fen;
  readonly insurerAddsFen: Fen;
  readonly groupBearsFen: Fen;
  readonly row: string;
}

export function clearConsortium(year: ConsortiumYear, { overrunShare }: Consortium): ConsortiumResult {
  const packagesFen = year.packagesFen ?? 0n;
  const chargedFen = year.inCountyFen + year.outsideFen + packagesFen;
  const balance = year.budgetFen - chargedFen;
  const overrunFen = balance < 0n ? -balance : 0n;
  const reasonable = smaller(year.reasonableOverrunFen, overrunFen);
  const insurerAddsFen = timesE4(reasonable, overrunShare.share);
  return {
    chargedFen,
    packagesFen,
    surplusFen: balance > 0n ? balance : 0n,
    overrunFen,
    insurerAddsFen,
    groupBearsFen: overrunFen - insurerAddsFen,
    row: overrunShare.id,
  };
}

/** County, township and village parts of an amount; they sum to it. */
export function splitByParty(amountFen: Fen, { distribution }: Consortium): Record<Party, Fen> {
  const parts = allocate(
    amountFen,
    PARTIES.map((party) => distribution.shares[party]),
  );
  return { county: parts[0]!, township: parts[1]!, village: parts[2]! };
}

/** 80 % of a surplus (or what the rules say) for primary-care staff; without a surplus nothing, never less. */
export function incentivePool(surplusFen: Fen, { staffPool }: Consortium): Fen {
  return surplusFen > 0n ? timesE4(surplusFen, staffPool.share) : 0n;
}

/** Budget, instalments, care, packages and result of a consortium's year as postings. */
export function consortiumPostings(
  consortiumId: string,
  plan: BudgetPlan,
  result: ConsortiumResult,
  { year, on, rules, run = '1' }: { year: string; on: LocalDate; rules: RuleSet; run?: string },
): Posting[] {
  const make = (
    kind: string,
    row: string,
    debit: string,
    credit: string,
    amountFen: Fen,
    zh: string,
    en: string,
  ) =>
    transfer(
      {
        key: `${year}/${run}/${kind}/${consortiumId}`,
        kind: kind.split('/')[0]!,
        source: 'insurance',
        purpose: 'global-budget',
        period: year,
        on,
        caseId: null,
        row,
        text: { zh, en },
      },
      debit,
      credit,
      amountFen,
    );
  const budget = account.budget(consortiumId);
  const bank = account.bank('insurance');
  const prepaid = account.prepaid(consortiumId);
  const rows = plan.rows.join(', ');
  const paid = plan.instalmentsFen.map((amount, index) =>
    make(
      `instalment/${String(index + 1).padStart(2, '0')}`,
      rows,
      prepaid,
      bank,
      amount,
      '预拨',
      'instalment',
    ),
  );
  return [
    ...paid,
    make(
      'reserve-kept',
      rows,
      bank,
      account.reserve(consortiumId),
      plan.reserveFen,
      '风险金',
      'risk reserve kept',
    ),
    make(
      'care-charged',
      rules.method,
      account.expense('global-budget'),
      budget,
      result.chargedFen - result.packagesFen,
      '记账费用',
      'care charged',
    ),
    make(
      'packages-charged',
      rules.method,
      account.expense('packages'),
      budget,
      result.packagesFen,
      '打包付费计入总额',
      'packages charged to the budget',
    ),
    make(
      'instalments-cleared',
      rows,
      budget,
      prepaid,
      plan.budgetFen,
      '预拨冲抵',
      'instalments set against care',
    ),
    make(
      'surplus-kept',
      rows,
      account.expense('surplus-kept'),
      budget,
      result.surplusFen,
      '结余留用',
      'surplus kept',
    ),
    make(
      'overrun-added',
      result.row,
      budget,
      bank,
      result.insurerAddsFen,
      '合理超支补助',
      'reasonable overrun added',
    ),
    make(
      'overrun-borne',
      result.row,
      budget,
      account.expense('borne-by-group'),
      result.groupBearsFen,
      '集团自担',
      'borne by the group',
    ),
  ].filter((made) => made !== null);
}

/** A month's use of the budget against time passed: over 5 points ahead of the calendar is a warning by default. */
export function budgetPace(
  spentFen: Fen,
  budgetFen: Fen,
  month: number,
  toleranceE4 = 500n,
): { aheadE4: bigint; warns: boolean } {
  const used = budgetFen === 0n ? 0n : roundHalfUp(spentFen * ONE, budgetFen);
  const aheadE4 = used - roundHalfUp(BigInt(month) * ONE, 12n);
  return { aheadE4, warns: aheadE4 > toleranceE4 };
}
