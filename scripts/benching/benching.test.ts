// Shows that figures are read as rooms give them, and that a page keeps what people wrote between the tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFigures, table } from './figures.ts';
import { writeRows } from './report.ts';

test('[scripts S6] a figure has its ratio to the floor, and one without a value is a fault', () => {
  const [figure] = readFigures('benchA', [
    { name: 'read', value: 500, unit: '/s', floor: 2_000, target: '0.25' },
  ]);
  assert.equal(figure?.ratio, 0.25);
  assert.throws(() => readFigures('benchA', [{ name: 'read', unit: '/s' }]), /benchA gave a figure without/);
  assert.throws(() => readFigures('benchA', undefined), /benchA gave no figures/);
  assert.match(table([{ name: 'read', value: 12_345.6, unit: '/s' }]), /read\s+12,346\s+\/s/);
});

test('[scripts S6] a run replaces its own rows and leaves the rest of the page', () => {
  const rows = (value: number) => new Map([['loops', [{ name: 'steps', value, unit: '/s' }]]]);
  const day = new Date('2026-11-21T00:00:00Z');
  const once = writeRows('# Bench\n', rows(1), 'a machine', day);
  const edited = once.replace('<!-- /bench:loops -->', '<!-- /bench:loops -->\nThe miss is explained here.');
  const twice = writeRows(edited, rows(2), 'a machine', day);
  assert.match(twice, /\| steps \| 2 \|/);
  assert.doesNotMatch(twice, /\| steps \| 1 \|/);
  assert.match(twice, /The miss is explained here/);
  assert.equal(twice.split('## loops').length, 2);
});
