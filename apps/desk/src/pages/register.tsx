// One register as of a date: who is missing, the rows, adding, import, export and print of what is seen.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useToast } from '../app/toast.tsx';
import type { Coverage, RegisterPage as RegisterAnswer } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { LongFoot, LongRows, rowCount } from '../design/long-rows.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { type LongList, useKept, useLongList } from '../design/use-long-list.ts';
import { ActForm } from '../form/act-form.tsx';
import './register.css';

const YimaiDatePicker = lazy(() =>
  import('../design/date-picker.tsx').then((module) => ({ default: module.YimaiDatePicker })),
);
const PAGE = 100;

interface Asked {
  readonly asOf?: string;
  readonly text?: string;
  readonly count: number;
}

export function RegisterPage() {
  const { registerId = '' } = useParams({ strict: false });
  const [filter, setFilter] = useKept<{ asOf?: string; text?: string }>(`register.${registerId}`, {});
  const asked: Asked = { ...filter, count: PAGE };
  const list = useLongList<RegisterAnswer>(['register', registerId, 'list', asked], (cursor, signal) => {
    const body = cursor ? { ...asked, cursor } : asked;
    return post(`/desk/registers/${encodeURIComponent(registerId)}`, body, signal);
  });
  return (
    <div className="page">
      <Loaded query={list}>
        {(page) => (
          <RegisterView
            page={page}
            asked={asked}
            filter={(some) => setFilter((old) => ({ ...old, ...some }))}
            list={list}
          />
        )}
      </Loaded>
    </div>
  );
}

interface RegisterViewProps {
  readonly page: RegisterAnswer;
  readonly asked: Asked;
  readonly filter: (some: { asOf?: string; text?: string }) => void;
  readonly list: LongList<RegisterAnswer>;
}

function RegisterView({ page, asked, filter, list }: RegisterViewProps) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const queries = useQueryClient();
  const { session } = useSession();
  const [adding, setAdding] = useState(false);
  const { register } = page;
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{say(register.name)}</h1>
          <p>{say(register.programme.name)}</p>
        </div>
        <Tools page={page} asked={asked} add={() => setAdding(true)} />
      </header>
      {page.coverage.map((coverage) => (
        <CoverageBar key={coverage.name.zh} coverage={coverage} />
      ))}
      {adding && page.write && (
        <section className="panel">
          <header>
            <h2>{t('register.add')}</h2>
          </header>
          <div className="body">
            <ActForm
              act={page.write}
              draftKey={`${session?.user.id ?? ''}.register.${register.id}`}
              onCancel={() => setAdding(false)}
              onDone={() => {
                setAdding(false);
                toast(t('register.saved'));
                void queries.invalidateQueries({ queryKey: ['register', register.id] });
              }}
            />
          </div>
        </section>
      )}
      <Filters page={page} text={asked.text ?? ''} filter={filter} />
      <section className="panel">
        <Rows page={page} asked={asked.text ?? ''} clear={() => filter({ text: '' })} />
        <LongFoot list={list} />
      </section>
    </>
  );
}

function Tools({
  page,
  asked,
  add,
}: {
  readonly page: RegisterAnswer;
  readonly asked: Asked;
  readonly add: () => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const toast = useToast();
  const words = useErrorWords();
  const { register } = page;
  const save = (kind: 'xlsx' | 'csv') => {
    const name = `${say(register.name)}-${page.asOf.slice(0, 10)}.${kind}`;
    download(`/desk/registers/${encodeURIComponent(register.id)}/export`, { ...asked, kind }, name).catch(
      (error: unknown) => toast(words(error), { tone: 'late' }),
    );
  };
  return (
    <div className="row wrap no-print">
      {page.write && (
        <button type="button" className="button main" onClick={add}>
          <Icon name="plus" size={16} />
          {t('register.add')}
        </button>
      )}
      {page.canImport && (
        <Link to="/registers/$registerId/import" params={{ registerId: register.id }} className="button">
          <Icon name="upload" size={16} />
          {t('act.import')}
        </Link>
      )}
      <button type="button" className="button" onClick={() => save('xlsx')}>
        <Icon name="download" size={16} />
        {t('act.exportXlsx')}
      </button>
      <button type="button" className="button" onClick={() => save('csv')}>
        {t('act.exportCsv')}
      </button>
      <button type="button" className="button" onClick={() => print()}>
        <Icon name="print" size={16} />
        {t('act.print')}
      </button>
    </div>
  );
}

function Filters({
  page,
  text: asked,
  filter,
}: {
  readonly page: RegisterAnswer;
  readonly text: string;
  readonly filter: RegisterViewProps['filter'];
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  return (
    <form
      className="row wrap no-print"
      onSubmit={(event) => {
        event.preventDefault();
        filter({ text });
      }}
    >
      <input
        className="input"
        style={{ maxWidth: 280 }}
        type="search"
        aria-label={t('register.text')}
        placeholder={t('register.text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text !== asked && filter({ text })}
      />
      <span className="row">
        <span className="muted nowrap">{t('register.asOf')}</span>
        <Suspense fallback={<span className="bone" style={{ width: 140, height: 36 }} />}>
          <YimaiDatePicker
            label={t('register.asOf')}
            value={page.asOf.slice(0, 10)}
            onChange={(asOf) => asOf && filter({ asOf })}
          />
        </Suspense>
      </span>
    </form>
  );
}

function CoverageBar({ coverage }: { readonly coverage: Coverage }) {
  const { t } = useTranslation();
  const say = useSay();
  const { have, of, missing } = coverage;
  const shown = missing.slice(0, 6);
  return (
    <section className="coverage" aria-label={say(coverage.name)}>
      <div className="between">
        <span>
          {say(coverage.name)} <strong>{t('register.coverage', { have, of })}</strong>
        </span>
        {missing.length === 0 && <span className="state done">● {t('register.missingAll')}</span>}
      </div>
      <div className="bar">
        <i style={{ width: `${of === 0 ? 0 : (100 * have) / of}%` }} />
      </div>
      {missing.length > 0 && (
        <details>
          <summary>
            {t('register.missing', { n: missing.length })}
            {shown.map((org) => org.name).join(t('listComma'))}
            {missing.length > shown.length && ' …'}
          </summary>
          <ul>
            {missing.map((org) => (
              <li key={org.id}>{org.name}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RowsProps {
  readonly page: RegisterAnswer;
  /** What was looked for. */
  readonly asked: string;
  readonly clear: () => void;
}

/** Nothing fits, nothing is there yet, nothing that this person could add: each with its own word. */
function Empty({ page, asked, clear }: RowsProps) {
  const { t } = useTranslation();
  if (asked !== '') {
    return (
      <Blank title={t('register.noneFound', { text: asked })}>
        <button type="button" className="button" onClick={clear}>
          {t('act.clear')}
        </button>
      </Blank>
    );
  }
  const hint = page.canImport ? 'emptyText' : page.write ? 'emptyAdd' : 'emptyRead';
  return (
    <Blank title={t(hint === 'emptyRead' ? 'register.emptyReadTitle' : 'register.emptyTitle')}>
      <p>{t(`register.${hint}`)}</p>
    </Blank>
  );
}

function Rows({ page, asked, clear }: RowsProps) {
  const { t } = useTranslation();
  const say = useSay();
  if (page.items.length === 0) return <Empty page={page} asked={asked} clear={clear} />;
  const numeric = new Set(
    page.columns.flatMap((column, index) =>
      column.kind === 'number' || column.kind === 'money' ? [index] : [],
    ),
  );
  return (
    <ScrollBox label={say(page.register.name)}>
      <table className="table" aria-label={say(page.register.name)} aria-rowcount={rowCount(page)}>
        <thead>
          <tr>
            {page.columns.map((column, index) => (
              <th key={column.id} className={numeric.has(index) ? 'number' : ''}>
                {say(column.name)}
              </th>
            ))}
            <th>{t('register.effective')}</th>
          </tr>
        </thead>
        <LongRows rows={page.items} columns={page.columns.length + 1} name={page.register.id}>
          {(row, at) => (
            <tr key={row.key} data-row={at} aria-rowindex={at + 2}>
              {row.cells.map((cell, index) => (
                <td
                  key={page.columns[index]?.id ?? index}
                  className={
                    numeric.has(index) ? 'number' : page.columns[index]?.kind === 'date' ? 'nowrap' : ''
                  }
                >
                  {index === 0 ? (
                    <Link
                      to="/registers/$registerId/objects/$key"
                      params={{ registerId: page.register.id, key: row.key }}
                    >
                      {cell === null ? t('unknown') : say(cell)}
                    </Link>
                  ) : (
                    cell && say(cell)
                  )}
                </td>
              ))}
              <td className="muted nowrap">
                {row.effectiveFrom &&
                  (row.effectiveTo
                    ? t('register.fromTo', { from: row.effectiveFrom, to: row.effectiveTo })
                    : t('register.from', { from: row.effectiveFrom }))}
              </td>
            </tr>
          )}
        </LongRows>
      </table>
    </ScrollBox>
  );
}
