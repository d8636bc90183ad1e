// Money with a purpose (专项资金、三类资金整合): entered by source, spent only on what the source allows, reported per source.
import { type Fen, ok, type Result, refuse } from '@yimai/kit';
import { type E4, ratioE4 } from './decimal.ts';
import type { FundSource } from './postings.ts';

export interface EarmarkedFund {
  readonly id: string;
  readonly source: FundSource;
  readonly amountFen: Fen;
  readonly purposes: readonly string[];
}

export interface Spending {
  readonly id: string;
  readonly fund: string;
  readonly purpose: string;
  readonly amountFen: Fen;
  readonly evidence: string;
}

export interface FundReport {
  readonly fund: EarmarkedFund;
  readonly spent: readonly Spending[];
  readonly spentFen: Fen;
  readonly balanceFen: Fen;
  readonly executionRate: E4;
}

/** The spending after one more item, or why the item is refused. */
export function spend(
  funds: readonly EarmarkedFund[],
  spent: readonly Spending[],
  item: Spending,
): Result<Spending[]> {
  const no = (code: string, at: string, zh: string, en: string) =>
    refuse(code, { zh, en }, { at, rule: 'F11' });
  const fund = funds.find(({ id }) => id === item.fund);
  if (fund === undefined) return no('fund-unknown', 'fund', '没有该项资金', 'there is no such fund');
  if (!fund.purposes.includes(item.purpose)) {
    return no(
      'purpose-not-allowed',
      'purpose',
      '该资金不得用于此用途',
      'the fund does not allow this purpose',
    );
  }
  if (item.amountFen <= 0n)
    return no('amount-not-positive', 'amountFen', '金额应为正', 'the amount must be positive');
  if (item.evidence.trim() === '')
    return no('evidence-missing', 'evidence', '缺少支出凭据', 'the evidence is missing');
  if (spent.some(({ id }) => id === item.id))
    return no('already-spent', 'id', '该笔已记', 'this item is already there');
  if (item.amountFen > reportOfFund(fund, spent).balanceFen) {
    return no('fund-exhausted', 'amountFen', '余额不足', 'more than is left of the fund');
  }
  return ok([...spent, item]);
}

/** Complete without reading the other sources. */
export function reportOfFund(fund: EarmarkedFund, all: readonly Spending[]): FundReport {
  const spent = all.filter((item) => item.fund === fund.id);
  const spentFen = spent.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return {
    fund,
    spent,
    spentFen,
    balanceFen: fund.amountFen - spentFen,
    executionRate: ratioE4(spentFen, fund.amountFen),
  };
}
