// A house's statement of a month: heads with their check, lines, to print and as XLSX.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import { FundFrame } from './fund-frame.tsx';
import { FundTable, moneyColumn } from './fund-table.tsx';
import { Money } from './money.tsx';
import { Select } from './select.tsx';
import { useSettlementWords } from './settlement-words.ts';
import { SheetTools } from './sheet-tools.tsx';
import type { FundStatement, FundStatementList } from './statement-contract.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/statements');

export function FundStatementsPage() {
  const words = useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery({
    queryKey: ['fund', 'statements', search.month ?? ''],
    queryFn: ({ signal }) =>
      post<FundStatementList>('/desk/fund/statements', search.month ? { month: search.month } : {}, signal),
  });
  const month = list.data?.month ?? '';
  const house = list.data?.houses.find(({ id }) => id === search.house) ?? list.data?.houses[0];
  const asked = { month, house: house?.id ?? '' };
  const statement = useQuery({
    queryKey: ['fund', 'statement', asked],
    enabled: house !== undefined,
    queryFn: ({ signal }) => post<FundStatement>('/desk/fund/statement', asked, signal),
  });
  return (
    <FundFrame
      title={words.statement}
      text={words.intro}
      tools={
        statement.data && (
          <SheetTools
            words={words}
            path="/desk/fund/statement/export"
            asked={asked}
            name={`${month} ${statement.data.house.name}`}
          />
        )
      }
    >
      <Loaded query={list}>
        {(data) =>
          data.months.length === 0 ? (
            <Blank title={words.noStatement}>
              <p>{words.noCasesText}</p>
            </Blank>
          ) : (
            <>
              <div className="fund-filters no-print">
                <Select
                  label={words.month}
                  value={data.month}
                  options={data.months.map((one) => ({ value: one, word: one }))}
                  change={(next) => void navigate({ search: { ...search, month: next } })}
                />
                <Select
                  label={words.house}
                  value={house?.id ?? ''}
                  options={data.houses.map((one) => ({ value: one.id, word: one.name }))}
                  change={(next) => void navigate({ search: { month, house: next } })}
                />
              </div>
              {house === undefined ? (
                <Blank title={words.noStatement} />
              ) : (
                <Loaded query={statement}>{(one) => <Statement one={one} />}</Loaded>
              )}
            </>
          )
        }
      </Loaded>
    </FundFrame>
  );
}

function Statement({ one }: { readonly one: FundStatement }) {
  const words = useWords();
  const say = useSay();
  const heads = [
    [words.cost, one.cost],
    [words.pay, one.pay],
    [words.borne, one.borne],
    [words.fundDue, one.fund],
    [words.deposit, one.deposit],
    [words.paid, one.paid],
    [words.held, one.held],
  ] as const;
  return (
    <>
      {one.version === null && (
        <p className="note soon">
          <Icon name="alert" size={16} />
          {words.draft}
        </p>
      )}
      <section className="panel">
        <header>
          <h2>
            {one.house.name} · {one.month}
          </h2>
          <State kind={one.addsUp ? 'done' : 'late'} word={one.addsUp ? words.addsUp : words.addsNot} />
        </header>
        <div className="body stack">
          <dl className="statement-heads">
            <div>
              <dt>{words.stays}</dt>
              <dd>{one.stays}</dd>
            </div>
            {heads.map(([name, amount]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Money value={amount} />
                </dd>
              </div>
            ))}
          </dl>
          <p className="muted small">
            {say(one.ruleSet.title)}
            {one.version !== null && ` · ${words.version} ${one.version}`}
            {one.postedAt !== null && ` · ${words.postedAt} ${dateTime(one.postedAt)}`}
            {one.command !== null && ` · ${words.command} ${one.command}`}
          </p>
        </div>
      </section>
      <Adjustments one={one} />
      <Lines one={one} />
      <div className="statement-signs">
        {words.signs.map((sign) => (
          <span key={sign}>{sign}：</span>
        ))}
      </div>
    </>
  );
}

/** What later months have corrected of this one; the heads and lines above have it in them. */
function Adjustments({ one }: { readonly one: FundStatement }) {
  const words = useSettlementWords();
  if (one.adjustments.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{words.adjustments}</h2>
      </header>
      <FundTable<FundStatement['adjustments'][number]>
        label={words.adjustments}
        rows={one.adjustments}
        keyOf={({ command }) => command}
        columns={[
          { head: words.adjustedIn, cell: ({ month }) => month },
          moneyColumn(words.fundDifference, ({ fund }) => fund, { signed: true }),
          moneyColumn(words.paidDifference, ({ paid }) => paid, { signed: true }),
        ]}
      />
    </section>
  );
}

type Line = FundStatement['lines'][number];

function Lines({ one }: { readonly one: FundStatement }) {
  const words = useWords();
  return (
    <section className="panel">
      <FundTable<Line>
        label={words.statement}
        rows={one.lines}
        keyOf={({ id }) => id}
        columns={[
          {
            head: words.list,
            cell: ({ id }) => (
              <Link to="/fund/cases/$caseId" params={{ caseId: id }}>
                {id}
              </Link>
            ),
            foot: `${words.total} · ${words.count(one.stays)}`,
          },
          { head: words.discharged, cell: ({ dischargedOn }) => dischargedOn, kind: 'nowrap' },
          { head: words.days, cell: ({ days }) => days, kind: 'number' },
          { head: words.diagnosis, cell: ({ diagnosis }) => diagnosis },
          { head: words.group, cell: ({ drg }) => <span className="fund-code">{drg}</span> },
          { head: words.kind, cell: ({ kind }) => words.kinds[kind] ?? kind, kind: 'nowrap' },
          moneyColumn(words.cost, ({ cost }) => cost, { foot: one.cost }),
          moneyColumn(words.pay, ({ pay }) => pay, { foot: one.pay }),
          moneyColumn(words.borne, ({ borne }) => borne, { foot: one.borne }),
          moneyColumn(words.fundDue, ({ fund }) => fund, { foot: one.fund }),
          moneyColumn(words.result, ({ result }) => result, { signed: true }),
        ]}
      />
    </section>
  );
}
