// The hand-written cases of access, in words that a privacy officer can read, played through the record itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCounty } from './county.fixture.ts';
import { readCases, Story } from './story.fixture.ts';

const FILES = ['leaving', 'locked', 'consent', 'own-file', 'duties', 'emergency'];

test('[access A13] the cases of the privacy officer', async (t) => {
  const county = await testCounty(t);
  let number = 0;
  for (const file of FILES) {
    for (const one of readCases(`${file}.yaml`)) {
      number += 1;
      await t.test(`[access A13] ${file}: ${one.en} ${one.zh}`, () => new Story(county, number).play(one));
    }
  }
  assert.ok(number >= 60, `${number} cases`);
});
