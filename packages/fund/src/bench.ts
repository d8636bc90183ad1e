// One million stays grouped and priced on one core, and settled into postings: figures for docs/BENCH.md.
import { group, loadScheme, STATUS } from '@yimai/grouping';
import { type Figure, madeUpStays } from '@yimai/grouping/bench';
import { localDate, must } from '@yimai/kit';
import { madeUpStay } from './made-up-stays.ts';
import { PriceBook } from './price-book.ts';
import { priceStays } from './price-stays.ts';
import { loadRuleSet } from './rule-files.ts';
import { settleMonth } from './settle-month.ts';
import type { StayCase } from './stay-case.ts';

const STAYS = 1_000_000;
const BATCH = 100_000;

export async function benchFund(): Promise<Figure[]> {
  const rules = must(loadRuleSet('rate-city/2026'));
  const scheme = must(loadScheme(rules.scheme));
  const book = new PriceBook(rules);
  const clinical = madeUpStays(scheme, BATCH);
  const { seconds, cases } = groupAndPrice();
  const priced = priceStays(cases.slice(0, BATCH), book);
  const start = performance.now();
  const { postings } = settleMonth(priced, { month: '2026-03', on: localDate('2026-04-10'), rules });
  const settled = (performance.now() - start) / 1000;
  return [
    {
      name: 'one million stays grouped and priced',
      value: Math.round(seconds * 100) / 100,
      unit: 's',
      target: 15,
    },
    { name: 'postings made of a month', value: Math.round(postings.length / settled), unit: 'postings/s' },
  ];

  /** Ten rounds over the same clinical data, each with its own money; only grouping and pricing are timed. */
  function groupAndPrice(): { seconds: number; cases: StayCase[] } {
    let milliseconds = 0;
    const all: StayCase[] = [];
    for (let first = 0; first < STAYS; first += BATCH) {
      const groupStart = performance.now();
      const groups = clinical.map((stay) => group(stay, scheme));
      milliseconds += performance.now() - groupStart;
      groups.forEach((result, index) => {
        all.push(madeUpStay(first + index, result, result.status === STATUS.grouped ? 900_000 : 600_000));
      });
    }
    const priceStart = performance.now();
    priceStays(all, book);
    milliseconds += performance.now() - priceStart;
    return { seconds: milliseconds / 1000, cases: all };
  }
}
