// The institutions behind a figure in their order: place, name, a bar from zero, the number. Each opens its own figure.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { FigureDetail, FigureRow } from './contract.ts';
import { count, unitText, valueText } from './format.ts';
import { useWords } from './words.ts';

const SHOWN = 12;

interface RowsProps {
  readonly data: FigureDetail;
  /** The organisation whose cases are shown, where rows are parts of the figure. */
  readonly chosen: string | null;
  readonly choose: (scope: string) => void;
}

export function Rows({ data, chosen, choose }: RowsProps) {
  const words = useWords();
  const [all, showAll] = useState(false);
  const { rows, tile } = data;
  const most = Math.max(0, ...rows.map((row) => barOf(row, data)));
  const isParts = data.rowsAre === 'parts';
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="figure-rows">
      <header>
        <h2 id="figure-rows">
          {data.rowsAre === 'below' ? words.below : data.rowsAre === 'parts' ? words.parts : words.peers}
        </h2>
        <span className="muted small">{rows.length}</span>
      </header>
      <ScrollBox label={words.below}>
        <table className="table figure-rows">
          <thead>
            <tr>
              {!isParts && <th className="number">{words.heads.rank}</th>}
              <th>{words.heads.org}</th>
              <th className="figure-bar-column">{words.heads.share}</th>
              {!isParts && (
                <th className="number">
                  {words.heads.value} {unitText(tile.unit, words)}
                </th>
              )}
              <th className={`number ${isParts ? '' : 'only-wide'}`}>
                {words.heads.numerator} / {words.heads.denominator}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.scope.id} row={row} data={data} most={most} chosen={chosen} choose={choose} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
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

/** Bars start at zero: the value, or how much of the figure comes from there. */
const barOf = (row: FigureRow, data: FigureDetail): number =>
  Math.max(0, (data.rowsAre === 'parts' ? (row.denominator ?? row.numerator) : row.value) ?? 0);

function Row({
  row,
  data,
  most,
  chosen,
  choose,
}: RowsProps & { readonly row: FigureRow; readonly most: number }) {
  const words = useWords();
  const isParts = data.rowsAre === 'parts';
  const isHere = isParts ? row.scope.id === chosen : row.scope.id === data.scope.id;
  const bar = barOf(row, data);
  return (
    <tr className={isHere ? 'here' : ''}>
      {!isParts && <td className="number">{row.rank ?? ''}</td>}
      <td>
        {isParts ? (
          <button
            type="button"
            className="link-button"
            aria-pressed={isHere}
            onClick={() => choose(row.scope.id)}
          >
            {row.scope.name}
          </button>
        ) : (
          <Link
            to="/figures/$figureId"
            params={{ figureId: data.tile.id }}
            search={{ period: data.period.name, scope: row.scope.id }}
          >
            {row.scope.name}
          </Link>
        )}
      </td>
      <td className="figure-bar-column">
        {bar > 0 && most > 0 && (
          <span className="bar">
            <i style={{ width: `${(100 * bar) / most}%` }} />
          </span>
        )}
      </td>
      {!isParts && (
        <td className={`number nowrap ${row.value === null ? 'muted' : ''}`}>
          {valueText(row, data.tile.digits, words)}
        </td>
      )}
      <td className={`number muted nowrap ${isParts ? '' : 'only-wide'}`}>
        {row.masked ? words.masked : partsText(row)}
      </td>
    </tr>
  );
}

function partsText({ numerator, denominator }: FigureRow): string {
  if (denominator === null) return numerator === null ? '' : count(numerator);
  return `${numerator === null ? '–' : count(numerator)} / ${count(denominator)}`;
}
