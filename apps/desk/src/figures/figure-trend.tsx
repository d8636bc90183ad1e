// The trend of one figure as a picture that can be turned into its table.
import type { EChartsCoreOption } from 'echarts/core';
import { useSay } from '../app/preferences.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { axis, base, Chart, type Colours, Turnable } from './chart.tsx';
import type { FigureDetail } from './contract.ts';
import { count, number, unitText, valueText } from './format.ts';
import { useWords } from './words.ts';

export function Trend({ data }: { readonly data: FigureDetail }) {
  const words = useWords();
  const say = useSay();
  const { tile, trend } = data;
  const unit = unitText(tile.unit, words);
  const known = trend.filter(({ value }) => value !== null).length;
  return (
    <Turnable
      id="figure-trend"
      title={words.trend}
      note={unit && `${words.heads.value}: ${unit}`}
      picture={
        known === 0 ? (
          <p className="figure-none muted">{words.noneCollected}</p>
        ) : (
          <Chart
            height={300}
            label={`${say(tile.name)}: ${trend
              .filter(({ value }) => value !== null)
              .map((each) => `${each.period} ${number(each.value!, tile.digits)}${unit}`)
              .join(', ')}`}
            option={(colours) => trendOption(data, colours, words.target)}
          />
        )
      }
      table={
        <ScrollBox label={words.trend}>
          <table className="table">
            <thead>
              <tr>
                <th>{words.period}</th>
                <th className="number">{words.heads.value}</th>
                <th className="number">{words.heads.numerator}</th>
                <th className="number">{words.heads.denominator}</th>
              </tr>
            </thead>
            <tbody>
              {trend.map((each) => (
                <tr key={each.period}>
                  <td>{each.period}</td>
                  <td className={`number ${each.value === null ? 'muted' : ''}`}>
                    {valueText(each, tile.digits, words)} {each.value !== null && unit}
                  </td>
                  <td className="number">{each.numerator === null ? '' : count(each.numerator)}</td>
                  <td className="number">{each.denominator === null ? '' : count(each.denominator)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      }
    />
  );
}

/** Below the point before it, or the first below the one after: its number stands under the line, not on it. */
function isDip(trend: FigureDetail['trend'], index: number): boolean {
  const own = trend[index]?.value;
  const beside = trend[index - 1]?.value ?? trend[index + 1]?.value;
  return typeof own === 'number' && typeof beside === 'number' && own < beside;
}

function trendOption({ tile, trend }: FigureDetail, colours: Colours, target: string): EChartsCoreOption {
  const isAmount = tile.unit === 'count' || tile.unit === 'money';
  const labelled = turningPoints(trend.map(({ value }) => value));
  return {
    ...base(colours),
    xAxis: axis(colours, {
      type: 'category',
      data: trend.map(({ period }) => period),
      splitLine: { show: false },
    }),
    yAxis: axis(colours, { type: 'value', scale: !isAmount, axisLine: { show: false } }),
    series: [
      {
        type: isAmount ? 'bar' : 'line',
        data: trend.map(({ value }, index) => ({
          value,
          label: { show: labelled.has(index), position: isDip(trend, index) && !isAmount ? 'bottom' : 'top' },
        })),
        barMaxWidth: 28,
        connectNulls: false,
        symbolSize: 6,
        itemStyle: { color: colours.accent },
        lineStyle: { color: colours.accent, width: 2 },
        label: { position: 'top', distance: 8, color: colours.ink, fontSize: 12 },
        ...(tile.target
          ? {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { type: 'dashed', color: colours.soon },
                label: { formatter: `${target} {c}`, color: colours.soon, position: 'insideEndTop' },
                data: [{ yAxis: tile.target.value }],
              },
            }
          : {}),
      },
    ],
  };
}

/** The highest, the lowest and the last value carry their number. */
function turningPoints(values: readonly (number | null)[]): ReadonlySet<number> {
  const known = values.filter((value) => value !== null);
  return new Set([
    values.findLastIndex((value) => value !== null),
    values.indexOf(Math.max(...known)),
    values.indexOf(Math.min(...known)),
  ]);
}
