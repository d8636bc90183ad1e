// Tests of repeating a draw in the browser against the draw of the matching room itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrawRow } from '../contract.ts';
import { commitmentOf, repeats } from './repeat-draw.ts';

// Made once by the matching room: draw(['a'..'f'], {seed: 'seed-2026', count: 2, reserves: 1}).
const ROW: DrawRow = {
  id: 'd',
  at: '2026-03-05T00:00:00Z',
  seed: 'seed-2026',
  commitment: '3c22d2a312eaa6d0546ab2fd424ef00619b2346c3b32813e3e3900700d0257b7',
  pool: ['a', 'b', 'c', 'd', 'e', 'f'],
  chosen: [
    { id: 'b', name: '' },
    { id: 'f', name: '' },
  ],
  reserves: [{ id: 'd', name: '' }],
  excluded: [],
};

test('[desk D40] a draw repeated from its seed is the same; another seed, another order or another commitment is not', async () => {
  assert.equal(await commitmentOf('seed-2026'), ROW.commitment);
  assert.equal(await repeats(ROW), 'same');
  assert.equal(await repeats({ ...ROW, seed: 'seed-2027' }), 'different');
  assert.equal(await repeats({ ...ROW, chosen: [...ROW.chosen].reverse() }), 'different');
  assert.equal(await repeats({ ...ROW, commitment: 'x' }), 'different');
  assert.equal(await repeats({ ...ROW, pool: [...ROW.pool, 'g'].reverse() }), 'different');
});
