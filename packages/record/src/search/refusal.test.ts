// What search says no to, with its code and place; and what it passes over with a word.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSearch } from './parse.ts';
import { SEARCH_REFUSALS } from './refusals.ts';

const NOW = new Date('2026-11-21T08:00:00Z');
const read = (type: string | null, query: string, strict = false) =>
  parseSearch(type, query, {
    now: NOW,
    strict,
    expandValueSet: (url) => (url === 'http://known' ? [{ code: 'a' }] : undefined),
  });

const cases: readonly [type: string | null, query: string, code: string, at: string][] = [
  ['Observation', 'date=2026-13', 'search-value-invalid', 'date'],
  ['Observation', 'date=2026-02-30', 'search-value-invalid', 'date'],
  ['Observation', 'date=yesterday', 'search-value-invalid', 'date'],
  ['Observation', 'date=0000', 'search-value-invalid', 'date'],
  ['Observation', 'date=xx2026', 'search-value-invalid', 'date'],
  ['Observation', 'date=2026-01-01T25:00', 'search-value-invalid', 'date'],
  ['Observation', 'date:exact=2026', 'search-modifier-unsupported', 'date:exact'],
  ['Observation', '_lastUpdated=soon', 'search-value-invalid', '_lastUpdated'],
  ['Observation', 'value-quantity=abc', 'search-value-invalid', 'value-quantity'],
  ['Observation', 'value-quantity=1e999', 'search-value-invalid', 'value-quantity'],
  ['Observation', 'value-quantity=NaN', 'search-value-invalid', 'value-quantity'],
  ['Observation', 'value-quantity=5|mg', 'search-value-invalid', 'value-quantity'],
  ['Location', 'near=30.9', 'search-value-invalid', 'near'],
  ['Location', 'near=91|118.9|5|km', 'search-value-invalid', 'near'],
  ['Location', 'near=30.9|118.9|-5|km', 'search-value-invalid', 'near'],
  ['Location', 'near=30.9|118.9|5|kg', 'search-value-invalid', 'near'],
  ['Location', 'near:missing=true', 'search-parameter-unsupported', 'near:missing'],
  ['Observation', 'code=a|b|c', 'search-value-invalid', 'code'],
  ['Observation', 'code=|', 'search-value-invalid', 'code'],
  ['Observation', 'code:in=http://unknown', 'search-value-set-unknown', 'code:in'],
  ['Observation', 'code:exact=a', 'search-modifier-unsupported', 'code:exact'],
  ['Observation', 'code:missing=maybe', 'search-value-invalid', 'code:missing'],
  ['Observation', 'subject=Nobody/1', 'search-value-invalid', 'subject'],
  ['Observation', 'subject=a b', 'search-value-invalid', 'subject'],
  ['Observation', 'subject:Nobody=1', 'search-modifier-unsupported', 'subject:Nobody'],
  ['Observation', 'subject:Nobody.name=1', 'search-type-unknown', 'subject:Nobody.name'],
  ['Observation', 'subject:Medication.code=1', 'search-chain-invalid', 'subject:Medication.code'],
  ['Observation', 'code.name=1', 'search-chain-invalid', 'code.name'],
  ['Observation', 'component-code-value-quantity=1', 'search-value-invalid', 'component-code-value-quantity'],
  ['Patient', 'name:of-type=1', 'search-modifier-unsupported', 'name:of-type'],
  ['Patient', 'identifier:of-type=a|b', 'search-value-invalid', 'identifier:of-type'],
  ['Patient', '_filter=name eq 1', 'search-parameter-unsupported', '_filter'],
  ['Patient', '_content=1', 'search-parameter-unsupported', '_content'],
  ['Patient', '_has:Observation:patient=1', 'search-chain-invalid', '_has:Observation:patient'],
  ['Patient', '_has:Nothing:patient:code=1', 'search-type-unknown', '_has:Nothing:patient:code'],
  ['Patient', '_has:Observation:code:code=1', 'search-chain-invalid', '_has:Observation:code:code'],
  ['Patient', '_include=Patient', 'search-include-invalid', '_include'],
  ['Patient', '_include=Patient:name', 'search-include-invalid', '_include'],
  ['Patient', '_include=Patient:organization:Patient', 'search-include-invalid', '_include'],
  ['Patient', '_include:often=Patient:organization', 'search-modifier-unsupported', '_include:often'],
  ['Patient', '_count=-1', 'search-control-invalid', '_count'],
  ['Patient', '_count=many', 'search-control-invalid', '_count'],
  ['Patient', '_total=yes', 'search-control-invalid', '_total'],
  ['Patient', '_summary=short', 'search-control-invalid', '_summary'],
  ['Patient', '_elements=a;b', 'search-control-invalid', '_elements'],
  ['Patient', `name=${'a,'.repeat(1001)}`, 'search-too-long', 'name'],
  ['Patient', `name=${'a'.repeat(70_000)}`, 'search-too-long', 'query'],
  ['Patient', 'name=a&'.repeat(101), 'search-too-long', 'query'],
  ['Organization', `${'partof.'.repeat(9)}name=a`, 'search-too-long', `${'partof.'.repeat(9)}name`],
  ['Patient', 'name=a%00b', 'search-value-invalid', 'name'],
  ['Nothing', '', 'search-type-unknown', 'Nothing'],
  [null, '_type=Patient,Nothing', 'search-type-unknown', '_type'],
];

describe('search refusals', () => {
  for (const [type, query, code, at] of cases)
    it(`[record R-S1] ${type}?${query.slice(0, 60)}`, () => {
      const result = read(type, query);
      assert.deepEqual(result.ok ? 'accepted' : [result.refusal.code, result.refusal.at], [code, at]);
      assert.ok(!result.ok && result.refusal.detail?.zh && result.refusal.detail.en && result.refusal.rule);
    });

  it('[record R-S2] an unknown parameter is left out and named, or refused when handling is strict', () => {
    for (const query of ['colour=red', 'subject:Patient.colour=red', '_has:Observation:patient:colour=1']) {
      const type = query.startsWith('subject') ? 'Observation' : 'Patient';
      const lenient = read(type, `${query}&_id=a`);
      assert.ok(lenient.ok);
      assert.deepEqual(
        lenient.value.omitted.map((one) => [one.code, one.at]),
        [['search-parameter-unknown', query.split('=')[0]]],
      );
      assert.equal(lenient.value.self, '_id=a');
      const strict = read(type, query, true);
      assert.deepEqual(strict.ok ? 'accepted' : [strict.refusal.code, strict.refusal.at], [
        'search-parameter-unknown',
        query.split('=')[0],
      ]);
    }
  });

  it('[record R-S2] an empty value is left out and named', () => {
    for (const query of ['name=', 'name=,', 'identifier=', '_id=', '_lastUpdated=']) {
      const result = read('Patient', query);
      assert.ok(result.ok);
      assert.deepEqual([result.value.filters.length, result.value.omitted.length], [0, 1], query);
    }
  });

  it('[record R-S57] what cannot be sorted by is left out and named, or refused when handling is strict', () => {
    const lenient = read('Patient', '_sort=colour');
    assert.ok(lenient.ok);
    assert.deepEqual(
      lenient.value.omitted.map((one) => one.code),
      ['search-sort-invalid'],
    );
    const strict = read('Patient', '_sort=colour', true);
    assert.deepEqual(strict.ok ? '' : [strict.refusal.code, strict.refusal.at], [
      'search-sort-invalid',
      '_sort',
    ]);
  });

  it("[record R-S1] no refusal repeats the value, which may be a person's", () => {
    for (const [type, query] of cases) {
      const result = read(type, query.replace('abc', '11010119610504002X'));
      assert.ok(!JSON.stringify(result).includes('11010119610504002X'));
    }
  });

  it('[record R-S1] every code of the list has a case', () => {
    const seen = new Set([...cases.map((one) => one[2]), 'search-parameter-unknown', 'search-sort-invalid']);
    const elsewhere = ['search-page-invalid'];
    assert.deepEqual(
      SEARCH_REFUSALS.filter((code) => !seen.has(code) && !elsewhere.includes(code)),
      [],
    );
  });
});
