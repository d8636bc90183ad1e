// The dated limits and trends of figures, read once from rules/alerts/figures.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@yimai/kit';
import type { Target } from '@yimai/measures';
import { parse } from 'yaml';

/** A value outside of its limit. */
export interface LimitRule {
  readonly kind: 'limit';
  readonly edge: Target['edge'];
  readonly limit: number;
}

/** So many periods in a row worse than the one before, together by `least` (the edge counts), in the measure's unit. */
export interface TrendRule {
  readonly kind: 'trend';
  readonly moves: 'up' | 'down';
  readonly periods: number;
  readonly least: number;
}

export interface AlertRule {
  readonly id: string;
  readonly measure: string;
  readonly level: string;
  readonly over: 'last-month' | 'this-year';
  readonly test: LimitRule | TrendRule;
  readonly from: string;
  readonly source: string;
}

const FILE = join(import.meta.dirname, '../../../../rules/alerts/figures.yaml');
const EDGES = ['atLeast', 'atMost', 'above', 'below'] as const;

/** A wrong file is a fault: the house does not start on it. */
export function loadAlertRules(text = readFileSync(FILE, 'utf8')): readonly AlertRule[] {
  const entries = parse(text) as readonly Record<string, unknown>[];
  return entries.map((entry) => {
    const { id, measure, level, over, from, source } = entry;
    const test = testOf(entry);
    assert(
      typeof id === 'string' &&
        typeof measure === 'string' &&
        typeof level === 'string' &&
        (over === 'last-month' || over === 'this-year') &&
        test !== null &&
        typeof source === 'string',
      `alert rule ${String(id)} is incomplete`,
    );
    const day = from instanceof Date ? from.toISOString().slice(0, 10) : String(from);
    return { id, measure, level, over, test, from: day, source };
  });
}

function testOf(entry: Readonly<Record<string, unknown>>): AlertRule['test'] | null {
  const inside = entry['inside'] as Readonly<Record<string, unknown>> | undefined;
  const edge = EDGES.find((each) => inside?.[each] !== undefined);
  const limit = edge && inside?.[edge];
  if (edge !== undefined && typeof limit === 'number') return { kind: 'limit', edge, limit };
  const trend = entry['trend'] as Readonly<Record<string, unknown>> | undefined;
  const { moves, periods, least } = trend ?? {};
  const isWhole = (moves === 'up' || moves === 'down') && typeof least === 'number' && least > 0;
  if (!isWhole || !Number.isInteger(periods) || Number(periods) < 2) return null;
  return { kind: 'trend', moves: moves as 'up' | 'down', periods: Number(periods), least };
}
