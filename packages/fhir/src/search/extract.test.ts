// Index rows by kind, on small resources of our own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResourceText } from '../json/resource-text.ts';
import { SAMPLES } from '../samples.ts';
import type { Resource } from '../types.ts';
import { extractIndexRows } from './extract.ts';
import { ofTypeParameterId, searchParameter } from './parameters.ts';
import type { IndexRows } from './rows.ts';

type Kind = keyof IndexRows;

/** The rows of one parameter, without its number. */
function rowsOf<K extends Kind>(resource: Resource, code: string, kind: K): object[] {
  const param = searchParameter(resource.resourceType, code)?.paramId;
  return extractIndexRows(resource)
    [kind].filter((row) => row.param === param)
    .map(({ param: _param, ...rest }) => rest);
}
const patient = (more: object): Resource => ({ resourceType: 'Patient', ...more });
const values = (rows: object[]): unknown[] => rows.map((row) => (row as { value: unknown }).value);

test('[fhir F19] tokens: concepts, codes, booleans, identifiers and contact points', () => {
  const { Observation: observation } = SAMPLES;
  assert.deepEqual(rowsOf(observation, 'code', 'tokens'), [
    { system: 'http://loinc.org', value: '15074-8', text: 'Glucose [Moles/volume] in Blood', part: null },
  ]);
  assert.deepEqual(rowsOf(patient({ gender: 'male' }), 'gender', 'tokens'), [
    { system: 'http://hl7.org/fhir/administrative-gender', value: 'male', part: null },
  ]);
  assert.deepEqual(values(rowsOf(patient({ deceasedDateTime: '2020' }), 'deceased', 'tokens')), ['true']);
  assert.deepEqual(values(rowsOf(patient({ deceasedBoolean: false }), 'deceased', 'tokens')), ['false']);
  assert.deepEqual(rowsOf(SAMPLES.Patient, 'phone', 'tokens'), [
    { system: null, value: '13800138000', part: null, sensitive: 'phone' },
  ]);
  assert.deepEqual(rowsOf(SAMPLES.Patient, 'email', 'tokens'), []);
  const tagged = patient({ meta: { tag: [{ system: 's:t', code: 'a' }], profile: ['http://p'] } });
  assert.deepEqual(values(rowsOf(tagged, '_tag', 'tokens')), ['a']);
});

test('[fhir F19] equal elements give one row', () => {
  const identifier = { system: 'http://s', value: '1' };
  assert.equal(rowsOf(patient({ identifier: [identifier, identifier] }), 'identifier', 'tokens').length, 1);
});

test('[fhir F19] national ID numbers are marked sensitive, also in rows of :of-type', () => {
  const type = { coding: [{ system: 's:t', code: 'NI' }] };
  const holder = patient({
    identifier: [{ type, system: 'urn:oid:2.16.156.10011.1.3', value: '11010519491231002X' }],
  });
  assert.deepEqual(rowsOf(holder, 'identifier', 'tokens'), [
    {
      system: 'urn:oid:2.16.156.10011.1.3',
      value: '11010519491231002X',
      text: null,
      part: null,
      sensitive: 'national-id',
    },
  ]);
  const ofType = extractIndexRows(holder).tokens.filter(
    (row) => row.param === ofTypeParameterId('Patient', 'identifier'),
  );
  assert.deepEqual(
    ofType.map(({ value, sensitive }) => [value, sensitive]),
    [['s:t|NI|11010519491231002X', 'national-id']],
  );
});

test('[fhir F19] no index row tells an ID number that stands inside a longer text', () => {
  const said = '身份证11010519491231002X';
  const rows = extractIndexRows(
    patient({
      identifier: [{ system: 'http://s', value: `SFZ-11010519491231002x`, type: { text: said } }],
      name: [{ text: `张三${said}` }],
      address: [{ text: `桃花村 ${said}` }],
      maritalStatus: { text: said },
    }),
  );
  assert.ok(!/110105|002x/i.test(JSON.stringify(rows)));
  assert.deepEqual(
    rows.strings.filter(({ value }) => value.startsWith('桃花村')).map(({ exact }) => exact),
    ['桃花村 身份证'],
  );
});

test('[fhir F20] Chinese names by character, pinyin, initials and ends; surnames as surnames', () => {
  const named = (text: string) => rowsOf(patient({ name: [{ text }] }), 'name', 'strings');
  assert.deepEqual(values(named('张小三')), ['张小三', 'zhangxiaosan', 'zxs', '小三', '三', 'xiaosan', 'xs']);
  assert.deepEqual(
    named('张小三').map((row) => (row as { exact: unknown }).exact),
    ['张小三', null, null, null, null, null, null],
  );
  assert.ok(values(named('单雄信')).includes('shanxiongxin'));
  assert.ok(values(named('曾国')).includes('zengguo'));
  assert.ok(values(named('仇英')).includes('qiuying'));
  assert.ok(values(named('欧阳修')).includes('ouyangxiu'));
  assert.deepEqual(values(named('吕布')).slice(1, 4), ['lvbu', 'lyubu', 'lb']);
  const parts = patient({ name: [{ family: '单', given: ['小三'] }] });
  assert.deepEqual(values(rowsOf(parts, 'name', 'strings')), [
    '单',
    '小三',
    'shanxiaosan',
    'sxs',
    '三',
    'xiaosan',
    'xs',
    '单小三',
  ]);
  const numbered = values(named('张小三2026'));
  assert.deepEqual(numbered.slice(3), ['小三2026', '三2026', '2026', 'xiaosan2026', 'xs2', 'san2026', 's2']);
  assert.deepEqual(values(rowsOf(parts, 'family', 'strings')), ['单', 'shan', 's']);
  assert.deepEqual(values(rowsOf(parts, 'given', 'strings')), ['小三', 'xiaosan', 'xs']);
  assert.deepEqual(values(rowsOf(SAMPLES.Organization, 'name', 'strings')), [
    '示例乡卫生院',
    'shilixiangweishengyuan',
    'slxwsy',
  ]);
});

test('[fhir F20] other strings are folded', () => {
  const rows = rowsOf(patient({ name: [{ family: 'Ｍüller  Öst' }] }), 'family', 'strings');
  assert.deepEqual(rows, [{ value: 'muller ost', exact: 'Ｍüller  Öst', part: null }]);
});

test('[fhir F21] dates become ranges of instants, China time without a zone', () => {
  const born = (birthDate: string) => rowsOf(patient({ birthDate }), 'birthdate', 'dates');
  assert.deepEqual(born('2024-02'), [
    { low: '2024-01-31T16:00:00.000Z', high: '2024-02-29T16:00:00.000Z', part: null },
  ]);
  assert.deepEqual(born('1999'), [
    { low: '1998-12-31T16:00:00.000Z', high: '1999-12-31T16:00:00.000Z', part: null },
  ]);
  const observed = (effective: object) => {
    const { effectiveDateTime: _old, ...rest } = SAMPLES.Observation;
    return rowsOf({ ...rest, ...effective }, 'date', 'dates');
  };
  assert.deepEqual(observed({ effectiveDateTime: '2026-01-01T00:00:00.5Z' }), [
    { low: '2026-01-01T00:00:00.500Z', high: '2026-01-01T00:00:00.600Z', part: null },
  ]);
  assert.deepEqual(observed({ effectivePeriod: { start: '2026-01-01' } }), [
    { low: '2025-12-31T16:00:00.000Z', high: null, part: null },
  ]);
  assert.deepEqual(observed({ effectivePeriod: { end: '2026-01-01' } }), [
    { low: '0001-01-01T00:00:00.000Z', high: '2026-01-01T16:00:00.000Z', part: null },
  ]);
  assert.deepEqual(observed({ effectiveTiming: { event: ['2026-01-02', '2026-01-01'] } }), [
    { low: '2025-12-31T16:00:00.000Z', high: '2026-01-02T16:00:00.000Z', part: null },
  ]);
});

test('[fhir F22] quantities cover half a unit of the last digit that was written', () => {
  const text = JSON.stringify(SAMPLES.Observation).replace('5.4', '5.40');
  const parsed = parseResourceText(text);
  assert.ok(parsed.ok);
  const units = { system: 'http://unitsofmeasure.org', code: 'mmol/L', unit: 'mmol/L', part: null };
  assert.deepEqual(rowsOf(parsed.value.resource, 'value-quantity', 'quantities'), [
    { value: '5.40', low: '5.395', high: '5.405', ...units },
  ]);
  assert.deepEqual(rowsOf(SAMPLES.Observation, 'value-quantity', 'quantities'), [
    { value: '5.4', low: '5.35', high: '5.45', ...units },
  ]);
});

test('[fhir F19] references: relative, absolute, canonical, by identifier; contained ones yield nothing', () => {
  const about = (subject: object) => rowsOf({ ...SAMPLES.Observation, subject }, 'patient', 'references');
  const row = { targetType: 'Patient', targetId: null, url: null, version: null, part: null };
  assert.deepEqual(about({ reference: 'Patient/1/_history/2' }), [{ ...row, targetId: '1', version: '2' }]);
  const url = 'http://elsewhere.example/fhir/Patient/1';
  assert.deepEqual(about({ reference: url }), [{ ...row, url }]);
  assert.deepEqual(about({ reference: 'Group/1' }), []);
  assert.deepEqual(about({ reference: '#p' }), []);
  assert.deepEqual(about({ type: 'Patient', identifier: { system: 's:i', value: '7' } }), [
    { ...row, identifierSystem: 's:i', identifierValue: '7' },
  ]);
  const response: Resource = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: 'http://q|1.2',
  };
  assert.deepEqual(rowsOf(response, 'questionnaire', 'references'), [
    { ...row, targetType: null, url: 'http://q', version: '1.2' },
  ]);
});

test('[fhir F19] a composite writes its components with one part per element, and no half pairs', () => {
  const component = (code: string, value?: number) => ({
    code: { coding: [{ system: 'http://loinc.org', code }] },
    ...(value === undefined ? {} : { valueQuantity: { value, unit: 'mm[Hg]' } }),
  });
  const { valueQuantity: _value, ...rest } = SAMPLES.Observation;
  const pressure: Resource = {
    ...rest,
    component: [component('8480-6', 142), component('8462-4', 91), component('x')],
  };
  const [code, value] = searchParameter('Observation', 'component-code-value-quantity')?.components ?? [];
  const rows = extractIndexRows(pressure);
  assert.deepEqual(
    rows.tokens.filter((row) => row.param === code?.paramId).map((row) => [row.value, row.part]),
    [
      ['8480-6', 0],
      ['8462-4', 1],
    ],
  );
  assert.deepEqual(
    rows.quantities.filter((row) => row.param === value?.paramId).map((row) => [row.value, row.part]),
    [
      ['142', 0],
      ['91', 1],
    ],
  );
});

test('[fhir F19] a long text is indexed by its beginning, a long key stays apart from others with that beginning', () => {
  const long = '长'.repeat(5000);
  const person = (value: string) =>
    extractIndexRows(patient({ name: [{ family: long }], identifier: [{ system: 'urn:x', value }] }));
  const [one, other] = [person(`${long}1`), person(`${long}2`)];
  for (const row of [...one.strings, ...one.tokens])
    assert.ok(row.value.length < 420, row.value.slice(0, 30));
  assert.ok(one.strings.length < 400, `${one.strings.length} rows`);
  assert.notDeepEqual(one.tokens, other.tokens);
});
