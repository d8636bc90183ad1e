// Kinds and modifiers beyond the everyday ones, projections, and the shape of the SQL.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { raw } from '@yimai/postgres';
import { compileSearch } from './compile.ts';
import { isLookup } from './lookup.ts';
import { parseSearch } from './parse.ts';
import { project } from './project.ts';
import { dateRange, instantText, numberRange, tenthAround } from './range.ts';
import { everything, NOW, type TestRecord, testRecord } from './record.fixture.ts';
import { matchesForConditional, runSearch, searchInTx } from './run-search.ts';

describe('search, further kinds', () => {
  let record: TestRecord;
  const closing: (() => Promise<void>)[] = [];
  before(async () => {
    record = await testRecord({ after: (fn) => closing.push(fn) });
    const icd = 'http://hl7.org/fhir/sid/icd-10';
    const condition = (id: string, code: string) => ({
      resourceType: 'Condition',
      id,
      subject: { reference: 'Patient/p' },
      code: { coding: [{ system: icd, code }] },
    });
    const valueSet = (id: string, compose: object) => ({
      resourceType: 'ValueSet',
      id,
      status: 'active',
      url: `http://a.example/set/${id}`,
      compose,
    });
    await record.putAll([
      condition('c1', 'I10.x00'),
      condition('c2', 'I10'),
      condition('c3', 'E11.900'),
      {
        resourceType: 'Patient',
        id: 'p',
        identifier: [
          {
            type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
            system: 'https://county.example/mr',
            value: '4711',
          },
        ],
        generalPractitioner: [
          { reference: 'https://other.example/fhir/Practitioner/9' },
          { identifier: { system: 'https://county.example/staff', value: 'D1' } },
        ],
        meta: {
          profile: ['https://yimai.example/profile/resident'],
          tag: [{ system: 'urn:t', code: 'demo' }],
        },
      },
      valueSet('mine', { include: [{ system: icd, concept: [{ code: 'I10' }] }] }),
      valueSet('less', {
        include: [
          { valueSet: ['http://a.example/set/mine'] },
          { system: icd, concept: [{ code: 'E11.900' }] },
        ],
        exclude: [{ system: icd, concept: [{ code: 'I10' }] }],
      }),
      valueSet('both', { include: [{ system: icd, valueSet: ['ValueSet/mine'] }] }),
      valueSet('ruled', { include: [{ system: icd, filter: [{ property: 'a', op: '=', value: 'b' }] }] }),
      { resourceType: 'ValueSet', id: 'v1', status: 'active', url: 'http://a.example/vs/one/two' },
      { resourceType: 'ValueSet', id: 'v2', status: 'active', url: 'http://a.example/vs/one' },
      {
        resourceType: 'QuestionnaireResponse',
        id: 'q1',
        status: 'completed',
        questionnaire: 'http://a.example/q/falls|2',
      },
      {
        resourceType: 'Encounter',
        id: 'long',
        status: 'in-progress',
        class: { code: 'IMP' },
        period: { start: '2026-03-10' },
      },
      {
        resourceType: 'Encounter',
        id: 'short',
        status: 'finished',
        class: { code: 'IMP' },
        period: { start: '2026-03-01', end: '2026-03-05' },
      },
    ]);
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const cases: readonly [rule: string, type: string | null, query: string, ids: readonly string[]][] = [
    ['R-S17 below a code', 'Condition', 'code:below=http://hl7.org/fhir/sid/icd-10|I10', ['c1', 'c2']],
    ['R-S17 above a code', 'Condition', 'code:above=I10.x00', ['c1', 'c2']],
    ['R-S17 in a value set', 'Condition', 'code:in=http://a.example/diabetes', ['c3']],
    ['R-S17 not in a value set', 'Condition', 'code:not-in=http://a.example/diabetes', ['c1', 'c2']],
    ['R-S17 in a stored value set', 'Condition', 'code:in=http://a.example/set/mine', ['c2']],
    ['R-S17 in one named by its id', 'Condition', 'code:in=ValueSet/mine', ['c2']],
    ['R-S17 not in a stored one', 'Condition', 'code:not-in=http://a.example/set/mine', ['c1', 'c3']],
    ['R-S17 in one of others', 'Condition', 'code:in=http://a.example/set/less', ['c3']],
    ['R-S17 in a system and a set', 'Condition', 'code:in=http://a.example/set/both', ['c2']],
    [
      'R-S17 in a set of R4',
      'Patient',
      'gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender',
      ['p'],
    ],
    ['R-S17 in an empty value set', 'Condition', 'code:in=http://a.example/empty', []],
    [
      'R-S19 of type',
      'Patient',
      'identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|4711',
      ['p'],
    ],
    [
      'R-S19 of another type',
      'Patient',
      'identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|PI|4711',
      [],
    ],
    ['R-S22 after its end', 'Encounter', 'date=eb2026-03-08', ['short']],
    ['R-S22 without an end it goes on', 'Encounter', 'date=gt2026-06', ['long']],
    ['R-S22 starts after', 'Encounter', 'date=sa2026-03-05', ['long']],
    ['R-S22 overlaps roughly', 'Encounter', 'date=ap2026-03-03', ['long', 'short']],
    [
      'R-S31 an address elsewhere',
      'Patient',
      'general-practitioner=https://other.example/fhir/Practitioner/9',
      ['p'],
    ],
    [
      'R-S32 by its identifier',
      'Patient',
      'general-practitioner:identifier=https://county.example/staff|D1',
      ['p'],
    ],
    ['R-S32 by its identifier alone', 'Patient', 'general-practitioner:identifier=D1', ['p']],
    ['R-S33 a canonical', 'QuestionnaireResponse', 'questionnaire=http://a.example/q/falls', ['q1']],
    [
      'R-S33 a canonical of this version',
      'QuestionnaireResponse',
      'questionnaire=http://a.example/q/falls|2',
      ['q1'],
    ],
    [
      'R-S33 a canonical of another version',
      'QuestionnaireResponse',
      'questionnaire=http://a.example/q/falls|1',
      [],
    ],
    ['R-S34 a uri', 'ValueSet', 'url=http://a.example/vs/one', ['v2']],
    ['R-S34 below a uri', 'ValueSet', 'url:below=http://a.example/vs', ['v1', 'v2']],
    ['R-S34 above a uri', 'ValueSet', 'url:above=http://a.example/vs/one/two/three', ['v1', 'v2']],
    ['R-S8 a tag', 'Patient', '_tag=urn:t|demo', ['p']],
    ['R-S8 a profile', 'Patient', '_profile=https://yimai.example/profile/resident', ['p']],
    ['R-S8 a tag in every type', null, '_tag=demo', ['p']],
  ];
  it('[record R-S17] a value set that says its codes by a rule is refused, not taken for empty', async () => {
    const result = await runSearch(record.deps, everything, 'Condition', 'code:in=ValueSet/ruled');
    assert.deepEqual(result.ok ? 'ok' : [result.refusal.code, result.refusal.at], [
      'search-value-set-unknown',
      'code:in',
    ]);
  });

  for (const [title, type, query, ids] of cases)
    it(`[record ${title.replace(' ', '] ')}: ${type ?? ''}?${query}`, async () => {
      const expandValueSet = (url: string) =>
        ({ 'http://a.example/diabetes': [{ code: 'E11.900' }], 'http://a.example/empty': [] })[url];
      const result = await runSearch({ ...record.deps, expandValueSet }, everything, type, query);
      assert.deepEqual(
        result.ok ? result.value.matches.map((row) => row.fhirId).sort() : result.refusal,
        ids,
      );
    });

  it("[record R-S36] a patient's compartment", async () => {
    const options = { compartment: { type: 'Patient', id: 'p' } };
    const page = await record.page('Condition', '_count=2', everything, options);
    assert.equal(page.self, 'Patient/p/Condition?_count=2');
    const rest = await record.page('Condition', page.next!.split('?')[1]!, everything, options);
    assert.deepEqual([...page.matches, ...rest.matches].map((row) => row.fhirId).sort(), ['c1', 'c2', 'c3']);
    const other = { compartment: { type: 'Patient', id: 'nobody' } };
    assert.deepEqual((await record.page('Condition', '', everything, other)).matches, []);
  });

  it('[record R-S23] the first and the last day of the calendar are stored and found', async () => {
    for (const [id, date] of [
      ['first', '0001-01-01'],
      ['last', '9999-12-31'],
    ] as const)
      await record.put({ resourceType: 'Basic', id, created: date, author: { reference: 'Patient/p' } });
    assert.deepEqual(await record.ids('Basic', 'created=0001-01-01'), ['first']);
    assert.deepEqual(await record.ids('Basic', 'created=ge9999-12-31'), ['last']);
    await record.put({
      resourceType: 'Encounter',
      id: 'odd',
      period: { start: '9999-12-31T23:59:59-08:00' },
    });
    assert.deepEqual(await record.ids('Encounter', 'date=ge9999'), ['long', 'odd']);
  });

  it('[record R-S65] within a transaction: what was written in it, refusals thrown', async () => {
    await record.database.tx(everything.settings, async (sql) => {
      const rows = await searchInTx(sql, everything, record.deps, 'Condition', 'code:below=I10');
      assert.deepEqual(rows.map((row) => row.fhirId).sort(), ['c1', 'c2']);
      const two = await matchesForConditional(sql, everything, record.deps, 'Condition', 'subject=Patient/p');
      assert.equal(two.length, 2);
      for (const query of ['', 'colour=red', 'subject=', '_count=1'])
        await assert.rejects(matchesForConditional(sql, everything, record.deps, 'Condition', query), {
          name: 'RefusalError',
        });
    });
  });
});

describe('projection', () => {
  const text =
    '{"resourceType":"Observation","id":"a","meta":{"versionId":"1"},"text":{"status":"generated","div":"<div/>"},' +
    '"status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10},"note":[{"text":"n"}],"_note":[{"id":"b"}]}';
  const keys = (summary: 'true' | 'text' | 'data' | 'false', elements: string[] | null = null) =>
    Object.keys(JSON.parse(project(text, { summary, elements })));

  it('[record R-S66] without a projection the text stays as it is', () => {
    assert.equal(project(text, { summary: 'false', elements: null }), text);
    assert.equal(project(text, { summary: 'count', elements: null }), text);
  });
  it('[record R-S66] summary, text, data and elements keep what they name and what must be there', () => {
    assert.deepEqual(keys('true'), ['resourceType', 'id', 'meta', 'status', 'code', 'valueQuantity']);
    assert.deepEqual(keys('text'), ['resourceType', 'id', 'meta', 'text', 'status', 'code']);
    assert.ok(!keys('data').includes('text') && keys('data').includes('_note'));
    assert.deepEqual(keys('false', ['note']), [
      'resourceType',
      'id',
      'meta',
      'status',
      'code',
      'note',
      '_note',
    ]);
    assert.deepEqual(keys('false', ['value']), [
      'resourceType',
      'id',
      'meta',
      'status',
      'code',
      'valueQuantity',
    ]);
  });
  it('[record R-S66] the rest is marked as incomplete, once, and numbers keep their digits', () => {
    const once = project(text, { summary: 'true', elements: null });
    const twice = project(once, { summary: 'true', elements: null });
    assert.deepEqual(
      JSON.parse(twice).meta.tag.map((tag: { code: string }) => tag.code),
      ['SUBSETTED'],
    );
    assert.ok(once.includes('"value":1.10'));
  });
});

describe('ranges', () => {
  const days = (text: string) => {
    const range = dateRange(text);
    return range && [instantText(range.low), instantText(range.high)];
  };
  it('[record R-S20] a date stands for the range of its digits, in China time unless it says otherwise', () => {
    assert.deepEqual(days('2026'), ['2025-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z']);
    assert.deepEqual(days('2026-02'), ['2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z']);
    assert.deepEqual(days('2026-12-31T23:59'), ['2026-12-31T15:59:00.000Z', '2026-12-31T16:00:00.000Z']);
    assert.deepEqual(days('2026-01-01T00:00:00Z'), ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z']);
    assert.deepEqual(days('2026-01-01T00:00:00.5 08:00'), [
      '2025-12-31T16:00:00.500Z',
      '2025-12-31T16:00:00.600Z',
    ]);
    assert.deepEqual(days('9999-12-31'), ['9999-12-30T16:00:00.000Z', '9999-12-31T16:00:00.000Z']);
    assert.deepEqual(days('9999-12-31T23:59:59-08:00')?.[1], '10000-01-01T08:00:00.000Z');
    assert.deepEqual(days('0001-01-01')?.[0], '0001-01-01T00:00:00.000Z');
  });
  it('[record R-S24] a number stands for half a digit on each side', () => {
    assert.deepEqual(numberRange('5.40'), { value: '540e-2', low: '5395e-3', high: '5405e-3' });
    assert.deepEqual(numberRange('-1e2'), { value: '-1e2', low: '-15e1', high: '-5e1' });
    assert.deepEqual(tenthAround('-10'), { value: '-10', low: '-110e-1', high: '-90e-1' });
    assert.equal(numberRange('1e100'), null);
  });
});

describe('the shape of the statement', () => {
  const read = (type: string, query: string) => {
    const tree = parseSearch(type, query, { now: NOW });
    assert.ok(tree.ok);
    return tree.value;
  };
  const text = (type: string, query: string) => {
    const access = { readable: (alias: string) => raw(`seen(${alias})`) };
    const compiled = compileSearch(read(type, query), access, { blind: (value) => `#${value}` }).compile();
    return { text: compiled.text.replace(/\s+/g, ' '), params: compiled.params };
  };
  it('[record R-S75] an identifier is one look-up in the index of tokens, plain or blind', () => {
    const { text: sql, params } = text('Patient', 'identifier=http://a|7');
    assert.match(
      sql,
      /where \(\(r\.type = \$1\) and \(not r\.deleted\) and \(seen\(r\)\) and \(r\.id in \(select x\.resource from idx_token x where x\.param = -?\d+ and \(\(x\.value in \(\$2, \$3\)\) and \(x\.system = \$4\)\)\)\)\) order by r\.updated_at desc, r\.id limit 21/,
    );
    assert.deepEqual(params, ['Patient', '7', '#7', 'http://a']);
  });
  it('[record R-S75] a chain joins on row keys, each row under the predicate', () => {
    const { text: sql } = text('Observation', 'subject:Patient.name=a');
    assert.match(
      sql,
      /r\.id in \(select x\.resource from idx_reference x join resource chain1 on chain1\.id = x\.target where x\.param = -?\d+ and true and not chain1\.deleted and \(seen\(chain1\)\) and \(chain1\.id in \(select x\.resource from idx_string x where x\.param = -?\d+ and \(x\.value >= \$2 and x\.value < \$3\)\)\)\)/,
    );
  });
  it('[record R-S76] only searches that name one thing keep their plan', () => {
    for (const query of [
      'identifier=1',
      '_id=a',
      '_id=a,b',
      'phone=1',
      '_has:Observation:patient:identifier=1',
    ])
      assert.equal(isLookup(read('Patient', query)), true, query);
    for (const query of [
      'gender=male',
      'name=a',
      'identifier=1,2',
      'identifier:not=1',
      '_id=a&_sort=name',
      '',
    ])
      assert.equal(isLookup(read('Patient', query)), false, query);
  });
});
