// Stays with their group and payment: filters, sums of what is seen, the page of one stay behind each row.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FundCasePage, FundCaseQuery } from './contract.ts';
import { FundFrame, Select } from './fund-frame.tsx';
import type { FundSearch } from './fund-search.ts';
import { Money, MoneyCell } from './money.tsx';
import { useWords } from './words.ts';

const route = getRouteApi('/fund/cases');
const PAGE = 50;

export function FundCasesPage() {
  const words = useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState('');
  const [sort, setSort] = useState<NonNullable<FundCaseQuery['sort']>>('date');
  const [offset, setOffset] = useState(0);
  const asked = { ...search, sort, offset, ...(text ? { text } : {}) };
  const query = useQuery({
    queryKey: ['fund', 'cases', asked],
    queryFn: ({ signal }) => post<FundCasePage>('/desk/fund/cases', asked, signal),
    placeholderData: keepPreviousData,
  });
  const change = (next: FundSearch) => {
    setOffset(0);
    void navigate({ search: { ...search, ...next } as FundSearch });
  };
  const all = { value: '', word: words.all };
  return (
    <FundFrame title={words.tabs.cases} text={words.intro}>
      <div className="fund-filters no-print">
        <Select
          label={words.house}
          value={search.house ?? ''}
          options={[
            all,
            ...(query.data?.houses ?? []).map((house) => ({ value: house.id, word: house.name })),
          ]}
          change={(house) => change({ house })}
        />
        <Select
          label={words.kind}
          value={search.kind ?? ''}
          options={[
            all,
            ...(query.data?.kinds ?? []).map((kind) => ({ value: kind, word: words.kinds[kind] ?? kind })),
          ]}
          change={(kind) => change({ kind })}
        />
        <Select
          label={words.month}
          value={search.month ?? ''}
          options={[all, ...(query.data?.months ?? []).map((month) => ({ value: month, word: month }))]}
          change={(month) => change({ month })}
        />
        <Select
          label={words.sort}
          value={sort}
          options={(['date', 'loss', 'cost'] as const).map((one) => ({
            value: one,
            word: words.sorts[one] ?? one,
          }))}
          change={(one) => {
            setOffset(0);
            setSort(one as typeof sort);
          }}
        />
        <input
          className="input"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          onChange={(event) => {
            setOffset(0);
            setText(event.target.value);
          }}
        />
      </div>
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <section className="panel">
              <Blank title={words.noCases}>
                <p>{words.noCasesText}</p>
              </Blank>
            </section>
          ) : (
            <CasesTable page={page} offset={offset} turn={setOffset} />
          )
        }
      </Loaded>
    </FundFrame>
  );
}

interface CasesTableProps {
  readonly page: FundCasePage;
  readonly offset: number;
  readonly turn: (offset: number) => void;
}

function CasesTable({ page, offset, turn }: CasesTableProps) {
  const words = useWords();
  const { t } = useTranslation();
  return (
    <section className="panel">
      <ScrollBox label={words.tabs.cases}>
        <table className="table" aria-label={words.tabs.cases}>
          <thead>
            <tr>
              <th>{words.diagnosis}</th>
              <th>{words.group}</th>
              <th>{words.kind}</th>
              <th>{words.house}</th>
              <th>{words.discharged}</th>
              <th className="number">{words.days}</th>
              <th className="number">{words.cost}</th>
              <th className="number">{words.pay}</th>
              <th className="number">{words.fundDue}</th>
              <th className="number">{words.result}</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((row) => (
              <tr key={row.id}>
                <td className="fund-name">
                  <Link to="/fund/cases/$caseId" params={{ caseId: row.id }}>
                    {row.diagnosis || row.id}
                  </Link>
                </td>
                <td>
                  <span className="fund-code">{row.drg}</span>
                </td>
                <td className="nowrap">{words.kinds[row.kind] ?? row.kind}</td>
                <td className="fund-name">{row.house}</td>
                <td className="nowrap">{row.dischargedOn}</td>
                <td className="number">{row.days}</td>
                <MoneyCell value={row.cost} />
                <MoneyCell value={row.pay} />
                <MoneyCell value={row.fund} />
                <MoneyCell value={row.result} signed />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={6}>
                {words.total} · {words.count(page.total)}
              </td>
              <MoneyCell value={page.sum.cost} />
              <MoneyCell value={page.sum.pay} />
              <MoneyCell value={page.sum.fund} />
              <td className="number">
                <Money value={page.sum.result} signed />
              </td>
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
      <footer className="between">
        <span className="muted small">
          {offset + 1}–{Math.min(offset + PAGE, page.total)} / {page.total}
        </span>
        <span className="row">
          <button
            type="button"
            className="button"
            disabled={offset === 0}
            onClick={() => turn(Math.max(0, offset - PAGE))}
          >
            {t('act.previous')}
          </button>
          <button
            type="button"
            className="button"
            disabled={offset + PAGE >= page.total}
            onClick={() => turn(offset + PAGE)}
          >
            {t('act.next')}
          </button>
        </span>
      </footer>
    </section>
  );
}
