// Special-case reviews of a year: every application with its state and the way to its case, the quota of each house.
import { Link } from '@tanstack/react-router';
import { Blank } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { caseNumber } from './case-number.ts';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { FundYearPage } from './fund-year-page.tsx';
import type { FundReview, FundReviewList } from './review-contract.ts';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

export function FundReviewsPage() {
  const words = useSettlementWords();
  return (
    <FundYearPage<FundReviewList> title={words.reviews} text={words.reviewsText} ask="reviews">
      {(list) => (
        <>
          <Applications list={list} />
          <Quotas list={list} />
        </>
      )}
    </FundYearPage>
  );
}

function Applications({ list }: { readonly list: FundReviewList }) {
  const words = useSettlementWords();
  const common = useWords();
  if (list.items.length === 0)
    return (
      <Blank title={words.noReviews}>
        <p>{words.noReviewsText}</p>
      </Blank>
    );
  return (
    <FundPanel
      title={words.applications}
      tools={<span className="muted small only-wide">{words.window(list.withinDays, list.share)}</span>}
    >
      <FundTable<FundReview>
        label={words.applications}
        rows={list.items}
        keyOf={(one) => one.case}
        columns={[
          {
            head: words.number,
            kind: 'nowrap',
            cell: (one) => (
              <Link to="/cases/$caseId" params={{ caseId: one.case }}>
                {caseNumber(one.number)}
              </Link>
            ),
          },
          {
            head: common.list,
            kind: 'nowrap',
            cell: ({ stay }) => (
              <Link to="/fund/cases/$caseId" params={{ caseId: stay }}>
                {stay}
              </Link>
            ),
          },
          { head: common.house, kind: 'name', cell: ({ house }) => house.name },
          { head: words.month, kind: 'nowrap', cell: ({ month }) => month },
          moneyColumn(common.cost, ({ cost }) => cost),
          moneyColumn(common.pay, ({ pay }) => pay),
          { head: words.state, kind: 'nowrap', cell: (one) => <ReviewState one={one} /> },
          {
            head: words.due,
            kind: 'nowrap',
            cell: ({ dueAt }) => (dueAt === null ? '—' : dateTime(dueAt)),
          },
        ]}
      />
    </FundPanel>
  );
}

const OPEN = new Set(['applied', 'returned', 'reviewing', 'to-decide']);

function ReviewState({ one }: { readonly one: FundReview }) {
  const words = useSettlementWords();
  const state = words.states[one.state] ?? one.state;
  const decision = one.decision === null ? '' : ` · ${words.decisions[one.decision] ?? one.decision}`;
  const kind = OPEN.has(one.state) ? 'running' : one.result === 'approved' ? 'done' : 'closed';
  return <State kind={kind} word={`${state}${decision}`} />;
}

function Quotas({ list }: { readonly list: FundReviewList }) {
  const words = useSettlementWords();
  const common = useWords();
  return (
    <FundPanel title={words.quota}>
      <FundTable<FundReviewList['quotas'][number]>
        label={words.quota}
        rows={list.quotas}
        keyOf={({ house }) => house.id}
        columns={[
          { head: common.house, kind: 'name', cell: ({ house }) => house.name },
          { head: words.stays, kind: 'number', cell: ({ stays }) => stays },
          { head: words.allowed, kind: 'number', cell: ({ allowed }) => allowed },
          { head: words.used, kind: 'number', cell: ({ used }) => used },
        ]}
      />
    </FundPanel>
  );
}
