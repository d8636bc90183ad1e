// Prices of services: the list on a day, batches with totals and warnings, same grade same price, and the release of a batch.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { command, post } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { Blank, Loaded, useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import type { PriceBoard } from './operations-contract.ts';
import { useOperationsWords } from './operations-words.ts';
import { PayFrame } from './pay-frame.tsx';
import { usePayWords } from './pay-words.ts';

export function PricesPage() {
  const words = useOperationsWords();
  const { tabs } = usePayWords();
  const [on, setOn] = useState('');
  const [text, setText] = useState('');
  const asked = { ...(on ? { on } : {}), ...(text.trim() ? { text: text.trim() } : {}) };
  const query = useQuery({
    queryKey: ['pay', 'prices', asked],
    queryFn: ({ signal }) => post<PriceBoard>('/desk/pay/prices', asked, signal),
    placeholderData: (before) => before,
  });
  return (
    <PayFrame title={tabs.prices} text={words.pricesText}>
      <div className="fund-filters">
        <label className="fund-select">
          <span className="muted small">{words.on}</span>
          <input className="input" type="date" value={on} onChange={(event) => setOn(event.target.value)} />
        </label>
        <input
          className="input"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Loaded query={query}>{(board) => <Board board={board} />}</Loaded>
    </PayFrame>
  );
}

function Board({ board }: { readonly board: PriceBoard }) {
  const words = useOperationsWords();
  const { total, ofYear } = board;
  return (
    <>
      {board.batches.length === 0 ? (
        <Blank title={words.noPrices}>
          <p>{words.noPricesText}</p>
        </Blank>
      ) : (
        <>
          <div className="fund-tiles">
            <Tile name={words.totals}>{words.count(total.batches, total.items)}</Tile>
            <Tile name={words.ofYear(ofYear.year)}>{words.count(ofYear.batches, ofYear.items)}</Tile>
          </div>
          <Batches board={board} />
          <Deviations board={board} />
          <List board={board} />
        </>
      )}
      {board.may.release && <Release />}
    </>
  );
}

function Batches({ board }: { readonly board: PriceBoard }) {
  const words = useOperationsWords();
  return (
    <FundPanel title={words.batches}>
      <FundTable
        label={words.batches}
        rows={board.batches}
        most={8}
        keyOf={({ id }) => id}
        columns={[
          { head: words.batch, cell: ({ id }) => id, kind: 'nowrap' },
          { head: words.from, cell: ({ on }) => on, kind: 'nowrap' },
          { head: words.items, cell: ({ items }) => items, kind: 'number' },
          { head: words.raised, cell: ({ raised }) => raised, kind: 'number' },
          { head: words.lowered, cell: ({ lowered }) => lowered, kind: 'number' },
          {
            head: words.warnings,
            kind: 'name',
            cell: ({ warnings }) =>
              warnings.length === 0 ? (
                '—'
              ) : (
                <State kind="due-soon" word={words.directionText(warnings.length)} />
              ),
          },
          {
            head: '',
            kind: 'nowrap',
            cell: ({ inForce }) => (
              <State kind={inForce ? 'done' : 'waiting'} word={inForce ? words.inForce : words.coming} />
            ),
          },
        ]}
      />
    </FundPanel>
  );
}

function Deviations({ board }: { readonly board: PriceBoard }) {
  const words = useOperationsWords();
  return (
    <FundPanel title={words.deviations}>
      {board.deviations.length === 0 ? (
        <p className="body">
          <State kind="done" word={words.noDeviations} />
        </p>
      ) : (
        <FundTable
          label={words.deviations}
          rows={board.deviations}
          keyOf={({ grade, item }) => `${grade} ${item}`}
          columns={[
            { head: words.grade, cell: ({ grade }) => grade, kind: 'nowrap' },
            { head: words.item, cell: ({ item }) => <code className="small">{item}</code>, kind: 'nowrap' },
            { head: words.name, cell: ({ title }) => title, kind: 'name' },
            {
              head: words.charged,
              kind: 'name',
              cell: ({ prices }) => (
                <ul>
                  {prices.map(({ house, price }) => (
                    <li key={house.id}>
                      {house.name} <Money value={price} />
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </FundPanel>
  );
}

function List({ board }: { readonly board: PriceBoard }) {
  const words = useOperationsWords();
  return (
    <FundPanel
      title={`${words.list} ${board.on}`}
      tools={<span className="muted small">{words.showing(board.items.length, board.itemsTotal)}</span>}
    >
      <FundTable<PriceBoard['items'][number]>
        label={words.list}
        rows={board.items}
        most={20}
        keyOf={({ item }) => item}
        columns={[
          { head: words.item, cell: ({ item }) => <code className="small">{item}</code>, kind: 'nowrap' },
          { head: words.name, cell: ({ title }) => title, kind: 'name' },
          { head: words.class, cell: (one) => words.classes[one.class] ?? one.class, kind: 'nowrap' },
          moneyColumn(words.price, ({ price }) => price),
          { head: words.from, cell: ({ from }) => from || words.before, kind: 'nowrap' },
          { head: words.batch, cell: ({ batch }) => batch, kind: 'nowrap' },
        ]}
      />
    </FundPanel>
  );
}

function changesIn(text: string): { changes: object[] } | { badLine: number } {
  const changes: object[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [item, title, kind, old, fresh] = line.split(/[,，\t]/).map((part) => part.trim());
    if (!item || !title || !kind || !old || !fresh) return { badLine: index + 1 };
    changes.push({ item, title, class: kind, old, new: fresh });
  }
  return { changes };
}

interface ReleaseAnswer {
  readonly items: number;
  readonly warnings: readonly string[];
}

function Release() {
  const words = useOperationsWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [batch, setBatch] = useState('');
  const [effectiveOn, setEffectiveOn] = useState('');
  const [insuranceFrom, setInsuranceFrom] = useState('');
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const release = useMutation({
    mutationFn: (changes: readonly object[]) =>
      command({
        type: 'prices.release',
        payload: { batch, effectiveOn, changes, ...(insuranceFrom ? { insuranceFrom } : {}) },
      }),
    onSuccess: ({ result }) => {
      const { items, warnings } = result as ReleaseAnswer;
      toast(words.released(items, warnings.length));
      setText('');
      return queries.invalidateQueries({ queryKey: ['pay', 'prices'] });
    },
  });
  const send = () => {
    const read = changesIn(text);
    setFault('badLine' in read ? words.badLine(read.badLine) : null);
    if ('changes' in read) release.mutate(read.changes);
  };
  const fields = [
    [words.batch, 'text', batch, setBatch],
    [words.effectiveOn, 'date', effectiveOn, setEffectiveOn],
    [words.insuranceFrom, 'date', insuranceFrom, setInsuranceFrom],
  ] as const;
  return (
    <FundPanel title={words.release}>
      <div className="body stack no-print">
        <div className="fund-filters">
          {fields.map(([word, type, value, set]) => (
            <label key={word} className="fund-select">
              <span className="muted small">{word}</span>
              <input
                className="input"
                type={type}
                value={value}
                onChange={(event) => set(event.target.value)}
              />
            </label>
          ))}
        </div>
        <label className="stack tight">
          <span className="muted small">{words.rows}</span>
          <textarea className="input" value={text} onChange={(event) => setText(event.target.value)} />
          <span className="help">{words.releaseText}</span>
        </label>
        {(fault !== null || release.isError) && (
          <p className="field-error" role="alert">
            {fault ?? errorWords(release.error)}
          </p>
        )}
        <span className="row">
          <button
            type="button"
            className="button main"
            disabled={release.isPending || batch === '' || effectiveOn === '' || text.trim() === ''}
            onClick={send}
          >
            {words.send}
          </button>
        </span>
      </div>
    </FundPanel>
  );
}
