// A tried change of the rules on its way to be adopted: reason and month by one person, confirmed by another, kept as a version.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { FundPanel, FundTable } from './fund-table.tsx';
import { useRuleWords } from './rule-words.ts';
import type { FundRules, FundRuleVersion } from './rules-contract.ts';

interface ProposeProps {
  readonly name: string;
  readonly changes: FundRuleVersion['changes'];
  readonly done: () => void;
}

export function Propose({ name, changes, done }: ProposeProps) {
  const words = useRuleWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState('');
  const propose = useMutation({
    mutationFn: () => command({ type: 'rules.propose', payload: { name, changes, reason, from } }),
    onSuccess: () => {
      toast(words.proposed);
      done();
      return queries.invalidateQueries({ queryKey: ['fund', 'rules'] });
    },
  });
  return (
    <div className="body stack">
      <div className="fund-filters">
        <label className="fund-select">
          <span className="muted small">{words.from}</span>
          <input
            className="input"
            type="month"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <label className="fund-select">
          <span className="muted small">{words.reason}</span>
          <input className="input" value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        <button
          type="button"
          className="button main"
          disabled={propose.isPending || reason.trim() === '' || from === ''}
          onClick={() => propose.mutate()}
        >
          {words.propose}
        </button>
      </div>
      <p className="muted small">{words.proposeText}</p>
      {propose.isError && (
        <p className="field-error" role="alert">
          {errorWords(propose.error)}
        </p>
      )}
    </div>
  );
}

const STATE = { proposed: 'waiting', adopted: 'done', withdrawn: 'closed' } as const;

export function Versions({ rules }: { readonly rules: FundRules }) {
  const words = useRuleWords();
  if (rules.versions.length === 0) return null;
  return (
    <FundPanel title={words.versions}>
      <FundTable
        label={words.versions}
        rows={rules.versions}
        keyOf={({ id }) => id}
        columns={[
          { head: words.version, cell: ({ number }) => number, kind: 'number' },
          { head: words.from, cell: ({ from }) => from, kind: 'nowrap' },
          {
            head: words.changes,
            kind: 'name',
            cell: ({ changes }) => (
              <ul className="plain">
                {changes.map(({ row, field, value }) => (
                  <li key={`${row} ${field}`}>
                    <code className="small">{row}</code> {field} = {value}
                  </li>
                ))}
              </ul>
            ),
          },
          { head: words.reason, cell: ({ reason }) => reason, kind: 'name' },
          {
            head: words.by,
            kind: 'nowrap',
            cell: ({ proposedBy, proposedAt, confirmedBy, confirmedAt }) => (
              <span className="stack tight small">
                <span>
                  {proposedBy} · {dateTime(proposedAt)}
                </span>
                {confirmedBy && (
                  <span>
                    {confirmedBy} · {dateTime(confirmedAt ?? '')}
                  </span>
                )}
              </span>
            ),
          },
          {
            head: words.state,
            cell: (version) => (
              <span className="stack tight">
                <State kind={STATE[version.state]} word={words.states[version.state]} />
                {version.mayConfirm && <Decide version={version} />}
              </span>
            ),
          },
        ]}
      />
    </FundPanel>
  );
}

function Decide({ version }: { readonly version: FundRuleVersion }) {
  const words = useRuleWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (act: 'confirm' | 'withdraw') =>
      command({ type: `rules.${act}`, payload: { version: version.id } }),
    onSuccess: () => {
      toast(words.decided);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  return (
    <>
      <span className="row wrap">
        <button
          type="button"
          className="button main"
          disabled={decide.isPending}
          onClick={() => decide.mutate('confirm')}
        >
          {words.confirm}
        </button>
        <button
          type="button"
          className="button"
          disabled={decide.isPending}
          onClick={() => decide.mutate('withdraw')}
        >
          {words.withdraw}
        </button>
      </span>
      {decide.isError && (
        <span className="field-error" role="alert">
          {errorWords(decide.error)}
        </span>
      )}
    </>
  );
}
