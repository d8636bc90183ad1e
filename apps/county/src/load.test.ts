// The county loads whole into a fresh record, nothing is refused, and its shares are those of a real county.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { localDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { loadPolicy } from '@yimai/record';
import { testCounty } from '@yimai/runtime/testing';
import { loadCounty } from './index.ts';

const UNTIL = localDate('2026-11-22');
const place = await testCounty({ after }, { start: '2025-11-23T00:00:00+08:00' });
const { record, database, clock, due } = place;

test('[county C4] a county of 500 residents loads completely with no refusal', {
  timeout: 300_000,
}, async () => {
  const steps: number[] = [];
  await loadCounty(
    { record, database, clock, policy: loadPolicy(), fireDue: () => due.fireDue() },
    { residents: 500, until: UNTIL, progress: (done) => void steps.push(done) },
  );
  assert.deepEqual(place.faults, []);
  const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
    run.run<{ type: string; n: number }>(
      sql`select type, count(*)::int as n from resource where not deleted group by type`,
    ),
  );
  const count = Object.fromEntries(rows.map((row) => [row.type, row.n]));
  assert.equal(count['Patient'], 500);
  assert.ok(count['Encounter']! > 2000, `${count['Encounter']} encounters`);
  assert.ok(count['Claim']! > 40, `${count['Claim']} settlement lists`);
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
});
