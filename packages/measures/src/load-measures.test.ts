// A wrong definition refuses the whole set with its place; the lists beside the definitions are read with them.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { must } from '@yimai/kit';
import { loadClosing, loadCoreList, loadTargets } from './load-lists.ts';
import { loadMeasures, MeasureShelf } from './load-measures.ts';
import { COLUMNS, MEASURES, MEASURES_FOLDER } from './testing/rules.ts';

const GOOD = {
  id: 'x',
  name: { zh: 'x', en: 'x' },
  purpose: { zh: 'x', en: 'x' },
  unit: 'count',
  direction: 'up',
  levels: ['county'],
  source: 'x',
  effective: { from: '2024-01-01' },
  numerator: { of: 'visit' },
};
const WRONG: readonly (readonly [string, object | string, string, string])[] = [
  ['YAML that does not parse', '- id: [', 'not-yaml', 'zz.yaml:1'],
  ['an unknown field', { ...GOOD, colour: 'red' }, 'wrong-definition', 'zz.yaml[0].colour'],
  ['a name in one language', { ...GOOD, name: { zh: 'x' } }, 'wrong-definition', 'zz.yaml: x.name.en'],
  ['a unit nobody knows', { ...GOOD, unit: 'percents' }, 'wrong-definition', 'zz.yaml: x.unit'],
  [
    'an unknown population',
    { ...GOOD, numerator: { of: 'visits' } },
    'unknown-population',
    'zz.yaml: x.numerator.of',
  ],
  [
    'a column the view has not',
    { ...GOOD, numerator: { of: 'visit', where: { colour: 'red' } } },
    'unknown-column',
    'zz.yaml: x.numerator.where.colour',
  ],
  [
    'an organisation fact that is none',
    { ...GOOD, numerator: { of: 'visit', where: { 'org.colour': 1 } } },
    'unknown-column',
    'zz.yaml: x.numerator.where.org.colour',
  ],
  [
    'two ways of counting',
    { ...GOOD, numerator: { of: 'visit', distinct: 'patient', sum: 'org' } },
    'wrong-definition',
    'zz.yaml: x.numerator',
  ],
  ['two formulas', { ...GOOD, rank: 'medical-income' }, 'wrong-definition', 'zz.yaml: x'],
  [
    'a measure that is not there',
    { ...GOOD, numerator: undefined, rank: 'nothing' },
    'unknown-measure',
    'zz.yaml: x',
  ],
  ['a circle', { ...GOOD, numerator: undefined, rank: 'x' }, 'measure-circle', 'zz.yaml: x'],
  ['an id twice', { ...GOOD, id: 'drug-share' }, 'definition-twice', 'hospital-core.yaml: drug-share'],
  [
    'an empty condition',
    { ...GOOD, numerator: { of: 'visit', where: { status: {} } } },
    'wrong-definition',
    'zz.yaml: x.numerator.where.status',
  ],
];

for (const [title, entry, code, at] of WRONG) {
  test(`[measures M2] ${title} is refused with its place; the set in use stays`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'yimai-measures-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(MEASURES_FOLDER, folder, { recursive: true });
    writeFileSync(join(folder, 'zz.yaml'), typeof entry === 'string' ? entry : JSON.stringify([entry]));
    const shelf = new MeasureShelf(MEASURES);
    const refusal = shelf.replace(loadMeasures(folder, COLUMNS));
    assert.deepEqual([refusal?.code, refusal?.at], [code, at]);
    assert.equal(shelf.current, MEASURES);
  });
}

test('[measures M12] the core list names 22 measures that exist; targets are dated and have a source', () => {
  const core = must(loadCoreList(MEASURES_FOLDER, MEASURES, '2025-06-01'));
  assert.equal(new Set(core).size, 22);
  assert.deepEqual(must(loadCoreList(MEASURES_FOLDER, MEASURES, '2020-06-01')), []);
  assert.ok(must(loadTargets(MEASURES_FOLDER, MEASURES)).every((target) => target.source !== ''));
});

test('[measures M25] when periods close is dated data; a span that is none is refused with its place', (t) => {
  const [rule] = must(loadClosing(MEASURES_FOLDER));
  assert.deepEqual(Object.keys(rule!.after), ['month', 'quarter', 'year']);
  const folder = mkdtempSync(join(tmpdir(), 'yimai-closing-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wrong = (entry: object): readonly unknown[] => {
    const good = { effective: { from: '2026-01-01' }, source: 'x', after: {}, levels: ['county'] };
    writeFileSync(join(folder, 'closing.yaml'), JSON.stringify([{ ...good, ...entry }]));
    const answer = loadClosing(folder);
    return answer.ok ? [] : [answer.refusal.code, answer.refusal.at];
  };
  assert.deepEqual(wrong({ after: { month: '5 days' } }), []);
  assert.deepEqual(wrong({ after: { month: 'soon' } }), ['wrong-definition', 'closing.yaml[0].after.month']);
  assert.deepEqual(wrong({ after: { week: '5 days' } }), ['wrong-definition', 'closing.yaml[0].after.week']);
  assert.deepEqual(wrong({ levels: ['planet'] }), ['wrong-definition', 'closing.yaml[0].levels[0]']);
});
