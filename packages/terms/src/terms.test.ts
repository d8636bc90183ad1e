// Code sets, levels, regions and pinyin.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ETHNICITY, HOSPITAL_LEVEL, hasCode, SEX } from './code-sets.ts';
import { compareLevels, isOrganisationLevel, isPrimaryCare } from './organisation-levels.ts';
import { namePinyin, wordPinyin } from './pinyin.ts';
import { isInRegion, parentRegion, regionLevel, regionPrefix, regionRange } from './regions.ts';

test('[terms T5] code sets', () => {
  assert.equal(Object.keys(ETHNICITY).length, 58);
  assert.deepEqual([ETHNICITY['01'], ETHNICITY['15'], ETHNICITY['56']], ['汉族', '土家族', '基诺族']);
  assert.equal(HOSPITAL_LEVEL['9'], '三级甲等');
  assert.ok(hasCode(SEX, '9'));
  assert.equal(hasCode(SEX, '3'), false);
  assert.equal(hasCode(SEX, 'toString'), false);
});

test('[terms T6] organisation levels', () => {
  assert.ok(compareLevels('county', 'village') < 0);
  assert.equal(compareLevels('township', 'township'), 0);
  assert.deepEqual(
    ['city', 'county', 'township', 'village'].map((one) => isOrganisationLevel(one) && isPrimaryCare(one)),
    [false, false, true, true],
  );
  assert.equal(isOrganisationLevel('province'), false);
});

test('[terms T7] regions by prefix', () => {
  assert.deepEqual(['530000', '532300', '532301', '532301001', '532301001002'].map(regionLevel), [
    'province',
    'city',
    'county',
    'township',
    'village',
  ]);
  assert.equal(regionPrefix('532301000000'), '532301');
  assert.equal(parentRegion('532301001'), '532301');
  assert.equal(parentRegion('53'), null);
  assert.ok(isInRegion('532301001002', '532300'));
  assert.equal(isInRegion('532401', '532300'), false);
  assert.deepEqual(regionRange('5323'), ['5323', '5324']);
  for (const wrong of ['', '5', '012345', '990000', '53230', '5323010010021'])
    assert.equal(regionPrefix(wrong), null, wrong);
});

test('[terms T7] every region of the shared tables has its level and lies in its parents', (context) => {
  const root =
    process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
  if (!existsSync(`${root}/geo`)) {
    context.skip('the shared region tables are not here');
    return;
  }
  for (const [file, level] of [
    ['counties', 'county'],
    ['townships', 'township'],
    ['villages', 'village'],
  ] as const) {
    const [, ...lines] = readFileSync(`${root}/geo/${file}.csv`, 'utf8').trim().split('\n');
    for (const line of lines) {
      const code = line.split(',')[0] as string;
      assert.equal(regionLevel(code), level, code);
      assert.ok(isInRegion(code, `${code.slice(0, 2)}0000`) && isInRegion(code, code.slice(0, 4)), code);
      const range = regionRange(code.slice(0, 6));
      assert.ok(range && range[0] <= code && code < range[1], code);
    }
  }
});

test('[terms T9] pinyin of names and words', () => {
  assert.deepEqual(namePinyin('单小三'), { full: ['shanxiaosan'], initials: 'sxs' });
  assert.deepEqual(namePinyin('吕布').full, ['lvbu', 'lyubu']);
  assert.deepEqual(wordPinyin('高血压').initials, 'gxy');
});
