// Random views over random resources: DuckDB, PostgreSQL and a slow reading in memory must give the same rows, or stop for the
// same reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ok, type Result } from '@yimai/kit';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import fc from 'fast-check';
import pg from 'pg';
import { compileView } from './compile-view.ts';
import { collectView } from './duckdb/run-view.ts';
import { NaiveStop, naiveRows } from './naive-view.fixture.ts';
import { parseView } from './parse-view.ts';
import { postgresDialect } from './postgres/dialect.ts';
import { patient, view } from './random-patients.fixture.ts';
import { nestedView } from './random-views.fixture.ts';
import { runTimeRefusal } from './run-time-refusal.ts';
import type { View } from './view-tree.ts';

const SEED = 20261121;

let database: TestDatabase;
let client: pg.Client;
before(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('create table resource (content jsonb not null)');
});
after(async () => {
  await client.end();
  await database.close();
});

test(`[views V1] both engines agree on random views and resources (seed ${SEED})`, async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(patient, { maxLength: 5 }), view, async (patients, shape) => {
      const resources = patients.map((each, index) => ({
        resourceType: 'Patient',
        id: `p${index}`,
        ...each,
      }));
      const definition = {
        resource: 'Patient',
        where: shape.where.map((path) => ({ path })),
        select: [
          {
            column: [
              { name: 'id', path: 'id' },
              ...shape.top.map((path, index) => ({ name: `c${index}`, path })),
            ],
          },
          ...(shape.each === null
            ? []
            : [
                {
                  [shape.each[0]]: shape.each[1],
                  column: [
                    { name: 'n', path: '%rowIndex' },
                    { name: 'has', path: '$this.exists()' },
                  ],
                },
              ]),
        ],
      };
      const { duck, postgres } = await onBoth(viewOf(definition), resources);
      assert.deepEqual(postgres, duck);
      rows += duck.length;
    }),
    { seed: SEED, numRuns: 60 },
  );
  assert.ok(rows > 60, `the random views gave ${rows} rows`);
});

const RUNS = Number(process.env['YIMAI_VIEW_RUNS'] ?? 120);

test(`[views V1] nested, joined and repeated views are what a slow reading in memory gives (seed ${SEED}, ${RUNS} views)`, async () => {
  let [rows, stopped] = [0, 0];
  await fc.assert(
    fc.asyncProperty(nestedView, async ({ resources, definition }) => {
      const read = viewOf(definition);
      const wanted = slowly(read, JSON.parse(JSON.stringify(resources)) as object[]);
      const { duck, postgres } = await onBoth(read, resources);
      assert.deepEqual(duck, wanted);
      assert.deepEqual(postgres, wanted);
      rows += wanted.length;
      if (wanted[0]?.startsWith('refused')) stopped += 1;
    }),
    { seed: SEED, numRuns: RUNS },
  );
  assert.ok(rows > 2 * RUNS && stopped < RUNS / 3, `${rows} rows, ${stopped} stopped`);
});

function viewOf(definition: object): View {
  const parsed = parseView(definition);
  assert.ok(parsed.ok, JSON.stringify([parsed, definition]));
  return parsed.value;
}

function slowly(view: View, resources: readonly object[]): string[] {
  try {
    return plain(ok(naiveRows(view, resources)));
  } catch (error) {
    if (error instanceof NaiveStop) return [`refused ${error.message}`];
    throw error;
  }
}

async function onBoth(view: View, resources: readonly object[]) {
  const lines = resources.map((resource) => JSON.stringify(resource));
  const duck = plain(await collectView(view, lines));
  await client.query('truncate resource');
  for (const line of lines) await client.query('insert into resource values ($1)', [line]);
  const compiled = compileView(view, postgresDialect, { from: 'resource', content: 'content' });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return { duck, postgres: await onPostgres(compiled.value.sql, compiled.value.params) };
}

async function onPostgres(sql: string, params: readonly (string | number)[]): Promise<string[]> {
  try {
    const { rows } = await client.query(sql, [...params]);
    return plain(ok(rows));
  } catch (error) {
    const refusal = runTimeRefusal(error);
    if (refusal === null) throw error;
    return plain({ ok: false, refusal });
  }
}

// Numbers come as text from one driver and as numbers from the other.
function plain(answer: Result<readonly object[]>): string[] {
  if (!answer.ok) return [`refused ${answer.refusal.code}`];
  const values = (row: object): unknown[] =>
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value,
    ]);
  return answer.value.map((row) => JSON.stringify(values(row))).sort();
}
