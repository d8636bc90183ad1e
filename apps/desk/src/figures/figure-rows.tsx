// The institutions behind a figure in their order: place, name, a bar from zero, the number. Each opens its own figure.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FigureDetail, FigureRow } from './contract.ts';
import { count, unitText, valueText } from './format.ts';
import { useWords } from './words.ts';

const SHOWN = 12;

export function Rows({ data }: { readonly data: FigureDetail }) {
  const words = useWords();
  const [all, showAll] = useState(false);
  const { rows, tile } = data;
  const most = Math.max(0, ...rows.map(({ value }) => value ?? 0));
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="figure-rows">
      <header>
        <h2 id="figure-rows">{data.rowsAre === 'below' ? words.below : words.peers}</h2>
        <span className="muted small">{rows.length}</span>
      </header>
      {rows.length === 0 ? (
        <p className="figure-none muted">{words.noneCollected}</p>
      ) : (
        <ScrollBox label={words.below}>
          <table className="table figure-rows">
            <thead>
              <tr>
                <th className="number">{words.heads.rank}</th>
                <th>{words.heads.org}</th>
                <th className="figure-bar-column">{words.heads.share}</th>
                <th className="number">
                  {words.heads.value} {unitText(tile.unit, words)}
                </th>
                <th className="number only-wide">
                  {words.heads.numerator} / {words.heads.denominator}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.scope.id} row={row} data={data} most={most} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {rows.length > SHOWN && !all && (
        <footer>
          <button type="button" className="button quiet" onClick={() => showAll(true)}>
            {words.allRows(rows.length)}
          </button>
        </footer>
      )}
    </section>
  );
}

function Row({
  row,
  data,
  most,
}: {
  readonly row: FigureRow;
  readonly data: FigureDetail;
  readonly most: number;
}) {
  const words = useWords();
  const own = row.scope.id === data.scope.id;
  return (
    <tr className={own ? 'here' : ''}>
      <td className="number">{row.rank ?? ''}</td>
      <td>
        <Link
          to="/figures/$figureId"
          params={{ figureId: data.tile.id }}
          search={{ period: data.period.name, scope: row.scope.id }}
        >
          {row.scope.name}
        </Link>
      </td>
      <td className="figure-bar-column">
        {row.value !== null && most > 0 && (
          <span className="bar">
            <i style={{ width: `${(100 * Math.max(0, row.value)) / most}%` }} />
          </span>
        )}
      </td>
      <td className={`number nowrap ${row.value === null ? 'muted' : ''}`}>
        {valueText(row, data.tile.digits, words)}
      </td>
      <td className="number muted nowrap only-wide">
        {row.numerator === null
          ? ''
          : row.denominator === null
            ? count(row.numerator)
            : `${count(row.numerator)} / ${count(row.denominator)}`}
      </td>
    </tr>
  );
}
