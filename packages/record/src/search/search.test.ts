// The whole at a glance: small records, one search each, on the real database.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type TestRecord, testRecord } from './record.fixture.ts';

describe('search', () => {
  let record: TestRecord;
  const closing: (() => Promise<void>)[] = [];
  before(async () => {
    record = await testRecord({ after: (fn) => closing.push(fn) });
    await record.putAll([
      {
        resourceType: 'Patient',
        id: 'wang',
        name: [{ text: '王小丽' }],
        gender: 'female',
        birthDate: '1961-05-04',
        identifier: [{ system: 'https://yimai.example/id/national-id', value: '110101196105040022' }],
        telecom: [{ system: 'phone', value: '13800000001' }],
        managingOrganization: { reference: 'Organization/town' },
      },
      { resourceType: 'Patient', id: 'li', name: [{ text: '李雷' }], gender: 'male', birthDate: '1990-12' },
      { resourceType: 'Patient', id: 'smith', name: [{ family: 'Smith', given: ['Ann'] }], active: true },
      { resourceType: 'Organization', id: 'town', name: '河东镇卫生院' },
      { resourceType: 'Location', id: 'here', position: { latitude: 30.9, longitude: 118.9 } },
      { resourceType: 'Location', id: 'there', position: { latitude: 30.95, longitude: 118.9 } },
      { resourceType: 'Location', id: 'nowhere', name: '流动点' },
      {
        resourceType: 'Encounter',
        id: 'visit',
        status: 'finished',
        class: { code: 'AMB' },
        location: [{ location: { reference: 'Location/there' } }],
      },
      {
        resourceType: 'Observation',
        id: 'bp1',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure' }] },
        subject: { reference: 'Patient/wang' },
        effectiveDateTime: '2026-11-01T09:00:00+08:00',
        component: [
          {
            code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
            valueQuantity: { value: 150, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
          },
          {
            code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
            valueQuantity: { value: 95, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
          },
        ],
      },
      {
        resourceType: 'Observation',
        id: 'glu1',
        status: 'preliminary',
        code: { coding: [{ system: 'http://loinc.org', code: '15074-8' }], text: '血糖' },
        subject: { reference: 'Patient/li' },
        effectiveDateTime: '2026-11-02',
        valueQuantity: { value: 6.3, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
      },
    ]);
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const cases: readonly [rule: string, type: string, query: string, ids: readonly string[]][] = [
    ['R-S10 a name by its characters', 'Patient', 'name=王', ['wang']],
    ['R-S10 a name by its last character', 'Patient', 'name=丽', ['wang']],
    ['R-S10 a name by pinyin', 'Patient', 'name=wangxiao', ['wang']],
    ['R-S10 a name by initials', 'Patient', 'name=WXL', ['wang']],
    ['R-S10 a western name without regard to case', 'Patient', 'family=smi', ['smith']],
    ['R-S11 exact is exact', 'Patient', 'family:exact=smith', []],
    ['R-S11 exact finds the same text', 'Patient', 'family:exact=Smith', ['smith']],
    ['R-S12 contains', 'Patient', 'family:contains=mit', ['smith']],
    ['R-S13 a code', 'Patient', 'gender=female', ['wang']],
    ['R-S13 two codes', 'Patient', 'gender=female,male', ['li', 'wang']],
    ['R-S13 system and code', 'Observation', 'code=http://loinc.org|85354-9', ['bp1']],
    ['R-S13 no system', 'Observation', 'code=|85354-9', []],
    ['R-S13 any code of a system', 'Observation', 'code=http://loinc.org|', ['bp1', 'glu1']],
    ['R-S14 not', 'Patient', 'gender:not=female', ['li', 'smith']],
    ['R-S15 text', 'Observation', 'code:text=血', ['glu1']],
    ['R-S16 missing', 'Patient', 'gender:missing=true', ['smith']],
    ['R-S16 present', 'Patient', 'gender:missing=false', ['li', 'wang']],
    ['R-S18 a national ID by its blind index', 'Patient', 'identifier=110101196105040022', ['wang']],
    [
      'R-S18 with its system',
      'Patient',
      'identifier=https://yimai.example/id/national-id|110101196105040022',
      ['wang'],
    ],
    ['R-S18 a phone by its blind index', 'Patient', 'phone=13800000001', ['wang']],
    ['R-S18 a phone with its system', 'Patient', 'telecom=phone|13800000001', ['wang']],
    ['R-S20 a day', 'Patient', 'birthdate=1961-05-04', ['wang']],
    ['R-S20 a month holds its days', 'Patient', 'birthdate=1961-05', ['wang']],
    ['R-S20 a day does not hold its month', 'Patient', 'birthdate=1990-12-01', []],
    ['R-S21 from', 'Patient', 'birthdate=ge1961-05-04', ['li', 'wang']],
    ['R-S21 before', 'Patient', 'birthdate=lt1990-12', ['wang']],
    ['R-S25 a quantity', 'Observation', 'value-quantity=6.3', ['glu1']],
    ['R-S25 a quantity with unit', 'Observation', 'value-quantity=6.3||mmol/L', ['glu1']],
    ['R-S25 above', 'Observation', 'value-quantity=gt6|http://unitsofmeasure.org|mmol/L', ['glu1']],
    ['R-S30 a reference', 'Observation', 'subject=Patient/wang', ['bp1']],
    ['R-S30 by id alone', 'Observation', 'subject=wang', ['bp1']],
    ['R-S30 by type', 'Observation', 'subject:Patient=li', ['glu1']],
    [
      'R-S30 by our own address',
      'Observation',
      'subject=https://county.example/fhir/R4/Patient/li',
      ['glu1'],
    ],
    [
      'R-S26 in another unit',
      'Observation',
      'value-quantity=6300|http://unitsofmeasure.org|umol/L',
      ['glu1'],
    ],
    ['R-S26 its digits count', 'Observation', 'value-quantity=6301|http://unitsofmeasure.org|umol/L', []],
    ['R-S26 fewer digits', 'Observation', 'value-quantity=63e2|http://unitsofmeasure.org|umol/L', ['glu1']],
    ['R-S26 from above', 'Observation', 'value-quantity=gt0.0062|http://unitsofmeasure.org|mol/L', ['glu1']],
    ['R-S26 not below itself', 'Observation', 'value-quantity=lt6.3e3|http://unitsofmeasure.org|umol/L', []],
    ['R-S26 not by unit as printed', 'Observation', 'value-quantity=6300||umol/L', []],
    ['R-S26 not another measure', 'Observation', 'value-quantity=gt1|http://unitsofmeasure.org|mg/dL', []],
    ['R-S26 pressure', 'Observation', 'combo-value-quantity=20.0|http://unitsofmeasure.org|kPa', ['bp1']],
    [
      'R-S26 in a composite',
      'Observation',
      'component-code-value-quantity=8480-6$ge19.9|http://unitsofmeasure.org|kPa',
      ['bp1'],
    ],
    ['R-S35 a composite', 'Observation', 'component-code-value-quantity=8480-6$gt140', ['bp1']],
    [
      'R-S35 halves of two elements do not add up',
      'Observation',
      'component-code-value-quantity=8462-4$gt140',
      [],
    ],
    ['R-S35 a composite of the whole', 'Observation', 'code-value-quantity=15074-8$gt6', ['glu1']],
    [
      'R-S35 a composite of whole and parts',
      'Observation',
      'combo-code-value-quantity=15074-8$gt6',
      ['glu1'],
    ],
    ['R-S35 … and of a part', 'Observation', 'combo-code-value-quantity=8480-6$gt140', ['bp1']],
    ['R-S35 … not across', 'Observation', 'combo-code-value-quantity=85354-9$gt1', []],
    ['R-S16 a composite is missing', 'Observation', 'code-value-quantity:missing=true', ['bp1']],
    ['R-S16 a composite is there', 'Observation', 'combo-code-value-quantity:missing=false', ['bp1', 'glu1']],
    ['R-S13 of whole and parts', 'Observation', 'combo-code=8480-6,15074-8', ['bp1', 'glu1']],
    ['R-S14 none of whole and parts', 'Observation', 'combo-code:not=8480-6', ['glu1']],
    ['R-S24 of whole and parts', 'Observation', 'combo-value-quantity=gt100', ['bp1']],
    ['R-S10 as spelled', 'Patient', 'phonetic=wang', ['wang']],
    ['R-S40 a chain', 'Observation', 'subject:Patient.name=王', ['bp1']],
    ['R-S40 a chain without its type', 'Observation', 'subject.name=王', ['bp1']],
    ['R-S40 a chain of two', 'Observation', 'patient.organization.name=河东', ['bp1']],
    ['R-S45 has', 'Patient', '_has:Observation:patient:code=15074-8', ['li']],
    [
      'R-S45 has within has',
      'Organization',
      '_has:Patient:organization:_has:Observation:patient:code=85354-9',
      ['town'],
    ],
    [
      'R-S46 has at the end of a chain',
      'Observation',
      'patient._has:Observation:patient:status=final',
      ['bp1'],
    ],
    ['R-S8 an id', 'Patient', '_id=li,smith', ['li', 'smith']],
    ['R-S9 last updated', 'Patient', '_lastUpdated=2026-11-21', ['li', 'smith', 'wang']],
    ['R-S9 not updated', 'Patient', '_lastUpdated=lt2026-11-21', []],
    ['R-S1 all of several', 'Patient', 'gender=female&name=li', []],
  ];
  for (const [title, type, query, ids] of cases)
    it(`[record ${title.replace(' ', '] ')}: ${type}?${query}`, async () => {
      assert.deepEqual(await record.ids(type, query), ids);
    });

  it('[record R-S50] include and revinclude', async () => {
    const page = await record.page(
      'Observation',
      '_include=Observation:subject&_include:iterate=Patient:organization&code=85354-9',
    );
    assert.deepEqual(page.includes.map((row) => row.fhirId).sort(), ['town', 'wang']);
    const back = await record.page('Patient', '_id=wang&_revinclude=Observation:subject');
    assert.deepEqual(
      back.includes.map((row) => row.fhirId),
      ['bp1'],
    );
  });

  it('[record R-S55] total only on request', async () => {
    assert.equal((await record.page('Patient', '')).total, undefined);
    assert.equal((await record.page('Patient', '_total=accurate&_count=1')).total, 3);
    const count = await record.page('Patient', '_summary=count');
    assert.deepEqual([count.total, count.matches.length], [3, 0]);
  });

  it('[record R-S57] sorted by a parameter, what has none comes last', async () => {
    const page = await record.page('Patient', '_sort=-birthdate,_id');
    assert.deepEqual(
      page.matches.map((row) => row.fhirId),
      ['li', 'wang', 'smith'],
    );
    const names = await record.page('Patient', '_sort=name');
    assert.deepEqual(names.matches.map((row) => row.fhirId).length, 3);
  });

  for (const sort of [
    '',
    '&_sort=birthdate',
    '&_sort=-name,birthdate',
    '&_sort=_id',
    '&_sort=-_lastUpdated,gender',
  ])
    it(`[record R-S60] pages show each row once${sort}`, async () => {
      const seen: string[] = [];
      let next: string | undefined = `Patient?_count=1${sort}`;
      for (let turn = 0; next !== undefined && turn < 9; turn += 1) {
        const page = await record.page('Patient', next.split('?')[1]!);
        seen.push(...page.matches.map((row) => row.fhirId));
        next = page.next;
      }
      assert.deepEqual(seen.toSorted(), ['li', 'smith', 'wang']);
    });

  it('[record R-S77] what lacks a value is counted, by sets as by rows', async () => {
    for (const [query, total] of [
      ['value-quantity:missing=true', 1],
      ['value-quantity:missing=false', 1],
      ['combo-code-value-quantity:missing=false', 2],
      ['code-value-quantity:missing=true', 1],
      ['method:missing=true&status:missing=false', 2],
    ] as const) {
      assert.equal((await record.page('Observation', `${query}&_summary=count`)).total, total, query);
      assert.equal((await record.page('Observation', `${query}&_total=accurate`)).total, total, query);
    }
  });
});
