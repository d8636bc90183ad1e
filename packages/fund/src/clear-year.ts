// Yearly clearing of one hospital (年度清算): due, deposit returned by the assessment, prepayments deducted, result shared.
import { assert, type Fen, type LocalDate, roundHalfUp } from '@yimai/kit';
import { type E4, ONE, timesE4 } from './decimal.ts';
import { account, type Posting, transfer } from './postings.ts';
import { isFrom } from './price-book.ts';
import type { RuleSet } from './rule-set.ts';
import { type SharedResult, shareResult } from './share-result.ts';

export interface YearOfOrg {
  readonly org: string;
  /** Due from the fund by the rules, over the year. */
  readonly dueFen: Fen;
  /** What the fund would have paid for the same care by item; null where the result is not shared. */
  readonly byItemFen: Fen | null;
  /** Paid in the course of the year, prepayment included. */
  readonly prepaidFen: Fen;
  /** Of this what stands on the prepaid account of the house (预付金); set off by the clearing. */
  readonly prepaymentFen?: Fen;
  /** What the months kept as deposit; null to compute it from the year's due. */
  readonly depositKeptFen: Fen | null;
  /** Assessment score as a share: 95 points are 0.95. */
  readonly score: E4;
}

export interface ClearedOrg {
  readonly org: string;
  readonly dueFen: Fen;
  readonly depositFen: Fen;
  readonly depositReturnedFen: Fen;
  readonly forfeitedFen: Fen;
  readonly shared: SharedResult | null;
  /** Absent where nothing was prepaid. */
  readonly prepaymentFen?: Fen;
  /** What is paid at the end; negative means that the hospital pays back. */
  readonly finalFen: Fen;
}

/** A prepayment (预付金): so many months of what the year before was due. */
export function prepaymentOf(lastYearFen: Fen, { prepayment }: RuleSet): Fen {
  return roundHalfUp(lastYearFen * prepayment.months, 12n * ONE);
}

export function clearOrg(year: YearOfOrg, rules: RuleSet): ClearedOrg {
  const { deposit, assessment } = rules.settlement;
  assert(year.score >= 0n && year.score <= ONE, 'a score lies between 0 and 1');
  const score = isFrom(year.score, assessment.fullFrom) ? ONE : year.score;
  const depositFen = year.depositKeptFen ?? timesE4(year.dueFen, deposit.share);
  // One rounding for the sum: the part without deposit is exact in ten-thousandths of a fen.
  const withoutDepositE4 =
    year.depositKeptFen === null ? year.dueFen * (ONE - deposit.share) : (year.dueFen - depositFen) * ONE;
  const afterAssessment = roundHalfUp(withoutDepositE4 + depositFen * score, ONE);
  const shared = year.byItemFen === null ? null : shareResult(year.dueFen, year.byItemFen, rules.sharing);
  const adjustment = shared === null ? 0n : shared.fundBearsFen - shared.returnedFen;
  return {
    org: year.org,
    dueFen: year.dueFen,
    depositFen,
    depositReturnedFen: afterAssessment - (year.dueFen - depositFen),
    forfeitedFen: year.dueFen - afterAssessment,
    shared,
    ...(year.prepaymentFen ? { prepaymentFen: year.prepaymentFen } : {}),
    finalFen: afterAssessment + adjustment - year.prepaidFen,
  };
}

/** The postings that close a hospital's year; its payable and deposit accounts end at zero by them. */
export function clearingPostings(
  cleared: ClearedOrg,
  { year, on, rules, run = '1' }: { year: string; on: LocalDate; rules: RuleSet; run?: string },
): Posting[] {
  const { org, depositFen, forfeitedFen, shared, prepaymentFen = 0n, finalFen } = cleared;
  const { deposit, assessment } = rules.settlement;
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
        key: `${year}/${run}/${kind}/${org}`,
        kind,
        source: 'insurance',
        purpose: 'inpatient',
        period: year,
        on,
        caseId: null,
        row,
        text: { zh: `${org} ${zh}`, en: `${org}: ${en}` },
      },
      debit,
      credit,
      amountFen,
    );
  const payable = account.payable(org);
  const rows = shared?.rows.join(', ') ?? '';
  const forfeited = account.expense('assessment-deduction');
  return [
    make(
      'deposit-released',
      deposit.id,
      account.deposit(org),
      payable,
      depositFen,
      '保证金转回',
      'deposit released',
    ),
    make(
      'deposit-forfeited',
      assessment.id,
      payable,
      forfeited,
      forfeitedFen,
      '考核扣减',
      'deducted by assessment',
    ),
    make(
      'overrun-shared',
      rows,
      account.expense('overrun'),
      payable,
      shared?.fundBearsFen ?? 0n,
      '超支分担',
      'overrun shared',
    ),
    make(
      'surplus-returned',
      rows,
      payable,
      account.expense('surplus-returned'),
      shared?.returnedFen ?? 0n,
      '超额结余退回',
      'surplus returned',
    ),
    make(
      'prepayment-set-off',
      rules.prepayment.id,
      payable,
      account.prepaid(org),
      prepaymentFen,
      '预付金冲抵',
      'prepayment set off',
    ),
    make(
      'final-payment',
      'final',
      payable,
      account.bank('insurance'),
      finalFen,
      '年度清算支付',
      'paid at clearing',
    ),
  ].filter((made) => made !== null);
}
