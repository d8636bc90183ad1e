// Strict reading and stored text that keeps every digit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { locateFault } from './locate.ts';
import { parseResourceText, renderStored } from './resource-text.ts';

const IDENTITY = { id: 'new', versionId: '3', lastUpdated: '2026-11-21T08:00:00.000Z' };

function refusalOf(text: string): { code: string; at: string | undefined } {
  const parsed = parseResourceText(text);
  assert.equal(parsed.ok, false);
  return parsed.ok ? { code: '', at: '' } : { code: parsed.refusal.code, at: parsed.refusal.at };
}

function stored(text: string): string {
  const parsed = parseResourceText(text);
  assert.ok(parsed.ok);
  return renderStored(text, parsed.value, IDENTITY);
}

test('[fhir F1] comments, trailing commas, single quotes and cut texts are refused with line and column', () => {
  assert.deepEqual(refusalOf('{"resourceType":"Patient",\n // who\n}'), {
    code: 'invalid-json',
    at: '(root) @ 2:2',
  });
  assert.deepEqual(refusalOf('{"resourceType":"Patient","name":[{"given":["a",]}]}'), {
    code: 'invalid-json',
    at: 'name[0].given[1] @ 1:49',
  });
  assert.equal(refusalOf("{'resourceType':'Patient'}").code, 'invalid-json');
  assert.equal(refusalOf('{"resourceType":"Patient"').at, '(root) @ 1:26');
  assert.equal(refusalOf('').code, 'invalid-json');
  assert.equal(refusalOf('{"resourceType":"Patient"} x').code, 'invalid-json');
  assert.equal(refusalOf('{"resourceType":"Patient","active":NaN}').at, 'active @ 1:36');
});

test('[fhir F1] a key that stands twice is refused where it stands again, also when escaped or in __proto__', () => {
  const twice = refusalOf('{"resourceType":"Patient",\n"name":[{"family":"a","family":"b"}]}');
  assert.deepEqual(twice, { code: 'duplicate-key', at: 'name[0].family @ 2:23' });
  assert.equal(refusalOf('{"resourceType":"Patient","id":"a","\\u0069d":"b"}').code, 'duplicate-key');
  assert.equal(refusalOf('{"resourceType":"Patient","__proto__":{},"__proto__":{}}').code, 'duplicate-key');
});

test('[fhir F1] nesting beyond the limit is refused, and a very deep text does not end the process', () => {
  const deep = (levels: number) =>
    `{"resourceType":"Basic","extension":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  assert.equal(refusalOf(deep(64)).code, 'too-deep');
  assert.ok(parseResourceText(deep(63)).ok);
  assert.equal(refusalOf(deep(200_000)).code, 'too-deep');
});

test('[fhir F2] a value that is no object, or of no R4 type, is refused at resourceType', () => {
  assert.equal(refusalOf('[]').code, 'not-an-object');
  assert.equal(refusalOf('null').code, 'not-an-object');
  for (const type of ['"Resource"', '"DomainResource"', '"HumanName"', '"toString"', '"Citation"', '7']) {
    assert.deepEqual(refusalOf(`{"resourceType":${type}}`), {
      code: 'unknown-resource-type',
      at: 'resourceType',
    });
  }
});

test('[fhir F3] stored text differs in id, versionId and lastUpdated only', () => {
  const text =
    '{"id":"mine","resourceType":"Patient","meta":{"versionId":"1","tag":[{"code":"a"}]},"active":true}';
  assert.deepEqual(JSON.parse(stored(text)), {
    resourceType: 'Patient',
    id: 'new',
    meta: { versionId: '3', lastUpdated: IDENTITY.lastUpdated, tag: [{ code: 'a' }] },
    active: true,
  });
});

test('[fhir F3] numbers keep their digits (seed 7, 300 runs)', () => {
  const number = fc.oneof(
    fc.constantFrom(
      '1.00',
      '1e2',
      '1E-7',
      '0.10',
      '-0',
      '-0.0',
      '12345678901234567890',
      '0.1000000000000000055511',
    ),
    fc
      .tuple(fc.bigInt(), fc.string({ unit: fc.constantFrom('0', '1', '9'), minLength: 1, maxLength: 20 }))
      .map(([whole, fraction]) => `${whole}.${fraction}`),
    fc.bigInt().map(String),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
      const list = numbers.map((one) => `{"url":"u:1.0 , 2.50","valueDecimal":${one}}`).join(',');
      const out = stored(`{"resourceType":"Basic","extension":[${list}]}`);
      const found = [...out.matchAll(/"valueDecimal":([^}]*)/g)].map((match) => match[1]);
      assert.deepEqual(found, numbers);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('[fhir F1] a broken text is always refused with a place, never accepted and never a fault (seed 9, 2000 runs)', () => {
  const whole = JSON.stringify({
    resourceType: 'Patient',
    name: [{ text: 'a "b" \\ \u0001 中', given: ['x', 'y'] }],
    multipleBirthInteger: -12,
    extension: [
      { url: 'u:1', valueDecimal: 1.5e-7 },
      { url: 'u:2', valueBoolean: false },
    ],
  });
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.nat(3),
      fc.constantFrom('', '"', '\\', '{', ']', ',', ':', '0', '-', '.', 'e', '\n', '\u0000', '/*', 'null'),
      (at, cut, put) => {
        const text = whole.slice(0, at) + put + whole.slice(at + cut);
        const parsed = parseResourceText(text);
        let native = true;
        try {
          JSON.parse(text);
        } catch {
          native = false;
        }
        if (parsed.ok) assert.ok(native, text);
        else if (!native) {
          assert.equal(parsed.refusal.code, 'invalid-json', text);
          assert.match(parsed.refusal.at ?? '', / @ \d+:\d+$/);
          assert.notEqual(locateFault(text, 64), null, text);
        }
      },
    ),
    { seed: 9, numRuns: 2000 },
  );
});
