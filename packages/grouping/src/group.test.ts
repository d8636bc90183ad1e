// Our own scheme with every condition of the format, our own cases, and what must hold for any record at all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactScheme, compileScheme, group, groupWithTrail, loadScheme, type Stay } from './index.ts';

interface OwnCase extends Partial<Stay> {
  readonly about: string;
  readonly expected: string;
  readonly status?: string;
}

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const neutral = JSON.parse(fixture('own-scheme.json'));
const cases = fixture('own-cases.jsonl')
  .trim()
  .split('\n')
  .map((line): OwnCase => JSON.parse(line));

function compiled(file: unknown) {
  const scheme = compileScheme(file);
  assert(scheme.ok, JSON.stringify(scheme));
  return scheme.value;
}

function stayOf(some: Partial<Stay>): Stay {
  const plain = {
    id: 'x',
    gender: '1',
    age: 40,
    ageDays: null,
    weight: null,
    dept: '',
    los: 5,
    leavingType: '1',
  };
  return { ...plain, dx: [], proc: [], ...some };
}

const own = compiled(neutral);
const forms = [
  { form: 'neutral', scheme: own },
  { form: 'compact', scheme: compiled(JSON.parse(JSON.stringify(compactScheme(neutral)))) },
];

for (const { form, scheme } of forms) {
  for (const { about, expected, status, ...stay } of cases) {
    test(`[grouping G4] ${form}: ${about}`, () => {
      const result = group(stayOf(stay), scheme);
      assert.equal(result.drg, expected);
      if (status !== undefined) assert.equal(result.status, status);
      const { trail, ...told } = groupWithTrail(stayOf(stay), scheme);
      assert.deepEqual(told, { ...result });
      assert.ok(trail.length > 0, 'every answer has a reason');
    });
  }
}

test('[grouping G5] mdc and adrg come from the DRG code; the ambiguous ADRG is QY', () => {
  const grouped = group(stayOf({ dx: ['A00.000'], proc: ['01.0100', '01.0200'] }), own);
  assert.deepEqual({ ...grouped }, { status: '分组成功', mdc: 'MDCB', adrg: 'BA1', drg: 'BA1' });
  const ambiguous = group(stayOf({ dx: ['A00.000'], proc: ['99.0100'] }), own);
  assert.deepEqual({ ...ambiguous }, { status: '歧义病案', mdc: 'MDCB', adrg: 'QY', drg: 'BQY' });
  const none = group(stayOf({ dx: ['Q99'] }), own);
  assert.deepEqual({ ...none }, { status: '无法入组', mdc: '0000', adrg: '00', drg: '0000X' });
});

test('[grouping G6] the trail tells why an MCC was excluded, with code, table row and the row of the principal diagnosis', () => {
  const { trail } = groupWithTrail(stayOf({ dx: ['A00.000', 'N18.000', 'J96.000'] }), own, {
    diagnosis: (code) => ({ 'N18.000': '慢性肾衰竭' })[code],
    procedure: () => undefined,
  });
  const excluded = trail.find((entry) => entry.kind === 'complication-excluded');
  assert.deepEqual(
    excluded?.because.map(({ code, row }) => [code, row]),
    [
      ['N18.000', 'mcc/1:2'],
      ['A00.000', 'exclusion/1:1'],
    ],
  );
  assert.match(excluded.zh, /MCC 被排除，不计：N18\.000 慢性肾衰竭/);
  assert.match(excluded.en, /MCC excluded, does not count: N18\.000/);
  const chosen = trail.at(-1);
  assert.deepEqual(
    [chosen?.kind, chosen?.rule, chosen?.because[0]?.code, chosen?.because[0]?.row],
    ['drg-chosen', 'MDCB/BB1_1/BB11', 'J96.000', 'mcc/999:1'],
  );
});

const anyCode = fc.oneof(
  fc.constantFrom(...own.tables.codes, 'Z37.000', 'Q99', '', '__proto__', 'A00.000 '),
  fc.string({ maxLength: 12 }),
);
const anyNumber = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, 28, 29, 1499, 1500),
);
const anyStay = fc.record({
  id: fc.string(),
  gender: fc.constantFrom('1', '2', '', null, '3'),
  age: anyNumber,
  ageDays: anyNumber,
  weight: anyNumber,
  dept: fc.constantFrom('', 'ICU', '03'),
  los: fc.integer(),
  leavingType: fc.constantFrom('1', '5', ''),
  icuHours: fc.integer(),
  dx: fc.array(anyCode, { maxLength: 8 }),
  proc: fc.array(anyCode, { maxLength: 5 }),
});

test('[grouping G7] never throws, and the trail always tells the same answer (seed 41)', () => {
  fc.assert(
    fc.property(anyStay, (stay) => {
      const { trail, ...told } = groupWithTrail(stay, own);
      assert.deepEqual(told, { ...group(stay, own) });
      for (const entry of trail) assert.ok(entry.zh.length > 0 && entry.en.length > 0);
    }),
    { seed: 41, numRuns: 2000 },
  );
});

test('[grouping G7] the order of the other diagnoses changes nothing (seed 42)', () => {
  const scheme = loadScheme('chs_drg_11');
  assert(scheme.ok);
  const { codes } = scheme.value.tables;
  const code = fc.nat(codes.length - 1).map((index) => codes[index]!);
  const listed = fc.record({
    principal: code,
    shuffled: fc
      .uniqueArray(code, { minLength: 2, maxLength: 8 })
      .chain((others) =>
        fc.tuple(fc.constant(others), fc.shuffledSubarray(others, { minLength: others.length })),
      ),
    proc: fc.array(code, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(listed, ({ principal, shuffled: [first, second], proc }) => {
      const one = group(stayOf({ dx: [principal, ...first], proc }), scheme.value);
      const other = group(stayOf({ dx: [principal, ...second], proc }), scheme.value);
      assert.deepEqual(one, other);
    }),
    { seed: 42, numRuns: 1000 },
  );
});

const REFUSED: readonly [string, (file: typeof neutral) => void, string][] = [
  [
    'an unknown format',
    (file) => {
      file.format = 'chs-drg-rules/2';
    },
    'format',
  ],
  [
    'a condition the format does not know',
    (file) => {
      file.mdcs[0].when = { dreams: true };
    },
    'mdcs[0].when',
  ],
  [
    'a condition with two keys',
    (file) => {
      file.mdcs[1].when = { mainDx: 'd1', anyDx: 'd1' };
    },
    'mdcs[1].when',
  ],
  [
    'a list that is not there',
    (file) => {
      file.mdcs[3].when = { mainDx: 'd77' };
    },
    'MDCB',
  ],
  [
    'a field that cannot be compared',
    (file) => {
      file.mdcs[2].when = { cmp: ['height', '<', 1] };
    },
    'mdcs[2].when.cmp',
  ],
  [
    'an unknown operator',
    (file) => {
      file.mdcs[2].when = { cmp: ['age', '!=', 1] };
    },
    'mdcs[2].when.cmp',
  ],
  [
    'a code that is no text',
    (file) => {
      file.lists.d1[1] = 5;
    },
    'lists.d1[1]',
  ],
  [
    'no results',
    (file) => {
      delete file.results;
    },
    'results',
  ],
];

for (const [what, spoil, at] of REFUSED) {
  test(`[grouping G2] refuses ${what}`, () => {
    const file = structuredClone(neutral);
    spoil(file);
    const scheme = compileScheme(file);
    assert(!scheme.ok);
    assert.equal(scheme.refusal.code, 'scheme-invalid');
    assert.equal(scheme.refusal.at, at);
  });
}

test('[grouping G3] the compact form loses nothing: both forms hold the same codes, lists and rules', () => {
  const [first, second] = forms;
  assert.deepEqual(second!.scheme.tables, first!.scheme.tables);
  assert.deepEqual(second!.scheme.rules, first!.scheme.rules);
});

test('[grouping G3] the compact form keeps odd codes as they are, and refuses a damaged table', () => {
  const odd = [
    'A\\B',
    'A"',
    'A\nB',
    '霍乱',
    '霍乱x',
    '',
    ' ',
    'A54.301+H13.1*',
    'Z'.repeat(80),
    `${'Z'.repeat(80)}1`,
  ];
  const file = { ...neutral, lists: { ...neutral.lists, d1: odd } };
  const packed = JSON.parse(JSON.stringify(compactScheme(file)));
  assert.deepEqual(compiled(packed).tables, compiled(file).tables);
  const damaged = compileScheme({ ...packed, codes: `z${packed.codes}` });
  assert(!damaged.ok);
  assert.deepEqual([damaged.refusal.code, damaged.refusal.at], ['scheme-invalid', 'codes[0]']);
});
