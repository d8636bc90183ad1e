// Everyone's own pay: the slips that were frozen, what each was made of, and the appeal while its term runs.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { command, post } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { ReasonForm } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import type { MyPay, PayAppealRow } from './pay-contract.ts';
import { PayFrame } from './pay-frame.tsx';
import { PaySlip, type SlipAsked } from './pay-slip.tsx';
import { usePayWords } from './pay-words.ts';

type Slip = MyPay['slips'][number];

export function MyPayPage() {
  const words = usePayWords();
  const [open, setOpen] = useState<SlipAsked | null>(null);
  const query = useQuery({
    queryKey: ['pay', 'mine'],
    queryFn: ({ signal }) => post<MyPay>('/desk/pay/mine', {}, signal),
  });
  return (
    <PayFrame title={words.tabs.mine} text={words.mineText}>
      <Loaded query={query}>
        {(mine) => (
          <>
            {mine.slips.length === 0 ? (
              <Blank title={words.noSlips}>
                <p>{words.noSlipsText}</p>
              </Blank>
            ) : (
              <Slips slips={mine.slips} open={setOpen} />
            )}
            {open && <PaySlip asked={open} close={() => setOpen(null)} />}
            {mine.appeals.length > 0 && (
              <FundPanel title={words.appeals}>
                <Appeals appeals={mine.appeals} />
              </FundPanel>
            )}
          </>
        )}
      </Loaded>
    </PayFrame>
  );
}

interface SlipsProps {
  readonly slips: readonly Slip[];
  readonly open: (asked: SlipAsked) => void;
}

const askedOf = ({ kind, house, month }: Slip): SlipAsked => ({ kind, org: house.id, month });

function Slips({ slips, open }: SlipsProps) {
  const words = usePayWords();
  const [appealed, setAppealed] = useState<Slip | null>(null);
  return (
    <FundPanel title={words.slip}>
      <FundTable<Slip>
        label={words.slip}
        rows={slips}
        keyOf={({ kind, house, month }) => `${kind} ${house.id} ${month}`}
        columns={[
          { head: words.month, cell: ({ month }) => month, kind: 'nowrap' },
          { head: words.kind, cell: ({ kind }) => words.kinds[kind] ?? kind, kind: 'nowrap' },
          { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
          { head: words.points, cell: ({ points }) => points, kind: 'number' },
          moneyColumn(words.share, ({ share }) => share),
          { head: words.version, cell: ({ version }) => version, kind: 'number' },
          {
            head: '',
            kind: 'nowrap',
            cell: (slip) => (
              <span className="row no-print">
                <button type="button" className="button" onClick={() => open(askedOf(slip))}>
                  {words.open}
                  <span className="sr"> {`${slip.month} ${words.kinds[slip.kind] ?? ''}`}</span>
                </button>
                {slip.appealUntil && (
                  <button type="button" className="button quiet" onClick={() => setAppealed(slip)}>
                    {words.appeal}
                    <span className="sr"> {`${slip.month} ${words.kinds[slip.kind] ?? ''}`}</span>
                  </button>
                )}
              </span>
            ),
          },
        ]}
      />
      {appealed?.appealUntil && <Appeal slip={appealed} done={() => setAppealed(null)} />}
    </FundPanel>
  );
}

function Appeal({ slip, done }: { readonly slip: Slip; readonly done: () => void }) {
  const words = usePayWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: (reason: string) => command({ type: 'pay.appeal', payload: { ...askedOf(slip), reason } }),
    onSuccess: () => {
      toast(words.appealSent);
      done();
      return queries.invalidateQueries({ queryKey: ['pay'] });
    },
  });
  return (
    <div className="body stack no-print">
      <p className="muted">
        {slip.month} · {words.kinds[slip.kind]} · {words.appealUntil(slip.appealUntil ?? '')}
      </p>
      <ReasonForm
        label={words.appealReason}
        busy={send.isPending}
        fault={send.isError ? errorWords(send.error) : null}
        acts={[{ word: words.appealSend, main: true, run: (reason) => send.mutate(reason) }]}
      />
    </div>
  );
}

const STATE = { open: 'waiting', granted: 'running', denied: 'closed', 'carried-out': 'done' } as const;

interface AppealsProps {
  readonly appeals: readonly PayAppealRow[];
  /** What finance may do with an appeal. */
  readonly act?: (appeal: PayAppealRow) => ReactNode;
}

export function Appeals({ appeals, act }: AppealsProps) {
  const words = usePayWords();
  return (
    <FundTable
      label={words.appeals}
      rows={appeals}
      keyOf={({ id }) => id}
      columns={[
        { head: words.month, cell: ({ month }) => month, kind: 'nowrap' },
        { head: words.kind, cell: ({ kind }) => words.kinds[kind] ?? kind, kind: 'nowrap' },
        { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
        { head: words.staff, cell: ({ person }) => person, kind: 'nowrap' },
        { head: words.appealReason, cell: ({ reason }) => reason, kind: 'name' },
        { head: words.date, cell: ({ at }) => dateTime(at), kind: 'nowrap' },
        {
          head: words.answer,
          cell: (appeal) => (
            <span className="stack tight">
              <State kind={STATE[appeal.state]} word={words.appealStates[appeal.state] ?? ''} />
              {appeal.answer && <span className="small muted">{appeal.answer}</span>}
              {act?.(appeal)}
            </span>
          ),
        },
      ]}
    />
  );
}
