// Stays with their group and payment: filters, sums of what is seen, the page of one stay behind each row.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import type { FundCasePage, FundCaseQuery, FundCaseRow } from './case-contract.ts';
import { FundFrame } from './fund-frame.tsx';
import type { FundSearch } from './fund-search.ts';
import { FundTable, moneyColumn } from './fund-table.tsx';
import { Select } from './select.tsx';
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
      <FundTable<FundCaseRow>
        label={words.tabs.cases}
        rows={page.items}
        keyOf={({ id }) => id}
        columns={[
          {
            head: words.diagnosis,
            kind: 'name',
            foot: `${words.total} · ${words.count(page.total)}`,
            cell: ({ id, diagnosis }) => (
              <Link to="/fund/cases/$caseId" params={{ caseId: id }}>
                {diagnosis || id}
              </Link>
            ),
          },
          { head: words.group, cell: ({ drg }) => <span className="fund-code">{drg}</span> },
          { head: words.kind, kind: 'nowrap', cell: ({ kind }) => words.kinds[kind] ?? kind },
          { head: words.house, kind: 'name', cell: ({ house }) => house },
          { head: words.discharged, kind: 'nowrap', cell: ({ dischargedOn }) => dischargedOn },
          { head: words.days, kind: 'number', cell: ({ days }) => days },
          moneyColumn(words.cost, ({ cost }) => cost, { foot: page.sum.cost }),
          moneyColumn(words.pay, ({ pay }) => pay, { foot: page.sum.pay }),
          moneyColumn(words.fundDue, ({ fund }) => fund, { foot: page.sum.fund }),
          moneyColumn(words.result, ({ result }) => result, { foot: page.sum.result, signed: true }),
        ]}
      />
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
