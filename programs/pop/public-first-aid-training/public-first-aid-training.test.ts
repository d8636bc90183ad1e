// Acceptance of first aid training: a certificate that runs out and says so before, people counted once by their group.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chinaDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { registerOn } from '@yimai/runtime';
import { type As, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after });
await smallCounty(county);
const TRAINER: As = { role: 'hospital-doctor', org: 'county', person: 'expert-1' };
const ELSEWHERE: As = { role: 'hospital-doctor', org: 'tcm', person: 'expert-2' };
const COURSE = '网约车司机急救班（虚构）';
const DAY = 86_400_000;

const course = { course: COURSE, day: '2026-03-02', hours: 6 };
await county.apply(TRAINER, 'register.put', { register: 'first-aid-courses', entry: course });
const attendance = (holder: string, group: string, of = COURSE) => ({
  loop: 'first-aid-certificate',
  answers: { holder: `Patient/${holder}`, group, course: of },
});
const attend = async (holder: string, group: string): Promise<string> =>
  (await county.apply(TRAINER, 'loop.open', attendance(holder, group))).case;
const check = (id: string, score: number, event = 'check') =>
  county.apply(TRAINER, 'loop.act', { case: id, event, answers: { score } });
const place = async (id: string) => (await county.caseState(id)).positions[0];
const reminders = async (id: string) =>
  (
    await county.database.run<{ person: string; at: Date }>(
      sql`select person, at from notice where case_id = ${id} and about = 'remind' order by at`,
    )
  ).rows.map((row) => [row.person, chinaDate(row.at)]);

test('[public-first-aid-training/1] a certificate has an expiry date and its holder is reminded before it', async () => {
  const strange = await county.refuse(TRAINER, 'loop.open', attendance('driver-1', 'drivers', '没有的班'));
  assert.equal(strange.code, 'course-unknown');
  const id = await attend('driver-1', 'drivers');
  const foreign = { case: id, event: 'check', answers: { score: 95 } };
  assert.equal((await county.refuse(ELSEWHERE, 'loop.act', foreign)).code, 'not-your-turn');
  await check(id, 79);
  assert.equal((await place(id))?.state, 'attended', '79 points are no pass');
  await check(id, 80);
  const certified = await place(id);
  assert.equal(certified?.state, 'certified', '80 points are');
  assert.equal((await county.caseState(id)).data['expires'], '2028-03-02');
  assert.equal(certified?.owner?.person, 'Patient/driver-1');
  assert.equal(certified?.due, Date.parse('2028-03-03T00:00:00+08:00') - 1, 'the day of expiry still counts');
  county.clock.advanceTo(new Date('2028-01-01T04:00:00Z'));
  await county.due.fireDue();
  assert.deepEqual(await reminders(id), [], 'more than 60 days before nobody is told');
  await county.advance(DAY);
  await county.advance(47 * DAY);
  const told = await reminders(id);
  assert.deepEqual(
    told.map(([person]) => person),
    ['Patient/driver-1', 'Patient/driver-1'],
    'once 60 and once 14 days before',
  );
  assert.ok(told.every(([, day]) => day! < '2028-03-02'));
  const short = { case: id, event: 'renew', answers: { score: 60 } };
  assert.equal((await county.refuse(TRAINER, 'loop.act', short)).code, 'not-passed');
  await check(id, 90, 'renew');
  assert.equal((await county.caseState(id)).data['expires'], '2030-02-18');
  county.clock.advanceTo(new Date('2028-03-04T01:00:00Z'));
  await county.due.fireDue();
  assert.equal((await place(id))?.state, 'certified', 'the old date no longer ends it');
  county.clock.advanceTo(new Date('2030-02-19T01:00:00Z'));
  await county.due.fireDue();
  assert.equal((await place(id))?.state, 'expired');
});

test('[public-first-aid-training/2] people trained are counted by group, each once; who did not pass is not counted', async () => {
  const unknown = await county.refuse(TRAINER, 'loop.open', attendance('x', 'passers-by'));
  assert.equal(unknown.code, 'code-unknown');
  const groups = { drivers: 2, pupils: 3, teachers: 1, parents: 2 };
  for (const [group, count] of Object.entries(groups))
    for (let n = 2; n < count + 2; n += 1) await check(await attend(`${group}-${n}`, group), 85);
  await attend('pupil-absent', 'pupils');
  await check(await attend('parent-failed', 'parents'), 55);
  // The same teacher takes a second course: one person, the newer certificate.
  await county.advance(DAY);
  await check(await attend('teachers-2', 'teachers'), 99);
  const today = chinaDate(county.clock.now());
  const { rows } = await county.report('trained-by-group', today);
  const byGroup = Object.fromEntries(rows.map(({ of, cells }) => [of[0], cells[0]]));
  assert.deepEqual(byGroup, { ...groups, drivers: 3 }, 'with the driver of the first test');
  const teachers = await registerOn(county.database, 'first-aid-trained', today, {
    limit: 10,
    where: { group: 'teachers' },
  });
  assert.deepEqual(
    teachers.map((one) => one.data['score']),
    [99],
  );
});
