// ICD look-up by code, characters, pinyin and initials, and its speed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IcdTable, loadIcdTable } from './icd.ts';

const diagnoses = loadIcdTable('diagnoses');
const procedures = loadIcdTable('procedures');
const first = (table: IcdTable, query: string): string => table.search(query, 1)[0]?.name ?? '';

test('[terms T8] the same diagnosis by code, characters, pinyin and initials', () => {
  assert.equal(diagnoses.byCode('i10.x00')?.name, '特发性（原发性）高血压');
  assert.equal(diagnoses.byCode('I99.none'), undefined);
  assert.equal(first(diagnoses, 'I10.x00'), '特发性（原发性）高血压');
  for (const query of ['高血压', 'gaoxueya', 'gxy', 'GXY', ' ｇｘｙ '])
    assert.equal(first(diagnoses, query), '高血压', query);
  assert.equal(first(procedures, 'lanweiqiechushu'), '阑尾切除术');
  assert.equal(first(procedures, '阑尾切除'), '阑尾切除术');
  assert.equal(diagnoses.search('tnb')[0]?.by, 'initials');
});

test('[terms T8] nothing found is an empty list, and the limit holds', () => {
  assert.deepEqual(diagnoses.search(''), []);
  assert.deepEqual(diagnoses.search('zzzzzz'), []);
  assert.deepEqual(diagnoses.search('\n'), []);
  assert.equal(diagnoses.search('a', 7).length, 7);
  const codes = diagnoses.search('炎', 50).map((hit) => hit.code);
  assert.equal(new Set(codes).size, 50);
});

test('[terms T8] every code finds its own entry first (seed: every 997th)', () => {
  for (let at = 0; at < diagnoses.entries.length; at += 997) {
    const entry = diagnoses.entries[at];
    assert.equal(diagnoses.search(entry?.code ?? '', 1)[0]?.code, entry?.code);
  }
});

test('[terms T8] a look-up stays under 5 ms', () => {
  for (const query of ['g', 'I10', '病', '冠状动脉粥样硬化', 'gaoxueya', 'tnb', 'zzzzzz']) {
    diagnoses.search(query);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      diagnoses.search(query);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    assert.ok((times[2] as number) < 5, `${query} took ${times[2]} ms`);
  }
});
