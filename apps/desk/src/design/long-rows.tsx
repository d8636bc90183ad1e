// Rows of a long table in pieces: those far from the screen stand as empty space of their height, so that a list of a
// hundred thousand rows scrolls like a short one. The foot tells how far one is and loads on.
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useSay } from '../app/preferences.tsx';
import type { Page } from '../contract.ts';
import type { LongList } from './use-long-list.ts';
import './long-rows.css';

const PIECE = 50;
const NEAR = '1200px 0px';

interface LongRowsProps<T> {
  readonly rows: readonly T[];
  readonly columns: number;
  /** Names the list, so that its heights are known again on return. */
  readonly name: string;
  readonly children: (row: T, index: number) => ReactNode;
}

const known = new Map<string, Map<number, number>>();
const LISTS_MAX = 20;

function heightsOf(name: string): Map<number, number> {
  const heights = known.get(name) ?? new Map<number, number>();
  if (!known.has(name) && known.size >= LISTS_MAX) known.clear();
  known.set(name, heights);
  return heights;
}

export function LongRows<T>({ rows, columns, name, children }: LongRowsProps<T>) {
  const printing = usePrinting();
  const starts = Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, piece) => piece * PIECE);
  const heights = heightsOf(name);
  return starts.map((start) => (
    <Piece
      key={start}
      at={start / PIECE}
      columns={columns}
      heights={heights}
      always={printing || rows.length <= PIECE}
    >
      {() => rows.slice(start, start + PIECE).map((row, index) => children(row, start + index))}
    </Piece>
  ));
}

interface PieceProps {
  readonly at: number;
  readonly columns: number;
  readonly heights: Map<number, number>;
  readonly always: boolean;
  readonly children: () => ReactNode;
}

function Piece({ at, columns, heights, always, children }: PieceProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  // What was never measured is drawn once.
  const [near, setNear] = useState(() => !heights.has(at));
  const drawn = near || always;
  useLayoutEffect(() => {
    if (drawn && body.current) heights.set(at, body.current.offsetHeight);
  });
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      ([entry]) => setNear(entry!.isIntersecting || element.contains(document.activeElement)),
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <tbody ref={body} data-piece={at}>
      {drawn ? (
        children()
      ) : (
        <tr>
          <td colSpan={columns} style={{ height: heights.get(at), padding: 0, border: 0 }} />
        </tr>
      )}
    </tbody>
  );
}

/** On paper everything that is loaded stands in its place. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
}

/** Brings a row into view, also one whose piece is not drawn at the moment. */
export function showRow(index: number): void {
  const row = () => document.querySelector(`[data-row="${index}"]`);
  const piece = document.querySelector(`[data-piece="${Math.floor(index / PIECE)}"]`);
  (row() ?? piece)?.scrollIntoView({ block: 'nearest' });
  if (!row()) setTimeout(() => row()?.scrollIntoView({ block: 'center' }), 100);
}

/** For readers of the table who do not see it: how many rows there are in all; -1 where that is not known. */
export const rowCount = ({ total }: Pick<Page<unknown>, 'total'>): number =>
  total.more ? -1 : total.count + 1;

const WORDS = {
  more: { zh: '继续加载', en: 'Load more' },
  loading: { zh: '正在加载…', en: 'Loading…' },
  all: (n: number) => ({ zh: `共 ${n} 项`, en: `${n} in all` }),
  some: (n: number, of: string) => ({ zh: `共 ${of} 项，已显示 ${n} 项`, en: `${of} in all, ${n} shown` }),
};

/** Loads on by itself when one comes near the end; the button is for those who do not scroll. */
export function LongFoot({ list }: { readonly list: LongList<Page<unknown>> }) {
  const say = useSay();
  const foot = useRef<HTMLElement>(null);
  const { data, hasMore, isLoading, isError, more } = list;
  const loaded = data?.items.length ?? 0;
  const ask = useRef(more);
  ask.current = more;
  useEffect(() => {
    const element = foot.current;
    if (!element || !hasMore || isLoading || isError || loaded === 0) return;
    const observer = new IntersectionObserver(([entry]) => entry!.isIntersecting && ask.current(), {
      rootMargin: NEAR,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasMore, isLoading, isError, loaded]);
  if (!data || loaded === 0) return null;
  const of = data.total.more ? `${data.total.count}+` : String(data.total.count);
  const beyond = data.total.more && loaded > data.total.count ? `${loaded}+` : of;
  return (
    <footer ref={foot} className="between no-print">
      <span className="muted small" role="status">
        {say(hasMore ? WORDS.some(loaded, beyond) : WORDS.all(loaded))}
      </span>
      {hasMore && (
        <button type="button" className="button" disabled={isLoading} onClick={more}>
          {say(isLoading ? WORDS.loading : WORDS.more)}
        </button>
      )}
    </footer>
  );
}
