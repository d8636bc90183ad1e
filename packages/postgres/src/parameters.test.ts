// What a value becomes on its way: the database must read back what was sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameter } from './parameters.ts';

test('[postgres P17] plain elements stand bare, all others in quotes, and null is never a word', () => {
  assert.equal(parameter(['a-1', '', 'a,b', 'null', 'NULL', null]), '{a-1,"","a,b","null","NULL",NULL}');
  assert.equal(
    parameter(['say "no"', 'back\\slash', '{}', '测试']),
    '{"say \\"no\\"","back\\\\slash","{}","测试"}',
  );
  assert.equal(parameter([1, -2.5, 7n, true]), '{1,-2.5,7,true}');
  assert.equal(parameter([]), '{}');
});

test('[postgres P17] an instant is sent in UTC; what this module does not know is left as it is', () => {
  const at = new Date('2026-11-22T08:00:00.125+08:00');
  assert.equal(parameter(at), '2026-11-22T00:00:00.125Z');
  assert.equal(parameter([at, null]), '{2026-11-22T00:00:00.125Z,NULL}');
  const late = new Date(Date.UTC(12026, 0, 1));
  assert.equal(parameter(late), late);
  const nested = [['a'], ['b']];
  assert.equal(parameter(nested), nested);
  const bytes = Buffer.from('a');
  assert.equal(parameter(bytes), bytes);
  assert.equal(parameter([bytes, null, Buffer.from([0, 255])]), '{"\\\\x61",NULL,"\\\\x00ff"}');
});
