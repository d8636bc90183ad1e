// The county: the shape that the catalogue gives, repeatable, and every person recognisably synthetic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localDate } from '@yimai/kit';
import { readNationalId } from '@yimai/terms';
import { earlierLists, fundYears } from './fund-years.ts';
import { places, residents, staffUsers } from './index.ts';

test('[county C1] 3 county hospitals, 8 township hospitals, 87 clinics, 90 villages, one tree', () => {
  const all = places();
  const count = (kind: string) => all.filter((place) => place.kind === kind).length;
  assert.deepEqual(
    ['general-hospital', 'tcm-hospital', 'maternal-hospital', 'township-hospital', 'village-clinic'].map(
      count,
    ),
    [1, 1, 1, 8, 87],
  );
  const villages = all
    .filter((place) => place.kind === 'township-hospital')
    .flatMap((place) => place.villages);
  assert.equal(villages.length, 90);
  const seen = new Set<string>();
  for (const place of all) {
    assert.ok(place.parent === null || seen.has(place.parent), `${place.id} comes before its parent`);
    seen.add(place.id);
  }
  assert.equal(seen.size, all.length);
});

test('[county C2] the same seed gives the same people; ID numbers are unique, of region 99, with a right check digit', () => {
  const today = localDate('2026-01-01');
  const first = [...residents(3000, today)];
  assert.deepEqual(
    first.map((one) => one.resource),
    [...residents(3000, today)].map((one) => one.resource),
  );
  const numbers = first.map((one) => (one.resource['identifier'] as { value: string }[])[0]!.value);
  assert.equal(new Set(numbers).size, 3000);
  for (const number of numbers) {
    assert.match(number, /^99/);
    assert.notEqual(readNationalId(number, today), null, number);
  }
  for (const one of first) assert.match(JSON.stringify(one.resource), /HTEST/);
});

test('[county C3] every sign-in has a chair at an organisation that exists', () => {
  const ids = new Set(places().map((place) => place.id));
  for (const user of staffUsers()) assert.ok(ids.has(user.org), user.login);
});

test('[county C16] on any day the fund has a closed year first and the running one last, with lists from its first month on', () => {
  const years = (day: string) => fundYears(localDate(day));
  assert.deepEqual(years('2026-11-22'), ['2025', '2026']);
  assert.deepEqual(years('2027-02-03'), ['2026', '2027']);
  assert.deepEqual(
    years('2027-01-10'),
    ['2025', '2026', '2027'],
    'in January the year before is not cleared yet',
  );
  assert.deepEqual(years('2030-05-01'), [], 'a year without rules is not played');
  const [begins, until] = [localDate('2025-11-23'), localDate('2026-11-22')];
  const lists = [...earlierLists([...residents(300, until)], { begins, until, seed: 1 })].map(
    ([, list]) => list,
  );
  const ended = lists.map((one) => (one['billablePeriod'] as { end: string }).end).sort();
  assert.ok(
    ended.length > 10 && ended[0]! < '2025-03' && ended.at(-1)! < begins,
    `${ended[0]} ${ended.at(-1)}`,
  );
  assert.equal(new Set(lists.map(({ id }) => id)).size, lists.length);
});
