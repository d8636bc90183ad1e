// The official SQL-on-FHIR tests, each on both engines; rows are compared without order, as the specification says.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '@yimai/kit';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import pg from 'pg';
import { compileView } from './compile-view.ts';
import { collectView } from './duckdb/run-view.ts';
import type { ViewRow } from './duckdb/values.ts';
import { parseView } from './parse-view.ts';
import { postgresDialect } from './postgres/dialect.ts';
import { runTimeRefusal } from './run-time-refusal.ts';

interface OfficialTest {
  readonly title: string;
  readonly view: unknown;
  readonly expect?: readonly ViewRow[];
  readonly expectCount?: number;
  readonly expectColumns?: readonly string[];
  readonly expectError?: boolean;
}
interface OfficialFile {
  readonly title: string;
  readonly resources: readonly unknown[];
  readonly tests: readonly OfficialTest[];
}

// Why each test that expects an error must fail: "any error" would let a broken compiler pass.
const REASONS: Readonly<Record<string, readonly [code: string, at: string]>> = {
  "collection: fail when 'collection' is not true": ['more-than-one-value', 'last_name'],
  'constant: accessing an undefined constant': ['wrong-expression', 'select[0].forEach'],
  'constant: incorrect constant definition': ['wrong-constant', 'constant[0]'],
  'union: column mismatch': ['union-mismatch', 'select[0].unionAll[1]'],
  'union: column order mismatch': ['union-mismatch', 'select[0].unionAll[1]'],
  'validate: empty': ['resource-missing', 'resource'],
  'validate: missing resource': ['resource-missing', 'resource'],
  'validate: wrong fhirpath': ['wrong-expression', 'select[0].forEach'],
  'validate: wrong type in forEach': ['path-missing', 'select[0].forEach'],
  'validate: where with path resolving to not boolean': ['wrong-expression', 'where[0].path'],
  'view_resource: resource not specified': ['resource-missing', 'resource'],
};

const root =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const folder = `${root}/sql-on-fhir/tests`;
const own = fileURLToPath(new URL('../cases/', import.meta.url));
const folders = [...(existsSync(folder) ? [folder] : []), own];

test('[views V1] the official files are counted', (t) => {
  if (!existsSync(folder)) {
    t.diagnostic('official-suite sql-on-fhir skipped no data here');
    return;
  }
  const count = readdirSync(folder).reduce((sum, file) => sum + load(`${folder}/${file}`).tests.length, 0);
  assert.ok(count > 0);
  t.diagnostic(`official-suite sql-on-fhir run ${count}`);
});

for (const path of folders) {
  describe(path === own ? 'our own cases' : 'official cases', () => {
    for (const file of readdirSync(path).sort()) describe(file, () => runFile(load(`${path}/${file}`)));
  });
}

function runFile(file: OfficialFile): void {
  let database: TestDatabase;
  let client: pg.Client;
  before(async () => {
    database = await testDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query('create table resource (content jsonb not null)');
    for (const resource of file.resources) {
      await client.query('insert into resource values ($1)', [JSON.stringify(resource)]);
    }
  });
  after(async () => {
    await client.end();
    await database.close();
  });
  for (const official of file.tests) {
    test(`[views V1] DuckDB: ${official.title}`, async () => {
      const lines = file.resources.map((resource) => JSON.stringify(resource));
      const view = parseView(official.view);
      check(file, official, view.ok ? await collectView(view.value, lines) : view);
    });
    test(`[views V1] PostgreSQL: ${official.title}`, async () => {
      check(file, official, await onPostgres(client, official.view));
    });
  }
}

function check(file: OfficialFile, official: OfficialTest, answer: Result<ViewRow[]>): void {
  if (official.expectError) {
    const reason = REASONS[`${file.title}: ${official.title}`];
    assert.ok(reason, 'the reason of each expected error is written down in this file');
    assert.ok(!answer.ok, 'this view must be refused');
    assert.deepEqual([answer.refusal.code, answer.refusal.at], reason);
    return;
  }
  assert.ok(answer.ok, JSON.stringify(answer));
  if (official.expect) assert.deepEqual(sorted(answer.value), sorted(official.expect));
  if (official.expectCount !== undefined) assert.equal(answer.value.length, official.expectCount);
  if (official.expectColumns) assert.deepEqual(Object.keys(answer.value[0]!), official.expectColumns);
}

async function onPostgres(client: pg.Client, definition: unknown): Promise<Result<ViewRow[]>> {
  const view = parseView(definition);
  if (!view.ok) return view;
  const compiled = compileView(view.value, postgresDialect, { from: 'resource', content: 'content' });
  if (!compiled.ok) return compiled;
  const { sql, params, columns } = compiled.value;
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...params]);
    const number = new Set(
      columns.filter((c) => ['bigint', 'numeric'].includes(c.sqlType)).map((c) => c.name),
    );
    const plain = ([name, value]: [string, unknown]): [string, unknown] => [
      name,
      number.has(name) && value !== null ? Number(value) : value,
    ];
    return ok(rows.map((row) => Object.fromEntries(Object.entries(row).map(plain)) as ViewRow));
  } catch (error) {
    const refusal = runTimeRefusal(error);
    if (refusal === null) throw error;
    return { ok: false, refusal };
  }
}

function sorted(rows: readonly ViewRow[]): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort(byName)))).sort();
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function load(path: string): OfficialFile {
  return JSON.parse(readFileSync(path, 'utf8')) as OfficialFile;
}
