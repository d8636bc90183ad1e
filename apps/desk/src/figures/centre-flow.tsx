// The pulse: care at each level of the county, and the cases that cross from one level to the next, up and down.
import { ScrollBox } from '../design/scroll-box.tsx';
import { Turnable } from './chart.tsx';
import type { Pulse, PulseLevel } from './contract.ts';
import { count } from './format.ts';
import { useWords } from './words.ts';

const ORDER: readonly PulseLevel[] = ['village', 'township', 'county', 'outside'];

interface Crossing {
  readonly up: number;
  readonly upOpen: number;
  readonly down: number;
  readonly downOpen: number;
}

/** Every move crosses all borders between its two levels. */
export function crossings(moves: Pulse['moves']): readonly Crossing[] {
  return [0, 1, 2].map((border) => {
    const sum = { up: 0, upOpen: 0, down: 0, downOpen: 0 };
    for (const { from, to, cases, open } of moves) {
      const [a, b] = [ORDER.indexOf(from), ORDER.indexOf(to)];
      if (a <= border && b > border) {
        sum.up += cases;
        sum.upOpen += open;
      } else if (b <= border && a > border) {
        sum.down += cases;
        sum.downOpen += open;
      }
    }
    return sum;
  });
}

export function Flow({ data }: { readonly data: Pulse }) {
  const words = useWords();
  return (
    <Turnable
      id="centre-flow"
      className="centre-flow"
      title={words.care(data.days)}
      note={words.careText}
      picture={<Picture data={data} />}
      table={<Table data={data} />}
    />
  );
}

function Picture({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const borders = crossings(data.moves);
  return (
    <ol className="flow">
      {ORDER.map((level, index) => {
        const care = data.visits.find((each) => each.level === level);
        const border = borders[index];
        return [
          <li key={level} className={`flow-level ${level}`}>
            <span className="muted">{words.pulseLevels[level]}</span>
            <strong>{count(care?.visits ?? 0)}</strong>
            <span className="small muted">{words.visits}</span>
            <span className="small">
              {words.stays} {count(care?.stays ?? 0)}
            </span>
          </li>,
          border && (
            <li key={`${level}-border`} className="flow-border">
              <Arrow way="up" cases={border.up} open={border.upOpen} />
              <Arrow way="down" cases={border.down} open={border.downOpen} />
            </li>
          ),
        ];
      })}
    </ol>
  );
}

interface ArrowProps {
  readonly way: 'up' | 'down';
  readonly cases: number;
  readonly open: number;
}

function Arrow({ way, cases, open }: ArrowProps) {
  const words = useWords();
  return (
    <span className={`flow-arrow ${cases === 0 ? 'muted' : ''}`}>
      <span className="small">
        {words[way]} {count(cases)}
        {open > 0 && ` (${words.openNow} ${count(open)})`}
      </span>
      <svg viewBox="0 0 80 10" aria-hidden="true" preserveAspectRatio="none">
        <path
          d={way === 'up' ? 'M0 5H76M70 1l6 4-6 4' : 'M80 5H4M10 1 4 5l6 4'}
          fill="none"
          stroke="currentColor"
          strokeWidth={cases === 0 ? 1 : 1.8}
          strokeDasharray={cases === 0 ? '3 3' : undefined}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </span>
  );
}

function Table({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const levels = words.pulseLevels;
  return (
    <ScrollBox label={words.care(data.days)}>
      <table className="table">
        <thead>
          <tr>
            <th>{words.scope}</th>
            <th className="number">{words.visits}</th>
            <th className="number">{words.stays}</th>
          </tr>
        </thead>
        <tbody>
          {data.visits.map((each) => (
            <tr key={each.level}>
              <td>{levels[each.level]}</td>
              <td className="number">{count(each.visits)}</td>
              <td className="number">{count(each.stays)}</td>
            </tr>
          ))}
          {data.moves.map((each) => (
            <tr key={`${each.from} ${each.to}`}>
              <td>
                {levels[each.from]} → {levels[each.to]}
              </td>
              <td className="number">{count(each.cases)}</td>
              <td className="number">
                {words.openNow} {count(each.open)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
