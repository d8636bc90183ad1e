// The work list: tabs, filters, a table moved by keys, claim and release, many at once, pages from the server.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { commands } from '../api/client.ts';
import { useOwner } from '../app/kept-answers.ts';
import { useOfflinePages } from '../app/offline-pages.ts';
import { useSay } from '../app/preferences.tsx';
import { isTyping } from '../app/shell.tsx';
import { useToast } from '../app/toast.tsx';
import { WORK_TABS, type WorkItem, type WorkQuery, type WorkTab } from '../contract.ts';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { LongFoot, rowCount, showRow } from '../design/long-rows.tsx';
import { type LongList, useKept, useLongList } from '../design/use-long-list.ts';
import { WorkTable } from '../design/work-table.tsx';
import { OutboxLine } from '../field/outbox-panel.tsx';
import { type WorkAnswer, workOrKept } from './kept-work.ts';
import { WorkHandOver } from './work-hand-over.tsx';
import { type BulkEnd, refusedOf, WorkRefused } from './work-refused.tsx';
import { SavedFilters } from './work-saved.tsx';
import './work.css';

const PAGE = 50;

export function WorkPage() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as { tab?: string; loop?: string };
  const navigate = useNavigate();
  const tab = WORK_TABS.find((each) => each === search.tab) ?? 'mine';
  const [filter, setFilter] = useKept<Omit<WorkQuery, 'tab' | 'loop'>>('work', {});
  const asked: WorkQuery = {
    ...filter,
    tab,
    count: PAGE,
    ...(search.loop ? { loop: search.loop } : {}),
  };
  const owner = useOwner();
  useOfflinePages(() => import('./case.tsx'));
  const list = useLongList<WorkAnswer>(['work', 'list', asked, owner], (cursor, signal) =>
    workOrKept(owner, asked, cursor, signal),
  );
  const change = (some: Partial<WorkQuery>) => {
    const { tab: nextTab, loop, ...rest } = some;
    if ('tab' in some || 'loop' in some) {
      const to = {
        tab: nextTab ?? tab,
        ...('loop' in some ? (loop ? { loop } : {}) : search.loop ? { loop: search.loop } : {}),
      };
      void navigate({ to: '/work', search: to });
    }
    setFilter((old) => ({ ...old, ...rest }));
  };

  return (
    <div className="page">
      <OutboxLine savedAt={list.data?.savedAt ?? null} />
      <header className="page-head">
        <h1>{t('work.title')}</h1>
      </header>
      <Tabs
        tab={tab}
        change={change}
        current={{ ...filter, tab, ...(search.loop ? { loop: search.loop } : {}) }}
      />
      <Filters asked={asked} loops={list.data?.loops ?? []} change={change} />
      <section className="panel">
        <Loaded query={list}>
          {(page) => (
            <List
              key={JSON.stringify(asked)}
              page={page}
              tab={tab}
              list={list}
              filtered={Boolean(asked.loop || asked.late || asked.text)}
              clear={() => change({ loop: '', late: false, text: '' })}
            />
          )}
        </Loaded>
      </section>
    </div>
  );
}

interface TabsProps {
  readonly tab: WorkTab;
  readonly current: WorkQuery;
  readonly change: (some: Partial<WorkQuery>) => void;
}

function Tabs({ tab, current, change }: TabsProps) {
  const { t } = useTranslation();
  return (
    <nav className="tabs no-print" aria-label={t('work.title')}>
      {WORK_TABS.map((each) => (
        <button
          key={each}
          type="button"
          aria-current={each === tab ? 'page' : undefined}
          onClick={() => change({ tab: each })}
        >
          {t(`work.tabs.${each}`)}
        </button>
      ))}
      <SavedFilters current={current} choose={change} />
    </nav>
  );
}

interface FiltersProps {
  readonly asked: WorkQuery;
  readonly loops: WorkAnswer['loops'];
  readonly change: (some: Partial<WorkQuery>) => void;
}

function Filters({ asked, loops, change }: FiltersProps) {
  const { t } = useTranslation();
  const say = useSay();
  const [text, setText] = useState(asked.text ?? '');
  useEffect(() => setText(asked.text ?? ''), [asked.text]);
  return (
    <form
      className="work-filters no-print"
      onSubmit={(event) => {
        event.preventDefault();
        change({ text });
      }}
    >
      <input
        className="input"
        type="search"
        aria-label={t('work.text')}
        placeholder={t('work.text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text !== (asked.text ?? '') && change({ text })}
      />
      <select
        className="input"
        aria-label={t('work.filterLoop')}
        value={asked.loop ?? ''}
        onChange={(event) => change({ loop: event.target.value })}
      >
        <option value="">
          {t('work.filterLoop')}: {t('work.all')}
        </option>
        {loops.map((loop) => (
          <option key={loop.id} value={loop.id}>
            {say(loop.name)} ({loop.count})
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('work.sort')}
        value={asked.sort ?? 'deadline'}
        onChange={(event) => change({ sort: event.target.value as 'deadline' | 'age' | 'number' })}
      >
        <option value="deadline">{t('work.sortDeadline')}</option>
        <option value="age">{t('work.sortAge')}</option>
        <option value="number">{t('work.sortNumber')}</option>
      </select>
      <label className="check">
        <input
          type="checkbox"
          checked={asked.late ?? false}
          onChange={(event) => change({ late: event.target.checked })}
        />
        {t('work.lateOnly')}
      </label>
    </form>
  );
}

interface ListProps {
  readonly page: WorkAnswer;
  readonly tab: WorkTab;
  readonly list: LongList<WorkAnswer>;
  readonly filtered: boolean;
  readonly clear: () => void;
}

function List({ page, tab, list, filtered, clear }: ListProps) {
  const { t } = useTranslation();
  const { items } = page;
  const [here, setHere] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [handsOver, setHandsOver] = useState(false);
  const [ended, setEnded] = useState<BulkEnd>({ done: 0, refused: [] });
  const end = (bulk: BulkEnd) => {
    setEnded(bulk);
    setSelected(new Set(bulk.refused.map(({ item }) => item.id)));
  };
  const claim = useClaim(end);
  const toggle = (id: string) => {
    const after = new Set(selected);
    if (!after.delete(id)) after.add(id);
    setSelected(after);
  };
  const goTo = (next: number) => {
    if (next >= items.length) list.more();
    const at = Math.max(0, Math.min(next, items.length - 1));
    setHere(at);
    showRow(at);
  };
  useListKeys(items, here, goTo, toggle, (item) => void claim([item], item.claim?.me !== true));

  const refused = <WorkRefused {...ended} close={() => setEnded({ done: 0, refused: [] })} />;
  if (items.length === 0) {
    return (
      <>
        {refused}
        {filtered ? (
          <Blank title={t('work.emptyTitle')}>
            <p>{t('work.emptyText')}</p>
            <button type="button" className="button" onClick={clear}>
              {t('act.clear')}
            </button>
          </Blank>
        ) : (
          <Blank title={t(`work.empty.${tab}.title`)}>
            <p>{t(`work.empty.${tab}.text`)}</p>
          </Blank>
        )}
      </>
    );
  }
  const chosen = items.filter((item) => selected.has(item.id));
  const selectAll = () =>
    setSelected(chosen.length === items.length ? new Set() : new Set(items.map((item) => item.id)));
  return (
    <>
      {refused}
      {chosen.length > 0 && (
        <div className="work-bulk" role="status">
          <strong>{t('work.selected', { n: chosen.length })}</strong>
          <button type="button" className="button main" onClick={() => void claim(chosen, true)}>
            {t('work.claimSelected')}
          </button>
          <button type="button" className="button" onClick={() => void claim(chosen, false)}>
            {t('work.releaseSelected')}
          </button>
          <button type="button" className="button" onClick={() => setHandsOver(true)}>
            {t('work.handOver')}
          </button>
          <button type="button" className="button quiet" onClick={() => setSelected(new Set())}>
            {t('act.clear')}
          </button>
        </div>
      )}
      {handsOver && chosen.length > 0 && (
        <WorkHandOver items={chosen} close={() => setHandsOver(false)} end={end} />
      )}
      <WorkTable
        items={items}
        label={t(`work.tabs.${tab}`)}
        rowCount={rowCount(page)}
        here={here}
        selected={selected}
        onSelect={toggle}
        onSelectAll={selectAll}
      />
      <LongFoot list={list} />
    </>
  );
}

/** Claims or releases cases; what was done can be undone from the toast. */
function useClaim(end: (bulk: BulkEnd) => void): (items: readonly WorkItem[], on: boolean) => Promise<void> {
  const { t } = useTranslation();
  const toast = useToast();
  const words = useErrorWords();
  const queries = useQueryClient();
  const act = async (items: readonly WorkItem[], on: boolean): Promise<void> => {
    const event = on ? '$claim' : '$release';
    try {
      const answers = await commands(
        items.map((item) => ({
          type: 'loop.act',
          subject: `Task/${item.id}`,
          payload: { case: item.id, event },
        })),
      );
      const done = items.filter((_, index) => answers[index]?.outcome === 'applied');
      end({ done: done.length, refused: refusedOf(items, answers) });
      if (done.length > 0) {
        const undo = { undo: () => void act(done, !on) };
        toast(
          on ? t('work.claimedDone', { n: done.length }) : t('work.releasedDone', { n: done.length }),
          undo,
        );
      }
    } catch (error) {
      toast(words(error), { tone: 'late' });
    }
    await queries.invalidateQueries({ queryKey: ['work'] });
  };
  return act;
}

function useListKeys(
  items: readonly WorkItem[],
  here: number,
  goTo: (row: number) => void,
  select: (id: string) => void,
  claim: (item: WorkItem) => void,
): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const item = items[here];
      const onControl = (event.target as HTMLElement).closest('a, button') !== null;
      if (event.key === 'j' || event.key === 'k') {
        goTo(event.key === 'j' ? here + 1 : here - 1);
      } else if (event.key === 'Enter' && item && !onControl)
        void navigate({ to: '/cases/$caseId', params: { caseId: item.id } });
      else if (event.key === 'x' && item) select(item.id);
      else if (event.key === 'c' && item) claim(item);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
