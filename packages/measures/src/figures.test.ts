// What holds for every figure: null is not 0, masking after the scope, freezing, comparison, refusals, the command.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { must } from '@yimai/kit';
import { viewsOf } from '@yimai/views/testing';
import fc from 'fast-check';
import { runMeasuresCommand } from './cli.ts';
import { compareValue, isMet } from './compare.ts';
import { MeasureEngine } from './engine.ts';
import { freezeFigure } from './frozen.ts';
import { loadCoreList, loadTargets } from './load-lists.ts';
import { definitionOn, loadMeasures, MeasureShelf } from './load-measures.ts';
import { parsePeriod, previousPeriod, samePeriodLastYear } from './period.ts';
import { resourcesOf } from './testing/case-file.ts';
import type { Resource } from './testing/resources.ts';
import { COLUMNS, MEASURES, MEASURES_FOLDER, VIEWS } from './testing/rules.ts';
import { type MeasureValue, maskSmallCounts, rounded } from './values.ts';

const period = must(parsePeriod('2024'));
const visits = (
  org: string,
  times: number,
  on = '{year}-06-15',
): { make: string; [field: string]: unknown } => ({
  make: 'encounter',
  org,
  times,
  on,
});
const COUNTY = resourcesOf({
  row: 'c',
  data: [
    visits('village', 3),
    visits('township', 40),
    visits('hospital', 57),
    visits('township', 20, '{last}-06-15'),
    visits('hospital', 80, '{last}-06-15'),
    { make: 'line', org: 'hospital', line: 'medical-income', value: 1000 },
    { make: 'line', org: 'hospital', line: 'performance-score', value: 900 },
    { make: 'org', name: 'h2', level: 'county', class: 'hospital' },
    { make: 'line', org: 'h2', line: 'performance-score', value: 950 },
    { make: 'org', name: 'h3', level: 'county', class: 'hospital' },
    { make: 'line', org: 'h3', line: 'performance-score', value: 900 },
    { make: 'org', name: 'h4', level: 'county', class: 'hospital' },
  ],
  expect: {},
});

async function open(
  t: TestContext,
  resources: readonly Resource[],
): Promise<{ engine: MeasureEngine; folder: string }> {
  const views = await viewsOf(resources, VIEWS);
  t.after(() => views.close());
  return { engine: await MeasureEngine.open(views.snapshot, MEASURES), folder: views.folder };
}

async function one(engine: MeasureEngine, id: string, scope: string, name = '2024'): Promise<MeasureValue> {
  const [value] = await engine.compute(must(parsePeriod(name)), [scope], [id]);
  assert.ok(value);
  return value;
}

test('[measures M5] a sum of reported lines of which one is not there is null, in a numerator and in a denominator', async (t) => {
  const line = (name: string, value: number): { make: string; [field: string]: unknown } => ({
    make: 'line',
    org: 'hospital',
    line: name,
    value,
  });
  const books = [
    line('medical-income', 1000),
    line('examination-income', 70),
    line('consumable-cost', 160),
    line('drug-income', 200),
  ];
  const values = async (data: typeof books, id: string) => {
    const { engine } = await open(t, resourcesOf({ row: 'c', data, expect: {} }));
    const { value, numerator, denominator } = await one(engine, id, 'c.hospital');
    return [value, numerator, denominator];
  };
  assert.deepEqual(await values(books, 'examination-test-share'), [null, null, 1000]);
  const withTests = [...books, line('test-income', 30)];
  assert.deepEqual(await values(withTests, 'examination-test-share'), [10, 100, 1000]);
  assert.deepEqual(await values(books, 'consumables-per-hundred'), [20, 160, 800]);
  assert.deepEqual(await values(books.slice(0, 3), 'consumables-per-hundred'), [null, 160, null]);
});

test('[measures M6] a year of months of every measure is asked in statements that are planned in no time', async (t) => {
  const views = await viewsOf(COUNTY, VIEWS);
  t.after(() => views.close());
  const { connection, seq } = views.snapshot;
  const statements: string[] = [];
  const ask = connection.runAndReadAll.bind(connection);
  connection.runAndReadAll = (sql, values, types) => {
    statements.push(sql);
    return ask(sql, values, types);
  };
  const engine = await MeasureEngine.open({ connection, seq }, MEASURES);
  const months = Array.from({ length: 12 }, (_, index) =>
    must(parsePeriod(`2024-${String(index + 1).padStart(2, '0')}`)),
  );
  await engine.prepare(months);
  const conditions = statements.map((sql) => sql.match(/count\(\*\) filter/g)?.length ?? 0);
  assert.ok(statements.length > 20, `${statements.length} statements`);
  assert.ok(Math.max(...conditions) <= 50, `one asks ${Math.max(...conditions)} things at once`);
});

test('[measures M5] what nobody reported is null, what did not happen is 0', async (t) => {
  const { engine } = await open(t, COUNTY);
  const drug = await one(engine, 'drug-share', 'c.hospital');
  assert.deepEqual([drug.value, drug.numerator, drug.denominator], [null, null, 1000]);
  const tcm = await one(engine, 'tcm-visit-share', 'c.county');
  assert.deepEqual([tcm.value, tcm.numerator, tcm.denominator], [0, 0, 100]);
  const before = await one(engine, 'outflow-rate', 'c.county', '2019');
  assert.deepEqual([before.value, before.numerator, before.denominator], [null, null, null]);
});

test('[measures M6] a value carries its parts, period, scope, definition version and data version', async (t) => {
  const { engine } = await open(t, COUNTY);
  const value = await one(engine, 'primary-visit-share', 'c.county');
  const { version } = definitionOn(MEASURES, 'primary-visit-share', '2024-12-31' as never)!;
  assert.deepEqual(value, {
    measure: 'primary-visit-share',
    version,
    period: '2024',
    scope: 'c.county',
    unit: 'percent',
    value: 43,
    numerator: 43,
    denominator: 100,
    dataVersion: COUNTY.length,
    frozenAt: null,
    items: null,
    counts: [43, 100, 57],
  });
});

test('[measures M7] the cases behind a figure are ids of the scope, page by page, and as many as the count', async (t) => {
  const { engine } = await open(t, COUNTY);
  const [definition] = engine.definitions(period, ['primary-visit-share']);
  const all = await engine.cases(definition!, period, 'c.county', 'numerator', { after: null, limit: 100 });
  assert.equal(all.length, 43);
  const first = await engine.cases(definition!, period, 'c.county', 'numerator', { after: null, limit: 30 });
  const rest = await engine.cases(definition!, period, 'c.county', 'numerator', {
    after: first.at(-1)!,
    limit: 30,
  });
  assert.deepEqual([...first, ...rest], all);
  const village = await engine.cases(definition!, period, 'c.village', 'numerator', {
    after: null,
    limit: 100,
  });
  assert.equal(village.length, 3);
  assert.ok(village.every((id) => all.includes(id)));
});

test('[measures M8] rank shares places and leaves out who has no value', async (t) => {
  const { engine } = await open(t, COUNTY);
  const places = await engine.compute(period, ['c.hospital', 'c.h2', 'c.h3', 'c.h4'], ['performance-rank']);
  assert.deepEqual(
    places.map((value) => [value.value, value.denominator]),
    [
      [2, 3],
      [1, 3],
      [2, 3],
      [null, null],
    ],
  );
});

test('[measures M9] comparison: same period last year in points and relative, target with its edge, peers', async (t) => {
  const { engine } = await open(t, COUNTY);
  const definition = definitionOn(MEASURES, 'primary-visit-share', '2024-12-31' as never)!;
  const target = {
    measure: definition.id,
    edge: 'atLeast',
    value: 43,
    from: '2024-01-01',
    source: 'test',
  } as const;
  const result = await compareValue(engine, definition, period, 'c.county', [
    target,
    { ...target, value: 99, from: '2025-01-01' },
  ]);
  assert.deepEqual(
    [result?.lastYear?.value, result?.changeOnYear],
    [20, { points: 23, relativePercent: ((43 - 20) / 20) * 100 }],
  );
  assert.deepEqual(
    [result?.target?.value, result?.target?.met, result?.rank],
    [43, true, { place: 1, of: 1 }],
  );
  assert.deepEqual(
    [isMet({ edge: 'atLeast', value: 90 }, 90), isMet({ edge: 'above', value: 90 }, 90)],
    [true, false],
  );
  assert.deepEqual(
    [isMet({ edge: 'atMost', value: 90 }, 90), isMet({ edge: 'below', value: 90 }, 90)],
    [true, false],
  );
});

test('[measures M10] small counts are hidden after the scope; what they could be worked out from as well', async (t) => {
  const { engine } = await open(t, COUNTY);
  const village = maskSmallCounts(await one(engine, 'outpatient-volume', 'c.village'), 5);
  assert.deepEqual([village.masked, village.value, village.numerator], [true, null, null]);
  const county = maskSmallCounts(await one(engine, 'outpatient-volume', 'c.county'), 5);
  assert.deepEqual([county.masked, county.value], [false, 100]);
  const share = await one(engine, 'primary-visit-share', 'c.county');
  assert.equal(maskSmallCounts({ ...share, counts: [98, 100, 2] }, 5).masked, true);
  assert.equal(maskSmallCounts({ ...share, counts: [0, 100, 100] }, 5).masked, false);
  assert.deepEqual(share.counts, [share.numerator, share.denominator, share.denominator! - share.numerator!]);
});

test('[measures M11] a frozen value stays when the data changes; it says so, with its versions', async (t) => {
  const first = await open(t, COUNTY);
  const value = await one(first.engine, 'primary-visit-share', 'c.county');
  const report = freezeFigure(value, period, new Date('2025-01-10T00:00:00Z')) as unknown as Resource;
  const later = resourcesOf({ row: 'd', data: [visits('village', 50)], expect: {} }).map(
    (resource) => JSON.parse(JSON.stringify(resource).replaceAll('d.village', 'c.village')) as Resource,
  );
  const { engine } = await open(t, [
    ...COUNTY,
    ...later.filter((each) => each.resourceType === 'Encounter'),
    report,
  ]);
  const again = await one(engine, 'primary-visit-share', 'c.county');
  assert.deepEqual([again.value, again.numerator, again.dataVersion], [43, 43, COUNTY.length]);
  assert.equal(again.frozenAt?.slice(0, 10), '2025-01-10');
  assert.equal(again.version, value.version);
  const open2024 = await one(engine, 'outpatient-volume', 'c.township');
  assert.equal(open2024.frozenAt, null);
  assert.ok(open2024.numerator! > 43, 'what is not frozen follows the data');
});

const periods = fc.oneof(
  fc.integer({ min: 1990, max: 2100 }).map(String),
  fc
    .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 4 }))
    .map(([y, q]) => `${y}-Q${q}`),
  fc
    .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 12 }))
    .map(([y, m]) => `${y}-${String(m).padStart(2, '0')}`),
);

test('[measures M4] the period before ends where a period begins; last year has the same months (seed 22)', () => {
  fc.assert(
    fc.property(periods, (name) => {
      const now = must(parsePeriod(name));
      assert.equal(previousPeriod(now).until, now.from);
      assert.equal(samePeriodLastYear(now).from.slice(4), now.from.slice(4));
      assert.ok(now.from < now.until);
    }),
    { seed: 22 },
  );
  for (const wrong of ['', '25', '2025-13', '2025-Q5', '2025-1', '2025-01-01']) {
    const answer = parsePeriod(wrong);
    assert.equal(answer.ok ? '' : answer.refusal.code, 'wrong-period', wrong);
  }
});

test('[measures M6] rounding is half up, also below zero', () => {
  assert.deepEqual(
    [rounded(1.005, 2), rounded(-1.005, 2), rounded(8.345, 2), rounded(null, 2)],
    [1.01, -1.01, 8.35, null],
  );
});

const GOOD = {
  id: 'x',
  name: { zh: 'x', en: 'x' },
  purpose: { zh: 'x', en: 'x' },
  unit: 'count',
  direction: 'up',
  levels: ['county'],
  source: 'x',
  effective: { from: '2024-01-01' },
  numerator: { of: 'visit' },
};
const WRONG: readonly (readonly [string, object | string, string, string])[] = [
  ['YAML that does not parse', '- id: [', 'not-yaml', 'zz.yaml:1'],
  ['an unknown field', { ...GOOD, colour: 'red' }, 'wrong-definition', 'zz.yaml[0].colour'],
  ['a name in one language', { ...GOOD, name: { zh: 'x' } }, 'wrong-definition', 'zz.yaml: x.name.en'],
  ['a unit nobody knows', { ...GOOD, unit: 'percents' }, 'wrong-definition', 'zz.yaml: x.unit'],
  [
    'an unknown population',
    { ...GOOD, numerator: { of: 'visits' } },
    'unknown-population',
    'zz.yaml: x.numerator.of',
  ],
  [
    'a column the view has not',
    { ...GOOD, numerator: { of: 'visit', where: { colour: 'red' } } },
    'unknown-column',
    'zz.yaml: x.numerator.where.colour',
  ],
  [
    'an organisation fact that is none',
    { ...GOOD, numerator: { of: 'visit', where: { 'org.colour': 1 } } },
    'unknown-column',
    'zz.yaml: x.numerator.where.org.colour',
  ],
  [
    'two ways of counting',
    { ...GOOD, numerator: { of: 'visit', distinct: 'patient', sum: 'org' } },
    'wrong-definition',
    'zz.yaml: x.numerator',
  ],
  ['two formulas', { ...GOOD, rank: 'medical-income' }, 'wrong-definition', 'zz.yaml: x'],
  [
    'a measure that is not there',
    { ...GOOD, numerator: undefined, rank: 'nothing' },
    'unknown-measure',
    'zz.yaml: x',
  ],
  ['a circle', { ...GOOD, numerator: undefined, rank: 'x' }, 'measure-circle', 'zz.yaml: x'],
  ['an id twice', { ...GOOD, id: 'drug-share' }, 'definition-twice', 'hospital-core.yaml: drug-share'],
  [
    'an empty condition',
    { ...GOOD, numerator: { of: 'visit', where: { status: {} } } },
    'wrong-definition',
    'zz.yaml: x.numerator.where.status',
  ],
];

for (const [title, entry, code, at] of WRONG) {
  test(`[measures M2] ${title} is refused with its place; the set in use stays`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'yimai-measures-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(MEASURES_FOLDER, folder, { recursive: true });
    writeFileSync(join(folder, 'zz.yaml'), typeof entry === 'string' ? entry : JSON.stringify([entry]));
    const shelf = new MeasureShelf(MEASURES);
    const refusal = shelf.replace(loadMeasures(folder, COLUMNS));
    assert.deepEqual([refusal?.code, refusal?.at], [code, at]);
    assert.equal(shelf.current, MEASURES);
  });
}

test('[measures M12] the core list names 22 measures that exist; targets are dated and have a source', () => {
  const core = must(loadCoreList(MEASURES_FOLDER, MEASURES, '2025-06-01'));
  assert.equal(new Set(core).size, 22);
  assert.deepEqual(must(loadCoreList(MEASURES_FOLDER, MEASURES, '2020-06-01')), []);
  assert.ok(must(loadTargets(MEASURES_FOLDER, MEASURES)).every((target) => target.source !== ''));
});

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
  const all = await command(folder, 'run', '--period', '2024', '--scope', 'c.county');
  assert.ok(JSON.parse(all.out).values.length > 100);
  const refused: readonly [readonly string[], string][] = [
    [['run', '--period', '2024'], 'wrong-arguments'],
    [['run', '--period', 'soon', '--scope', 'COUNTY'], 'wrong-period'],
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

test('[measures M4] a moment counts on its day in China: half past eleven at night is still the old month', async (t) => {
  const at = (id: string, start: string) => ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { code: 'AMB' },
    identifier: [{ value: id }],
    serviceProvider: { reference: 'Organization/edge' },
    period: { start },
  });
  const county = {
    resourceType: 'Organization',
    id: 'edge',
    active: true,
    type: [
      { coding: [{ system: 'https://yimai.example/fhir/CodeSystem/organisation-level', code: 'county' }] },
    ],
  };
  const { engine } = await open(t, [
    county,
    at('late', '2025-12-31T23:30:00+08:00'),
    at('late-utc', '2025-12-31T15:30:00Z'),
    at('new-utc', '2025-12-31T16:00:00Z'),
    at('new', '2026-01-01T00:10:00+08:00'),
  ] as unknown as Resource[]);
  const visits = async (name: string) => {
    const [value] = await engine.compute(must(parsePeriod(name)), ['edge'], ['outpatient-volume']);
    return value?.value;
  };
  assert.deepEqual([await visits('2025-12'), await visits('2026-01'), await visits('2025')], [2, 2, 2]);
});
