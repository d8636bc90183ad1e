// Run-time stops of a view, raised inside SQL by `fail`, become refusals that name the column or condition.
import type { Refusal } from '@yimai/kit';
import { RUN_TIME_MARK } from './compiled-value.ts';

const DETAILS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'more-than-one-value': {
    zh: '有资源在此给出多个值；请加 first() 或设 collection: true',
    en: 'a resource gives several values here; add first() or set collection: true',
  },
  'not-a-boolean': {
    zh: '条件的结果不是真假值',
    en: 'the condition is not true or false for some resource',
  },
};

// What DuckDB and PostgreSQL say of a value that its column cannot hold; the value itself is not repeated.
const MISFIT = /^(Conversion Error|Out of Range Error)|out of range$/;
const WRONG_VALUE = {
  zh: '有资源的值不合列的类型',
  en: 'a value of some resource does not fit the type of its column',
};

/** The refusal behind an SQL error, or null when the error is not one of ours. */
export function runTimeRefusal(error: unknown): Refusal | null {
  const message = error instanceof Error ? error.message : '';
  if (MISFIT.test(message)) return { code: 'wrong-value', rule: 'V7', detail: WRONG_VALUE };
  const match = new RegExp(`${RUN_TIME_MARK}:([a-z-]+):([\\w[\\].]+)`).exec(message);
  if (!match) return null;
  const detail = DETAILS[match[1]!];
  return detail === undefined ? null : { code: match[1]!, at: match[2]!, rule: 'V7', detail };
}
