// Shows how the closing lines count official suites, and that a planted skip fails where the data are.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCode, needsSuites, parseSuite, suitesLine } from './official-suites.ts';
import type { RunOutcome } from './report.ts';

const outcome = (more: Partial<RunOutcome>): RunOutcome => ({
  finishedAt: '2026-11-21T00:00:00.000Z',
  node: 'v24',
  ms: 1,
  passed: 1,
  failed: 0,
  skipped: 0,
  suites: [],
  files: [],
  tests: [],
  ...more,
});

test('[scripts S1] a suite is announced with its count, or with the reason why it was skipped', () => {
  assert.deepEqual(parseSuite('official-suite fhirpath run 715'), { name: 'fhirpath', ran: 715 });
  assert.deepEqual(parseSuite('# official-suite cql skipped no data here'), {
    name: 'cql',
    ran: 0,
    skippedBecause: 'no data here',
  });
  assert.equal(parseSuite('tests 12'), undefined);
});

test('[scripts S1] a suite that found no case was not run', () => {
  const suite = parseSuite('official-suite drg run 0');
  assert.deepEqual(suite, { name: 'drg', ran: 0, skippedBecause: 'no case found' });
});

test('[scripts S1] the closing line has the promised form', () => {
  const ran = { name: 'fhirpath', ran: 715 };
  const skipped = { name: 'cql', ran: 0 as const, skippedBecause: 'no data' };
  assert.equal(suitesLine([ran, skipped]), 'official suites: 1 run, 1 skipped (cql)');
  assert.equal(suitesLine([ran]), 'official suites: 1 run, 0 skipped');
});

test('[scripts S1] a skipped suite fails the run where the data are, and only there', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'yimai-suites-'));
  t.after(() => rmSync(top, { recursive: true }));
  const skipped = outcome({ suites: [{ name: 'cql', ran: 0, skippedBecause: 'no data' }] });
  assert.equal(needsSuites(top, { YIMAI_REQUIRE_SUITES: '1', YIMAI_TEST_DATA: top }), true);
  assert.equal(needsSuites(top, { YIMAI_REQUIRE_SUITES: '1', YIMAI_TEST_DATA: join(top, 'none') }), false);
  assert.equal(exitCode(skipped, true), 1);
  assert.equal(exitCode(skipped, false), 0);
});

test('[scripts S2] a failed test, or no test at all, is a failed run', () => {
  assert.equal(exitCode(outcome({ failed: 1 }), false), 1);
  assert.equal(exitCode(outcome({ passed: 0 }), false), 1);
});
