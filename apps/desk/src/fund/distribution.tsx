// The surplus after the clearing: work records in, shares out; every share opens to its records, all sum to the fen.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { command } from '../api/client.ts';
import { useToast } from '../app/toast.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import type { FundClearing, FundDistribution } from './contract.ts';
import { FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import { useWords } from './words.ts';

interface DistributionProps {
  readonly clearing: FundClearing;
  readonly may: boolean;
}

export function Distribution({ clearing, may }: DistributionProps) {
  const words = useWords();
  const hasSurplus = clearing.result !== null && clearing.result.surplus !== '0.00';
  return (
    <section className="panel">
      <header>
        <h2>{words.distribution}</h2>
      </header>
      <div className="body stack">
        <p className="muted">{hasSurplus ? words.distributionText : words.noSurplus}</p>
        {clearing.distribution && <Shares shares={clearing.distribution} />}
        {hasSurplus && may && clearing.distribution === null && <WorkLines year={clearing.year} />}
        {hasSurplus && may && clearing.distribution !== null && (
          <details>
            <summary>{words.shareAgain}</summary>
            <WorkLines year={clearing.year} correction />
          </details>
        )}
      </div>
    </section>
  );
}

function WorkLines({ year, correction }: { readonly year: string; readonly correction?: true }) {
  const words = useWords();
  const toast = useToast();
  const errorWords = useErrorWords();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const share = useMutation({
    mutationFn: (lines: readonly object[] | null) =>
      command({
        type: 'distribution.run',
        payload: {
          year,
          ...(lines === null ? {} : { lines }),
          ...(correction === undefined ? {} : { correction }),
        },
      }),
    onSuccess: () => {
      toast(words.distributed);
      return queries.invalidateQueries({ queryKey: ['fund'] });
    },
  });
  const send = () => {
    const lines: object[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const [record, person, points] = line.split(/[,，\t]/).map((part) => part.trim());
      if (!record || !person || !points || !/^\d+(\.\d{1,4})?$/.test(points)) {
        setFault(words.badLine(index + 1));
        return;
      }
      lines.push({ record, person, points, isPrimaryCare: true });
    }
    setFault(null);
    share.mutate(lines);
  };
  return (
    <>
      <div className="field">
        <label htmlFor="work-lines">{words.workLines}</label>
        <textarea
          id="work-lines"
          className="input"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="help">{words.workLinesText}</span>
      </div>
      {(fault !== null || share.isError) && (
        <p className="field-error" role="alert">
          {fault ?? errorWords(share.error)}
        </p>
      )}
      <div className="row wrap">
        <button
          type="button"
          className="button main"
          disabled={share.isPending}
          onClick={() => share.mutate(null)}
        >
          {words.shareByRecord}
        </button>
        <button
          type="button"
          className="button"
          disabled={text.trim() === '' || share.isPending}
          onClick={send}
        >
          {words.share}
        </button>
      </div>
    </>
  );
}

export function Shares({ shares }: { readonly shares: FundDistribution }) {
  const words = useWords();
  return (
    <>
      <div className="fund-tiles">
        <Tile name={words.surplus}>
          <Money value={shares.surplus} />
        </Tile>
        <Tile name={words.pool}>
          <Money value={shares.pool} />
        </Tile>
        {shares.parties.map(({ party, amount }) => (
          <Tile key={party} name={words.parties[party] ?? party}>
            <Money value={amount} />
          </Tile>
        ))}
      </div>
      <State kind="done" word={words.sumHolds} />
      <FundTable<FundDistribution['people'][number]>
        label={words.distribution}
        rows={shares.people}
        keyOf={({ person }) => person}
        columns={[
          { head: words.staff, cell: ({ name, person }) => name ?? <code>{person}</code> },
          { head: words.workPoints, cell: ({ points }) => points, kind: 'number' },
          moneyColumn(words.share, ({ share }) => share, { foot: shares.pool }),
          { head: words.records, cell: ({ records }) => <Records records={records} /> },
        ]}
      />
    </>
  );
}

function Records({ records }: { readonly records: readonly string[] }) {
  return (
    <details>
      <summary>{records.length}</summary>
      <ul>
        {records.map((record) => (
          <li key={record}>
            <code className="small">{record}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
