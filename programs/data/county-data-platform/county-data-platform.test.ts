// Acceptance of the county platform: two ids joined with a trail, coverage by level, a message once, each view logged.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rowKey } from '@yimai/fhir';
import { must, uuidv7 } from '@yimai/kit';
import { entry, figuresOf } from '@yimai/measures/testing';
import { loadPolicy, searchAudit } from '@yimai/record';
import { storyOf, timeline } from '@yimai/runtime';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const house = await testCounty({ after });
await smallCounty(house);
const DOCTOR: As = { role: 'township-doctor', org: 'town-a', person: 'director-a' };
const resident = (id: string, org = 'town-a') => entry(id, { make: 'resident', birth: '1950-01-01', org });
await house.put(
  resident('card-old'),
  resident('card-new'),
  resident('neighbour'),
  resident('elsewhere', 'town-b'),
);
const merge = (file: string, into: string) => ({
  loop: 'resident-merge',
  subject: `Patient/${file}`,
  answers: {
    resident: `Patient/${file}`,
    'same-as': `Patient/${into}`,
    grounds: '同一身份证件，旧卡补录（合成）',
  },
});

test('[county-data-platform/1] one resident with two ids is joined with a trail of who and why', async () => {
  assert.equal((await house.refuse(DOCTOR, 'loop.open', merge('card-old', 'card-old'))).code, 'same-file');
  const { case: id } = await house.apply(DOCTOR, 'loop.open', merge('card-old', 'card-new'));
  assert.deepEqual(
    await storyOf(house.database, 'resident-identities', 'Patient/card-old'),
    [],
    'not before the check',
  );
  const alone = await house.refuse(DOCTOR, 'loop.act', { case: id, event: 'join' });
  assert.equal(alone.code, 'not-your-turn', 'nobody joins what they proposed');
  await house.apply(OFFICE, 'loop.act', { case: id, event: 'join' });
  const [joined] = await storyOf(house.database, 'resident-identities', 'Patient/card-old');
  assert.equal(joined?.data['same-as'], 'Patient/card-new');
  assert.match(String(joined?.data['grounds']), /身份证件/);
  assert.deepEqual(
    (await timeline(house.database, id)).map(({ person, role }) => [person, role]),
    [
      ['Practitioner/director-a', 'township-doctor'],
      ['Practitioner/clerk', 'consortium-office'],
    ],
  );
  assert.equal(
    (await house.refuse(DOCTOR, 'loop.open', merge('card-old', 'neighbour'))).code,
    'already-joined',
  );
  assert.equal(
    (await house.refuse(DOCTOR, 'loop.open', merge('neighbour', 'card-old'))).code,
    'file-was-joined',
  );
  const { case: other } = await house.apply(DOCTOR, 'loop.open', merge('neighbour', 'card-new'));
  const mute = { case: other, event: 'refuse' };
  assert.equal((await house.refuse(OFFICE, 'loop.act', mute)).code, 'reason-missing');
  await house.apply(OFFICE, 'loop.act', { ...mute, reason: '同名不同人' });
  assert.deepEqual(await storyOf(house.database, 'resident-identities', 'Patient/neighbour'), []);
  const old = await house.resource('Patient', 'card-old');
  assert.equal(old['active'], true, 'the joined file is kept, not deleted');
});

test('[county-data-platform/2] coverage by level is connected by all: 100 % at three levels, less when one is missing', async () => {
  const org = (id: string, level: string, kind: string, parent: string, more: object = {}) =>
    entry(id, { make: 'org', level, class: kind, parent, ...more });
  const connect = (site: string, more: object = {}) =>
    entry(`f-${site}-${Object.values(more).join('')}`, {
      make: 'feature',
      org: site,
      feature: 'platform-connected',
      on: '2024-01-01',
      ...more,
    });
  const towns = Array.from({ length: 8 }, (_, n) => org(`t${n}`, 'township', 'township-hospital', 'shangsi'));
  const villages = Array.from({ length: 40 }, (_, n) =>
    org(`v${n}`, 'village', 'village-clinic', `t${n % 8}`),
  );
  await house.put(
    entry('shangsi', { make: 'org', level: 'county', class: 'county' }),
    org('h0', 'county', 'hospital', 'shangsi'),
    org('school', 'county', 'school', 'shangsi'),
    ...towns,
    ...villages,
    connect('h0'),
    ...towns.map(({ id }) => connect(id!)),
    ...villages.slice(0, 39).map(({ id }) => connect(id!)),
    // The same clinic twice, a connection that ended, one that was never switched on, another feature.
    connect('v0', { from: '2024-02-02' }),
    connect('v39', { to: '2024-06-30' }),
    connect('v39', { active: false }),
    connect('v39', { feature: 'remote-ecg' }),
  );
  const before = await figuresOf(house);
  const values = async (figures: typeof before, scope = 'shangsi') =>
    Promise.all(
      ['county', 'township', 'village'].map(async (level) => {
        const { numerator, denominator, value } = await figures.value(
          `platform-cover-${level}`,
          '2024',
          scope,
        );
        return [numerator, denominator, value];
      }),
    );
  assert.deepEqual(await values(before), [
    [1, 1, 100],
    [8, 8, 100],
    [39, 40, 97.5],
  ]);
  before.close();
  await house.put(connect('v39', { from: '2024-07-01' }));
  const later = await figuresOf(house);
  assert.deepEqual((await values(later))[2], [40, 40, 100]);
  later.close();
});

test('[county-data-platform/3] a message sent twice gives one record', async () => {
  const visit = entry('ignored', {
    make: 'encounter',
    org: 'town-a',
    patient: 'card-new',
    number: 'HIS-1',
    on: '2026-03-02',
  });
  const access = house.record.systemAccess();
  const deliver = async (times: number) => {
    const importer = house.record.importer(access, { via: 'import' });
    for (let n = 1; n <= times; n += 1) await importer.add(JSON.stringify({ ...visit, id: 'HIS-1' }), n);
    return importer.finish();
  };
  const first = await deliver(1);
  const again = await deliver(2);
  assert.deepEqual([first.created, again.created, again.updated, again.unchanged], [1, 0, 0, 2]);
  assert.equal((await house.record.readVersion(access, 'Encounter', 'HIS-1', 2)) ?? null, null);
  const message = uuidv7();
  const open = merge('elsewhere', 'card-new');
  const one = await house.send(DOCTOR, 'loop.open', open, { id: message });
  const two = await house.send(DOCTOR, 'loop.open', open, { id: message });
  assert.deepEqual([one.outcome, two.result], ['applied', one.result]);
});

test('[county-data-platform/4] each view is logged with who, whose record and when; no view, no entry', async () => {
  const policy = loadPolicy();
  const seen = async () => {
    await house.record.sequencer.settle();
    const query = { patient: 'card-new', action: 'read', agent: rowKey('User', DOCTOR.person) };
    return must(await searchAudit(house.database, policy, house.record.systemAccess(), query)).events;
  };
  const start = (await seen()).length;
  const visit = () => house.record.read(house.access(DOCTOR), 'Encounter', 'HIS-1');
  assert.ok(await visit());
  assert.ok(await visit());
  const events = await seen();
  assert.equal(events.length - start, 2, 'two views, two entries');
  assert.match(JSON.stringify(events[0]), /Encounter\/HIS-1/);
  const stranger: As = { role: 'township-doctor', org: 'town-b', person: 'director-b' };
  assert.equal(
    await house.record.read(house.access(stranger), 'Encounter', 'HIS-1'),
    null,
    'shared by right only',
  );
  assert.equal((await seen()).length - start, 2, 'what was not shown is not a view');
  // The entry of the index that joined the two files is a view of its resident too.
  const [joined] = await storyOf(house.database, 'resident-identities', 'Patient/card-old');
  const views = async () => {
    await house.record.sequencer.settle();
    const query = { patient: 'card-old', action: 'read', agent: rowKey('User', DOCTOR.person) };
    return must(await searchAudit(house.database, policy, house.record.systemAccess(), query)).events.length;
  };
  const before = await views();
  assert.ok(await house.record.read(house.access(DOCTOR), 'Basic', joined?.id ?? ''));
  assert.equal((await views()) - before, 1);
});
