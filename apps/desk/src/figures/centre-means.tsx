// What the county works with: queues of the diagnostic centres, beds and places, the fund month by month against last year.
import { useSay } from '../app/preferences.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import type { Tone } from '../design/tokens.ts';
import { axis, base, Chart, Turnable } from './chart.tsx';
import type { Pulse } from './contract.ts';
import { clockText, count, dayText } from './format.ts';
import { useWords } from './words.ts';

export function Queues({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const say = useSay();
  const most = Math.max(1, ...data.queues.map(({ waiting }) => waiting));
  return (
    <section className="panel centre-queues" aria-labelledby="centre-queues">
      <header>
        <h2 id="centre-queues">{words.queues}</h2>
      </header>
      {data.queues.length === 0 ? (
        <p className="centre-none muted">{words.missing}</p>
      ) : (
        <ScrollBox label={words.queues}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.centreOf}</th>
                <th className="centre-bar-column">{words.heads.share}</th>
                <th className="number">{words.waitingNow}</th>
                <th>{words.oldest}</th>
                <th className="number">{words.doneToday}</th>
              </tr>
            </thead>
            <tbody>
              {data.queues.map((queue) => (
                <tr key={queue.id}>
                  <td>{say(queue.name)}</td>
                  <td className="centre-bar-column">
                    <span className="bar centre-two">
                      <i style={{ width: `${(100 * queue.waiting) / most}%` }} />
                    </span>
                  </td>
                  <td className="number">{count(queue.waiting)}</td>
                  <td className="muted nowrap">
                    {queue.oldest ? `${dayText(queue.oldest)} ${clockText(queue.oldest).slice(0, 5)}` : '—'}
                  </td>
                  <td className="number">{count(queue.doneToday)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}

/** Beds of each house and places of each pool: a bar with its two numbers. */
export function Beds({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const say = useSay();
  const lines = [
    ...data.beds.map((each) => ({ id: each.id, name: each.name, taken: each.taken, of: each.open })),
    ...data.pools.map((each) => ({ id: each.id, name: say(each.name), taken: each.held, of: each.units })),
  ];
  return (
    <section className="panel centre-beds" aria-labelledby="centre-beds">
      <header>
        <h2 id="centre-beds">{words.pools}</h2>
        {data.beds.length > 0 && (
          <span className="small">
            {words.held(
              data.beds.reduce((sum, { taken }) => sum + taken, 0),
              data.beds.reduce((sum, { open }) => sum + open, 0),
            )}
          </span>
        )}
      </header>
      {lines.length === 0 ? (
        <p className="centre-none muted">{words.missing}</p>
      ) : (
        <ul className="centre-list">
          {lines.map((line) => (
            <li key={line.id}>
              <span className="grow truncate">{line.name}</span>
              <span className="bar centre-bar">
                <i style={{ width: `${Math.min(100, (100 * line.taken) / Math.max(1, line.of))}%` }} />
              </span>
              <span className="nowrap">{words.held(line.taken, line.of)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function FundLine({ data, tone }: { readonly data: Pulse; readonly tone?: Tone }) {
  const words = useWords();
  const months = data.fundByMonth;
  const known = months.filter(({ paid }) => paid !== null);
  const newest = known.at(-1);
  const hasBefore = months.some(({ before }) => before !== null);
  return (
    <Turnable
      id="centre-fund"
      className="centre-fund"
      title={words.fundLine}
      note={
        data.fund
          ? words.fundText(
              Number(data.fund.totalYuan).toLocaleString('en-US'),
              `${(100 * data.fund.yearShare).toFixed(0)}%`,
            )
          : newest && `${newest.month} ${newest.paid!.toLocaleString('en-US')}`
      }
      picture={
        known.length === 0 ? (
          <p className="centre-none muted">{words.missing}</p>
        ) : (
          <Chart
            height="fill"
            {...(tone ? { tone } : {})}
            label={`${words.fundLine}: ${known.map(({ month, paid }) => `${month} ${paid}`).join(', ')}`}
            option={(colours) => ({
              ...base(colours),
              legend: { top: 0, right: 8, textStyle: { color: colours.muted }, icon: 'roundRect' },
              grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
              xAxis: axis(colours, {
                type: 'category',
                data: months.map(({ month }) => month.slice(5)),
                splitLine: { show: false },
              }),
              yAxis: axis(colours, { type: 'value', splitNumber: 3, axisLine: { show: false } }),
              series: [
                {
                  type: 'line',
                  name: words.thisYear,
                  data: months.map(({ paid }) => paid),
                  symbolSize: 6,
                  itemStyle: { color: colours.accent },
                  lineStyle: { color: colours.accent, width: 2 },
                },
                ...(hasBefore
                  ? [
                      {
                        type: 'line',
                        name: words.lastYear,
                        data: months.map(({ before }) => before),
                        symbol: 'none',
                        itemStyle: { color: colours.muted },
                        lineStyle: { color: colours.muted, type: 'dashed', width: 2 },
                      },
                    ]
                  : []),
              ],
            })}
          />
        )
      }
      table={
        <ScrollBox label={words.fundLine}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.period}</th>
                <th className="number">{words.thisYear}</th>
                <th className="number">{words.lastYear}</th>
              </tr>
            </thead>
            <tbody>
              {months.map((each) => (
                <tr key={each.month}>
                  <td>{each.month}</td>
                  <td className="number">{each.paid === null ? '' : each.paid.toLocaleString('en-US')}</td>
                  <td className="number">
                    {each.before === null ? words.missing : each.before.toLocaleString('en-US')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      }
    />
  );
}
