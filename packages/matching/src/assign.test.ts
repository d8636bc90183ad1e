// Tests of the plan: bars, explained scores, no double posting, unmet orders with their reason, repeatability.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalDate } from '@yimai/kit';
import { planAssignments } from './assign.ts';
import { syntheticYear } from './bench.ts';
import { barOf, overlaps, rankCandidates } from './candidates.ts';
import { DEFAULT_RULES, type Order, type Person } from './types.ts';

const day = (text: string) => text as LocalDate;
const order = (id: string, more: Partial<Order> = {}): Order => ({
  id,
  site: 'township-1',
  specialty: '儿科',
  gradeLeast: 2,
  skills: [],
  places: 1,
  priority: 1,
  from: day('2026-03-01'),
  to: day('2026-08-31'),
  ...more,
});
const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  home: 'county-1',
  specialties: ['儿科'],
  grade: 3,
  skills: [],
  away: [],
  lastPosted: null,
  load: 0,
  ...more,
});
const plan = (orders: Order[], people: Person[], rules = DEFAULT_RULES) =>
  planAssignments(orders, people, rules);
const pairs = async (orders: Order[], people: Person[]) =>
  (await plan(orders, people)).assignments.map((one) => `${one.order}-${one.person}`).sort();

test('[matching M1] another specialty, a lower grade, the own site and absence each bar a person', () => {
  assert.equal(barOf(order('o'), person('p', { specialties: ['内科'] })), 'other-specialty');
  assert.equal(barOf(order('o'), person('p', { grade: 1 })), 'grade-below');
  assert.equal(barOf(order('o'), person('p', { grade: 2 })), null);
  assert.equal(barOf(order('o'), person('p', { home: 'township-1' })), 'own-site');
  const away = { from: day('2026-08-31'), to: day('2026-09-30') };
  assert.equal(barOf(order('o'), person('p', { away: [away] })), 'away');
  assert.equal(
    overlaps(
      { from: day('2026-01-01'), to: day('2026-01-31') },
      { from: day('2026-02-01'), to: day('2026-02-02') },
    ),
    false,
  );
});

test('[matching M2] each score is the sum of its parts, and each part is weight times fit', () => {
  const { candidates } = rankCandidates(
    order('o', { skills: ['超声', '心电'] }),
    [person('p', { skills: ['超声'], lastPosted: day('2025-08-31'), load: 1 })],
    DEFAULT_RULES,
  );
  const [one] = candidates;
  assert.deepEqual(
    one?.parts.map((part) => part.points),
    [25, 10, 9.97, 5],
  );
  assert.equal(one?.score, 49.97);
});

test('[matching M3] nobody stands in two places on one day; orders one after the other may share a person', async () => {
  const first = order('o1', { to: day('2026-04-30') });
  assert.deepEqual(await pairs([first, order('o2', { from: day('2026-04-30') })], [person('p')]), ['o1-p']);
  assert.deepEqual(await pairs([first, order('o2', { from: day('2026-05-01') })], [person('p')]), [
    'o1-p',
    'o2-p',
  ]);
});

test('[matching M4] as many places as possible are filled before the fit is looked at', async () => {
  const narrow = person('narrow');
  const wide = person('wide', { specialties: ['儿科', '内科'], grade: 4 });
  assert.deepEqual(await pairs([order('kids'), order('adults', { specialty: '内科' })], [narrow, wide]), [
    'adults-wide',
    'kids-narrow',
  ]);
});

test('[matching M5] an unmet order says why: nobody fits, or those who fit went elsewhere and where', async () => {
  const nobody = await plan([order('o', { specialty: '眼科' })], [person('p')]);
  assert.deepEqual(
    [nobody.unmet[0]?.code, nobody.unmet[0]?.barred],
    ['no-candidate', { 'other-specialty': 1 }],
  );
  const taken = await plan([order('a', { priority: 5 }), order('b')], [person('p')]);
  assert.deepEqual(
    taken.assignments.map((one) => one.order),
    ['a'],
  );
  assert.deepEqual(
    [taken.unmet[0]?.order, taken.unmet[0]?.code, taken.unmet[0]?.taken],
    ['b', 'candidates-taken', [{ person: 'p', by: ['a'] }]],
  );
});

test('[matching M6] a better candidate that was passed over is named with the order that took them', async () => {
  const star = person('star', { specialties: ['儿科', '眼科'], grade: 4 });
  const result = await plan([order('kids'), order('eyes', { specialty: '眼科' })], [star, person('plain')]);
  const kids = result.assignments.find((one) => one.order === 'kids');
  assert.equal(kids?.person, 'plain');
  assert.deepEqual(
    kids?.passedOver.map((one) => [one.person, one.takenBy]),
    [['star', ['eyes']]],
  );
});

test('[matching M7] the plan is the same whatever the order of the lists, and keeps its own limits', async () => {
  const { orders, people } = syntheticYear(40, 60);
  const one = await plan(orders, people);
  const two = await plan([...orders].reverse(), [...people].reverse());
  assert.deepEqual(one, two);
  assert.ok(one.filled > 20, `only ${one.filled} filled`);
  const home = { ...DEFAULT_RULES, mostAwayPerHome: 2 };
  const limited = await plan(orders, people, home);
  const byId = new Map(orders.map((each) => [each.id, each]));
  const homes = new Map(people.map((each) => [each.id, each.home]));
  for (const a of limited.assignments) {
    const start = byId.get(a.order)!.from;
    const away = limited.assignments.filter(
      (b) =>
        homes.get(b.person) === homes.get(a.person) &&
        byId.get(b.order)!.from <= start &&
        start <= byId.get(b.order)!.to,
    );
    assert.ok(away.length <= 2);
  }
});

test('[matching M8] an order for several people gets several, and no more', async () => {
  const result = await plan([order('o', { places: 2 })], [person('a'), person('b'), person('c')]);
  assert.equal(result.assignments.length, 2);
  assert.deepEqual(await plan([], []), { assignments: [], unmet: [], totalScore: 0, filled: 0, asked: 0 });
});
