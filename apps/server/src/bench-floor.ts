// The floors of the benchmark: the same work on the same database with nothing of ours around it.
import { extractIndexRows, rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import { type Database, type Fragment, openDatabase } from '@yimai/postgres';
import { flushWrites, insertAudit, type StoredRow } from '@yimai/record/bench';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Consortium } from './consortium.ts';

/**
 * A pool like the server's (same size, role, row-level security), whose connections may see every row from their start:
 * a bare statement on them needs neither a transaction nor a setting. No HTTP.
 */
export function barePool({ appUrl, schema }: Consortium): Database {
  const options = `-c search_path=${schema},public -c timezone=UTC -c app.reach=all`;
  return openDatabase({
    url: `${appUrl}${appUrl.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`,
    schema,
    poolSize: 20,
  });
}

/** Prepared statements one after another by each of so many clients; each must find its row. */
export async function bareReads(
  pool: Database,
  count: number,
  clients: number,
  statement: (turn: number) => Fragment,
): Promise<number> {
  const run = async (total: number) => {
    let turn = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (turn < total) {
          turn += 1;
          const { rows } = await pool.run(statement(turn));
          if (rows.length === 0) throw new Error('fault: the floor found nothing');
        }
      }),
    );
    return total / ((performance.now() - start) / 1000);
  };
  await run(Math.min(count, 2000));
  return run(count);
}

/** Bare transactions that write the same rows as creates do, with values made beforehand. */
export async function bareCreates(
  { database, clock }: Consortium,
  count: number,
  clients: number,
  body: (turn: number) => string,
): Promise<number> {
  const prepared = Array.from({ length: count }, (_, turn) => preparedCreate(body(turn), clock.now()));
  let turn = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (turn < count) {
        const one = prepared[turn]!;
        turn += 1;
        await database.tx({ 'app.reach': 'all' }, async (run) => {
          await flushWrites(run, [one.write], {
            tx: one.tx,
            firstOrd: 0,
            commandId: null,
            recordedAt: one.write.row.updatedAt,
            blind: (value) => value,
          });
          await run.run(insertAudit([one.audit]));
        });
      }
    }),
  );
  return count / ((performance.now() - start) / 1000);
}

/** Beyond every number that the record gives. */
let entry = 2 ** 50;

function preparedCreate(body: string, now: Date) {
  entry += 1;
  const id = uuidv7();
  const resource = { ...(JSON.parse(body) as { resourceType: string }), id };
  const key = rowKey(resource.resourceType, id);
  const row: StoredRow = {
    id: key,
    type: resource.resourceType,
    fhirId: id,
    version: 1,
    updatedAt: now,
    deleted: false,
    kind: 'clinical-result',
    locks: [],
    org: null,
    patient: key,
    engine: null,
    content: JSON.stringify(resource),
  };
  const audit = {
    id: uuidv7(),
    at: now,
    person: key,
    org: key,
    patient: key,
    action: 'create',
    body: '{"floor":true,"of":"the same length as an audit row of a create has, more or less, give or take"}',
  };
  const write = { op: 'create' as const, row, entry, index: extractIndexRows(resource), before: null };
  return { write, audit, tx: uuidv7() };
}

/** COPY of the same lines into a table of one column; lines each second. */
export async function bareCopy({ database, ownerUrl, schema }: Consortium, lines: readonly string[]) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const client = await database.connect();
  try {
    await owner.query(`create table ${schema}.copy_floor (content text)`);
    await owner.query(`grant insert on ${schema}.copy_floor to public`);
    const start = performance.now();
    const stream = client.query(copyFrom('copy copy_floor from stdin'));
    const done = new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));
    for (let from = 0; from < lines.length; from += 1000) {
      const text = `${lines.slice(from, from + 1000).join('\n')}\n`;
      if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end();
    await done;
    return lines.length / ((performance.now() - start) / 1000);
  } finally {
    await client.end();
    await owner.query(`drop table if exists ${schema}.copy_floor`);
    await owner.end();
  }
}
