// A row that the reader may not see must not be felt: not through a chain, a count, an order or what comes along.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { everything, type TestRecord, testRecord, without } from './record.fixture.ts';

const doctor = without('hiv');

describe('search under a reader', () => {
  let record: TestRecord;
  const closing: (() => Promise<void>)[] = [];
  before(async () => {
    record = await testRecord({ after: (fn) => closing.push(fn) });
    const locked = new Set(['secret', 'test', 'hidden-org', 'clinic-visit']);
    await record.putAll(
      [
        { resourceType: 'Patient', id: 'open', name: [{ text: '赵一' }], gender: 'male' },
        {
          resourceType: 'Patient',
          id: 'secret',
          name: [{ text: '钱二' }],
          gender: 'male',
          managingOrganization: { reference: 'Organization/county' },
        },
        { resourceType: 'Organization', id: 'county', name: '县医院' },
        {
          resourceType: 'Organization',
          id: 'hidden-org',
          name: '专科门诊',
          partOf: { reference: 'Organization/county' },
        },
        {
          resourceType: 'Encounter',
          id: 'clinic-visit',
          status: 'finished',
          class: { code: 'AMB' },
          subject: { reference: 'Patient/open' },
          serviceProvider: { reference: 'Organization/hidden-org' },
        },
        {
          resourceType: 'Observation',
          id: 'test',
          status: 'final',
          code: { coding: [{ code: 'hiv-1' }] },
          subject: { reference: 'Patient/open' },
        },
        {
          resourceType: 'Observation',
          id: 'pulse',
          status: 'final',
          code: { coding: [{ code: 'pulse' }] },
          subject: { reference: 'Patient/open' },
          encounter: { reference: 'Encounter/clinic-visit' },
        },
        {
          resourceType: 'Observation',
          id: 'of-secret',
          status: 'final',
          code: { coding: [{ code: 'pulse' }] },
          subject: { reference: 'Patient/secret' },
        },
        {
          resourceType: 'List',
          id: 'ward',
          status: 'current',
          mode: 'working',
          entry: [{ item: { reference: 'Patient/open' } }, { item: { reference: 'Patient/secret' } }],
        },
      ],
      (resource) => (locked.has(resource.id ?? '') ? { locks: ['hiv'] } : {}),
    );
    await record.put(
      {
        resourceType: 'List',
        id: 'secret-list',
        status: 'current',
        mode: 'working',
        entry: [{ item: { reference: 'Patient/open' } }],
      },
      { labels: { locks: ['hiv'] } },
    );
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const cases: readonly [words: string, type: string, query: string, all: string[], seen: string[]][] = [
    ['a match', 'Patient', 'gender=male', ['open', 'secret'], ['open']],
    ['an id', 'Patient', '_id=secret', ['secret'], []],
    ['a chain through a locked person', 'Observation', 'subject:Patient.name=钱', ['of-secret'], []],
    ['a chain through a locked visit', 'Observation', 'encounter.class=AMB', ['pulse'], []],
    [
      'a chain of two whose middle is locked',
      'Observation',
      'encounter.service-provider.name=专科',
      ['pulse'],
      [],
    ],
    ['a test that points here', 'Patient', '_has:Observation:patient:code=hiv-1', ['open'], []],
    [
      'a chain with not through a locked person',
      'Observation',
      'subject:Patient.gender:not=female',
      ['of-secret', 'pulse', 'test'],
      ['pulse'],
    ],
    [
      'a test that points here, by absence',
      'Patient',
      '_has:Observation:patient:value-string:missing=true',
      ['open', 'secret'],
      ['open'],
    ],
    ['a locked list', 'Patient', '_list=secret-list', ['open'], []],
    ['an open list with a locked member', 'Patient', '_list=ward', ['open', 'secret'], ['open']],
  ];
  for (const [words, type, query, all, seen] of cases)
    it(`[record R-S70] ${words}: ${type}?${query}`, async () => {
      assert.deepEqual(await record.ids(type, query, everything), all);
      assert.deepEqual(await record.ids(type, query, doctor), seen);
    });

  it('[record R-S71] counts count what is seen', async () => {
    for (const query of ['_summary=count', '_count=0', '_total=accurate', '_total=estimate']) {
      assert.equal((await record.page('Patient', query, everything)).total, 2, query);
      assert.equal((await record.page('Patient', query, doctor)).total, 1, query);
    }
  });

  it('[record R-S72] includes leave out what is locked, and do not pass through it', async () => {
    const query =
      'code=pulse&_include=Observation:subject&_include=Observation:encounter' +
      '&_include:iterate=Encounter:service-provider&_include:iterate=Organization:partof';
    const ids = async (reader = everything) =>
      (await record.page('Observation', query, reader)).includes.map((row) => row.fhirId).sort();
    assert.deepEqual(await ids(), ['clinic-visit', 'county', 'hidden-org', 'open', 'secret']);
    assert.deepEqual(await ids(doctor), ['open']);
  });

  it('[record R-S72] reverse includes leave out what is locked', async () => {
    for (const query of ['_id=open&_revinclude=Observation:subject', '_id=open&_revinclude=Observation:*']) {
      const ids = async (reader = everything) =>
        (await record.page('Patient', query, reader)).includes.map((row) => row.fhirId).sort();
      assert.deepEqual(await ids(), ['pulse', 'test'], query);
      assert.deepEqual(await ids(doctor), ['pulse'], query);
    }
  });

  it('[record R-S73] a locked row takes no place in the order and none on a page', async () => {
    const page = await record.page('Patient', '_sort=-name&_count=1', doctor);
    assert.deepEqual(
      page.matches.map((row) => row.fhirId),
      ['open'],
    );
    assert.equal(page.next, undefined);
  });

  it('[record R-S74] every row of the statement that is a resource stands under the predicate', async () => {
    const { parseSearch } = await import('./parse.ts');
    const { compileSearch } = await import('./compile.ts');
    const { raw, sql } = await import('@yimai/postgres');
    const asked: string[] = [];
    const readable = (alias: string) => {
      asked.push(alias);
      return sql`readable(${raw(alias)})`;
    };
    const query =
      'subject:Patient.organization.name=a&_has:Observation:has-member:status=final&_list=1' +
      '&_include=Observation:subject&_include:iterate=Patient:organization&_total=accurate';
    const tree = parseSearch('Observation', query, { now: new Date(0) });
    assert.ok(tree.ok);
    const blind = (value: string) => value;
    const key = '00000000-0000-8000-8000-000000000000';
    const past = {
      until: '2026-01-01T00:00:00Z',
      late: [key],
      rows: [{ id: key, version: 1, entry: 1 }],
      index: [],
      blind,
    };
    for (const [later, least] of [
      [{}, 8],
      [{ past, place: { keys: [null], id: key } }, 15],
    ] as const) {
      const { text } = compileSearch(tree.value, { readable }, { blind, ...later }).compile();
      const touched = [...text.matchAll(/\b(?:from|join) (?:resource|history|then_resource) (\w+)/g)].map(
        (match) => match[1],
      );
      assert.deepEqual(
        touched.toSorted(),
        [...text.matchAll(/readable\((\w+)\)/g)].map((match) => match[1]).toSorted(),
      );
      assert.ok(touched.length >= least, `${touched}`);
    }
  });
});
