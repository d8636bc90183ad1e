// Data quality: each kind of check finds what it should, at its edge and not beside it, names owner and rows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { viewsOf } from '@yimai/views/testing';
import fc from 'fast-check';
import { runMeasuresCommand } from '../cli.ts';
import { resourcesOf } from '../testing/case-file.ts';
import { COLUMNS, VIEWS } from '../testing/rules.ts';
import { QUALITY_FOLDER } from '../testing.ts';
import { checkRows } from './check-rows.ts';
import { loadChecks } from './load-checks.ts';
import type { Cell, QualityCheck, Row, Rule } from './quality-check.ts';

const check = (rule: Rule, where: QualityCheck['where'] = {}): QualityCheck => ({
  id: 'c',
  name: { zh: 'c', en: 'c' },
  source: 'test',
  view: 'v',
  where,
  on: 'on',
  owner: 'org',
  rule,
  file: 'test.yaml',
});
const row = (id: string, cells: Readonly<Record<string, Cell>>): Row =>
  ({ resource_id: id, org: 'a', ...cells }) as Row;
const tree = { parentOf: (org: string) => (org === 'county' ? null : 'county') };
const found = (rule: Rule, rows: readonly Row[], where?: QualityCheck['where']) =>
  checkRows(check(rule, where), rows, tree).map(({ owner, rows: ids }) => [owner, ids]);

test('[measures Q2] missing: null and empty, only in rows that the check looks at, by owner', () => {
  const rows = [
    row('1', { x: null, status: 'active' }),
    row('2', { x: '', status: 'active', org: 'b' }),
    row('3', { x: 0, status: 'active' }),
    row('4', { x: null, status: 'cancelled' }),
  ];
  assert.deepEqual(found({ kind: 'missing', column: 'x' }, rows, { status: ['active'] }), [
    ['a', ['1']],
    ['b', ['2']],
  ]);
});

test('[measures Q3] impossible: the bounds themselves are allowed; no value is missing, not impossible', () => {
  const rows = [0, 1, 366, 367, null].map((x, index) => row(String(index), { x }));
  const rule = { kind: 'impossible', column: 'x', atLeast: 1, atMost: 366 } as const;
  assert.deepEqual(found(rule, rows), [['a', ['0', '3']]]);
  assert.deepEqual(found({ kind: 'impossible', column: 'x', atLeast: 1 }, rows), [['a', ['0']]]);
});

test('[measures Q3] out of order: the end before the start; the same moment and an open end are possible', () => {
  const rows = [
    row('1', { from: '2025-01-02', to: '2025-01-01' }),
    row('2', { from: '2025-01-02', to: '2025-01-02' }),
    row('3', { from: '2025-01-02', to: null }),
    row('4', { from: '2025-01-02T09:00:00+08:00', to: '2025-01-02' }),
    row('5', { from: '2025-01-02T09:00:00+08:00', to: '2025-01-02T00:59:59Z' }),
    row('6', { from: '2025-01-02T09:00:00+08:00', to: '2025-01-02T01:00:00Z' }),
  ];
  assert.deepEqual(found({ kind: 'out-of-order', columns: ['from', 'to'] }, rows), [['a', ['1', '5']]]);
});

test('[measures Q4] duplicated: all columns agree; two rows of one resource and rows without a value do not', () => {
  const rows = [
    row('1', { number: 'n' }),
    row('2', { number: 'n' }),
    row('3', { number: 'n', org: 'b' }),
    row('4', { number: null }),
    row('5', { number: null }),
    row('6', { number: 'm' }),
    row('6', { number: 'm' }),
  ];
  assert.deepEqual(found({ kind: 'duplicated', columns: ['org', 'number'] }, rows), [['a', ['1', '2']]]);
});

test('[measures Q5] late: the last day is in time, across months and leap days', () => {
  const late = { kind: 'late', from: 'ended', to: 'reported', days: 10 } as const;
  const rows = [
    row('1', { ended: '2024-02-29', reported: '2024-03-10' }),
    row('2', { ended: '2024-02-29', reported: '2024-03-11' }),
    row('3', { ended: '2024-02-29', reported: null }),
    row('4', { ended: '2024-02', reported: '2024-02-11T15:59:59Z' }),
    row('5', { ended: '2024-02-01', reported: '2024-02-11T16:00:00Z' }),
  ];
  assert.deepEqual(found(late, rows), [['a', ['2', '5']]], 'days are those of China');
});

test('[measures Q6] bunched: a crowd on the good side beside an empty bad side; an even spread is none', () => {
  const rule: Rule = {
    kind: 'bunched',
    column: 'x',
    threshold: 80,
    good: 'at-or-above',
    width: 2,
    least: 20,
    share: 90,
  };
  const values = (count: number, x: number, from = 0) =>
    Array.from({ length: count }, (_, index) => row(String(from + index), { x }));
  const crowd = [...values(18, 80), ...values(2, 79, 100)];
  assert.equal(found(rule, crowd)[0]?.[1]?.length, 18, '18 of 20 are 90 %');
  assert.deepEqual(found(rule, [...values(17, 80), ...values(3, 79, 100)]), [], '85 %');
  assert.deepEqual(found(rule, crowd.slice(1)), [], 'too few to say');
  assert.deepEqual(found(rule, [...values(18, 82), ...values(2, 79, 100)]), [], '82 is not near 80');
  assert.equal(
    found({ ...rule, good: 'below' }, [...values(18, 79), ...values(2, 80, 100)])[0]?.[1]?.length,
    18,
  );
});

const reported = (id: string, org: string, value: number, at = '2025-02-01') =>
  row(id, { org, line: 'visits', value, started_at: '2025-01', reported_at: at });
const adds: Rule = { kind: 'adds-up', line: 'line', value: 'value', period: ['started_at'], of: 'visits' };

test('[measures Q7] adds up: whole against the latest reports of its parts; without parts nothing is asked', () => {
  const rows = [reported('w', 'county', 30), reported('p', 'a', 10), reported('q', 'b', 20)];
  assert.deepEqual(found(adds, rows), []);
  assert.deepEqual(found(adds, [...rows, reported('q2', 'b', 21, '2025-02-09')]), [
    ['county', ['p', 'q2', 'w']],
  ]);
  assert.deepEqual(
    found(adds, [...rows, reported('q0', 'b', 99, '2025-01-31')]),
    [],
    'an earlier report was replaced',
  );
  assert.deepEqual(found(adds, [reported('w', 'county', 30)]), []);
  assert.deepEqual(found(adds, rows.slice(1)), []);
});

test('[measures Q7] parts that sum to the whole raise nothing, one unit more does (seed 23)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      (parts) => {
        const rows = parts.map((value, index) => reported(`p${index}`, `org-${index}`, value));
        const sum = parts.reduce((total, value) => total + value, 0);
        assert.deepEqual(found(adds, [...rows, reported('w', 'county', sum)]), []);
        assert.equal(found(adds, [...rows, reported('w', 'county', sum + 1)])[0]?.[0], 'county');
      },
    ),
    { seed: 23 },
  );
});

test('[measures Q1] the shipped checks load; a wrong one refuses all of them, with its place', () => {
  assert.ok(must(loadChecks(QUALITY_FOLDER, COLUMNS)).length >= 9);
  const good = {
    id: 'x',
    name: { zh: 'x', en: 'x' },
    source: 's',
    view: 'encounter',
    on: 'started_at',
    owner: 'org',
    missing: 'number',
  };
  const wrong: readonly (readonly [object, string, string])[] = [
    [{ ...good, view: 'visits' }, 'unknown-view', 'z.yaml[0].view'],
    [{ ...good, missing: 'colour' }, 'unknown-column', 'z.yaml[0].missing'],
    [{ ...good, owner: 'colour' }, 'unknown-column', 'z.yaml[0].owner'],
    [{ ...good, duplicated: ['number'] }, 'wrong-definition', 'z.yaml[0]'],
    [
      { ...good, missing: undefined, late: { from: 'started_at', to: 'ended_at' } },
      'wrong-definition',
      'z.yaml[0].late.days',
    ],
  ];
  for (const [entry, code, at] of wrong) {
    const folder = mkdtempSync(join(tmpdir(), 'yimai-quality-'));
    writeFileSync(join(folder, 'z.yaml'), JSON.stringify([entry]));
    const answer = loadChecks(folder, COLUMNS);
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(answer.ok ? null : [answer.refusal.code, answer.refusal.at], [code, at]);
  }
});

test('[measures Q8] yimai measures check prints findings with owner and ids of the scope, nothing else of a row', async (t) => {
  const line = (org: string, value: number, until: string, reportedOn: string) => ({
    make: 'line',
    org,
    line: 'outpatient-visits',
    value,
    on: '2024-01-01',
    until,
    reported: reportedOn,
    plain: true,
  });
  const resources = resourcesOf({
    row: 'q',
    data: [
      { make: 'settlement', org: 'hospital', disease: null, drg: 'ES2', days: 3, weight: 1, plain: true },
      {
        make: 'settlement',
        org: 'tcm-hospital',
        disease: 'J18',
        drg: 'ES2',
        days: 0,
        weight: 1,
        plain: true,
      },
      line('hospital', 7, '2024-01-31', '2024-02-11'),
      line('county', 9, '2024-01-31', '2024-02-10'),
    ],
    expect: {},
  });
  const views = await viewsOf(resources, VIEWS);
  t.after(() => views.close());
  const ask = async (...argv: string[]) => {
    let [out, err] = ['', ''];
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
    };
    return { exit: await runMeasuresCommand(argv, io, { snapshots: views.folder }), out, err };
  };
  const all = await ask('check', '--period', '2024', '--scope', 'q.county');
  assert.equal(all.exit, 0, all.err);
  const short = JSON.parse(all.out).findings.map((each: { check: string; owner: string }) => [
    each.check,
    each.owner,
  ]);
  assert.deepEqual(short, [
    ['settlement-without-disease', 'q.hospital'],
    ['stay-days-impossible', 'q.tcm-hospital'],
    ['report-late', 'q.hospital'],
    ['outpatient-visits-add-up', 'q.county'],
  ]);
  assert.doesNotMatch(all.out, /ES2|J18/);
  const own = await ask('check', '--period', '2024', '--scope', 'q.hospital');
  assert.deepEqual(
    JSON.parse(own.out).findings.map((each: { owner: string }) => each.owner),
    ['q.hospital', 'q.hospital'],
  );
  const wrong = await ask('check', '--period', '2024', '--scope', 'q.county', '--measure', 'x');
  assert.deepEqual([wrong.exit, wrong.err.split(' ')[0]], [2, 'wrong-arguments']);
});
