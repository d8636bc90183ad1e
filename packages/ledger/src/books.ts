// Whose books an entry stands in: the insurer's, or those of a consortium that pays its houses from its own budget.
import { type ConsortiumResult, type Posting, type RuleSet, smaller, transfer } from '@yimai/fund';
import { type Fen, type LocalDate, localDate } from '@yimai/kit';

/** Accounts of the consortium's own books; the same names without it are the insurer's. */
export const GROUP_BOOKS = 'group/';

/** Accounts of a house's own budget: no insurance money, and no reading for the insurer. */
export const HOUSE_BOOKS = 'house/';

/** Under a global budget the insurer pays the consortium, and the consortium settles with its houses in its own books. */
export function inBooksOf(rules: RuleSet, postings: readonly Posting[]): readonly Posting[] {
  if (rules.method !== 'global-budget') return postings;
  return postings.map((posting) => ({
    ...posting,
    lines: posting.lines.map((line) => ({ ...line, account: `${GROUP_BOOKS}${line.account}` })),
  }));
}

/** An instalment on the first day of its month, and its arrival in the consortium's books. */
export function datedInstalments(postings: readonly Posting[], year: string): Posting[] {
  return postings.flatMap((posting) => {
    const month = /\/instalment\/(\d\d)\//.exec(posting.key)?.[1];
    if (month === undefined) return [posting];
    const on: LocalDate = localDate(`${year}-${month}-01`);
    const amountFen = posting.lines.find((line) => line.amountFen > 0n)?.amountFen ?? 0n;
    const received = transfer(
      {
        ...posting,
        key: `${posting.key}/received`,
        kind: 'instalment-received',
        on,
        text: { zh: '收到预拨', en: 'instalment received' },
      },
      `${GROUP_BOOKS}bank/insurance`,
      `${GROUP_BOOKS}advance/insurer`,
      amountFen,
    );
    return received === null ? [{ ...posting, on }] : [{ ...posting, on }, received];
  });
}

/** The consortium's own books at the year's end: what of the instalments was earned by care, and what is left to share. */
export function groupResult(
  payee: string,
  budgetFen: Fen,
  { chargedFen, packagesFen, surplusFen, insurerAddsFen, row }: ConsortiumResult,
  year: string,
): Posting[] {
  const make = (kind: string, debit: string, credit: string, amountFen: Fen, zh: string, en: string) =>
    transfer(
      {
        key: `${year}/1/${kind}/group/${payee}`,
        kind,
        source: 'insurance',
        purpose: 'global-budget',
        period: year,
        on: localDate(`${year}-12-31`),
        caseId: null,
        row,
        text: { zh, en },
      },
      `${GROUP_BOOKS}${debit}`,
      `${GROUP_BOOKS}${credit}`,
      amountFen,
    );
  const income = 'income/global-budget';
  // What packages draw was taken out of the instalments when they were settled.
  const earned = smaller(chargedFen, budgetFen) - packagesFen;
  return [
    make('advance-earned', 'advance/insurer', income, earned, '预收转收入', 'instalments earned by care'),
    make(
      'surplus-to-share',
      'advance/insurer',
      `surplus/${payee}`,
      surplusFen,
      '结余待分配',
      'surplus to share',
    ),
    make('overrun-received', 'bank/insurance', income, insurerAddsFen, '收到超支补助', 'overrun received'),
  ].filter((made) => made !== null);
}
