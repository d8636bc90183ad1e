// The played year has the shares of a real county, and its settlement lists are read and grouped by the fund's own rooms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@yimai/fhir';
import { group, loadScheme, STATUS } from '@yimai/grouping';
import { localDate, must } from '@yimai/kit';
import { stayOf } from '@yimai/ledger';
import { Books } from './books.ts';
import { residents } from './residents.ts';
import type { Admission } from './stays.ts';
import type { Visit } from './visits.ts';
import { opening, WEEKS, weekAt, weekOf, type Year, yearBefore } from './week.ts';

const UNTIL = localDate('2026-11-22');
const PEOPLE = 2_500;

interface Played {
  readonly visits: Visit[];
  readonly stays: Admission[];
  readonly resources: Resource[];
}

function play(count: number): Played {
  const visits: Visit[] = [];
  const stays: Admission[] = [];
  const resources: Resource[] = [];
  const year: Year = {
    begins: yearBefore(UNTIL),
    seed: 1,
    dead: new Set(),
    onVisit: (visit) => void visits.push(visit),
    onStay: (stay) => void stays.push(stay),
  };
  const people = [...residents(count, UNTIL)];
  for (const one of people) resources.push(...opening(one, year));
  for (let week = 0; week < WEEKS; week += 1)
    for (const one of people) resources.push(...weekOf(one, weekAt(year, week), year));
  return { visits, stays, resources };
}

const { visits, stays, resources } = play(PEOPLE);
const share = <T>(list: readonly T[], fits: (one: T) => boolean) => list.filter(fits).length / list.length;
const within = (value: number, low: number, high: number, what: string) =>
  assert.ok(value >= low && value <= high, `${what}: ${value} is not within ${low} to ${high}`);

test('[county C6] visits: 55-65 % in village and township, about 10 % outside, 4-8 a person', () => {
  within(
    share(visits, (one) => one.site === 'village' || one.site === 'township'),
    0.55,
    0.65,
    'primary',
  );
  within(
    share(visits, (one) => one.site === 'outside'),
    0.08,
    0.12,
    'outside',
  );
  within(visits.length / PEOPLE, 4, 8, 'visits a person');
});

test('[county C7] stays: 10-15 per 100 residents, 6-10 days, case mix 0.75-1.1 inside the county', () => {
  within((stays.length / PEOPLE) * 100, 10, 15.5, 'stays');
  within(stays.reduce((sum, one) => sum + one.days, 0) / stays.length, 6, 10, 'days');
  const weighted = stays.filter((one) => one.site !== 'O' && one.weight !== null);
  within(weighted.reduce((sum, one) => sum + one.weight!, 0) / weighted.length, 0.75, 1.1, 'case mix');
  within(
    share(stays, (one) => one.site === 'O'),
    0.04,
    0.14,
    'stays outside',
  );
});

test('[county C8] every settlement list is read by the fund and falls into a group of CHS-DRG 1.1 and of the county', () => {
  const persons = new Map(
    resources
      .filter((one) => one.resourceType === 'Patient')
      .map((one) => [`Patient/${one.id}`, one as { gender?: string; birthDate?: string }]),
  );
  const claims = resources.filter((one) => one.resourceType === 'Claim');
  assert.ok(claims.length > 200);
  const schemes = ['chs_drg_11', 'guangxi_2022'].map((name) => must(loadScheme(name)));
  for (const scheme of schemes) {
    const found = claims.map((claim) => {
      const patient = persons.get((claim['patient'] as { reference: string }).reference) ?? null;
      const list = must(stayOf({ claim, patient, levelOf: () => 'secondary' }));
      return group(list.stay, scheme).status;
    });
    within(
      share(found, (one) => one === STATUS.grouped),
      0.97,
      1,
      scheme.rules.scheme,
    );
  }
});

test('[county C9] the parts of every settlement list add up to its total', () => {
  for (const claim of resources.filter((one) => one.resourceType === 'Claim')) {
    const items = claim['item'] as { net: { value: number } }[];
    const total = (claim['total'] as { value: number }).value;
    assert.equal(
      Math.round(items.reduce((sum, one) => sum + one.net.value * 100, 0)),
      Math.round(total * 100),
    );
  }
});

test('[county C10] ids are unique but for the files that death closes; everything says that it is synthetic', () => {
  const deaths = resources.filter((one) => one['deceasedDateTime'] !== undefined).length;
  const ids = new Set(resources.map((one) => `${one.resourceType}/${one.id}`));
  assert.equal(ids.size, resources.length - deaths);
  for (const one of resources) assert.match(JSON.stringify(one['meta']), /HTEST/);
});

test('[county C11] the same people live the same year again', () => {
  assert.deepEqual(play(60).resources, play(60).resources);
});

test('[county C12] the books of a month are the sums of its visits and stays inside the county', () => {
  const books = new Books();
  for (const visit of visits) books.visit(visit);
  for (const stay of stays) books.stay(stay);
  const lines = (
    books.reports('2026-03') as unknown as {
      group: { code: { coding: { code: string }[] }; measureScore: { value: number } }[];
    }[]
  ).flatMap((one) => one.group);
  const sum = (line: string) =>
    lines
      .filter((one) => one.code.coding[0]!.code === line)
      .reduce((total, one) => total + one.measureScore.value, 0);
  assert.equal(
    sum('outpatient-visits'),
    visits.filter((one) => one.on.startsWith('2026-03') && one.site !== 'outside').length,
  );
  const march = stays.filter((one) => one.dischargedOn.startsWith('2026-03') && one.site !== 'O');
  assert.equal(sum('discharges'), march.length);
  const income = march.reduce((total, one) => total + Number(one.costFen), 0) / 100;
  assert.ok(Math.abs(sum('inpatient-income') - income) < 1);
});
