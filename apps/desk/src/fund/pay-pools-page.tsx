// Finance: a pool of pay is previewed, frozen, and made anew after an appeal that was granted; frozen pay and open appeals.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { command, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Loaded, useErrorWords } from '../design/loaded.tsx';
import { dateTime } from '../design/time.ts';
import { ReasonForm } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Appeals } from './my-pay-page.tsx';
import type { PayAppealRow, PayBoard, PayRun } from './pay-contract.ts';
import { PayFrame } from './pay-frame.tsx';
import { PayPool } from './pay-pool.tsx';
import { usePayWords } from './pay-words.ts';
import { Select } from './select.tsx';

const route = getRouteApi('/pay/pools');
const KINDS = ['rbrvs', 'posts', 'merit', 'teams'];

export function PayPoolsPage() {
  const words = usePayWords();
  const say = useSay();
  const query = useQuery({
    queryKey: ['pay', 'board'],
    queryFn: ({ signal }) => post<PayBoard>('/desk/pay', {}, signal),
  });
  return (
    <PayFrame title={words.tabs.pools} text={words.poolsText}>
      <Loaded query={query}>
        {(board) => (
          <>
            <Chosen board={board} />
            {board.appeals.length > 0 && (
              <FundPanel title={words.appeals}>
                <Appeals
                  appeals={board.appeals}
                  act={(appeal) => appeal.state === 'open' && <Answer appeal={appeal} />}
                />
              </FundPanel>
            )}
            <Runs runs={board.runs} />
            <p className="muted small">{say(board.rules)}</p>
          </>
        )}
      </Loaded>
    </PayFrame>
  );
}

function Chosen({ board }: { readonly board: PayBoard }) {
  const words = usePayWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kind = search.kind ?? 'rbrvs';
  const house = board.houses.find(({ id }) => id === search.house) ?? board.houses[0];
  const month = search.month ?? board.months[1] ?? '';
  const go = (change: object) =>
    void navigate({ search: { kind, month, ...(house ? { house: house.id } : {}), ...change } });
  if (house === undefined) return null;
  const granted = board.appeals.find(
    (one) => one.kind === kind && one.house.id === house.id && one.month === month && one.state === 'granted',
  );
  return (
    <>
      <div className="fund-filters no-print">
        <Select
          label={words.kind}
          value={kind}
          options={KINDS.map((one) => ({ value: one, word: words.kinds[one] ?? one }))}
          change={(next) => go({ kind: next })}
        />
        <Select
          label={words.house}
          value={house.id}
          options={board.houses.map((one) => ({ value: one.id, word: one.name }))}
          change={(next) => go({ house: next })}
        />
        <Select
          label={words.month}
          value={month}
          options={board.months.map((one) => ({ value: one, word: one }))}
          change={(next) => go({ month: next })}
        />
      </div>
      <PayPool
        key={`${kind} ${house.id} ${month}`}
        asked={{ kind, org: house.id, month }}
        appeal={granted?.id ?? null}
      />
    </>
  );
}

function Answer({ appeal }: { readonly appeal: PayAppealRow }) {
  const words = usePayWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const send = useMutation({
    mutationFn: (payload: { granted: boolean; reason: string }) =>
      command({ type: 'pay.answer', payload: { appeal: appeal.id, ...payload } }),
    onSuccess: () => {
      toast(words.answered);
      return queries.invalidateQueries({ queryKey: ['pay'] });
    },
  });
  if (!open)
    return (
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {words.answer}
      </button>
    );
  return (
    <ReasonForm
      label={words.answerReason}
      busy={send.isPending}
      fault={send.isError ? errorWords(send.error) : null}
      acts={[
        { word: words.grant, main: true, run: (reason) => send.mutate({ granted: true, reason }) },
        { word: words.deny, run: (reason) => send.mutate({ granted: false, reason }) },
      ]}
    />
  );
}

function Runs({ runs }: { readonly runs: readonly PayRun[] }) {
  const words = usePayWords();
  const navigate = route.useNavigate();
  return (
    <FundPanel title={words.runs}>
      {runs.length === 0 ? (
        <p className="body muted">{words.noRuns}</p>
      ) : (
        <FundTable<PayRun>
          label={words.runs}
          rows={runs}
          keyOf={({ kind, house, month }) => `${kind} ${house.id} ${month}`}
          columns={[
            {
              head: words.month,
              kind: 'nowrap',
              cell: ({ kind, house, month }) => (
                <button
                  type="button"
                  className="link-button"
                  onClick={() => void navigate({ search: { kind, house: house.id, month } })}
                >
                  {month}
                </button>
              ),
            },
            { head: words.kind, cell: ({ kind }) => words.kinds[kind] ?? kind, kind: 'nowrap' },
            { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
            { head: words.people, cell: ({ people }) => people, kind: 'number' },
            moneyColumn(words.pool, ({ pool }) => pool),
            { head: words.version, cell: ({ version }) => version, kind: 'number' },
            { head: words.openAppeals, cell: ({ openAppeals }) => openAppeals || '—', kind: 'number' },
            { head: words.frozenAt, cell: ({ at }) => dateTime(at), kind: 'nowrap' },
          ]}
        />
      )}
    </FundPanel>
  );
}
