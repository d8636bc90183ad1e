// A wrong file among the rules of figures is refused with its place, and the last right rules stay in use over a restart.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, RefusalError } from '@yimai/kit';
import { loadCoreList } from '@yimai/measures';
import { loadProgrammes } from '@yimai/runtime';
import { FigureShelf, RULES } from './figure-shelf.ts';
import { keepRules } from './rules-in-use.ts';

test('[figures F11] a wrong measure or view is refused with its place; the last right rules stay in use', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'yimai-rules-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const [product, data] = [join(dir, 'rules'), join(dir, 'views')];
  mkdirSync(data);
  cpSync(RULES, product, { recursive: true });
  const shelf = () => new FigureShelf(data, product);
  const first = shelf().rulesInUse();
  assert.deepEqual([first.refusal, first.folder], [null, product]);
  appendFileSync(join(product, 'measures/alerts.yaml'), '\n- { id: broken }\n');
  assert.throws(
    () => shelf().readRules(),
    (error) => error instanceof RefusalError && error.refusal.at?.startsWith('alerts.yaml') === true,
    'nothing to go on with',
  );

  rmSync(product, { recursive: true });
  cpSync(RULES, product, { recursive: true });
  keepRules(product, data);
  appendFileSync(join(product, 'measures/alerts.yaml'), '\n- { id: broken }\n');
  const second = shelf().rulesInUse();
  assert.match(second.refusal?.at ?? '', /^alerts\.yaml/);
  assert.equal(second.folder, join(data, 'rules-in-use'));
  assert.equal(second.rules.set.definitions.length, first.rules.set.definitions.length);

  cpSync(join(RULES, 'measures/alerts.yaml'), join(product, 'measures/alerts.yaml'));
  writeFileSync(join(product, 'views/encounter.json'), '{ "resource": "Encounter", "select": [] }');
  const third = shelf().rulesInUse();
  assert.deepEqual([third.refusal?.code, third.refusal?.at], ['select-missing', 'encounter.json: select']);
  assert.ok(third.rules.free.some(({ name }) => name === 'encounter'));
});

test('[figures F13] every measure that a programme names is there, and the 22 that the county chose are named', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'yimai-rules-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const { set } = new FigureShelf(dir).readRules();
  const shipped = new Set(set.definitions.map(({ id }) => id));
  const { programmes } = loadProgrammes(join(RULES, '../programs'));
  const named = programmes.flatMap((one) => one.measures.map((measure) => `${one.id} ${measure}`));
  assert.ok(named.length > 30);
  assert.deepEqual(
    named.filter((one) => !shipped.has(one.split(' ')[1]!)),
    [],
  );
  const core = programmes.find(({ id }) => id === 'core-22-indicators')?.measures;
  assert.deepEqual(must(loadCoreList(join(RULES, 'measures'), set, '2026-01-01')), core);
});
