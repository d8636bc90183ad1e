// A report: rows and total of a standing question over a period or as of a day, and the entries that it names.
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { download } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { ReportPage as Answer } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { AsOf, Figures, MechanismHead, Panel, pathOf, useMechanism } from './frame.tsx';
import { useMechanismWords } from './words.ts';

interface Period {
  readonly from?: string;
  readonly to: string;
}

export function ReportPage({ id }: { readonly id: string }) {
  const [period, setPeriod] = useState<Period | null>(null);
  const asked = period === null ? '' : `?${new URLSearchParams({ ...period })}`;
  const query = useMechanism<Answer>(pathOf('reports', id, asked));
  const last = useRef<Answer | null>(null);
  if (query.data) last.current = query.data;
  // A question that failed leaves the last answer, and the way to ask another, below its word.
  const before = query.isError ? last.current : null;
  return (
    <div className="page">
      <Loaded query={query}>{(page) => <View page={page} setPeriod={setPeriod} />}</Loaded>
      {before && <View page={before} setPeriod={setPeriod} />}
    </div>
  );
}

interface ViewProps {
  readonly page: Answer;
  readonly setPeriod: (period: Period) => void;
}

const shown = (cell: number | null): string =>
  cell === null ? '–' : cell.toLocaleString('en-US', { maximumFractionDigits: 2 });

function View({ page, setPeriod }: ViewProps) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <>
      <MechanismHead
        kind="reports"
        page={page}
        note={
          <>
            <span>
              {words.reports.register}{' '}
              <Link to="/registers/$registerId" params={{ registerId: page.register.id }}>
                {say(page.register.name)}
              </Link>
            </span>
            <span>{words.reports.source(page.counted)}</span>
          </>
        }
      />
      <Tools page={page} setPeriod={setPeriod} />
      {page.counted === 0 ? (
        <section className="panel">
          <Blank title={words.reports.emptyTitle}>
            <p>{words.reports.emptyText}</p>
          </Blank>
        </section>
      ) : page.by.length === 0 ? (
        <section className="panel" aria-label={say(page.name)}>
          <Figures figures={page.columns.map(({ name }, at) => [say(name), shown(page.total[at] ?? null)])} />
        </section>
      ) : (
        <Rows page={page} />
      )}
      {page.names && page.counted > 0 && <Named page={page} />}
      <AsOf at={page.asOf} />
    </>
  );
}

/** An end moved past the other takes the other along, to the year's own: no period is ever empty. */
const begun = (from: string, to: string): Period => ({
  from,
  to: from > to ? `${from.slice(0, 4)}-12-31` : to,
});
const ended = (from: string, to: string): Period => ({
  from: from > to ? `${to.slice(0, 4)}-01-01` : from,
  to,
});

/** The period or the day, a year back or on, and the way out into a spreadsheet. */
function Tools({ page, setPeriod }: ViewProps) {
  const words = useMechanismWords();
  const toast = useToast();
  const year = Number(page.to.slice(0, 4));
  const ofYear = (one: number) => setPeriod({ from: `${one}-01-01`, to: `${one}-12-31` });
  const save = () =>
    download(
      pathOf('reports', page.id, '/export'),
      { from: page.from, to: page.to, kind: 'xlsx' },
      `${page.name.zh}-${page.to}.xlsx`,
    ).catch(() => toast(words.reports.exportFailed, { tone: 'late' }));
  return (
    <div className="row wrap no-print">
      {page.over === 'period' && (
        <label className="row">
          <span className="muted nowrap">{words.reports.from}</span>
          <input
            type="date"
            className="input short"
            value={page.from}
            onChange={(event) => event.target.value && setPeriod(begun(event.target.value, page.to))}
          />
        </label>
      )}
      <label className="row">
        <span className="muted nowrap">{page.over === 'period' ? words.reports.to : words.reports.on}</span>
        <input
          type="date"
          className="input short"
          value={page.to}
          onChange={(event) =>
            event.target.value &&
            setPeriod(
              page.over === 'period' ? ended(page.from, event.target.value) : { to: event.target.value },
            )
          }
        />
      </label>
      {page.over === 'period' && (
        <>
          <button type="button" className="button" onClick={() => ofYear(year - 1)}>
            {words.reports.lastYear}
          </button>
          <button type="button" className="button" onClick={() => ofYear(year + 1)}>
            {words.reports.nextYear}
          </button>
        </>
      )}
      <button type="button" className="button" onClick={() => void save()}>
        <Icon name="download" size={16} />
        {words.reports.excel}
      </button>
    </div>
  );
}

function Rows({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <section className="panel" aria-label={say(page.name)}>
      <ScrollBox label={say(page.name)}>
        <table className="table" aria-label={say(page.name)}>
          <thead>
            <tr>
              {page.by.map((field) => (
                <th key={field.zh}>{say(field)}</th>
              ))}
              {page.columns.map((column) => (
                <th key={column.id} className="number">
                  {say(column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.rows.map((row) => (
              <tr key={row.of.map(({ zh }) => zh).join('|')}>
                {row.of.map((value, at) => (
                  <td key={page.by[at]?.zh}>{say(value)}</td>
                ))}
                {row.cells.map((cell, at) => (
                  <td key={page.columns[at]?.id} className="number">
                    {shown(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={page.by.length}>
                {words.reports.total}
              </th>
              {page.total.map((cell, at) => (
                <td key={page.columns[at]?.id} className="number">
                  {shown(cell)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
    </section>
  );
}

function Named({ page }: { readonly page: Answer }) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <Panel
      id="report-named"
      title={words.reports.named}
      side={
        page.namedCount > page.named.length ? (
          <span className="muted">{words.reports.namedMore(page.named.length, page.namedCount)}</span>
        ) : (
          <span className="muted">{page.namedCount}</span>
        )
      }
    >
      {page.named.length === 0 ? (
        <p className="body muted">{words.reports.nobody}</p>
      ) : (
        <ul className="mechanism-rows">
          {page.named.map((one) => (
            <li key={one.key}>
              <Link
                to="/registers/$registerId/objects/$key"
                params={{ registerId: page.register.id, key: one.key }}
              >
                {one.name}
              </Link>
              {one.lacks.length > 0 && <span className="muted">{one.lacks.map(say).join(' · ')}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
