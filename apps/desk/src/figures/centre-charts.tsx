// Visits by day as a line, open and late loops by domain as bars; both can be turned into their tables.
import { useSay } from '../app/preferences.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { Shape } from '../design/state.tsx';
import type { Tone } from '../design/tokens.ts';
import { axis, base, Chart, Turnable } from './chart.tsx';
import type { Pulse } from './contract.ts';
import { count } from './format.ts';
import { useWords } from './words.ts';

export function CareLine({ data, tone }: { readonly data: Pulse; readonly tone?: Tone }) {
  const words = useWords();
  const days = data.line.map(({ day }) => day.slice(5));
  const newest = data.line.at(-1);
  return (
    <Turnable
      id="centre-line"
      className="centre-line"
      title={words.line}
      note={newest && `${newest.day} ${count(newest.visits)}`}
      picture={
        <Chart
          height="fill"
          {...(tone ? { tone } : {})}
          label={`${words.line}: ${data.line.map(({ day, visits }) => `${day} ${visits}`).join(', ')}`}
          option={(colours) => ({
            ...base(colours),
            xAxis: axis(colours, { type: 'category', data: days, splitLine: { show: false } }),
            yAxis: axis(colours, {
              type: 'value',
              minInterval: 1,
              splitNumber: 3,
              axisLine: { show: false },
            }),
            series: [
              {
                type: 'bar',
                data: data.line.map(({ visits }, index) => ({
                  value: visits,
                  itemStyle: { color: index === data.line.length - 1 ? colours.accent : colours.lineStrong },
                })),
                barMaxWidth: 18,
              },
            ],
          })}
        />
      }
      table={
        <ScrollBox label={words.line}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.heads.at}</th>
                <th className="number">{words.visits}</th>
              </tr>
            </thead>
            <tbody>
              {data.line.toReversed().map((each) => (
                <tr key={each.day}>
                  <td>{each.day}</td>
                  <td className="number">{count(each.visits)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      }
    />
  );
}

/** The bars stand in the table itself: number, share that is late, both with their word. */
export function LoopsPanel({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const say = useSay();
  // What is late comes first: a wall shows as many as fit.
  const loops = data.loops.toSorted((a, b) => b.late - a.late || b.open - a.open);
  const most = Math.max(1, ...data.loops.map(({ open }) => open));
  return (
    <section className="panel centre-loops" aria-labelledby="centre-loops">
      <header>
        <h2 id="centre-loops">{words.loops}</h2>
        <span className="small">
          {words.open} {count(data.loops.reduce((sum, { open }) => sum + open, 0))}
        </span>
      </header>
      {data.loops.length === 0 ? (
        <p className="centre-none muted">{words.noLoops}</p>
      ) : (
        <ScrollBox label={words.loops}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.loops}</th>
                <th className="centre-bar-column">{words.heads.share}</th>
                <th className="number">{words.open}</th>
                <th className="number">{words.late}</th>
                <th className="number">{words.closedToday}</th>
              </tr>
            </thead>
            <tbody>
              {loops.map((loop) => (
                <tr key={loop.domain}>
                  <td>{say(loop.name)}</td>
                  <td className="centre-bar-column">
                    <span className="bar centre-two">
                      <i className="late" style={{ width: `${(100 * loop.late) / most}%` }} />
                      <i style={{ width: `${(100 * (loop.open - loop.late)) / most}%` }} />
                    </span>
                  </td>
                  <td className="number">{count(loop.open)}</td>
                  <td className="number">
                    {loop.late > 0 ? (
                      <span className="state late">
                        <Shape kind="late" size={10} />
                        {count(loop.late)}
                      </span>
                    ) : (
                      0
                    )}
                  </td>
                  <td className="number">{count(loop.closedToday)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}
