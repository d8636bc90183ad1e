// The measures command: what it prints, small counts hidden from its reader, wrong words refused with exit 2.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runMeasuresCommand } from './cli.ts';
import { COUNTY, open } from './county.fixture.ts';

async function command(
  folder: string,
  ...argv: string[]
): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  return { exit: await runMeasuresCommand(argv, io, { snapshots: folder }), out, err };
}

test('[measures M19] yimai measures run prints the values; wrong words exit 2 with the reason', async (t) => {
  const { folder } = await open(t, COUNTY);
  const answer = await command(
    folder,
    'run',
    '--period',
    '2024',
    '--scope',
    'COUNTY',
    '--measure',
    'primary-visit-share',
  );
  assert.equal(answer.exit, 0, answer.err);
  const { scope, dataVersion, values } = JSON.parse(answer.out);
  assert.deepEqual([scope, dataVersion, values.length, values[0].value], ['c.county', COUNTY.length, 1, 43]);
  const missing = await command(
    folder,
    'run',
    '--period',
    '2024',
    '--scope',
    'c.hospital',
    '--measure',
    'drug-share',
  );
  assert.deepEqual(
    [JSON.parse(missing.out).values[0].value, JSON.parse(missing.out).values[0].status],
    [null, '未采集'],
  );
  assert.deepEqual(
    JSON.parse(missing.out).values[0].missing,
    [{ view: 'reported_line', column: 'line', kinds: ['drug-income'], everStored: false }],
    'what would have to come in',
  );
  const small = ['run', '--period', '2024', '--scope', 'c.village', '--measure', 'outpatient-volume'];
  const [hidden] = JSON.parse((await command(folder, ...small)).out).values;
  assert.deepEqual(
    [hidden.value, hidden.numerator, hidden.masked, hidden.status],
    [null, null, true, '已隐去'],
    'three visits of a village are hidden from the administrator, as on the desk',
  );
  const all = await command(folder, 'run', '--period', '2024', '--scope', 'c.county');
  assert.ok(JSON.parse(all.out).values.length > 100);
  const refused: readonly [readonly string[], string][] = [
    [['run', '--period', '2024'], 'wrong-arguments'],
    [['run', '--period', 'soon', '--scope', 'COUNTY'], 'wrong-period'],
    [['run', '--period', '2024', '--scope', 'COUNTY', '--user', 'somebody'], 'user-unknown'],
    [['run', '--period', '2024', '--scope', 'nowhere'], 'unknown-scope'],
    [
      ['run', '--period', '2024', '--scope', 'COUNTY', '--rules', join(tmpdir(), 'no-such-rules')],
      'rules-missing',
    ],
    [['run', '--period', '2024', '--scope', 'HOSPITAL'], 'scope-ambiguous'],
    [['run', '--period', '2024', '--scope', 'COUNTY', '--measure', 'nothing'], 'unknown-measure'],
    [['run', '--period', '2024', '--scope', 'c.village', '--measure', 'drug-share'], 'wrong-level'],
    [
      ['run', '--period', '2024', '--scope', 'COUNTY', '--snapshots', join(folder, 'none')],
      'views-not-published',
    ],
  ];
  for (const [argv, code] of refused) {
    const { exit, out, err } = await command(folder, ...argv);
    assert.deepEqual([exit, out, err.split(/[: ]/)[0]], [2, '', code]);
  }
});
