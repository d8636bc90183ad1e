// A picture with its table: one switch turns it over; ECharts comes when the first picture is drawn, in the colours of the tokens.
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePreferences } from '../app/preferences.tsx';
import { COLOURS, FONT, type Tone } from '../design/tokens.ts';
import { useWords } from './words.ts';

export type Colours = (typeof COLOURS)[Tone];

interface ChartProps {
  readonly label: string;
  readonly option: (colours: Colours) => EChartsCoreOption;
  /** In pixels; `fill` takes what the panel has. */
  readonly height: number | 'fill';
  /** A wall is dark whatever the desk is. */
  readonly tone?: Tone;
}

export function Chart({ label, option, height, tone: fixed }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const own = usePreferences().tone;
  const tone = fixed ?? own;
  const drawn = option(COLOURS[tone]);
  const latest = useRef(drawn);
  latest.current = drawn;
  useEffect(() => {
    let gone = false;
    let observer: ResizeObserver | null = null;
    void import('./chart-engine.ts').then(({ init }) => {
      if (gone || !box.current) return;
      chart.current = init(box.current, null, { renderer: 'svg' });
      chart.current.setOption(latest.current, true);
      observer = new ResizeObserver(() => chart.current?.resize());
      observer.observe(box.current);
    });
    return () => {
      gone = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  const text = JSON.stringify(drawn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when what it says has changed
  useEffect(() => {
    chart.current?.setOption(latest.current, true);
  }, [text]);
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className={height === 'fill' ? 'chart fill' : 'chart'}
      style={height === 'fill' ? undefined : { height }}
    />
  );
}

/** What all pictures share: type of the page, hairlines, no animation. */
export function base(colours: Colours): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: colours.muted, fontSize: 12 },
    grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.raised,
      borderColor: colours.lineStrong,
      textStyle: { color: colours.ink, fontFamily: FONT, fontSize: 12 },
    },
  };
}

export function axis(colours: Colours, more: object = {}): object {
  return {
    axisLine: { lineStyle: { color: colours.lineStrong } },
    axisTick: { show: false },
    axisLabel: { color: colours.muted, fontSize: 12 },
    splitLine: { lineStyle: { color: colours.line } },
    ...more,
  };
}

interface TurnableProps {
  readonly title: ReactNode;
  readonly id: string;
  readonly note?: ReactNode;
  readonly picture: ReactNode;
  readonly table: ReactNode;
  readonly className?: string;
}

/** A panel whose picture can be turned into the table behind it. */
export function Turnable({ title, id, note, picture, table, className = '' }: TurnableProps) {
  const [turned, turn] = useState(false);
  const words = useWords();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className="row">
          {note && <span className="muted small only-wide">{note}</span>}
          <button
            type="button"
            className="button quiet no-print"
            aria-pressed={turned}
            onClick={() => turn(!turned)}
          >
            {turned ? words.asPicture : words.asTable}
          </button>
        </span>
      </header>
      {turned ? table : picture}
    </section>
  );
}
