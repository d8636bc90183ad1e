// The dated limits of figures, read once from rules/alerts/figures.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@yimai/kit';
import type { Target } from '@yimai/measures';
import { parse } from 'yaml';

export interface AlertRule {
  readonly id: string;
  readonly measure: string;
  readonly level: string;
  readonly over: 'last-month' | 'this-year';
  readonly edge: Target['edge'];
  readonly limit: number;
  readonly from: string;
  readonly source: string;
}

const FILE = join(import.meta.dirname, '../../../../rules/alerts/figures.yaml');
const EDGES = ['atLeast', 'atMost', 'above', 'below'] as const;

/** A wrong file is a fault: the house does not start on it. */
export function loadAlertRules(text = readFileSync(FILE, 'utf8')): readonly AlertRule[] {
  const entries = parse(text) as (Record<string, unknown> & { inside?: Record<string, number> })[];
  return entries.map(({ id, measure, level, over, inside, from, source }) => {
    const edge = EDGES.find((each) => inside?.[each] !== undefined);
    const limit = edge && inside?.[edge];
    assert(
      typeof id === 'string' &&
        typeof measure === 'string' &&
        typeof level === 'string' &&
        (over === 'last-month' || over === 'this-year') &&
        edge !== undefined &&
        typeof limit === 'number' &&
        typeof source === 'string',
      `alert rule ${String(id)} is incomplete`,
    );
    const day = from instanceof Date ? from.toISOString().slice(0, 10) : String(from);
    return { id, measure, level, over, edge, limit, from: day, source };
  });
}
