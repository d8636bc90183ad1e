// Random schemes with every condition of the format: the compiled walk and the reading of the rules answer alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactScheme, compileScheme, type GroupResult, group, groupWithTrail, type Stay } from './index.ts';

const DIAGNOSES = [
  'A00.000',
  'A00.100',
  'B20.x00',
  'I10.x00x002',
  'N17.900',
  'S00.000',
  'S20.000',
  'Z37.000',
];
const PROCEDURES = ['01.0100', '01.0200', '38.9300x001', '99.0100'];
const DIAGNOSIS_LISTS = ['d1', 'd2', 'd3', 'd4', 'd5'];
const PROCEDURE_LISTS = ['p1', 'p2', 'valid'];

const listOf = (codes: readonly string[]) => fc.subarray([...codes]);
const lists = fc.record({
  ...Object.fromEntries(DIAGNOSIS_LISTS.map((id) => [id, listOf(DIAGNOSES)])),
  ...Object.fromEntries(PROCEDURE_LISTS.map((id) => [id, listOf(PROCEDURES)])),
  head: fc.constant(['S00.000', 'A00.000']),
  trunk: fc.constant(['S20.000', 'N17.900']),
});
/** A code stands in one table only, as the format says. */
const tables = fc
  .array(fc.constantFrom('1', '2', '999', null), {
    minLength: DIAGNOSES.length,
    maxLength: DIAGNOSES.length,
  })
  .map((tableOf) =>
    Object.fromEntries(
      ['1', '2', '999'].map((table) => [table, DIAGNOSES.filter((_, index) => tableOf[index] === table)]),
    ),
  );

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.boolean(),
  fc
    .tuple(fc.constantFrom('mainDx', 'otherDx', 'anyDx'), fc.constantFrom(...DIAGNOSIS_LISTS))
    .map(([test, list]) => ({ [test]: list })),
  fc
    .tuple(fc.constantFrom('mainProc', 'otherProc', 'anyProc'), fc.constantFrom(...PROCEDURE_LISTS))
    .map(([test, list]) => ({ [test]: list })),
  fc.constantFrom(
    { hasMcc: true },
    { hasCc: true },
    { anyDxPrefix: ['Z37.', 'B'] },
    { anyDxPrefix: [''] },
    { anyDxPrefix: [] },
  ),
  fc
    .tuple(fc.constantFrom('gender', 'dept', 'leavingType'), fc.subarray(['1', '2', '5', 'ICU', '']))
    .map((body) => ({ in: body })),
  fc
    .tuple(
      fc.constantFrom('age', 'ageDays', 'weight', 'los', 'icuHours'),
      fc.constantFrom('<', '<=', '>', '>=', '=='),
      fc.constantFrom(0, 1, 28, 96, 1500),
    )
    .map((body) => ({ cmp: body })),
  fc.integer({ min: 0, max: 3 }).map((min) => ({
    distinctSites: {
      min,
      sites: [
        { site: '头', dx: 'head' },
        { site: '躯干', dx: 'trunk' },
      ],
    },
  })),
);
const condition: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  leaf.map((part) => ({ not: part })),
  fc
    .tuple(fc.constantFrom('all', 'any'), fc.array(leaf, { maxLength: 3 }))
    .map(([key, parts]) => ({ [key]: parts })),
  fc
    .tuple(leaf, leaf, leaf)
    .map(([first, second, third]) => ({ all: [first, { any: [second, { not: { all: [third] } }] }] })),
);

const stepOf = (letter: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: condition.map((when) => ({ ambiguous: `${letter}QY`, when })) },
    {
      weight: 4,
      arbitrary: fc.record({
        adrg: fc.constantFrom(`${letter}A1`, `${letter}S2`),
        when: condition,
        drgs: fc.array(
          fc.record({ drg: fc.constantFrom(`${letter}A11`, `${letter}S25`, `${letter}A1`), when: condition }),
          { maxLength: 3 },
        ),
      }),
    },
  );
/** More MDCs than the walk indexes by the principal diagnosis. */
const mdcs = fc.array(fc.constantFrom(...'ABCZ'), { minLength: 1, maxLength: 36 }).chain((letters) =>
  fc.tuple(
    ...letters.map((letter) =>
      fc.record({
        mdc: fc.constant(`MDC${letter}`),
        when: fc.oneof(condition, fc.constant({ mainDx: 'd1' })),
        steps: fc.array(stepOf(letter), { maxLength: 2 }),
      }),
    ),
  ),
);
const scheme = fc.record({
  format: fc.constant('chs-drg-rules/1'),
  scheme: fc.constant('random'),
  options: fc.record({ retrySecondaryProcedures: fc.boolean() }),
  results: fc.constant({
    checkFailed: { mdc: '', adrg: '', drg: '' },
    ungrouped: { mdc: '0000', adrg: '00', drg: '0000A' },
  }),
  lists,
  mcc: tables,
  cc: tables,
  exclusion: tables.map(({ '999': _none, ...named }) => named),
  mdcs,
});

const figure = fc.constantFrom(null, 0, 1, 27, 28, 29, 95, 96, 1499, 1500, 40);
const stay: fc.Arbitrary<Stay> = fc.record({
  id: fc.constant('x'),
  gender: fc.constantFrom('1', '2', '1', '2', null),
  age: fc.constantFrom(0, 0, 40, 1, null),
  ageDays: figure,
  weight: figure,
  dept: fc.constantFrom('', 'ICU'),
  los: fc.constantFrom(0, 1, 96),
  leavingType: fc.constantFrom('1', '5', ''),
  icuHours: fc.constantFrom(0, 96),
  dx: fc.array(fc.constantFrom(...DIAGNOSES, 'Q99.900', ''), { maxLength: 5 }),
  proc: fc.array(fc.constantFrom(...PROCEDURES, '00.0000'), { maxLength: 4 }),
});

test('[grouping G7] any scheme of the format answers alike compiled, compact and read with its trail (seed 43)', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(scheme, fc.array(stay, { minLength: 15, maxLength: 15 }), (file, stays) => {
      const neutral = compileScheme(file);
      const compact = compileScheme(JSON.parse(JSON.stringify(compactScheme(file))));
      assert(neutral.ok && compact.ok);
      for (const one of stays) {
        const answer: GroupResult = { ...group(one, neutral.value) };
        const { trail: _trail, ...told } = groupWithTrail(one, neutral.value);
        assert.deepEqual(told, answer);
        assert.deepEqual({ ...group(one, compact.value) }, answer);
        seen.add(answer.status);
      }
    }),
    { seed: 43, numRuns: 300 },
  );
  assert.deepEqual([...seen].sort(), ['信息校验不通过', '分组成功', '无法入组', '歧义病案'].sort());
});
