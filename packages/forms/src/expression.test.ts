// Tests of the expression language: precedence, missing values, dates, faults with their place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import fc from 'fast-check';
import { compileExpression, roundHalfAway } from './expression.ts';

const scope = {
  a: 3,
  b: null,
  name: '儿科',
  birth: '1946-11-21',
  today: '2026-11-21',
  list: ['x', 'y'],
  data: { age: 45 },
  yes: true,
};
const run = (text: string) => must(compileExpression(text, () => true))(scope);

test('[forms E1] operators bind as people read them', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['a > 2 and not b == 1', true],
    ['a == 3 or x', true],
    ["name in ['内科', '儿科']", true],
    ["not name in ['内科']", true],
    ['-a + 1', -2],
    ["if(a > 2, 'big', 'small')", 'big'],
    ["'it\\'s'", "it's"],
    ['data.age <= 45', true],
    ['yes and true', true],
    ['7 / 2', 3.5],
  ];
  for (const [text, value] of cases) assert.equal(run(text), value, text);
});

test('[forms E2] a missing value is null: it is in no order, adds to nothing and never throws', () => {
  for (const text of ['b < 1', 'b > 1', 'nothing.deeper == 1', 'b + 1 == 1', "contains(b, 'x')"])
    assert.equal(run(text), false, text);
  assert.deepEqual(
    [run('b + 1'), run('1 / 0'), run('mean(b, b)'), run('has(b)'), run('b == null')],
    [null, null, null, false, true],
  );
});

test('[forms E3] ages and days are counted by the law', () => {
  assert.equal(run('age(birth, today)'), 80);
  assert.equal(run("age('1946-11-22', today)"), 79);
  assert.equal(run("days('2026-03-03', '2026-03-06')"), 3);
  assert.equal(run("add-months('2024-01-31', 1)"), '2024-02-29');
});

test('[forms E4] an unknown name, function or sign is refused with its place', () => {
  const knows = (path: readonly string[]) => path.join('.') === 'a';
  for (const [text, word] of [
    ['b > 1', '"b"'],
    ['frob(a)', '"frob"'],
    ['constructor(a)', '"constructor"'],
    ['a >', 'the end'],
    ['a # 1', '#'],
    ['round()', 'takes'],
    ['(a', '")"'],
  ] as const) {
    const compiled = compileExpression(text, knows);
    assert.ok(!compiled.ok, text);
    assert.equal(compiled.refusal.code, 'expression-invalid');
    assert.ok(compiled.refusal.detail?.en.includes(word), `${text}: ${compiled.refusal.detail?.en}`);
  }
  assert.ok(!compileExpression(`${'('.repeat(500)}a`, knows).ok);
});

test('[forms E5] no text makes the reader throw (seed 5)', () => {
  const piece = fc.constantFrom(
    'a',
    '1',
    "'x'",
    '(',
    ')',
    '[',
    ']',
    ',',
    'and',
    'or',
    'not',
    'in',
    '+',
    '-',
    '*',
    '/',
    '<',
    '==',
    'if',
    ' ',
    '.',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (parts) => {
      const compiled = compileExpression(parts.join(' '), () => true);
      if (compiled.ok) compiled.value(scope);
    }),
    { seed: 5, numRuns: 2000 },
  );
});

test('[forms E6] rounding is half away from zero on the decimal that people see', () => {
  assert.deepEqual(
    [roundHalfAway(2.675, 2), roundHalfAway(-2.5, 0), roundHalfAway(89.95, 1), roundHalfAway(89.949, 1)],
    [2.68, -3, 90, 89.9],
  );
  assert.equal(roundHalfAway(1.005, 2), 1.01);
});
