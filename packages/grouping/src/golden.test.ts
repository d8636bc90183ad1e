// The golden cases of the six shipped schemes, by the function and by the command, where the test data lie beside the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runGroupCommand } from './cli.ts';
import { group, groupWithTrail, loadScheme, type Stay, shippedSchemes } from './index.ts';

const DATA =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const skip = existsSync(join(DATA, 'drg')) ? false : 'the golden cases are not beside the project';

interface GoldenCase extends Stay {
  readonly expected: { status: string; mdc: string; adrg: string; drg: string };
}

function golden(scheme: string): GoldenCase[] {
  const packed = readFileSync(join(DATA, 'drg', 'golden', `${scheme}.jsonl.gz`));
  return gunzipSync(packed)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const SCHEMES = ['chs_drg_10', 'chs_drg_11', 'guangxi_2022', 'linfen_2022', 'yunnan_2023', 'zhejiang_2022'];

test('[grouping G1] the golden files beside the project are counted', (t) => {
  if (skip) {
    t.diagnostic('official-suite drg-golden skipped no data here');
    return;
  }
  const count = SCHEMES.reduce((sum, name) => sum + golden(name).length, 0);
  assert.ok(count > 0);
  t.diagnostic(`official-suite drg-golden run ${count}`);
});

test('[grouping G1] the six schemes are shipped', () => {
  assert.deepEqual(shippedSchemes(), SCHEMES);
});

for (const name of SCHEMES) {
  test(`[grouping G1] ${name}: every golden case, shipped and neutral, with and without trail`, {
    skip,
  }, () => {
    const neutral = loadScheme(join(DATA, 'drg', 'schemes', `${name}.json.gz`));
    const shipped = loadScheme(name);
    assert(neutral.ok && shipped.ok);
    golden(name).forEach((stay, index) => {
      assert.deepEqual({ ...group(stay, shipped.value) }, stay.expected, stay.id);
      assert.deepEqual({ ...group(stay, neutral.value) }, stay.expected, stay.id);
      if (index % 5 !== 0) return;
      const { trail, ...told } = groupWithTrail(stay, shipped.value);
      assert.deepEqual(told, stay.expected, stay.id);
      assert.ok(trail.length > 0);
    });
  });

  test(`[grouping G1] ${name}: every golden case by the command`, { skip }, async () => {
    const chunks: Buffer[] = [];
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    const input = join(DATA, 'drg', 'golden', `${name}.jsonl.gz`);
    const streams = { stdin: Readable.from([]), stdout, stderr: process.stderr };
    assert.equal(await runGroupCommand(['--scheme', name, '--in', input], streams), 0);
    const answers = Buffer.concat(chunks)
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      answers,
      golden(name).map(({ id, expected }) => ({ id, ...expected })),
    );
  });
}
