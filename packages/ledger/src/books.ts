// Whose books an entry stands in: the insurer's, or those of a consortium that pays its houses from its own budget.
import { type Posting, type RuleSet, transfer } from '@yimai/fund';
import { type LocalDate, localDate } from '@yimai/kit';

/** Accounts of the consortium's own books; the same names without it are the insurer's. */
export const GROUP_BOOKS = 'group/';

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
