// Refusals of wrong definitions and expressions: code and place of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '@yimai/kit';
import { compileView } from './compile-view.ts';
import { duckdbDialect } from './duckdb/dialect.ts';
import { parseView } from './parse-view.ts';
import { postgresDialect } from './postgres/dialect.ts';

const column = (path: unknown, more: object = {}): unknown => ({
  resource: 'Patient',
  select: [{ column: [{ name: 'a', path, ...more }] }],
});

function refusalOf(definition: unknown): Refusal | null {
  const view = parseView(definition);
  if (!view.ok) return view.refusal;
  const source = { from: 'resource', content: 'content' };
  const answers = [duckdbDialect, postgresDialect].map((dialect) => compileView(view.value, dialect, source));
  assert.equal(answers[0]!.ok, answers[1]!.ok, 'both engines agree on what is a view');
  const [answer] = answers;
  return answer!.ok ? null : answer!.refusal;
}

const DEFINITIONS: readonly (readonly [string, unknown, string, string])[] = [
  ['not an object', [], 'not-an-object', '$'],
  ['no select', { resource: 'Patient' }, 'select-missing', 'select'],
  ['a select without columns', { resource: 'Patient', select: [{}] }, 'select-empty', 'select[0]'],
  ['a select that is no list', { resource: 'Patient', select: {} }, 'not-a-list', 'select'],
  [
    'a column name with a quote',
    column('id', { name: 'a"b' }),
    'wrong-column-name',
    'select[0].column[0].name',
  ],
  ['collection as text', column('id', { collection: 'yes' }), 'wrong-type', 'select[0].column[0].collection'],
  ['no path', column(undefined), 'path-missing', 'select[0].column[0].path'],
  [
    'a name twice',
    {
      resource: 'Patient',
      select: [{ column: [{ name: 'a', path: 'id' }], select: [{ column: [{ name: 'a', path: 'id' }] }] }],
    },
    'column-twice',
    'select[0].select[0].column[0]',
  ],
  [
    'two iterations',
    {
      resource: 'Patient',
      select: [{ forEach: 'name', forEachOrNull: 'name', column: [{ name: 'a', path: 'id' }] }],
    },
    'two-iterations',
    'select[0]',
  ],
  [
    'a constant of the wrong kind',
    { ...(column('id') as object), constant: [{ name: 'c', valueInteger: 'x' }] },
    'wrong-constant',
    'constant[0].valueInteger',
  ],
];

for (const [title, definition, code, at] of DEFINITIONS) {
  test(`[views V2] ${title} is refused`, () => {
    const refusal = refusalOf(definition);
    assert.deepEqual([refusal?.code, refusal?.at], [code, at]);
    assert.ok(refusal?.detail?.zh && refusal.detail.en);
  });
}

const EXPRESSIONS: readonly (readonly [string, number])[] = [
  ['', 0],
  ['name.', 6],
  ['name.where(', 12],
  ['name.where()', 6],
  ['name.substring(1)', 6],
  ['name[family]', 6],
  ["name.where(use = 'a'", 21],
  ["'open", 1],
  ['%nothing', 1],
  ['id id', 4],
  ['name.family.lowBoundary()', 13],
  ['name.getResourceKey()', 6],
  ['name + 1', 1],
  ['name.where(family)', 12],
];

for (const [text, character] of EXPRESSIONS) {
  test(`[views V3] the expression «${text}» is refused at character ${character}`, () => {
    const refusal = refusalOf(column(text));
    assert.equal(refusal?.at, 'select[0].column[0].path');
    if (text === '') assert.equal(refusal.code, 'path-missing');
    else {
      assert.equal(refusal.code, 'wrong-expression');
      assert.match(refusal.detail?.en ?? '', new RegExp(`^at character ${character}:`));
    }
  });
}

test('[views V8] no text of a definition stands in the SQL: texts are parameters', () => {
  const view = parseView(
    column("name.where(family = 'O''Brien').family.join('; drop table x')".replace("''", "\\'")),
  );
  assert.ok(view.ok);
  for (const dialect of [duckdbDialect, postgresDialect]) {
    const compiled = compileView(view.value, dialect, { from: 'resource', content: 'content' });
    assert.ok(compiled.ok);
    assert.ok(!compiled.value.sql.includes('drop table') && !compiled.value.sql.includes('Brien'));
    assert.deepEqual(compiled.value.params, ['Patient', "O'Brien", '; drop table x']);
  }
});
