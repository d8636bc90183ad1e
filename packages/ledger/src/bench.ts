// How long a settlement takes to post, beside the time the same database needs to COPY the same rows into a like table.
import { once } from 'node:events';
import {
  clearingPostings,
  clearOrg,
  loadRuleSet,
  ONE,
  type OrgStatement,
  type Posting,
  type RuleSet,
} from '@yimai/fund';
import { assert, localDate, must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { openDatabase } from '@yimai/postgres';
import { from as copyFrom } from 'pg-copy-streams';
import { entriesOf } from './entries.ts';
import { START, settledMonth, testLedger } from './ledger.fixture.ts';
import { openLedger } from './ledger.ts';
import type { Entry } from './types.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
}

/** A city-year; fewer while somebody works on the speed of it. */
const STAYS = Number(process.env['YIMAI_BENCH_STAYS'] ?? 1_000_000);
const MONTHS = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`);
const ALLOWED_RATIO = 3;

/** Twelve months priced, settled and posted, then every hospital's year cleared; each run in a transaction of its own. */
export async function benchLedger(): Promise<Figure[]> {
  const endings: (() => Promise<void>)[] = [];
  try {
    const place = await testLedger({ after: (fn) => void endings.push(fn) });
    const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 2 });
    endings.unshift(() => database.close());
    const ledger = openLedger({ database, clock: new SimulatedClock(START) });
    const rules = must(loadRuleSet('rate-city/2026'));
    const statements: OrgStatement[] = [];
    let entryCount = 0;
    let seconds = 0;
    let copySeconds = 0;
    for (const month of MONTHS) {
      const start = performance.now();
      const settled = settledMonth(Math.ceil(STAYS / MONTHS.length), { month, rules });
      const request = { command: uuidv7(), period: month, kind: 'settlement', scope: 'city' };
      const receipt = must(await ledger.post({ ...request, postings: settled.postings }));
      seconds += (performance.now() - start) / 1000;
      statements.push(...settled.statements);
      entryCount += receipt.entryCount;
      // Right after it, so that both meet the same machine; one table grows with the other.
      const entries = entriesOf(settled.postings);
      copySeconds += await copySameRows(place.ownerUrl, place.schema, receipt.run, entries);
    }
    const start = performance.now();
    const postings = clearingOf(statements, rules);
    const cleared = must(
      await ledger.post({ command: uuidv7(), period: '2026', kind: 'clearing', scope: 'city', postings }),
    );
    seconds += (performance.now() - start) / 1000;
    entryCount += cleared.entryCount;
    assert((await ledger.check()).length === 0, 'every balance is the sum of its entries');
    return [
      { name: 'stays of the city-year', value: Math.ceil(STAYS / 12) * 12, unit: 'stays' },
      { name: 'entries of the city-year', value: entryCount, unit: 'entries' },
      { name: 'priced, settled, cleared and posted to the ledger', value: round(seconds), unit: 's' },
      { name: 'the same entries by COPY into a like table', value: round(copySeconds), unit: 's' },
      {
        name: 'settling, clearing and posting against COPY',
        value: round(seconds / copySeconds),
        unit: 'times',
        target: ALLOWED_RATIO,
      },
    ];
  } finally {
    for (const end of endings) await end();
  }
}

function clearingOf(statements: readonly OrgStatement[], rules: RuleSet): readonly Posting[] {
  const orgs = [...new Set(statements.map(({ org }) => org))].sort();
  return orgs.flatMap((org) => {
    const own = statements.filter((one) => one.org === org);
    const sum = (key: 'fundFen' | 'paidFen' | 'depositFen'): bigint =>
      own.reduce((total, one) => total + one[key], 0n);
    const year = {
      org,
      dueFen: sum('fundFen'),
      byItemFen: own.reduce((total, one) => total + one.costFen - one.patientBorneFen, 0n),
      prepaidFen: sum('paidFen'),
      depositKeptFen: sum('depositFen'),
      score: ONE,
    };
    return clearingPostings(clearOrg(year, rules), { year: '2026', on: localDate('2026-12-31'), rules });
  });
}

/** A table with the same keys, indexes and constraints; the text of the rows is made before the clock starts. */
async function copySameRows(
  ownerUrl: string,
  schema: string,
  run: string,
  entries: readonly Entry[],
): Promise<number> {
  const owner = openDatabase({ url: ownerUrl, schema, poolSize: 1 });
  const client = await owner.connect();
  try {
    const { rows } = await client.query("select to_regclass('copied') is not null as there");
    if (!rows[0].there) {
      await client.query('create table copied (like ledger_entry including all)');
      await client.query('alter table copied add foreign key (run) references ledger_run (id)');
    }
    const lines = entries.map(
      ({ key, kind, source, purpose, on, debit, credit, amountFen, caseId, row, zh, en }, number) =>
        `${[run, number, key, kind, source, purpose, on, debit, credit, amountFen, caseId ?? '\\N', row, zh, en].join('\t')}\n`,
    );
    const start = performance.now();
    const stream = client.query(copyFrom('copy copied from stdin'));
    const finished = once(stream, 'finish');
    for (let first = 0; first < lines.length; first += 1000) {
      if (!stream.write(lines.slice(first, first + 1000).join(''))) await once(stream, 'drain');
    }
    stream.end();
    await finished;
    return (performance.now() - start) / 1000;
  } finally {
    await client.end();
    await owner.close();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
