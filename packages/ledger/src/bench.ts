// How long a settlement takes to post, beside the time the same database needs to COPY the same rows into a like table.
import { once } from 'node:events';
import { assert, must, SimulatedClock, uuidv7 } from '@yimai/kit';
import { openDatabase } from '@yimai/postgres';
import { from as copyFrom } from 'pg-copy-streams';
import { entriesOf } from './entries.ts';
import { monthOf, START, testLedger } from './ledger.fixture.ts';
import { openLedger } from './ledger.ts';
import type { Entry } from './types.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
}

const STAYS = 200_000;
const ALLOWED_RATIO = 3;

export async function benchLedger(): Promise<Figure[]> {
  const endings: (() => Promise<void>)[] = [];
  try {
    const place = await testLedger({ after: (fn) => void endings.push(fn) });
    const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 2 });
    endings.unshift(() => database.close());
    const ledger = openLedger({ database, clock: new SimulatedClock(START) });
    const postStart = performance.now();
    const postings = monthOf(STAYS);
    const request = { command: uuidv7(), period: '2026-03', kind: 'month', scope: 'region', postings };
    const receipt = must(await ledger.post(request));
    const postSeconds = (performance.now() - postStart) / 1000;
    assert(receipt.entryCount === postings.length, 'every posting of the month is one entry');
    const copySeconds = await copySameRows(place.ownerUrl, place.schema, receipt.run, entriesOf(postings));
    const ratio = postSeconds / copySeconds;
    return [
      {
        name: `${STAYS} stays priced, settled and posted to the ledger`,
        value: round(postSeconds),
        unit: 's',
      },
      { name: 'the same rows by COPY into a like table', value: round(copySeconds), unit: 's' },
      {
        name: 'settling and posting against COPY',
        value: round(ratio),
        unit: 'times',
        target: ALLOWED_RATIO,
      },
    ];
  } finally {
    for (const end of endings) await end();
  }
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
    await client.query('create table copied (like ledger_entry including all)');
    await client.query('alter table copied add foreign key (run) references ledger_run (id)');
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
