// Reports: rows and totals by fields, joined entries, rules, changes from row to row; a wrong declaration is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkReport } from './load-reports.ts';
import type { EntitlementDeclaration, ReportColumn, ReportDeclaration } from './programme.ts';
import { answerReport, type ReportEntry } from './report.ts';

const word = (text: string) => ({ zh: text, en: text });
const titled = (column: Omit<ReportColumn, 'title'>): ReportColumn => ({ ...column, title: word(column.id) });
const report = (more: Partial<ReportDeclaration>): ReportDeclaration => ({
  id: 'r',
  title: word('r'),
  register: 'visits',
  ...more,
});
const entry = (id: number, data: ReportEntry['data']): ReportEntry => ({
  id: String(id),
  key: String(id),
  from: '2026-01-01',
  data,
});
const TODAY = '2026-03-02';
const answer = (
  declared: ReportDeclaration,
  entries: readonly ReportEntry[],
  others: readonly ReportEntry[] = [],
  rule?: EntitlementDeclaration,
) => answerReport(declared, { entries, others, rule, today: TODAY });

const YEARS = [
  entry(1, { year: 2025, place: 'a', mark: 4, ok: true }),
  entry(2, { year: 2025, place: 'b', mark: 3, ok: false }),
  entry(3, { year: 2026, place: 'a', mark: 4.5, ok: true }),
  entry(4, { year: 2026, place: 'a' }),
];
const COLUMNS = [
  titled({ id: 'all', count: true }),
  titled({ id: 'good', count: 'data.ok == true' }),
  titled({ id: 'places', distinct: 'place' }),
  titled({ id: 'marks', sum: 'mark' }),
  titled({ id: 'mean', mean: 'mark' }),
  titled({ id: 'share', percent: ['good', 'all'] }),
  titled({ id: 'moved', change: 'mean' }),
];

test('[runtime R1] rows hold counts, sums, means, shares and the change from the row before; the total is of all entries', () => {
  const { rows, total, counted } = answer(report({ by: ['year'], columns: COLUMNS }), YEARS);
  assert.deepEqual(
    rows.map(({ of, cells }) => [of, cells]),
    [
      [['2025'], [2, 1, 2, 7, 3.5, 50, null]],
      [['2026'], [2, 1, 1, 4.5, 4.5, 50, 1]],
    ],
  );
  assert.deepEqual([total, counted], [[4, 2, 2, 11.5, 3.83, 50, null], 4]);
});

test('[runtime R1] without entries there is nothing to divide by or to average: null, never 0', () => {
  const { rows, total } = answer(report({ columns: COLUMNS }), []);
  assert.deepEqual(total, [0, 0, 0, 0, null, null, null]);
  assert.deepEqual(rows[0]?.cells, total);
  assert.deepEqual(answer(report({ by: ['year'], columns: COLUMNS }), []).rows, []);
});

test('[runtime R2] an entry is joined with those of another register that agree in the fields named', () => {
  const missing = report({
    joins: { register: 'acts', on: { place: 'at' }, when: 'other.done == true' },
    columns: [titled({ id: 'all', count: true }), titled({ id: 'covered', count: 'matches > 0' })],
    names: 'matches == 0',
  });
  const acts = [entry(8, { at: 'a', done: true }), entry(9, { at: 'b', done: false })];
  const { total, named } = answer(missing, YEARS, acts);
  assert.deepEqual([total, named.map(({ id }) => id)], [[4, 3], ['2']]);
});

test('[runtime R3] a rule judges each entry, or each row by its columns, and says all that it lacks', () => {
  const rule: EntitlementDeclaration = {
    id: 'enough',
    title: word('enough'),
    fields: {},
    settings: { least: 2 },
    rules: [
      { that: 'data.all >= setting.least', code: 'too-few', otherwise: word('few') },
      { that: 'data.all > 5', code: 'under-five', otherwise: word('five') },
    ],
  };
  const judged: EntitlementDeclaration = {
    ...rule,
    fields: { all: { type: 'number', title: word('all') } },
  };
  const places = report({ by: ['place'], columns: [titled({ id: 'all', count: true })], rule: 'enough' });
  assert.deepEqual(
    answer(places, YEARS, [], judged).rows.map(({ of, lacks }) => [of[0], lacks.map(({ code }) => code)]),
    [
      ['a', ['under-five']],
      ['b', ['too-few', 'under-five']],
    ],
  );
  assert.deepEqual(answer({ ...places, keeps: 'granted' }, YEARS, [], judged).rows, []);
  const each = report({ rule: 'enough', names: 'not granted' });
  assert.equal(answer(each, YEARS, [], judged).named.length, 4);
});

test('[runtime R4] counts of rows add up to the total whatever the rows are, and the order of entries changes nothing (seed 7)', () => {
  const one = fc.record({
    place: fc.constantFrom('a', 'b', 'c', ''),
    year: fc.integer({ min: 2020, max: 2026 }),
    mark: fc.integer({ min: -5, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (data) => {
      const entries = data.map((each, at) => entry(at, each));
      const asked = report({
        by: ['place', 'year'],
        columns: [titled({ id: 'n', count: true }), titled({ id: 's', sum: 'mark' })],
      });
      const { rows, total } = answer(asked, entries);
      for (const at of [0, 1])
        assert.equal(
          rows.reduce((sum, row) => sum + (row.cells[at] ?? 0), 0),
          total[at],
        );
      assert.deepEqual(answer(asked, [...entries].reverse()), { ...answer(asked, entries) });
    }),
    { seed: 7 },
  );
});

test('[runtime R5] names, expressions and columns of a report are checked when it is loaded', () => {
  const names = {
    registers: new Map([['visits', new Set(['place', 'year', 'ok', 'mark'])]]),
    entitlements: new Map(),
  };
  const told = (more: Partial<ReportDeclaration>) =>
    checkReport(report(more), names).map(({ at, code }) => `${at} ${code}`);
  const count = titled({ id: 'n', count: true });
  assert.deepEqual(told({ columns: COLUMNS, by: ['year'], when: 'data.ok == true' }), []);
  assert.deepEqual(told({}), ['reports.r report-empty']);
  assert.deepEqual(told({ register: 'nowhere', columns: [count] }), ['reports.r.register name-unknown']);
  assert.deepEqual(told({ by: ['month'], columns: [count] }), ['reports.r.by name-unknown']);
  assert.deepEqual(told({ names: 'matches == 0' }), ['reports.r.names expression-invalid']);
  assert.deepEqual(told({ names: 'granted' }), ['reports.r.names expression-invalid']);
  assert.deepEqual(told({ when: 'data.month > 1', columns: [count] }), ['reports.r.when expression-invalid']);
  assert.deepEqual(told({ columns: [titled({ id: 'n' })] }), ['reports.r.columns.n column-kind']);
  assert.deepEqual(told({ columns: [titled({ id: 'n', sum: 'mark', mean: 'mark' })] }), [
    'reports.r.columns.n column-kind',
  ]);
  assert.deepEqual(told({ columns: [titled({ id: 'n', percent: ['a', 'b'] })] }), [
    'reports.r.columns.n name-unknown',
    'reports.r.columns.n name-unknown',
  ]);
});
