// What holds for every figure: null is not 0, masking after the scope, freezing, comparison.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { viewsOf } from '@yimai/views/testing';
import { compareValue, isMet } from './compare.ts';
import { COUNTY, one, open, period, visits } from './county.fixture.ts';
import { MeasureEngine } from './engine.ts';
import { freezeFigure } from './frozen.ts';
import { definitionOn } from './load-measures.ts';
import { parsePeriod } from './period.ts';
import { resourcesOf } from './testing/case-file.ts';
import type { Resource } from './testing/resources.ts';
import { MEASURES, VIEWS } from './testing/rules.ts';
import { maskSmallCounts, rounded } from './values.ts';

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

test('[measures M6] rounding is half up, also below zero', () => {
  assert.deepEqual(
    [rounded(1.005, 2), rounded(-1.005, 2), rounded(8.345, 2), rounded(null, 2)],
    [1.01, -1.01, 8.35, null],
  );
});
