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

const DEEP = `select[0]${'.select[0]'.repeat(50)}`;

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
  ...['valueDate', 'valueTime', 'valueInstant', 'valueFoo', 'valueQuantity'].map(
    (kind) =>
      [
        `a constant that is no ${kind}`,
        { ...(column('id') as object), constant: [{ name: 'c', [kind]: 'soon' }] },
        'wrong-constant',
        `constant[0].${kind}`,
      ] as const,
  ),
  [
    'a positive number that is 0',
    { ...(column('id') as object), constant: [{ name: 'c', valuePositiveInt: 0 }] },
    'wrong-constant',
    'constant[0].valuePositiveInt',
  ],
  [
    'a constant twice',
    {
      ...(column('id') as object),
      constant: [
        { name: 'c', valueCode: 'x' },
        { name: 'c', valueCode: 'y' },
      ],
    },
    'constant-twice',
    'constant[1]',
  ],
  ...['$this', '$this.where(true)', "'x'", 'item.count()', '%rowIndex'].map(
    (path) =>
      [
        `a walk along ${path}, which has no end,`,
        { resource: 'Patient', select: [{ repeat: [path], column: [{ name: 'a', path: 'id' }] }] },
        'endless-repeat',
        'select[0].repeat[0]',
      ] as const,
  ),
  [
    'a union of texts and whole names',
    {
      resource: 'Patient',
      select: [
        {
          unionAll: [
            { column: [{ name: 'a', path: 'id' }] },
            { forEach: 'name', column: [{ name: 'a', path: '$this' }] },
          ],
        },
      ],
    },
    'union-mismatch',
    'select[0].unionAll[1].column[0]',
  ],
  [
    'a union of one value and a list',
    {
      resource: 'Patient',
      select: [
        {
          unionAll: [
            { column: [{ name: 'a', path: 'id' }] },
            { column: [{ name: 'a', path: 'name.family', collection: true }] },
          ],
        },
      ],
    },
    'union-mismatch',
    'select[0].unionAll[1].column[0]',
  ],
  ['selects nested without end', { resource: 'Patient', select: [nested(60)] }, 'too-deep', DEEP],
];

function nested(depth: number): object {
  return depth === 0 ? { column: [{ name: 'a', path: 'id' }] } : { select: [nested(depth - 1)] };
}

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
  ["`a'b`", 1],
  ['`a"b`', 1],
  ['managingOrganization.getReferenceKey(`x) or true --`)', 38],
  ["multipleBirth.ofType(`x'y`)", 22],
  ['99999999999999999999', 1],
  [`${'('.repeat(101)}id${')'.repeat(101)}`, 101],
  [`id${' & id'.repeat(600)}`, 2501],
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
