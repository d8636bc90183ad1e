// Tables of one's own: build, look, save, share, have them made on appointed days, take them along as a spreadsheet.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, get, post } from '../api/client.ts';
import { uuidv7 } from '../api/uuid.ts';
import { usePreferences } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Bones, Failed, Loaded } from '../design/loaded.tsx';
import type { FreeTableAnswer, SavedTableEntry, TableViews } from './contract.ts';
import './centre.css';
import './figures.css';
import { Builder } from './table-builder.tsx';
import { type Draft, freshDraft, toSend } from './table-model.ts';
import { Result } from './table-result.tsx';
import { type Share, Sharing } from './table-share.tsx';
import { useTableWords } from './table-words.ts';

export function TablesPage() {
  const words = useTableWords();
  const views = useQuery({
    queryKey: ['figures', 'table-views'],
    queryFn: ({ signal }) => get<TableViews>('/desk/tables/views', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="page figures">
      <header className="page-head">
        <div>
          <h1>{words.title}</h1>
          <p>{words.intro}</p>
        </div>
      </header>
      <Loaded query={views} bones={<Bones rows={10} />}>
        {(data) => <Tables views={data} />}
      </Loaded>
    </div>
  );
}

type Kept = SavedTableEntry & { readonly answer: FreeTableAnswer };

function Tables({ views }: { readonly views: TableViews }) {
  const first = views.views.find(({ name }) => name === 'encounter') ?? views.views[0]!;
  const [draft, change] = useState<Draft>(() => freshDraft(first));
  const [saved, choose] = useState<SavedTableEntry | null>(null);
  const run = useMutation({
    mutationFn: (table: object) => post<FreeTableAnswer>('/desk/tables/run', { table }),
  });
  const open = useMutation({ mutationFn: (id: string) => get<Kept>(`/desk/tables/${id}`) });
  const asked = new URLSearchParams(useRouterState({ select: ({ location }) => location.searchStr })).get(
    'id',
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a notice leads to one table; what is chosen later stays
  useEffect(() => {
    if (asked === null) return;
    open.mutate(asked, {
      onSuccess: (entry) => {
        choose(entry);
        change(entry.table as Draft);
      },
    });
  }, [asked]);
  const words = useTableWords();
  const { t } = useTranslation();
  const { language } = usePreferences().preferences;
  const shown = run.data ?? open.data?.answer;
  const fault = run.error ?? open.error;
  return (
    <div className="table-desk">
      <section className="panel body stack no-print" aria-label={words.source}>
        <Builder
          views={views}
          draft={draft}
          change={(next) => {
            change(next);
            run.reset();
            open.reset();
          }}
        />
        <div className="row wrap">
          <button
            type="button"
            className="button main"
            disabled={run.isPending}
            onClick={() => run.mutate(toSend(draft))}
          >
            {words.run}
          </button>
          <button
            type="button"
            className="button quiet"
            onClick={() =>
              void download(
                '/desk/tables/export',
                { table: toSend(draft), title: saved?.title ?? words.title, language },
                `${saved?.title ?? words.title}.xlsx`,
              )
            }
          >
            <Icon name="download" size={16} />
            {t('act.exportXlsx')}
          </button>
          <button type="button" className="button quiet only-wide" onClick={() => print()}>
            <Icon name="print" size={16} />
            {t('act.print')}
          </button>
        </div>
        <Saving key={saved?.id ?? 'fresh'} roles={views.roles} draft={draft} saved={saved} done={choose} />
      </section>
      <div className="stack">
        {fault && <Failed error={fault} retry={() => run.mutate(toSend(draft))} />}
        {shown && <Result answer={shown} codes={views.codes} table={toSend(draft)} />}
        <Shelf
          chosen={saved?.id ?? null}
          open={(entry) => {
            choose(entry);
            change(entry.table as Draft);
            run.reset();
            open.mutate(entry.id);
          }}
          fresh={() => {
            choose(null);
            change(freshDraft(first));
            run.reset();
            open.reset();
          }}
        />
      </div>
    </div>
  );
}

interface SavingProps {
  readonly roles: TableViews['roles'];
  readonly draft: Draft;
  readonly saved: SavedTableEntry | null;
  readonly done: (entry: SavedTableEntry) => void;
}

/** Name, appointed days, who may open it: one form, saved with one press. */
function Saving({ roles, draft, saved, done }: SavingProps) {
  const words = useTableWords();
  const queries = useQueryClient();
  const own = saved?.mine ? saved : null;
  const [title, name] = useState('');
  const [every, appoint] = useState<SavedTableEntry['every'] | undefined>(undefined);
  const [chosen, setShares] = useState<readonly Share[] | null>(null);
  const shares = chosen ?? own?.shares ?? [];
  const [id, renew] = useState(() => uuidv7());
  const save = useMutation({
    mutationFn: () =>
      post<SavedTableEntry>(`/desk/tables/${own?.id ?? id}`, {
        title: title || own?.title,
        table: toSend(draft),
        every: every === undefined ? (own?.every ?? null) : every,
        shares: shares.map(({ kind, id: of }) => ({ kind, id: of })),
      }),
    onSuccess: (entry) => {
      done(entry);
      name('');
      setShares(null);
      renew(uuidv7());
      void queries.invalidateQueries({ queryKey: ['figures', 'tables'] });
    },
  });
  return (
    <form
      className="stack table-saving"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label className="field">
        <span>{words.saveAs}</span>
        <input
          className="input"
          maxLength={60}
          value={title}
          placeholder={own?.title}
          onChange={(event) => name(event.target.value)}
        />
      </label>
      <label className="field">
        <span>{words.every}</span>
        <select
          className="input"
          value={(every === undefined ? own?.every : every) ?? 'none'}
          onChange={(event) =>
            appoint(event.target.value === 'none' ? null : (event.target.value as SavedTableEntry['every']))
          }
        >
          {(Object.keys(words.everySteps) as (keyof typeof words.everySteps)[]).map((each) => (
            <option key={each} value={each}>
              {words.everySteps[each]}
            </option>
          ))}
        </select>
      </label>
      <Sharing roles={roles} shares={shares} change={setShares} />
      {save.error && <Failed error={save.error} retry={() => save.mutate()} />}
      <button type="submit" className="button" disabled={save.isPending || !(title || own)}>
        {words.save}
      </button>
    </form>
  );
}

interface ShelfProps {
  readonly chosen: string | null;
  readonly open: (entry: SavedTableEntry) => void;
  readonly fresh: () => void;
}

function Shelf({ chosen, open, fresh }: ShelfProps) {
  const words = useTableWords();
  const queries = useQueryClient();
  const tables = useQuery({
    queryKey: ['figures', 'tables'],
    queryFn: ({ signal }) => get<{ items: readonly SavedTableEntry[] }>('/desk/tables', signal),
  });
  const remove = useMutation({
    mutationFn: (id: string) => post(`/desk/tables/${id}/remove`, {}),
    onSuccess: () => {
      fresh();
      void queries.invalidateQueries({ queryKey: ['figures', 'tables'] });
    },
  });
  return (
    <section className="panel no-print" aria-labelledby="table-shelf">
      <header>
        <h2 id="table-shelf">{words.mine}</h2>
        <button type="button" className="button quiet" onClick={fresh}>
          {words.fresh}
        </button>
      </header>
      <Loaded query={tables} bones={<Bones rows={3} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Blank title={words.none}>
              <p>{words.noneText}</p>
            </Blank>
          ) : (
            <ul className="centre-list">
              {items.map((entry) => (
                <li key={entry.id} aria-current={entry.id === chosen ? 'true' : undefined}>
                  <button type="button" className="link-button grow truncate" onClick={() => open(entry)}>
                    {entry.title}
                  </button>
                  <span className="muted small nowrap">
                    {entry.mine ? (entry.due ? words.due(entry.due) : '') : words.owner(entry.owner)}
                    {entry.madeAt && ` · ${words.made(entry.madeAt.slice(0, 10))}`}
                  </span>
                  {entry.mine && (
                    <button type="button" className="link-button" onClick={() => remove.mutate(entry.id)}>
                      {words.delete}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
