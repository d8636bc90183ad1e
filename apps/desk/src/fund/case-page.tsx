// One stay: what was coded and charged, why this group, why this amount, its entries, and what other codes would do.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { get } from '../api/client.ts';
import { Loaded } from '../design/loaded.tsx';
import type { CodeName, FundCase } from './case-contract.ts';
import { EntryTable } from './entry-table.tsx';
import { FundFrame } from './fund-frame.tsx';
import { FundPanel } from './fund-table.tsx';
import type { FundEntry } from './ledger-contract.ts';
import { Money, Tile } from './money.tsx';
import { ReviewOfStay } from './review-form.tsx';
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
          <FundPanel
            title={words.trail}
            tools={<span className="muted small">{words.trailOf(one.scheme)}</span>}
          >
            <div className="body">
              <Trail steps={answer.trail} />
            </div>
          </FundPanel>
          <FundPanel
            title={words.price}
            tools={
              <Link to="/fund/rules" className="small">
                {one.ruleSet}
              </Link>
            }
          >
            <div className="body">
              <Reasons reasons={answer.reasons} />
            </div>
          </FundPanel>
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

function Entries({ entries }: { readonly entries: readonly FundEntry[] }) {
  const words = useWords();
  return (
    <FundPanel title={words.entries}>
      {entries.length === 0 ? (
        <p className="body muted">{words.noEntries}</p>
      ) : (
        <EntryTable label={words.entries} entries={entries} />
      )}
    </FundPanel>
  );
}
