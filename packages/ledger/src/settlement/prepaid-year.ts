// The prepaid fund of a year as its runs say: opened, drawn, given back, closed.
import type { PrepaidFund, ResultClaim } from '@yimai/fund';
import { type Fen, type LocalDate, type No, ok, type Result, refuse } from '@yimai/kit';
import type { Statements } from '../types.ts';
import { reportsOf } from './reports.ts';

export interface PrepaidReport {
  readonly org: string;
  /** In all, with what the year before carried over. */
  readonly openingFen: Fen;
  readonly carriedFen?: Fen;
  readonly on: LocalDate;
}

export interface DrawReport {
  readonly claim: ResultClaim;
  readonly amountFen: Fen;
}

export interface RefundReport {
  readonly claim: string;
  readonly amountFen: Fen;
  readonly reason: string;
  readonly on: LocalDate;
}

export interface ClosingReport {
  readonly org: string;
  readonly redFen: Fen;
  readonly mesFen: Fen;
  readonly refundsFen: Fen;
  readonly leftFen: Fen;
  readonly carriedFen: Fen;
  readonly returnedFen: Fen;
}

export async function closingOf(tx: Statements, year: string): Promise<ClosingReport | null> {
  const [closing] = await reportsOf<ClosingReport>(tx, 'prepaid-closing', year);
  return closing?.report ?? null;
}

/** A closed year takes no draw and no refund. */
export async function mustBeOpenYear(tx: Statements, year: string): Promise<Result<null>> {
  if ((await closingOf(tx, year)) === null) return ok(null);
  const detail = { zh: `${year} 年预付资金已结清`, en: `the prepaid fund of ${year} is closed` };
  return refuse('fund-closed', detail, { at: 'payload.year', rule: 'F10' });
}

export interface PrepaidYear {
  readonly fund: PrepaidFund;
  readonly org: string;
  readonly on: LocalDate;
}

/** The prepaid fund of a year as its runs say; null while nothing has been prepaid. */
export async function prepaidFund(tx: Statements, year: string): Promise<PrepaidYear | null> {
  const [opened] = await reportsOf<PrepaidReport>(tx, 'prepaid-fund', year);
  if (opened === undefined) return null;
  const all = await reportsOf<DrawReport>(tx, 'result-payment', '');
  const [own, others] = [true, false].map((isOwn) =>
    all.filter(({ period }) => (period === year) === isOwn).map(({ report }) => report),
  );
  const given = await reportsOf<RefundReport>(tx, 'result-refund', year);
  const refunds = given.map(({ report }) => report);
  const { org, openingFen, on } = opened.report;
  return { fund: { openingFen, draws: own!, refunds, otherYears: others! }, org, on };
}

export const nothingPrepaid = (): No =>
  refuse(
    'nothing-prepaid',
    { zh: '该机构没有预付资金', en: 'nothing was prepaid to this house' },
    { at: 'payload.claim', rule: 'F10' },
  );
