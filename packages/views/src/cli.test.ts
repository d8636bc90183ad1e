// The command `yimai views run`: rows as one JSON array, refusals on stderr with exit 2.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { runViewsCommand } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'yimai-views-cli-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const PATIENTS = [
  { resourceType: 'Patient', id: 'p1', active: true, name: [{ text: 'enc:v1:AAAA' }] },
  { resourceType: 'Patient', id: 'p2', multipleBirthInteger: 2 },
  { resourceType: 'Observation', id: 'o1' },
];
const VIEW = {
  resource: 'Patient',
  select: [
    {
      column: [
        { name: 'id', path: 'id' },
        { name: 'active', path: 'active' },
        { name: 'birth', path: 'multipleBirth.ofType(integer)' },
        { name: 'name', path: 'name.text.first()' },
      ],
    },
  ],
};
const ROWS = [
  { id: 'p1', active: true, birth: null, name: null },
  { id: 'p2', active: null, birth: 2, name: null },
];

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

async function run(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const exit = await runViewsCommand(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { exit, out, err };
}

const lines = PATIENTS.map((patient) => JSON.stringify(patient)).join('\n');
const view = file('view.json', JSON.stringify(VIEW));
const resources = file('patients.ndjson', `${lines}\n\n`);

test('[views V10] rows are printed as one JSON array; encrypted values are null', async () => {
  const { exit, out, err } = await run('run', '--view', view, '--resources', resources);
  assert.deepEqual([exit, err], [0, '']);
  assert.deepEqual(JSON.parse(out), ROWS);
});

test('[views V10] a gzip file is read as it is', async () => {
  const packed = file('patients.ndjson.gz', gzipSync(lines));
  const { exit, out } = await run('run', '--view', view, '--resources', packed);
  assert.deepEqual([exit, JSON.parse(out)], [0, ROWS]);
});

test('[views V10] no resources give an empty array', async () => {
  const { exit, out } = await run('run', '--view', view, '--resources', file('none.ndjson', ''));
  assert.deepEqual([exit, JSON.parse(out)], [0, []]);
});

test('[views V10] what is wrong is refused with its code and place, exit 2, nothing on stdout', async () => {
  const wrong = (definition: unknown): string => file('wrong.json', JSON.stringify(definition));
  const path = (text: string): unknown => ({
    resource: 'Patient',
    select: [{ column: [{ name: 'a', path: text }] }],
  });
  const refused: readonly [readonly string[], string][] = [
    [
      ['run', '--view', wrong({ ...VIEW, resource: 'Person2' }), '--resources', resources],
      'unknown-resource at resource',
    ],
    [['run', '--view', file('broken.json', '{'), '--resources', resources], 'not-json at'],
    [['run', '--view', join(dir, 'absent.json'), '--resources', resources], 'file-missing at'],
    [['run', '--view', view, '--resources', join(dir, 'absent.ndjson')], 'file-missing at'],
    [
      ['run', '--view', view, '--resources', file('bad.ndjson', `${lines}\nnot json`)],
      'wrong-line at line 4',
    ],
    [
      ['run', '--view', view, '--resources', file('bad.gz', gzipSync(lines).subarray(0, 40))],
      'file-broken at',
    ],
    [['run', '--view', view], 'wrong-arguments'],
    [['walk'], 'wrong-arguments'],
  ];
  for (const [argv, reason] of refused) {
    const { exit, out, err } = await run(...argv);
    assert.equal(exit, 2, reason);
    assert.equal(out, '');
    assert.ok(err.startsWith(reason), `${err} should start with ${reason}`);
  }
  const { err } = await run('run', '--view', wrong(path('name..text')), '--resources', resources);
  assert.match(err, /^wrong-expression at select\[0\]\.column\[0\]\.path: at character 6/);
  const column = { name: 'a', path: 'gender', type: 'integer' };
  const misfit = wrong({ resource: 'Patient', select: [{ column: [column] }] });
  const refusal = await run('run', '--view', misfit, '--resources', resources);
  assert.deepEqual([refusal.exit, refusal.out], [2, '']);
  assert.match(refusal.err, /path: at character 1: the column is declared integer, this is code/);
});

test('[views V10] a run that stops late has printed nothing: two names in the last of many resources', async () => {
  const many = Array.from({ length: 30_000 }, (_, index) => ({
    resourceType: 'Patient',
    id: `p${index}`,
    name: [{ family: 'x'.repeat(40) }, ...(index === 29_999 ? [{ family: 'y' }] : [])],
  }));
  const names = file('names.ndjson', many.map((each) => JSON.stringify(each)).join('\n'));
  const family = (path: string): string =>
    file(
      'family.json',
      JSON.stringify({
        resource: 'Patient',
        select: [
          {
            column: [
              { name: 'id', path: 'id' },
              { name: 'family', path },
            ],
          },
        ],
      }),
    );
  const late = await run('run', '--view', family('name.family'), '--resources', names);
  assert.deepEqual([late.exit, late.out], [2, '']);
  assert.match(late.err, /^more-than-one-value at family/);
  const whole = await run('run', '--view', family('name.family.first()'), '--resources', names);
  const rows = JSON.parse(whole.out) as { id: string }[];
  assert.deepEqual([whole.exit, rows.length, rows.at(-1)?.id], [0, 30_000, 'p29999']);
});

test('[views V10] a byte order mark, CRLF and a packed file without .gz are read; half a letter is a wrong line', async () => {
  const windows = file('windows.ndjson', `\uFEFF${lines.replaceAll('\n', '\r\n')}\r\n`);
  for (const path of [windows, file('packed.ndjson', gzipSync(lines))]) {
    const { exit, out } = await run('run', '--view', view, '--resources', path);
    assert.deepEqual([exit, JSON.parse(out)], [0, ROWS]);
  }
  const half = file('half.ndjson', `${lines}\n{"resourceType":"Patient","id":"\\ud800secret"}`);
  const { exit, out, err } = await run('run', '--view', view, '--resources', half);
  assert.deepEqual([exit, out], [2, '']);
  assert.match(err, /^wrong-line at line 4/);
  assert.doesNotMatch(err, /secret/);
});

test('[views V7] a value that does not fit its column is refused, and not repeated', async () => {
  const large = file(
    'large.ndjson',
    '{"resourceType":"Patient","id":"x","multipleBirthInteger":99999999999999999999}',
  );
  const { exit, out, err } = await run('run', '--view', view, '--resources', large);
  assert.deepEqual([exit, out], [2, '']);
  assert.match(err, /^wrong-value: /);
  assert.doesNotMatch(err, /9999|1e\+?20/);
});

interface OfficialFile {
  readonly resources: readonly object[];
  readonly tests: readonly {
    readonly title: string;
    readonly view: unknown;
    readonly expect?: readonly object[];
    readonly expectError?: boolean;
  }[];
}
const root =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const official = `${root}/sql-on-fhir/tests`;

test('[views V10] the command gives what the official files expect: rows and exit 0, or exit 2 and the reason', {
  skip: existsSync(official) ? false : 'no official files here',
}, async (t) => {
  let count = 0;
  for (const name of readdirSync(official)) {
    const { resources: given, tests } = JSON.parse(
      readFileSync(join(official, name), 'utf8'),
    ) as OfficialFile;
    const ndjson = file('official.ndjson', given.map((each) => JSON.stringify(each)).join('\n'));
    for (const each of tests) {
      const { exit, out, err } = await run(
        'run',
        '--view',
        file('official.json', JSON.stringify(each.view)),
        '--resources',
        ndjson,
      );
      const at = `${name}: ${each.title} ${err}`;
      assert.equal(exit, each.expectError ? 2 : 0, at);
      if (each.expectError) assert.deepEqual([out, err === ''], ['', false], at);
      else if (each.expect) assert.deepEqual(sorted(JSON.parse(out)), sorted(each.expect), at);
      count += 1;
    }
  }
  t.diagnostic(`${count} official tests by the command`);
});

const sorted = (rows: readonly object[]): string[] =>
  rows
    .map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))))
    .sort();
