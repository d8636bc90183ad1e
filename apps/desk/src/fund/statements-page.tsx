// A house's statement of a month: heads with their check, lines, to print and as XLSX.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { download, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { dateTime } from '../design/time.ts';
import type { FundStatement, FundStatementList } from './contract.ts';
import { FundFrame, Select } from './fund-frame.tsx';
import { Money, MoneyCell } from './money.tsx';
import { useSettlementWords } from './settlement-words.ts';
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
          <>
            <button type="button" className="button" onClick={() => print()}>
              <Icon name="print" size={16} />
              {words.print}
            </button>
            <button
              type="button"
              className="button"
              onClick={() =>
                void download(
                  '/desk/fund/statement/export',
                  asked,
                  `${month} ${statement.data.house.name}.xlsx`,
                )
              }
            >
              <Icon name="download" size={16} />
              {words.xlsx}
            </button>
          </>
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
      <ScrollBox label={words.adjustments}>
        <table className="table" aria-label={words.adjustments}>
          <thead>
            <tr>
              <th>{words.adjustedIn}</th>
              <th className="number">{words.fundDifference}</th>
              <th className="number">{words.paidDifference}</th>
            </tr>
          </thead>
          <tbody>
            {one.adjustments.map((each) => (
              <tr key={each.command}>
                <td>{each.month}</td>
                <MoneyCell value={each.fund} signed />
                <MoneyCell value={each.paid} signed />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Lines({ one }: { readonly one: FundStatement }) {
  const words = useWords();
  return (
    <section className="panel">
      <ScrollBox label={words.statement}>
        <table className="table" aria-label={words.statement}>
          <thead>
            <tr>
              <th>{words.list}</th>
              <th>{words.discharged}</th>
              <th className="number">{words.days}</th>
              <th>{words.diagnosis}</th>
              <th>{words.group}</th>
              <th>{words.kind}</th>
              <th className="number">{words.cost}</th>
              <th className="number">{words.pay}</th>
              <th className="number">{words.borne}</th>
              <th className="number">{words.fundDue}</th>
              <th className="number">{words.result}</th>
            </tr>
          </thead>
          <tbody>
            {one.lines.map((line) => (
              <tr key={line.id}>
                <td>
                  <Link to="/fund/cases/$caseId" params={{ caseId: line.id }}>
                    {line.id}
                  </Link>
                </td>
                <td className="nowrap">{line.dischargedOn}</td>
                <td className="number">{line.days}</td>
                <td>{line.diagnosis}</td>
                <td>
                  <span className="fund-code">{line.drg}</span>
                </td>
                <td className="nowrap">{words.kinds[line.kind] ?? line.kind}</td>
                <MoneyCell value={line.cost} />
                <MoneyCell value={line.pay} />
                <MoneyCell value={line.borne} />
                <MoneyCell value={line.fund} />
                <MoneyCell value={line.result} signed />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={6}>
                {words.total} · {words.count(one.stays)}
              </td>
              <MoneyCell value={one.cost} />
              <MoneyCell value={one.pay} />
              <MoneyCell value={one.borne} />
              <MoneyCell value={one.fund} />
              <td />
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
    </section>
  );
}
