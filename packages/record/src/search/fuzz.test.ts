// Two ways to break a search: words that no one would write, and data that a plain reading would answer differently.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  extractIndexRows,
  isResourceType,
  normaliseText,
  resourceTypes,
  searchParameters,
} from '@yimai/fhir';
import fc from 'fast-check';
import type { Resource } from '../types.ts';
import { compileSearch } from './compile.ts';
import { parseSearch } from './parse.ts';
import { blind, everything, NOW, type TestRecord, testRecord } from './record.fixture.ts';
import { runSearch } from './run-search.ts';
import { mayWalk } from './sql-page.ts';

const SEED = 20261121;

const closing: (() => Promise<void>)[] = [];
let record: TestRecord;
before(async () => {
  record = await testRecord({ after: (fn) => closing.push(fn) });
});
after(async () => {
  for (const close of closing) await close();
});

describe('search takes any words', () => {
  const type = fc.constantFrom(...resourceTypes());
  const modifier = fc.constantFrom(
    ...Array.from({ length: 8 }, () => ''),
    '',
    '',
    ':exact',
    ':contains',
    ':missing',
    ':not',
    ':text',
    ':below',
    ':above',
    ':of-type',
    ':identifier',
    ':Patient',
    ':in',
    ':x',
  );
  const codeOf = (one: string) => fc.constantFrom(...searchParameters(one).map((def) => def.code), 'nothing');
  const controls = fc.constantFrom(
    ...['_sort', '_count', '_include', '_revinclude', '_include:iterate', '_total', '_summary', '_elements'],
    ...['_type', '_list', '_page', '_id', '_lastUpdated', '_tag', '_profile'],
  );
  /** Names that fit the type searched, so that many of them reach the database. */
  const nameFor = (one: string): fc.Arbitrary<string> => {
    const code = codeOf(one);
    const links = searchParameters(one).flatMap((def) =>
      def.kind === 'reference' ? (def.targets ?? []).map((target) => ({ via: def.code, target })) : [],
    );
    const chained =
      links.length === 0
        ? code
        : fc
            .constantFrom(...links)
            .chain(({ via, target }) => codeOf(target).map((last) => `${via}:${target}.${last}`));
    const has = type.chain((holder) =>
      fc.tuple(codeOf(holder), codeOf(holder)).map(([via, last]) => `_has:${holder}:${via}:${last}`),
    );
    const plain = fc.tuple(fc.oneof(code, chained, has), modifier).map((parts) => parts.join(''));
    return fc.oneof(
      { weight: 8, arbitrary: plain },
      { weight: 3, arbitrary: controls },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    );
  };
  const hostile = fc.constantFrom(
    "'",
    "''; drop table resource; --",
    '" or 1=1',
    '$1',
    '\\',
    '\\,',
    '%',
    '_',
    '\u0000',
    '\u{10ffff}',
    '\ud800',
    'ge',
    '1e99',
    '-0',
    '9999-12-31',
    '0001-01-01',
    '9999-12-31T23:59:60Z',
    'ne0001',
    'ap9999',
    '|',
    '||',
    '$',
    'a$b$c',
    '*',
    'Patient:*',
    'Patient/1',
    'http://a|1',
    'urn:uuid:x',
    '-name,,_id',
    '00000000000000000000',
    '1.'.padEnd(60, '0'),
    '{}',
    '#{x}',
    '\n',
    '١٢٣',
    'true',
    'null',
  );
  const sane = fc.constantFrom(
    'a',
    'true',
    '2026-01-01',
    'ge2026',
    '5.4',
    '5.4||mg',
    '5.4|http://unitsofmeasure.org|mg/dL',
    'Patient/1',
    'http://x|y',
    '王',
  );
  const value = fc.oneof(
    sane,
    sane,
    fc.tuple(sane, hostile).map((two) => two.join(',')),
    hostile,
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.tuple(hostile, hostile).map((two) => two.join(',')),
    fc.tuple(hostile, hostile).map((two) => two.join('|')),
  );

  const search = type.chain((one) =>
    fc.record({
      type: fc.option(fc.constant(one), { nil: null, freq: 6 }),
      pairs: fc.array(fc.tuple(nameFor(one), value), { minLength: 1, maxLength: 3 }),
      strict: fc.boolean(),
    }),
  );

  it(`[record R-S80] any query is answered or refused, never a fault (seed ${SEED})`, async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(search, async ({ type: one, pairs, strict }) => {
        const result = await runSearch(record.deps, everything, one, new URLSearchParams(pairs), { strict });
        if (result.ok) answered += 1;
        else assert.match(result.refusal.code, /^search-/);
      }),
      { seed: SEED, numRuns: 1500 },
    );
    // The words must reach the database often enough to try it.
    assert.ok(answered > 250, `${answered} of 1500`);
  });

  it(`[record R-S80] any later page is answered, of what is and of what was (seed ${SEED})`, async () => {
    const key = '00000000-0000-8000-8000-000000000000';
    const row = { id: key, version: 1, entry: 1 };
    const rows = extractIndexRows({
      resourceType: 'Observation',
      id: 'was',
      status: 'final',
      code: { coding: [{ system: 'http://x', code: 'y', display: 'z' }] },
      subject: { reference: 'Patient/1', identifier: { system: 'http://a', value: '1' } },
      effectiveDateTime: '2026-01-01',
      valueQuantity: { value: 5.4, unit: 'mg' },
      note: [{ text: 'a' }],
    } as Resource);
    const past = { until: NOW.toISOString(), late: [key], rows: [row], index: [{ row, rows }], blind };
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(search, fc.boolean(), async ({ type: one, pairs }, walked) => {
        const tree = parseSearch(one, new URLSearchParams(pairs), { now: NOW });
        if (!tree.ok || tree.value.count === 0) return;
        const place = { keys: tree.value.sort.map(() => null), id: key };
        const walk = walked && mayWalk(tree.value, place) ? { walk: 10 } : {};
        await record.database.read(
          everything.settings,
          compileSearch(tree.value, everything, { blind, past, place, ...walk }),
          { prepare: false },
        );
        answered += 1;
      }),
      { seed: SEED, numRuns: 800 },
    );
    assert.ok(answered > 150, `${answered} of 800`);
  });

  it('[record R-S81] what looks like SQL is only ever a value', async () => {
    await record.put({
      resourceType: 'Patient',
      id: 'quote',
      name: [{ family: "O'Neill'); drop table resource; --" }],
    });
    const family = encodeURIComponent("O'Neill'); drop table");
    assert.deepEqual(await record.ids('Patient', `family=${family}`), ['quote']);
    assert.deepEqual(await record.ids('Patient', `family=${encodeURIComponent("' or 'a'='a")}`), []);
    assert.deepEqual(await record.ids('Patient', 'family:contains=%25'), []);
    assert.deepEqual(await record.ids('Patient', 'family=_'), []);
    assert.deepEqual(await record.ids('Patient', `_id=${encodeURIComponent("quote' or true --")}`), []);
    assert.deepEqual(await record.ids('Patient', '_id=quote'), ['quote']);
  });
});

describe('search against a plain reading', () => {
  const LETTERS = ['a', 'b', 'ab', 'A', 'Bá', '王', '王b'];
  const word = fc.constantFrom(...LETTERS);
  const day = fc.constantFrom(
    '2026',
    '2026-01',
    '2026-01-01',
    '2026-01-31',
    '2026-02',
    '2025-12-31',
    '2024-02-29',
  );
  const amount = fc.constantFrom(0, 1, 1.5, -1, 10, 100, 0.05);
  interface Facts {
    readonly word?: string;
    readonly code?: { readonly system?: string; readonly code: string };
    readonly day?: string;
    readonly amount?: number;
    readonly subject?: string;
  }
  const facts: fc.Arbitrary<Facts> = fc.record(
    {
      word,
      code: fc.record(
        { system: fc.constantFrom('s1', 's2'), code: fc.constantFrom('a', 'b', 'B') },
        { requiredKeys: ['code'] },
      ),
      day,
      amount,
      subject: fc.constantFrom('Patient/1', 'Patient/2', 'Group/1'),
    },
    { requiredKeys: [] },
  );
  const observation = (id: string, one: Facts): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    ...(one.word === undefined ? {} : { valueString: one.word }),
    ...(one.amount === undefined ? {} : { component: [{ code: {}, valueQuantity: { value: one.amount } }] }),
    code: { coding: one.code ? [one.code] : [] },
    ...(one.day === undefined ? {} : { effectiveDateTime: one.day }),
    ...(one.subject === undefined ? {} : { subject: { reference: one.subject } }),
  });
  /** Digits of the calendar stand for a range: `2026-01` holds `2026-01-31`. */
  const holds = (outer: string, inner: string): boolean => inner.startsWith(outer);
  const question: fc.Arbitrary<readonly [query: string, test: (one: Facts) => boolean]> = fc.oneof(
    word.map((text): [string, (one: Facts) => boolean] => [
      `value-string=${encodeURIComponent(text)}`,
      (one) => one.word !== undefined && normaliseText(one.word).startsWith(normaliseText(text)),
    ]),
    word.map((text): [string, (one: Facts) => boolean] => [
      `value-string:exact=${encodeURIComponent(text)}`,
      (one) => one.word === text,
    ]),
    fc
      .constantFrom('a', 'b', 'B')
      .map((code): [string, (one: Facts) => boolean] => [`code=${code}`, (one) => one.code?.code === code]),
    fc
      .constantFrom('a', 'b')
      .map((code): [string, (one: Facts) => boolean] => [
        `code=s1|${code}`,
        (one) => one.code?.code === code && one.code.system === 's1',
      ]),
    fc
      .constantFrom('a', 'b')
      .map((code): [string, (one: Facts) => boolean] => [
        `code=|${code}`,
        (one) => one.code?.code === code && one.code.system === undefined,
      ]),
    fc
      .constantFrom('a', 's2|B')
      .map((code): [string, (one: Facts) => boolean] => [
        `code:not=${code}`,
        (one) =>
          !(code === 'a' ? one.code?.code === 'a' : one.code?.code === 'B' && one.code.system === 's2'),
      ]),
    day.map((text): [string, (one: Facts) => boolean] => [
      `date=${text}`,
      (one) => one.day !== undefined && holds(text, one.day),
    ]),
    day.map((text): [string, (one: Facts) => boolean] => [
      `date=ne${text}`,
      (one) => one.day !== undefined && !holds(text, one.day),
    ]),
    amount.map((value): [string, (one: Facts) => boolean] => [
      `component-value-quantity=ge${value}`,
      (one) => one.amount !== undefined && one.amount >= value,
    ]),
    amount.map((value): [string, (one: Facts) => boolean] => [
      `component-value-quantity=lt${value}`,
      (one) => one.amount !== undefined && one.amount < value,
    ]),
    fc
      .constantFrom('Patient/1', 'Patient/2', 'Group/1')
      .map((text): [string, (one: Facts) => boolean] => [`subject=${text}`, (one) => one.subject === text]),
    fc
      .constantFrom('subject', 'date', 'value-string', 'code')
      .map((code): [string, (one: Facts) => boolean] => [
        `${code}:missing=true`,
        (one) =>
          ({ subject: one.subject, date: one.day, 'value-string': one.word, code: one.code })[code] ===
          undefined,
      ]),
  );

  it(`[record R-S82] the database answers as a plain reading of the resources does (seed ${SEED})`, async () => {
    assert.ok(isResourceType('Observation'));
    const [data] = fc.sample(fc.array(facts, { minLength: 200, maxLength: 200 }), { seed: SEED, numRuns: 1 });
    assert.ok(data);
    await record.putAll(data.map((one, at) => observation(`o${at}`, one)));
    await fc.assert(
      fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 3 }), async (questions) => {
        const query = questions.map(([text]) => text).join('&');
        const expected = data.flatMap((one, at) =>
          questions.every(([, test]) => test(one)) ? [`o${at}`] : [],
        );
        assert.deepEqual(await record.ids('Observation', `${query}&_count=1000`), expected.toSorted(), query);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('[record R-S58] along the index of dates or sorted after: the same order, page by page', async () => {
    const every = `_id=${Array.from({ length: 200 }, (_, at) => `o${at}`).join(',')}`;
    for (const sort of ['date', '-date', 'date,-value-string', '-date,_id']) {
      const whole = await record.page('Observation', `${every}&_sort=${sort}&_count=1000`);
      const expected = whole.matches.map((row) => row.fhirId);
      assert.equal(expected.length, 200);
      const seen: string[] = [];
      let next: string | undefined = `?status=final&_count=17&_sort=${sort}`;
      while (next !== undefined) {
        const page = await record.page('Observation', next.split('?')[1]!);
        seen.push(...page.matches.map((row) => row.fhirId));
        next = page.next;
      }
      assert.deepEqual(seen, expected, sort);
    }
  });

  it('[record R-S59] a search over all types takes the newest of all, page by page', async () => {
    const seen: string[] = [];
    let next: string | undefined = '?_count=50';
    while (next !== undefined) {
      const page = await record.page(null, next.split('?')[1]!);
      seen.push(...page.matches.map((row) => `${row.type}/${row.fhirId}`));
      next = page.next;
    }
    assert.equal(seen.length, 201);
    assert.equal(new Set(seen).size, 201);
    const { matches } = await record.page(null, '_type=Patient,Basic&_lastUpdated=ge2020');
    assert.deepEqual(
      matches.map((row) => row.fhirId),
      ['quote'],
    );
  });
});
