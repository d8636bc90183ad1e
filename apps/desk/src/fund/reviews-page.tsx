// Special-case reviews of a year: the quota of each house, every application with its state, and the way to its case.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundReview, FundReviewList } from './contract.ts';
import { FundFrame, Select } from './fund-frame.tsx';
import { Money } from './money.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/reviews');

export function FundReviewsPage() {
  const words = useSettlementWords();
  const common = useWords();
  const { year } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({
    queryKey: ['fund', 'reviews', year ?? ''],
    queryFn: ({ signal }) => post<FundReviewList>('/desk/fund/reviews', year ? { year } : {}, signal),
  });
  return (
    <FundFrame
      title={words.reviews}
      text={words.reviewsText}
      tools={
        query.data && (
          <Select
            label={common.year}
            value={query.data.year}
            options={query.data.years.map((one) => ({ value: one, word: one }))}
            change={(next) => void navigate({ search: { year: next } })}
          />
        )
      }
    >
      <Loaded query={query}>
        {(list) => (
          <>
            <Applications list={list} />
            <Quotas list={list} />
          </>
        )}
      </Loaded>
    </FundFrame>
  );
}

const OPEN = new Set(['applied', 'returned', 'reviewing', 'to-decide']);

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
    <section className="panel">
      <header>
        <h2>{words.applications}</h2>
        <span className="muted small only-wide">{words.window(list.withinDays, list.share)}</span>
      </header>
      <ScrollBox label={words.applications}>
        <table className="table" aria-label={words.applications}>
          <thead>
            <tr>
              <th>{words.number}</th>
              <th>{common.list}</th>
              <th>{common.house}</th>
              <th>{words.month}</th>
              <th className="number">{common.cost}</th>
              <th className="number">{common.pay}</th>
              <th>{words.state}</th>
              <th>{words.due}</th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((one) => (
              <Application key={one.case} one={one} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Application({ one }: { readonly one: FundReview }) {
  const words = useSettlementWords();
  const state = words.states[one.state] ?? one.state;
  const decision = one.decision === null ? '' : ` · ${words.decisions[one.decision] ?? one.decision}`;
  const kind = OPEN.has(one.state) ? 'running' : one.result === 'approved' ? 'done' : 'closed';
  return (
    <tr>
      <td className="nowrap">
        <Link to="/cases/$caseId" params={{ caseId: one.case }}>
          {one.number}
        </Link>
      </td>
      <td className="nowrap">
        <Link to="/fund/cases/$caseId" params={{ caseId: one.stay }}>
          {one.stay}
        </Link>
      </td>
      <td className="fund-name">{one.house.name}</td>
      <td>{one.month}</td>
      <td className="number">{one.cost === null ? '—' : <Money value={one.cost} />}</td>
      <td className="number">{one.pay === null ? '—' : <Money value={one.pay} />}</td>
      <td>
        <State kind={kind} word={`${state}${decision}`} />
      </td>
      <td className="nowrap">{one.dueAt === null ? '—' : dateTime(one.dueAt)}</td>
    </tr>
  );
}

function Quotas({ list }: { readonly list: FundReviewList }) {
  const words = useSettlementWords();
  const common = useWords();
  return (
    <section className="panel">
      <header>
        <h2>{words.quota}</h2>
      </header>
      <ScrollBox label={words.quota}>
        <table className="table" aria-label={words.quota}>
          <thead>
            <tr>
              <th>{common.house}</th>
              <th className="number">{words.stays}</th>
              <th className="number">{words.allowed}</th>
              <th className="number">{words.used}</th>
            </tr>
          </thead>
          <tbody>
            {list.quotas.map(({ house, stays, allowed, used }) => (
              <tr key={house.id}>
                <td className="fund-name">{house.name}</td>
                <td className="number">{stays}</td>
                <td className="number">{allowed}</td>
                <td className="number">{used}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
