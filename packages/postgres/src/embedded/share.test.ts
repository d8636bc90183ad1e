// The share of the machine: in proportion, never less than the server needs, never more than helps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferMegabytes, freeBytes, walMegabytes } from './share.ts';

const GB = 1024 ** 3;

test('[postgres P18] an eighth of the memory and a tenth of the free disk, within limits', () => {
  assert.deepEqual(
    [1, 2, 8, 16, 64].map((gb) => bufferMegabytes(gb * GB)),
    [256, 256, 1024, 2048, 2048],
  );
  assert.deepEqual(
    [1, 20, 50, 80, 900].map((gb) => walMegabytes(gb * GB)),
    [2048, 2048, 5120, 8192, 8192],
  );
  assert.ok(bufferMegabytes() >= 256);
  assert.ok(freeBytes('/') >= 0);
});
