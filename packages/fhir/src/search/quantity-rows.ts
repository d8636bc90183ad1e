// Quantity rows: amounts and plain numbers with the range of their implicit precision.
import { numberText } from '../json/number-text.ts';
import { isObject, type Node } from '../path/node.ts';
import { decimalRange } from './decimal.ts';
import type { Target } from './extract.ts';
import type { QuantityRow } from './rows.ts';

type Json = Readonly<Record<string, unknown>>;
const stringOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const rangeAt = (holder: Json, key: string) => {
  const value = holder[key];
  return typeof value === 'number' ? decimalRange(numberText(holder, key, value)) : null;
};

export function quantityRows(out: QuantityRow[], { param, part }: Target, node: Node): void {
  const { value, type } = node;
  if (typeof value === 'number') {
    const range = decimalRange(String(value));
    if (range) out.push({ param, ...range, system: null, code: null, unit: null, part });
    return;
  }
  if (!isObject(value)) return;
  if (type === 'Range') addRange(out, param, part, value);
  if (type === 'Range' || type === 'SampledData') return;
  const range = rangeAt(value, 'value');
  if (!range) return;
  const money = type === 'Money';
  out.push({
    param,
    ...range,
    system: money ? 'urn:iso:std:iso:4217' : stringOrNull(value['system']),
    code: stringOrNull(value[money ? 'currency' : 'code']),
    unit: stringOrNull(value['unit']),
    part,
  });
}

/** A Range is one row from its low to its high; an open side ends where the other does. */
function addRange(out: QuantityRow[], param: number, part: number | null, range: Json): void {
  const low = isObject(range['low']) ? range['low'] : null;
  const high = isObject(range['high']) ? range['high'] : null;
  const from = low ? rangeAt(low, 'value') : null;
  const to = high ? rangeAt(high, 'value') : null;
  const first = from ?? to;
  const last = to ?? from;
  const units = low ?? high;
  if (!first || !last || !units) return;
  const { system, code, unit } = units;
  out.push({
    param,
    value: first.value,
    low: first.low,
    high: last.high,
    system: stringOrNull(system),
    code: stringOrNull(code),
    unit: stringOrNull(unit),
    part,
  });
}
