// Shows that each house rule catches a planted violation, and lets the honest form of the same thing pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkImports } from './import-direction.ts';
import type { Finding } from './source-files.ts';
import { checkSql, SQL_RULES } from './sql-lint.ts';
import { checkTidy } from './tidy.ts';

const rules = (findings: readonly Finding[]) => findings.map(({ line, rule }) => `${line} ${rule}`);
const imports = (path: string, text: string) => rules(checkImports([{ path, text }]));
const tidy = (path: string, text: string) => rules(checkTidy([{ path, text }]));
const sql = (path: string, text: string) => rules(checkSql([{ path, text }]));

const OPEN = '// This file is planted for a test.\n';

test('[scripts S3] a room may not use a room below it, and no room an app', () => {
  const loops = 'packages/loops/src/a.ts';
  assert.deepEqual(imports(loops, `import { x } from '@yimai/record';`), ['1 import-direction']);
  assert.deepEqual(imports(loops, `const x = await import('@yimai/runtime');`), ['1 import-direction']);
  assert.deepEqual(imports(loops, `export * from '@yimai/server';`), ['1 import-direction']);
  assert.deepEqual(imports(loops, `import { x } from '@yimai/kit';\n// from '@yimai/record'`), []);
  assert.deepEqual(imports('apps/server/src/a.ts', `import { x } from '@yimai/record';`), []);
  assert.deepEqual(imports('packages/rooms/src/a.ts', `import { x } from '@yimai/kit';`), [
    '1 import-direction',
  ]);
});

test('[scripts S3] another room is entered through its door', () => {
  const views = 'packages/views/src/a.ts';
  assert.deepEqual(imports(views, `import { x } from '../../record/src/b.ts';`), [
    '1 import-through-the-door',
  ]);
  assert.deepEqual(imports(views, `import { x } from '@yimai/record/src/b.ts';`), [
    '1 import-through-the-door',
  ]);
  assert.deepEqual(imports('packages/views/src/deep/a.ts', `import { x } from '../b.ts';`), []);
});

test('[scripts S3] a pure room reads no clock, no chance, no environment, no network, no database', () => {
  const fund = 'packages/fund/src/a.ts';
  for (const planted of [
    'const at = Date.now();',
    'const at = new Date();',
    'const luck = Math.random();',
    'const key = process.env.KEY;',
    `import pg from 'pg';`,
    `import { connect } from 'node:net';`,
  ])
    assert.deepEqual(imports(fund, planted), ['1 pure-room'], planted);
  assert.deepEqual(imports(fund, 'const at = new Date(asked);'), []);
  assert.deepEqual(imports('packages/record/src/a.ts', 'const at = Date.now();'), []);
});

test('[scripts S3] a programme imports nothing; its test may', () => {
  assert.deepEqual(imports('programs/net/net-01/p.ts', `import { x } from '@yimai/kit';`), [
    '1 program-imports',
  ]);
  assert.deepEqual(imports('programs/net/net-01/p.test.ts', `import { x } from '@yimai/runtime';`), []);
});

test('[scripts S4] a file opens with a sentence', () => {
  assert.deepEqual(tidy('packages/kit/src/a.ts', 'export const a = 1;\n'), ['1 opening-sentence']);
  assert.deepEqual(tidy('packages/kit/src/a.sql', 'create table a ();\n'), ['1 opening-sentence']);
  assert.deepEqual(tidy('packages/kit/src/a.ts', OPEN), []);
  assert.deepEqual(tidy('packages/kit/src/a.sql', '--! breaking\n-- Tables of a planted room.\n'), []);
});

test('[scripts S4] a long file is a warning, not a failure', () => {
  const [finding] = checkTidy([{ path: 'packages/kit/src/a.ts', text: OPEN + 'x;\n'.repeat(400) }]);
  assert.equal(finding?.rule, 'file-length');
  assert.equal(finding?.warning, true);
});

test('[scripts S4] paths of one machine, registries and the console stay out', () => {
  const home = ['', 'home', 'someone', 'clone'].join('/');
  assert.deepEqual(tidy('docs/a.md', `see ${home}`), ['1 machine-path']);
  assert.deepEqual(tidy('docs/a.md', 'see https://example.org/work/paper and work/x'), []);
  const host = ['registry', 'npmjs', 'org'].join('.');
  assert.deepEqual(tidy('package-lock.json', `"resolved": "https://${host}/a"`), ['1 registry-host']);
  assert.deepEqual(tidy('packages/kit/src/a.ts', `${OPEN}console.log(1);`), ['2 no-console']);
  assert.deepEqual(tidy('apps/cli/src/a.ts', `${OPEN}console.log(1);`), []);
});

test('[scripts S4] a place beside a file is a path of the system, not what a URL makes of it', () => {
  const beside = "new URL('../rules/', import.meta.url)";
  const file = 'apps/cli/src/a.ts';
  assert.deepEqual(tidy(file, `${OPEN}const at = ${[beside, 'pathname'].join('.')};`), ['2 url-as-path']);
  assert.deepEqual(tidy(file, `${OPEN}const at = fileURLToPath(${beside});`), []);
});

const PLANTED: Record<string, string> = {
  'no-trigger': 'create trigger t after insert on a execute function f()',
  'no-database-clock': 'update a set at = now()',
  'no-advisory-lock': 'select pg_advisory_xact_lock(id) from a',
  'no-set-config': `select set_config('app.orgs', '1', true)`,
  'no-subquery-in-policy': 'create policy p on a using (org in (select org from b))',
  'no-set-null': 'create table a (b uuid references c on delete set null)',
  'no-running-number': 'create table a (id bigint generated always as identity)',
  'no-serializable': 'begin isolation level serializable',
  'no-transaction-id': 'select xmin from a',
  'no-values-subquery': 'insert into a values ((select 1))',
  'no-two-phase-commit': `prepare transaction 'x'`,
  'no-catalogue-count': 'select reltuples from pg_class',
  'nothing-newer-than-15': `select * from json_table('[]', '$[*]' columns (a int path '$'))`,
};

test('[scripts S5] every SQL rule catches its planted violation in a migration', () => {
  assert.deepEqual(
    Object.keys(PLANTED),
    SQL_RULES.map((rule) => rule.name),
  );
  for (const [rule, text] of Object.entries(PLANTED))
    assert.deepEqual(sql('packages/record/sql/0001_a.sql', `-- Planted.\n${text};`), [`2 ${rule}`]);
});

test('[scripts S5] SQL in code is read as well: tagged pieces, and strings that begin as a statement', () => {
  const path = 'packages/record/src/a.ts';
  assert.deepEqual(sql(path, 'const a = sql`and at < now()`;'), ['1 no-database-clock']);
  assert.deepEqual(sql(path, `await db.text('select now()');`), ['1 no-database-clock']);
  const nested = [
    'const a = sql`select a',
    '  from b $',
    '{x ? sql`where at < now()` : empty} $',
    '{now()}`;',
  ];
  assert.deepEqual(sql(path, nested.join('').replace('a  from', 'a\n  from')), ['2 no-database-clock']);
  const after = ['sql`$', '{cut} order by $', '{col} for update, now()`'].join('');
  assert.deepEqual(sql(path, after), ['1 no-database-clock']);
  assert.deepEqual(sql(path, `const words = 'right now() is not SQL';`), []);
  assert.deepEqual(sql(path, '// sql`select now()`'), []);
  assert.deepEqual(sql('packages/record/src/a.test.ts', `await db.text('select now()');`), []);
});

test('[scripts S5] the honest forms pass', () => {
  const honest = `-- Policies close when the setting is missing; now() stands only in this comment.
    create policy p on a using (org = any(string_to_array(current_setting('app.orgs'), ',')));
    create table a (id uuid primary key, at timestamptz not null, b uuid references c on delete cascade);
    merge into a using b on a.id = b.id when matched then delete;`;
  assert.deepEqual(sql('packages/record/sql/0001_a.sql', honest), []);
});

test('[scripts S5] an advisory lock for one transaction may be taken without FROM, and in no other way', () => {
  const path = 'packages/record/src/a.ts';
  assert.deepEqual(sql(path, 'await tx.run(sql`select pg_advisory_xact_lock(1)`);'), []);
  for (const planted of [
    'select pg_advisory_xact_lock(id) from a',
    'select pg_advisory_lock(1)',
    'select 1, pg_try_advisory_xact_lock(1)',
  ])
    assert.deepEqual(sql(path, `sql\`${planted}\`;`), ['1 no-advisory-lock'], planted);
});

test('[scripts S5] code branches on SQLSTATE, not on the name of a constraint', () => {
  const path = 'packages/record/src/a.ts';
  assert.deepEqual(sql(path, `if (error.constraint === 'a_pkey') again();`), ['1 no-constraint-name']);
  assert.deepEqual(sql(path, `if (error.code === '23505') again();`), []);
});
