// Shows that planted failures, skips and suites in a real test file come out of the report as they are.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, test } from 'node:test';
import { Report } from './report.ts';

async function reportOf(t: { after(fn: () => void): void }, text: string) {
  const top = mkdtempSync(join(tmpdir(), 'yimai-report-'));
  t.after(() => rmSync(top, { recursive: true }));
  const file = join(top, 'planted.test.mjs');
  writeFileSync(
    file,
    `import { test, describe } from 'node:test';\nimport assert from 'node:assert';\n${text}`,
  );
  const said: string[] = [];
  const report = new Report(top, (line) => said.push(line));
  // This test file runs under a test runner itself, which would make the inner one keep silent.
  const context = process.env['NODE_TEST_CONTEXT'];
  delete process.env['NODE_TEST_CONTEXT'];
  await new Promise<void>((resolve) => {
    const stream = run({ files: [file] });
    report.follow(stream);
    stream.on('end', resolve);
    stream.resume();
  });
  if (context !== undefined) process.env['NODE_TEST_CONTEXT'] = context;
  report.sayFailures();
  return { outcome: report.finish(), line: report.countLine(), said: said.join('\n') };
}

test('[scripts S2] passes, failures and skips are counted once each, nested or not', async (t) => {
  const { outcome, line, said } = await reportOf(
    t,
    `describe('outer', () => {
       test('[net-01/1] right', () => {});
       test('[net-01/2] wrong', () => { console.log('seen'); assert.equal(1, 2); });
     });
     test('parent', async (t) => { await t.test('child wrong', () => { throw new Error('planted'); }); });
     test('left out', { skip: 'no browser' }, () => {});`,
  );
  assert.equal(line, '1 passed, 2 failed, 1 skipped');
  assert.deepEqual(
    outcome.tests.map((one) => [one.title, one.status, one.reason]),
    [
      ['outer > [net-01/1] right', 'passed', undefined],
      ['outer > [net-01/2] wrong', 'failed', undefined],
      ['parent > child wrong', 'failed', undefined],
      ['left out', 'skipped', 'no browser'],
    ],
  );
  assert.match(said, /planted/);
  assert.match(said, /no browser/);
});

test('[scripts S2] a test file that does not even load is a failure', async (t) => {
  const { line } = await reportOf(t, `import './not-there.mjs';`);
  assert.equal(line, '0 passed, 1 failed');
});

test('[scripts S1] an official suite reaches the report from inside a test', async (t) => {
  const { outcome } = await reportOf(
    t,
    `test('suite', (t) => { t.diagnostic('official-suite fhirpath run 715'); });`,
  );
  assert.deepEqual(outcome.suites, [{ name: 'fhirpath', ran: 715 }]);
});

test('[scripts S2] a file that never reported to its end is a failure', () => {
  const said: string[] = [];
  const report = new Report('/there', (line) => said.push(line));
  report.expect(['/there/cut-off.test.ts']);
  assert.equal(report.countLine(), '0 passed, 1 failed');
  assert.match(said.join('\n'), /FAILED {2}cut-off\.test\.ts/);
});
