// Date rows: a date of any precision is the range of instants that it covers.
import { isObject, type Node } from '../path/node.ts';
import { type InstantRange, instantRange } from '../path/temporal.ts';
import type { Target } from './extract.ts';
import type { DateRow } from './rows.ts';

export const BEGINNING = '0001-01-01T00:00:00.000Z';

const rangeOf = (value: unknown): InstantRange | null =>
  typeof value === 'string' ? instantRange(value) : null;
// A time zone can carry the first and the last day of the calendar beyond what four digits of a year can say.
const FIRST = Date.parse(BEGINNING);
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const iso = (ms: number): string => new Date(Math.min(Math.max(ms, FIRST), LAST)).toISOString();

export function dateRows(out: DateRow[], { param, part }: Target, node: Node): void {
  const { value } = node;
  if (typeof value === 'string') {
    const range = instantRange(value);
    if (range) out.push({ param, low: iso(range.low), high: iso(range.high), part });
    return;
  }
  if (!isObject(value)) return;
  if (node.type === 'Period') addPeriod(out, param, part, value);
  else if (node.type === 'Timing') addTiming(out, param, part, value);
}

type Json = Readonly<Record<string, unknown>>;

function addPeriod(out: DateRow[], param: number, part: number | null, period: Json): void {
  const start = rangeOf(period['start']);
  const end = rangeOf(period['end']);
  if (!start && !end) return;
  out.push({ param, low: start ? iso(start.low) : BEGINNING, high: end ? iso(end.high) : null, part });
}

/** The whole span of a Timing: from its first event or bound to its last. */
function addTiming(out: DateRow[], param: number, part: number | null, timing: Json): void {
  const events = (Array.isArray(timing['event']) ? timing['event'] : [])
    .map(rangeOf)
    .filter((one) => one !== null);
  if (events.length > 0) {
    const low = Math.min(...events.map((one) => one.low));
    const high = Math.max(...events.map((one) => one.high));
    out.push({ param, low: iso(low), high: iso(high), part });
  }
  const repeat = timing['repeat'];
  if (isObject(repeat) && isObject(repeat['boundsPeriod']))
    addPeriod(out, param, part, repeat['boundsPeriod']);
}
