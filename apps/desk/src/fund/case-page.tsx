// One stay: what was coded and charged, why this group, why this amount, its entries, and what other codes would do.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { CodeName, FundCase, FundEntry } from './contract.ts';
import { FundFrame } from './fund-frame.tsx';
import { Money, MoneyCell, Tile } from './money.tsx';
import { ReviewOfStay } from './review-form.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { Reasons, Trail } from './trail.tsx';
import { WhatIf } from './what-if.tsx';
import { useWords } from './words.ts';

export function FundCasePage() {
  const { caseId = '' } = useParams({ strict: false });
  const words = useWords();
  const query = useQuery({
    queryKey: ['fund', 'case', caseId],
    queryFn: ({ signal }) => get<FundCase>(`/desk/fund/cases/${encodeURIComponent(caseId)}`, signal),
  });
  const one = query.data;
  return (
    <FundFrame
      title={one ? (one.diagnoses[0]?.name ?? one.id) : words.tabs.cases}
      text={one ? `${words.list} ${one.id} · ${one.house.name}` : words.intro}
      tools={
        <Link to="/fund/cases" search={{}} className="button">
          {words.tabs.cases}
        </Link>
      }
    >
      <Loaded query={query}>{(data) => <Case one={data} />}</Loaded>
    </FundFrame>
  );
}

function Case({ one }: { readonly one: FundCase }) {
  const words = useWords();
  const { answer } = one;
  return (
    <>
      <div className="fund-tiles">
        <Tile name={words.group} note={`${answer.mdc} · ${answer.adrg} · ${words.weight} ${answer.weight}`}>
          {answer.drg || answer.status}
        </Tile>
        <Tile name={words.kind} note={answer.drgName || answer.status}>
          {words.kinds[answer.kind] ?? answer.kind}
        </Tile>
        <Tile
          name={words.cost}
          note={
            <>
              {words.borne} <Money value={one.borne} />
            </>
          }
        >
          <Money value={one.cost} />
        </Tile>
        <Tile
          name={words.pay}
          note={
            <>
              {words.fundDue} <Money value={answer.fund} />
            </>
          }
        >
          <Money value={answer.pay} />
        </Tile>
        <Tile name={words.result}>
          <Money value={answer.result} signed />
        </Tile>
      </div>
      <div className="fund-columns">
        <div className="stack">
          <section className="panel">
            <header>
              <h2>{words.trail}</h2>
              <span className="muted small">{words.trailOf(one.scheme)}</span>
            </header>
            <div className="body">
              <Trail steps={answer.trail} />
            </div>
          </section>
          <section className="panel">
            <header>
              <h2>{words.price}</h2>
              <Link to="/fund/rules" className="small">
                {one.ruleSet}
              </Link>
            </header>
            <div className="body">
              <Reasons reasons={answer.reasons} />
            </div>
          </section>
          <Entries entries={one.entries} />
        </div>
        <div className="stack">
          <Facts one={one} />
          <ReviewOfStay stay={one.id} year={one.dischargedOn.slice(0, 4)} />
          <WhatIf one={one} />
        </div>
      </div>
    </>
  );
}

function Facts({ one }: { readonly one: FundCase }) {
  const words = useWords();
  return (
    <section className="panel">
      <div className="body stack">
        <dl className="facts">
          <dt>{words.person}</dt>
          <dd>
            {words.sexes[one.person.sex] ?? '—'} · {words.ages(one.person.age)} ·{' '}
            {words.payers[one.payer] ?? one.payer}
          </dd>
          <dt>{words.house}</dt>
          <dd>
            {one.house.name} · {words.levels[one.level] ?? one.level}
          </dd>
          <dt>{words.discharged}</dt>
          <dd>
            {one.admittedOn} → {one.dischargedOn} · {words.days} {one.days}
          </dd>
        </dl>
        <Codes title={words.diagnoses} codes={one.diagnoses} />
        <Codes title={words.procedures} codes={one.procedures} />
      </div>
    </section>
  );
}

function Codes({ title, codes }: { readonly title: string; readonly codes: readonly CodeName[] }) {
  const words = useWords();
  return (
    <div>
      <h3 className="muted small">{title}</h3>
      {codes.length === 0 ? (
        <p className="muted">{words.none}</p>
      ) : (
        <ol>
          {codes.map((code, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a code may stand twice
            <li key={index}>
              <span className="fund-code">{code.code}</span> {code.name || words.codeUnknown}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

export function Entries({ entries }: { readonly entries: readonly FundEntry[] }) {
  const words = useWords();
  const more = useSettlementWords();
  const say = useSay();
  return (
    <section className="panel">
      <header>
        <h2>{words.entries}</h2>
      </header>
      {entries.length === 0 ? (
        <p className="body muted">{words.noEntries}</p>
      ) : (
        <ScrollBox label={words.entries}>
          <table className="table" aria-label={words.entries}>
            <thead>
              <tr>
                <th>{words.date}</th>
                <th>{words.summary}</th>
                <th>{words.debit}</th>
                <th>{words.credit}</th>
                <th className="number">{words.sum}</th>
                <th>{words.row}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={`${entry.run}/${entry.number}`}>
                  <td className="nowrap">{entry.on}</td>
                  <td>
                    {say(entry)}
                    <br />
                    {entry.reverses && (
                      <>
                        <span className="muted small">{more.reverses(entry.reverses.period)}</span>
                        <br />
                      </>
                    )}
                    <code className="muted small nowrap" title={entry.command}>
                      {words.command} …{entry.command.slice(-8)}
                    </code>
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
      )}
    </section>
  );
}
