// The ledger: the trial balance of both books with its check, the runs, and the entries behind a balance or a run.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { EntryTable } from './entry-table.tsx';
import { FundFrame } from './fund-frame.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import type { FundEntries, FundLedger } from './ledger-contract.ts';
import { Money } from './money.tsx';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

interface Chosen {
  readonly title: string;
  readonly filter: { readonly run?: string; readonly account?: string };
}

export function FundLedgerPage() {
  const words = useWords();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const query = useQuery({
    queryKey: ['fund', 'ledger'],
    queryFn: ({ signal }) => get<FundLedger>('/desk/fund/ledger', signal),
  });
  return (
    <FundFrame title={words.ledger} text={words.intro}>
      <Loaded query={query}>
        {(ledger) =>
          ledger.runs.length === 0 ? (
            <section className="panel">
              <Blank title={words.noEntriesYet}>
                <p>{words.noEntriesYetText}</p>
              </Blank>
            </section>
          ) : (
            <>
              <State
                kind={ledger.balanced ? 'done' : 'critical'}
                word={ledger.balanced ? words.balanced : words.unbalanced}
              />
              {chosen && <Behind chosen={chosen} close={() => setChosen(null)} />}
              <div className="fund-columns even">
                <TrialBalance ledger={ledger} choose={setChosen} />
                <Runs ledger={ledger} choose={setChosen} />
              </div>
            </>
          )
        }
      </Loaded>
    </FundFrame>
  );
}

interface PartProps {
  readonly ledger: FundLedger;
  readonly choose: (chosen: Chosen) => void;
}

type Account = FundLedger['accounts'][number];

function TrialBalance({ ledger, choose }: PartProps) {
  const words = useWords();
  const say = useSay();
  const inBooks = (['insurer', 'group'] as const).flatMap((books) =>
    ledger.accounts.filter((account) => account.books === books),
  );
  return (
    <FundPanel title={words.trialBalance}>
      <FundTable<Account>
        label={words.trialBalance}
        rows={inBooks}
        keyOf={({ account }) => account}
        groupOf={({ books }) => words.books[books] ?? books}
        columns={[
          {
            head: words.account,
            foot: words.total,
            cell: ({ account, name }) => (
              <button
                type="button"
                className="link-button"
                onClick={() => choose({ title: say(name), filter: { account } })}
              >
                {say(name)}
              </button>
            ),
          },
          moneyColumn(words.debit, ({ debit }) => debit, { foot: ledger.debit, empty: '' }),
          moneyColumn(words.credit, ({ credit }) => credit, { foot: ledger.credit, empty: '' }),
        ]}
      />
    </FundPanel>
  );
}

type Run = FundLedger['runs'][number];

function Runs({ ledger, choose }: PartProps) {
  const words = useWords();
  const { send } = useFundCommand({ done: words.lockDone, saysFault: true });
  return (
    <FundPanel title={words.runs}>
      <FundTable<Run>
        label={words.runs}
        rows={ledger.runs}
        most={24}
        keyOf={({ run }) => run}
        columns={[
          { head: words.period, kind: 'nowrap', cell: ({ period }) => period },
          { head: words.summary, cell: (run) => <RunName run={run} choose={choose} /> },
          { head: words.entriesCount, kind: 'number', cell: ({ entries }) => entries },
          moneyColumn(words.sum, ({ total }) => total),
          {
            head: <span className="sr">{words.lock}</span>,
            kind: 'number',
            cell: ({ locked, period }) =>
              locked ? (
                <span className="tag">{words.locked}</span>
              ) : (
                ledger.may.lock && (
                  <button
                    type="button"
                    className="button quiet"
                    aria-label={`${words.lock} ${period}`}
                    onClick={() => send('period.lock', { period })}
                  >
                    {words.lock}
                  </button>
                )
              ),
          },
        ]}
      />
    </FundPanel>
  );
}

function RunName({ run, choose }: { readonly run: Run; readonly choose: PartProps['choose'] }) {
  const words = useWords();
  const kind = words.runKinds[run.kind] ?? run.kind;
  return (
    <>
      <button
        type="button"
        className="link-button"
        onClick={() => choose({ title: `${kind} ${run.period}`, filter: { run: run.run } })}
      >
        {kind}
      </button>{' '}
      {run.corrects.length > 0 && <span className="small">← {run.corrects.join('、')}</span>}
      <br />
      <span className="muted small nowrap">
        {words.version} {run.version} · {dateTime(run.at)}
      </span>
    </>
  );
}

function Behind({ chosen, close }: { readonly chosen: Chosen; readonly close: () => void }) {
  const words = useWords();
  const query = useQuery({
    queryKey: ['fund', 'entries', chosen.filter],
    queryFn: ({ signal }) => post<FundEntries>('/desk/fund/entries', chosen.filter, signal),
  });
  return (
    <FundPanel
      title={chosen.title}
      tools={
        <button type="button" className="button quiet" onClick={close}>
          {words.closeList}
        </button>
      }
    >
      <Loaded query={query}>
        {(entries) => (
          <>
            <EntryTable label={chosen.title} entries={entries.items} withCase />
            <footer className="between muted small">
              <span>{words.showing(entries.items.length, entries.total)}</span>
              <Money value={entries.sum} />
            </footer>
          </>
        )}
      </Loaded>
    </FundPanel>
  );
}
