// The flat look-up must answer exactly as a map of strings would.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodeIndex } from './code-index.ts';

const code = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.stringMatching(/^[A-Z]\d\d\.\d{3}(x\d{3})?$/),
  fc.constantFrom(
    '',
    ' ',
    'A',
    'A ',
    '_',
    'x',
    'A54.301+H13.1*',
    'A54.301+H13.1*1',
    'A54.301+H13.1*12',
    '霍乱',
  ),
);

test('[grouping G4] codes are compared as exact strings: the index answers as a map does (seed 7)', () => {
  fc.assert(
    fc.property(fc.array(code), fc.array(code), (known, asked) => {
      const index = new CodeIndex(known.length);
      const map = new Map<string, number>();
      known.forEach((text, row) => {
        index.set(text, row);
        map.set(text, row);
      });
      for (const text of [...known, ...asked])
        assert.equal(index.get(text), map.get(text) ?? -1, JSON.stringify(text));
    }),
    { seed: 7, numRuns: 500 },
  );
});
