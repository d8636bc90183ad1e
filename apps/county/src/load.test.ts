// The county loads whole into a fresh record, nothing is refused, and its shares are those of a real county.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chinaInstant, localDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { loadPolicy } from '@yimai/record';
import { surveyRate, workList } from '@yimai/runtime';
import { testCounty } from '@yimai/runtime/testing';
import { loadCounty, yearBefore } from './index.ts';
import { seat } from './stories/stage.ts';

const UNTIL = localDate('2026-11-22');
const place = await testCounty({ after }, { start: '2025-11-23T00:00:00+08:00' });
const { record, database, clock, due } = place;

test('[county C4] a county of 500 residents loads completely with no refusal', {
  timeout: 300_000,
}, async () => {
  const steps: number[] = [];
  const refused = await loadCounty(
    {
      record,
      database,
      clock,
      policy: loadPolicy(),
      fireDue: () => due.fireDue(),
      programmes: place.runtime.context,
    },
    { residents: 500, until: UNTIL, objects: 120, progress: (done) => void steps.push(done) },
  );
  assert.deepEqual(place.faults, []);
  assert.deepEqual(refused, []);
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

test('[county C5] 33 dispatches ran to their end, and work waits for the people who can sign in', async () => {
  const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
    run.run<{ n: number }>(sql`select count(*)::int as n from resource where type = 'Task' and not deleted
      and content::jsonb #>> '{code,coding,0,code}' = 'order-dispatch' and content::jsonb ->> 'status' = 'completed'`),
  );
  assert.equal(rows[0]?.n, 33);
  for (const login of [
    'township',
    'hr',
    'expert',
    'referral',
    'doctor',
    'township-doctor',
    'village',
    'inspector',
    'director',
    'public-health',
    'office',
    'president',
  ]) {
    const { practitioner, role, org } = seat(login);
    const actor = { person: `Practitioner/${practitioner}`, role, organisation: `Organization/${org}` };
    const work = await workList(database, actor, clock.now(), { limit: 50 });
    assert.ok(work.length > 0, `nothing waits for ${login}`);
  }
});

test('[county C13] taken up again, with the weeks that were delivered or without, nothing is added and nothing refused', async () => {
  const heads = async () =>
    (
      await database.tx({ 'app.reach': 'all' }, (run) =>
        run.run<{ n: number; versions: number }>(
          sql`select count(*)::int as n, sum(version)::int as versions from resource where not deleted`,
        ),
      )
    ).rows[0]!;
  const before = await heads();
  const refused = await loadCounty(
    {
      record,
      database,
      clock,
      policy: loadPolicy(),
      fireDue: () => due.fireDue(),
      programmes: place.runtime.context,
    },
    { residents: 500, until: UNTIL, objects: 120, delivered: 30 },
  );
  assert.deepEqual(refused, []);
  assert.deepEqual(await heads(), before);
});

/** Opened by what measures and alerts find, told by a survey, or entered from visits that the interfaces deliver. */
const SHOWS_ELSEWHERE = [
  'data/figure-alerts',
  'insp/abnormal-indicator-warning',
  'exp/patient-satisfaction',
  'exp/free-revisit-three-days',
];

test('[county C14] every programme with loops, registers or trees shows something', async () => {
  const { rows } = await database.run<{ id: string }>(sql`select distinct loop as id from loop_case
    union select distinct register from register_entry union select distinct tree from tree_node`);
  const shown = new Set(rows.map((row) => row.id));
  const silent = place.runtime.context.programmes
    .filter((one) => one.domain !== 'fund' && !SHOWS_ELSEWHERE.includes(`${one.domain}/${one.id}`))
    .map((one) => ({
      name: `${one.domain}/${one.id}`,
      ids: [
        ...one.loops.map((loop) => loop.declaration.id),
        ...one.registers.map((register) => register.id),
        ...one.trees.map((tree) => tree.id),
      ],
    }))
    .filter(({ ids }) => ids.length > 0 && !ids.some((id) => shown.has(id)))
    .map(({ name }) => name);
  assert.deepEqual(silent, []);
});

test('[county C15] the figures of the catalogue: 33 experts in 2 batches, 97.62 per cent satisfied, all patrols of the year', async () => {
  const batches = await database.run<{ batch: number; n: number }>(
    sql`select (data ->> 'batch')::int as batch, count(*)::int as n from register_entry
      where register = 'dispatch-results' group by 1 order by 1`,
  );
  assert.deepEqual(batches.rows, [
    { batch: 1, n: 15 },
    { batch: 2, n: 18 },
  ]);
  const { rate, publishable } = await surveyRate(
    place.runtime.context,
    database,
    'community-satisfaction',
    chinaInstant(yearBefore(UNTIL)),
    clock.now(),
  );
  assert.deepEqual([rate, publishable], [97.62, true]);
  const patrols = await database.run<{ n: number }>(
    sql`select count(*)::int as n from register_entry where register = 'check-log'`,
  );
  // 8,325 for 2,604 objects; this county has 120 of them.
  assert.equal(patrols.rows[0]?.n, Math.round((8_325 * 120) / 2_604));
});

test('[county C17] offices report the year and houses their services for one another', async () => {
  const counted = (types: readonly string[], path: string) =>
    database.tx({ 'app.reach': 'all' }, async (run) => {
      const { rows } = await run.run<{ kind: string; n: number }>(sql`
        select jsonb_path_query_first(content::jsonb, ${path}::jsonpath) #>> '{}' as kind, count(*)::int as n
        from resource where type = any(${[...types]}::text[]) and not deleted group by 1`);
      return new Map(rows.map(({ kind, n }) => [kind, n]));
    });
  const tasks = await counted(['Task'], '$.code.coding[0].code');
  for (const kind of [
    'recognition',
    'remote-consultation',
    'cloud-service',
    'elderly-guidance',
    'self-service',
  ])
    assert.ok((tasks.get(kind) ?? 0) > 20, `${kind}: ${tasks.get(kind)}`);
  const kept = await counted(['Basic'], '$.code.coding[0].code');
  for (const [kind, least] of [
    ['cloud-department', 11],
    ['recognition-item', 86],
    ['research-project', 7],
  ] as const)
    assert.equal(kept.get(kind), least, kind);
  const reports = await counted(['MeasureReport'], '$.group[0].code.coding[0].code');
  assert.equal(reports.get('fiscal-input'), 4);
});

test('[county C18] what waits and what has ended is there: bookings, publications, adoptions, evaluations', async () => {
  const { rows } = await database.run<{ id: string; n: number }>(sql`
    select register as id, count(*)::int as n from register_entry group by 1
    union all select pool, count(*)::int from pool_booking group by 1`);
  const count = new Map(rows.map(({ id, n }) => [id, n]));
  for (const [id, least] of [
    ['visiting-slots', 20],
    ['visiting-expert-days', 10],
    ['visiting-activity', 8],
    ['enforcement-records', 6],
    ['enforcement-publications', 2],
    ['practice-adoptions', 5],
    ['techniques', 4],
    ['dispatch-evaluations', 3],
    ['incentives', 2],
    ['sentinel-pay', 1],
  ] as const)
    assert.ok((count.get(id) ?? 0) >= least, `${id}: ${count.get(id)}`);
});
