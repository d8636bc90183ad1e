// The year's prepayment on the board: what each house was due last year, what it is paid ahead, before and after it is posted.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { Fault } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money } from './money.tsx';
import type { FundPrepaidHouse, FundPrepayment, FundPrepaymentAnswer } from './prepayment-contract.ts';
import { sourceText } from './source-text.ts';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

const AMOUNT = /^\d{1,12}(\.\d{1,2})?$/;

/** Shown where the rule set prepays: a budget paid by instalments has its first instalment instead. */
export function Prepayment({ year }: { readonly year: string }) {
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const entries = Object.entries(written).map(
    ([org, text]) => [org, text.replaceAll(',', '').trim()] as const,
  );
  const lastYear = Object.fromEntries(entries.filter(([, text]) => AMOUNT.test(text)));
  const asked = { year, ...(Object.keys(lastYear).length > 0 ? { lastYear } : {}) };
  const query = useQuery({
    queryKey: ['fund', 'prepayment', asked],
    queryFn: ({ signal }) => post<FundPrepaymentAnswer>('/desk/fund/prepayment', asked, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!query.data?.prepayment) return null;
  return (
    <Panel
      data={query.data.prepayment}
      asked={asked}
      written={written}
      write={(org, text) => setWritten({ ...written, [org]: text })}
    />
  );
}

interface PanelProps {
  readonly data: FundPrepayment;
  readonly asked: object;
  readonly written: Readonly<Record<string, string>>;
  readonly write: (org: string, text: string) => void;
}

function Panel({ data, asked, written, write }: PanelProps) {
  const words = useWords();
  const say = useSay();
  const { send, busy, fault } = useFundCommand({ done: words.prepaid });
  const { posted, bar, sum, may } = data;
  const writes = may.pay && !data.isBasisCleared && (posted === null || bar === null || sum === null);
  const payload = { ...asked, ...(posted === null ? {} : { correction: true }) };
  return (
    <FundPanel
      title={words.prepayment}
      tools={
        <span className="muted small only-wide">
          {words.prepaymentText(data.months)} · {say(sourceText(data.source))}
        </span>
      }
    >
      <FundTable<FundPrepaidHouse>
        label={words.prepayment}
        rows={data.houses}
        keyOf={({ house }) => house.id}
        columns={[
          { head: words.house, kind: 'name', cell: ({ house }) => house.name },
          writes
            ? {
                head: words.lastYearDue,
                kind: 'number',
                cell: ({ house, lastYear }) => (
                  <input
                    className="input number"
                    inputMode="decimal"
                    aria-label={`${words.lastYearDue} ${house.name}`}
                    value={written[house.id] ?? lastYear ?? ''}
                    onChange={(event) => write(house.id, event.target.value)}
                  />
                ),
              }
            : moneyColumn(words.lastYearDue, ({ lastYear }) => lastYear),
          moneyColumn(words.prepayNow, ({ amount }) => amount),
          moneyColumn(words.prepaidBefore, ({ paid }) => paid),
        ]}
      />
      <div className="body stack">
        {posted !== null && (
          <State
            kind="done"
            word={`${words.prepaid} ${posted.sum} · ${words.version} ${posted.version} · ${dateTime(posted.at)}`}
          />
        )}
        {sum !== null && (
          <p>
            {words.prepaySum} <Money value={sum} /> · {words.budget} <Money value={data.budget} />
          </p>
        )}
        {bar !== null && <p className="muted">{say(bar)}</p>}
        {may.pay && bar === null && (
          <div className="row">
            <button
              type="button"
              className={posted === null ? 'button main' : 'button'}
              disabled={busy}
              aria-busy={busy}
              onClick={() => send('prepayment.pay', payload)}
            >
              {posted === null ? words.prepay : words.prepayAgain}
            </button>
          </div>
        )}
        <Fault text={fault} />
      </div>
    </FundPanel>
  );
}
