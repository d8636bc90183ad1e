// The ledger: the trial balance of both books with its check, the runs, and the entries behind a balance or a run.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { command, get, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundEntries, FundLedger } from './contract.ts';
import { FundFrame } from './fund-frame.tsx';
import { Money, MoneyCell } from './money.tsx';
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
              <div className="fund-columns">
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

function TrialBalance({ ledger, choose }: PartProps) {
  const words = useWords();
  const say = useSay();
  return (
    <section className="panel">
      <header>
        <h2>{words.trialBalance}</h2>
      </header>
      <ScrollBox label={words.trialBalance}>
        <table className="table" aria-label={words.trialBalance}>
          <thead>
            <tr>
              <th>{words.account}</th>
              <th className="number">{words.debit}</th>
              <th className="number">{words.credit}</th>
            </tr>
          </thead>
          {(['insurer', 'group'] as const).map((books) => (
            <tbody key={books}>
              <tr>
                <th colSpan={3} scope="rowgroup">
                  {words.books[books]}
                </th>
              </tr>
              {ledger.accounts
                .filter((account) => account.books === books)
                .map((account) => (
                  <tr key={account.account}>
                    <td>
                      <button
                        type="button"
                        className="link-button"
                        onClick={() =>
                          choose({ title: say(account.name), filter: { account: account.account } })
                        }
                      >
                        {say(account.name)}
                      </button>
                    </td>
                    <td className="number">{account.debit && <Money value={account.debit} />}</td>
                    <td className="number">{account.credit && <Money value={account.credit} />}</td>
                  </tr>
                ))}
            </tbody>
          ))}
          <tfoot>
            <tr>
              <td>{words.total}</td>
              <MoneyCell value={ledger.debit} />
              <MoneyCell value={ledger.credit} />
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
    </section>
  );
}

function Runs({ ledger, choose }: PartProps) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const lock = useMutation({
    mutationFn: (period: string) => command({ type: 'period.lock', payload: { period } }),
    onSuccess: () => {
      toast(words.lockDone);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
    onError: (error) => toast(errorWords(error), { tone: 'late' }),
  });
  return (
    <section className="panel">
      <header>
        <h2>{words.runs}</h2>
      </header>
      <ScrollBox label={words.runs}>
        <table className="table" aria-label={words.runs}>
          <thead>
            <tr>
              <th>{words.period}</th>
              <th>{words.summary}</th>
              <th className="number">{words.entriesCount}</th>
              <th className="number">{words.sum}</th>
              <th>
                <span className="sr">{words.lock}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {ledger.runs.map((run) => (
              <tr key={run.run}>
                <td className="nowrap">{run.period}</td>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() =>
                      choose({
                        title: `${words.runKinds[run.kind] ?? run.kind} ${run.period}`,
                        filter: { run: run.run },
                      })
                    }
                  >
                    {words.runKinds[run.kind] ?? run.kind}
                  </button>{' '}
                  {run.corrects.length > 0 && <span className="small">← {run.corrects.join('、')}</span>}
                  <br />
                  <span className="muted small">
                    {words.version} {run.version} · {dateTime(run.at)}
                  </span>
                </td>
                <td className="number">{run.entries}</td>
                <MoneyCell value={run.total} />
                <td className="number">
                  {run.locked ? (
                    <span className="tag">{words.locked}</span>
                  ) : (
                    ledger.may.lock && (
                      <button
                        type="button"
                        className="button quiet"
                        aria-label={`${words.lock} ${run.period}`}
                        onClick={() => lock.mutate(run.period)}
                      >
                        {words.lock}
                      </button>
                    )
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Behind({ chosen, close }: { readonly chosen: Chosen; readonly close: () => void }) {
  const words = useWords();
  const say = useSay();
  const query = useQuery({
    queryKey: ['fund', 'entries', chosen.filter],
    queryFn: ({ signal }) => post<FundEntries>('/desk/fund/entries', chosen.filter, signal),
  });
  return (
    <section className="panel">
      <header>
        <h2>{chosen.title}</h2>
        <button type="button" className="button quiet" onClick={close}>
          {words.closeList}
        </button>
      </header>
      <Loaded query={query}>
        {(entries) => (
          <>
            <ScrollBox label={chosen.title}>
              <table className="table" aria-label={chosen.title}>
                <thead>
                  <tr>
                    <th>{words.date}</th>
                    <th>{words.summary}</th>
                    <th>{words.caseWord}</th>
                    <th>{words.debit}</th>
                    <th>{words.credit}</th>
                    <th className="number">{words.sum}</th>
                    <th>{words.row}</th>
                  </tr>
                </thead>
                <tbody>
                  {entries.items.map((entry) => (
                    <tr key={`${entry.run}/${entry.number}`}>
                      <td className="nowrap">{entry.on}</td>
                      <td>{say(entry)}</td>
                      <td>
                        {entry.caseId && !entry.caseId.includes('/') ? (
                          <Link to="/fund/cases/$caseId" params={{ caseId: entry.caseId }}>
                            {entry.caseId}
                          </Link>
                        ) : (
                          (entry.caseId ?? '')
                        )}
                      </td>
                      <td title={entry.debit}>{say(entry.debitName)}</td>
                      <td title={entry.credit}>{say(entry.creditName)}</td>
                      <MoneyCell value={entry.amount} />
                      <td>
                        <code className="small">{entry.row}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollBox>
            <footer className="between muted small">
              <span>{words.showing(entries.items.length, entries.total)}</span>
              <Money value={entries.sum} />
            </footer>
          </>
        )}
      </Loaded>
    </section>
  );
}
