// On the page of a stay: its special-case review where there is one, else the application of its own house.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { command, post } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import type { FundReviewList } from './review-contract.ts';
import { Select } from './select.tsx';
import { useSettlementWords } from './settlement-words.ts';

interface ReviewOfStayProps {
  readonly stay: string;
  readonly year: string;
}

export function ReviewOfStay({ stay, year }: ReviewOfStayProps) {
  const words = useSettlementWords();
  const query = useQuery({
    queryKey: ['fund', 'reviews', year],
    queryFn: ({ signal }) => post<FundReviewList>('/desk/fund/reviews', { year }, signal),
  });
  const list = query.data;
  if (list === undefined) return null;
  const review = list.items.find((one) => one.stay === stay);
  if (review === undefined && !list.may.apply) return null;
  return (
    <section className="panel">
      <header>
        <h2>{words.reviews}</h2>
      </header>
      <div className="body stack">
        {review === undefined ? (
          <ApplyForm stay={stay} list={list} />
        ) : (
          <>
            <State
              kind={review.result === 'approved' ? 'done' : review.result === 'open' ? 'running' : 'closed'}
              word={`${words.states[review.state] ?? review.state}${
                review.decision === null ? '' : ` · ${words.decisions[review.decision] ?? review.decision}`
              }`}
            />
            <Link to="/cases/$caseId" params={{ caseId: review.case }}>
              {words.reviewOf(review.number)}
            </Link>
          </>
        )}
      </div>
    </section>
  );
}

function ApplyForm({ stay, list }: { readonly stay: string; readonly list: FundReviewList }) {
  const words = useSettlementWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('high-cost');
  const [grounds, setGrounds] = useState('');
  const apply = useMutation({
    mutationFn: () => command({ type: 'special-case.apply', payload: { stay, reason, grounds } }),
    onSuccess: () => {
      toast(words.applied);
      return queries.invalidateQueries({ queryKey: ['fund', 'reviews'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply.mutate();
  };
  const quota = list.quotas[0];
  return (
    <form className="stack" onSubmit={submit}>
      <p className="muted small">
        {words.applyText} {words.window(list.withinDays, list.share)}
        {quota && ` · ${words.quotaOf(quota.used, quota.allowed)}`}
      </p>
      <Select
        label={words.reason}
        value={reason}
        options={Object.entries(words.reasons).map(([value, word]) => ({ value, word }))}
        change={setReason}
      />
      <div className="field">
        <label htmlFor="grounds">{words.grounds}</label>
        <textarea
          id="grounds"
          className="input"
          maxLength={2000}
          value={grounds}
          onChange={(event) => setGrounds(event.target.value)}
        />
        <span className="help">{words.groundsHelp}</span>
      </div>
      {apply.isError && (
        <p className="field-error" role="alert">
          {errorWords(apply.error)}
        </p>
      )}
      <div className="row">
        <button
          type="submit"
          className="button"
          disabled={grounds.trim() === '' || apply.isPending}
          aria-busy={apply.isPending}
        >
          {words.send}
        </button>
      </div>
    </form>
  );
}
