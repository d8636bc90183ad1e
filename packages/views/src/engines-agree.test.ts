// Random views over random resources: DuckDB and PostgreSQL must give the same rows, or stop for the same reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ok, type Result } from '@yimai/kit';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import fc from 'fast-check';
import pg from 'pg';
import { compileView } from './compile-view.ts';
import { collectView } from './duckdb/run-view.ts';
import { parseView } from './parse-view.ts';
import { postgresDialect } from './postgres/dialect.ts';
import { runTimeRefusal } from './run-time-refusal.ts';

const SEED = 20261121;

const word = fc.constantFrom('a', 'b', "o'c", '张', '');
const name = fc.record(
  { family: word, use: fc.constantFrom('official', 'usual'), given: fc.array(word, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const patient = fc.record(
  {
    active: fc.boolean(),
    gender: fc.constantFrom('female', 'male'),
    birthDate: fc.constantFrom('1950', '1950-02', '1950-02-28', '2024-02'),
    multipleBirthInteger: fc.integer({ min: 0, max: 3 }),
    deceasedDateTime: fc.constantFrom('2024-01-01', '2024-01-01T10:00:00+08:00', '2024-01-01T02:00:00Z'),
    name: fc.array(name, { maxLength: 3 }),
    contact: fc.array(fc.record({ name, telecom: fc.array(fc.record({ value: word }), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    generalPractitioner: fc.array(
      fc.constantFrom({ reference: 'Practitioner/1' }, { reference: 'Organization/2' }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const list = fc.constantFrom(
  'name',
  'name.given',
  'contact',
  'contact.name.given',
  'contact.telecom',
  "name.where(use = 'official')",
  'name[1]',
  'unknownElement',
);
const flag = fc.letrec((tie) => ({
  leaf: fc.constantFrom(
    'active',
    "gender = 'female'",
    'multipleBirth.ofType(integer) >= 1',
    'name.family = contact.name.family',
    'birthDate < @1950-02-10',
    'deceased.ofType(dateTime) = @2024-01-01T02:00:00Z',
    "name.exists(family = 'a')",
    'generalPractitioner.getReferenceKey(Practitioner).exists()',
  ),
  both: fc
    .tuple(tie('flag'), fc.constantFrom('and', 'or'), tie('flag'))
    .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
  not: tie('flag').map((inner) => `(${inner}).not()`),
  flag: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('both'), tie('not')),
})).flag as fc.Arbitrary<string>;
const value = fc.oneof(
  flag,
  list.map((path) => `${path}.count()`),
  list.map((path) => `${path}.empty()`),
  fc.constantFrom(
    'name.family.first()',
    'name.family',
    'name.given.last()',
    "name.given.join('-')",
    'birthDate.lowBoundary()',
    'birthDate.highBoundary()',
    'deceased.ofType(dateTime).lowBoundary()',
    'deceased.exists()',
    'multipleBirth.ofType(integer) * 2 + 1',
    'multipleBirth.ofType(integer) / 0',
    "gender & '-' & birthDate",
    '%rowIndex',
  ),
);
const view = fc.record({
  where: fc.array(flag, { maxLength: 1 }),
  top: fc.array(value, { minLength: 1, maxLength: 3 }),
  each: fc.option(fc.tuple(fc.constantFrom('forEach', 'forEachOrNull'), list)),
});

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
      const parsed = parseView(definition);
      assert.ok(parsed.ok, JSON.stringify(parsed));
      const lines = resources.map((resource) => JSON.stringify(resource));
      const duck = plain(await collectView(parsed.value, lines));
      await client.query('truncate resource');
      for (const line of lines) await client.query('insert into resource values ($1)', [line]);
      const compiled = compileView(parsed.value, postgresDialect, { from: 'resource', content: 'content' });
      assert.ok(compiled.ok, JSON.stringify(compiled));
      assert.deepEqual(await onPostgres(compiled.value.sql, compiled.value.params), duck);
      rows += duck.length;
    }),
    { seed: SEED, numRuns: 60 },
  );
  assert.ok(rows > 60, `the random views gave ${rows} rows`);
});

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
