// The surplus after the clearing: work records in, shares out; every share opens to its records, all sum to the fen.
import { useState } from 'react';
import { State } from '../design/state.tsx';
import type { FundClearing, FundDistribution } from './clearing-contract.ts';
import { Fault } from './form-parts.tsx';
import { FundPanel, FundTable, moneyColumn } from './fund-table.tsx';
import { Money, Tile } from './money.tsx';
import { useFundCommand } from './use-fund-command.ts';
import { useWords } from './words.ts';

interface DistributionProps {
  readonly clearing: FundClearing;
  readonly may: boolean;
}

export function Distribution({ clearing, may }: DistributionProps) {
  const words = useWords();
  const { result, dualPool, packageSurplus } = clearing;
  const hasSurplus =
    result !== null && [result.surplus, dualPool, packageSurplus].some((amount) => amount !== '0.00');
  return (
    <FundPanel title={words.distribution}>
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
    </FundPanel>
  );
}

function WorkLines({ year, correction }: { readonly year: string; readonly correction?: true }) {
  const words = useWords();
  const [text, setText] = useState('');
  const [wrongLine, setWrongLine] = useState<string | null>(null);
  const { send, busy, fault } = useFundCommand({ done: words.distributed });
  const share = (lines: readonly object[] | null) =>
    send('distribution.run', {
      year,
      ...(lines === null ? {} : { lines }),
      ...(correction === undefined ? {} : { correction }),
    });
  const shareWritten = () => {
    const lines: object[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const [record, person, points] = line.split(/[,，\t]/).map((part) => part.trim());
      if (!record || !person || !points || !/^\d+(\.\d{1,4})?$/.test(points)) {
        setWrongLine(words.badLine(index + 1));
        return;
      }
      lines.push({ record, person, points, isPrimaryCare: true });
    }
    setWrongLine(null);
    share(lines);
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
      <Fault text={wrongLine ?? fault} />
      <div className="row wrap">
        <button type="button" className="button main" disabled={busy} onClick={() => share(null)}>
          {words.shareByRecord}
        </button>
        <button type="button" className="button" disabled={text.trim() === '' || busy} onClick={shareWritten}>
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
        <Tile
          name={words.surplus}
          note={
            shares.packageSurplus === '0.00' ? undefined : (
              <>
                {words.ofPackages} <Money value={shares.packageSurplus} />
              </>
            )
          }
        >
          <Money value={shares.surplus} />
        </Tile>
        <Tile
          name={words.pool}
          note={
            shares.packagePool === '0.00' ? undefined : (
              <>
                {words.ofDualPackage} <Money value={shares.packagePool} />
              </>
            )
          }
        >
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
        most={20}
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
