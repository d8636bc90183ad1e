// Freezing and restating on a record: who may, when, once under haste; what is not known is refused at its place.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RefusalError } from '@yimai/kit';
import { loadPolicy, type Resource } from '@yimai/record';
import { type As, smallCounty, type TestCounty, testCounty } from '@yimai/runtime/testing';
import { measureCommands } from './freeze-command.ts';
import { freezeFigure } from './frozen.ts';
import { entry, figureSource, figuresOf } from './testing.ts';
import { maskSmallCounts } from './values.ts';

const house: TestCounty = await testCounty(
  { after },
  { start: '2025-02-10T01:00:00Z', handlers: measureCommands(figureSource(() => house)) },
);
await smallCounty(house);
await house.put(
  entry('east', { make: 'org', level: 'county', class: 'county' }),
  entry('h', { make: 'org', level: 'county', class: 'hospital', parent: 'east' }),
  entry('t', { make: 'org', level: 'township', class: 'township-hospital', parent: 'east' }),
  ...Array.from({ length: 20 }, (_, index) =>
    entry(`e${index}`, {
      make: 'encounter',
      org: index < 5 ? 't' : 'h',
      number: `${index}`,
      patient: `${index}`,
      on: index < 3 ? '2024-04-01' : '2024-03-01',
    }),
  ),
);
const OFFICE: As = { role: 'consortium-office', org: 'east', person: 'clerk' };
const asked = { measure: 'primary-visit-share', period: '2024', scope: 'east' };
const refused = async (change: object, as = OFFICE, type = 'measure.freeze') => {
  const { code, at } = await house.refuse(as, type, { ...asked, ...change });
  return [code, at];
};

async function shareOf(period: string) {
  const figures = await figuresOf(house);
  const value = await figures.value('primary-visit-share', period, 'east');
  figures.close();
  return value;
}

test('[measures M22] what is not known, not over or not collected is refused at its place', async () => {
  assert.deepEqual(await refused({ measure: 'nothing' }), ['unknown-measure', 'payload.measure']);
  assert.deepEqual(await refused({ scope: 'nowhere' }), ['unknown-scope', 'payload.scope']);
  assert.deepEqual(await refused({ scope: 't' }), ['wrong-level', 'payload.scope']);
  assert.deepEqual(await refused({ period: '2025-02' }), ['period-running', 'payload.period']);
  assert.deepEqual(await refused({ period: 'soon' }), ['wrong-period', 'payload.period']);
  assert.deepEqual(
    await refused({ period: '2019' }),
    ['unknown-measure', 'payload.measure'],
    'not in force then',
  );
  assert.deepEqual(await refused({ measure: 'drug-share' }), ['not-collected', 'payload.measure']);
  assert.deepEqual(await refused({ scope: '' }), ['field-missing', 'payload.scope']);
  assert.deepEqual(await refused({ colour: 'red' }), ['field-unknown', 'payload.colour']);
  assert.deepEqual(await refused({ reason: ' ' }, OFFICE, 'measure.restate'), [
    'reason-missing',
    'payload.reason',
  ]);
  const doctor: As = { role: 'township-doctor', org: 't', person: 'director-a' };
  assert.equal((await refused({}, doctor))[1], 'payload.scope');
});

test('[measures M22] of several who freeze at once one writes; the report answers until it is restated', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => house.send(OFFICE, 'measure.freeze', asked)));
  assert.deepEqual(answers.map(({ outcome }) => outcome).sort(), ['applied', 'refused', 'refused']);
  await house.put(
    entry('late', { make: 'encounter', org: 't', number: '99', patient: '99', on: '2024-12-31' }),
  );
  const frozen = await shareOf('2024');
  assert.deepEqual([frozen.value, frozen.denominator, frozen.frozenAt !== null], [25, 20, true]);
  const restated = await house.apply(OFFICE, 'measure.restate', { ...asked, reason: '补录一例' });
  assert.deepEqual([restated.version, restated.numerator, restated.denominator], [2, 6, 21]);
  assert.equal((await shareOf('2024')).numerator, 6);
});

test('[measures M23] small counts of persons are kept exact for the figures and stand in no report', async () => {
  const month = { ...asked, period: '2024-04' };
  const answer = await house.apply(OFFICE, 'measure.freeze', month);
  assert.deepEqual(
    [answer.masked, answer.value, answer.numerator, answer.denominator],
    [true, null, null, null],
  );
  const report = await house.resource('MeasureReport', answer.report);
  const text = JSON.stringify(report);
  assert.doesNotMatch(text, /valueDecimal|measureScore/, text);
  // A visit that comes in late changes the month, not what was frozen of it.
  await house.put(
    entry('late-april', { make: 'encounter', org: 't', number: '98', patient: '98', on: '2024-04-30' }),
  );
  const frozen = await shareOf('2024-04');
  assert.deepEqual([frozen.numerator, frozen.denominator, frozen.counts], [3, 3, [3, 3, 0]]);
  assert.equal(maskSmallCounts(frozen).masked, true, 'hidden at reading from who sees no persons');
  await house.apply(OFFICE, 'measure.restate', { ...month, reason: '补录一例' });
  assert.equal((await shareOf('2024-04')).numerator, 4);
  const kept = await house.record.read(house.record.systemAccess(), 'Basic', answer.report);
  assert.equal(kept?.version, 2, 'the exact numbers have their history too');
});

test('[measures M23] no role reads exact numbers; a report that a person sends is not frozen', async () => {
  const answer = await house.apply(OFFICE, 'measure.freeze', { ...asked, period: '2024-03' });
  const policy = loadPolicy();
  const opened = [...policy.roles.keys()].filter((role) =>
    policy.rowsOf(role).some(({ kinds }) => kinds.includes('exact-figure')),
  );
  assert.deepEqual(opened, []);
  const access = house.access(OFFICE);
  assert.equal(await house.record.read(access, 'Basic', answer.report), null);
  assert.ok(await house.record.read(access, 'MeasureReport', answer.report));

  const { meta, ...forged } = freezeFigure(
    { ...(await shareOf('2024-02')), value: 99, numerator: 99, denominator: 100 },
    { from: '2024-02-01', until: '2024-03-01' },
    new Date('2025-02-01T00:00:00Z'),
  );
  const send = (resource: object) =>
    house.record.transaction(access, { via: 'rest' }, (tx) => tx.create(resource as Resource));
  await assert.rejects(
    send({ ...forged, meta }),
    (error: RefusalError) => error.refusal.code === 'engine-owned',
  );
  await send(forged);
  assert.equal((await shareOf('2024-02')).value, null, 'what a person wrote is a report, not a frozen value');
});

test('[measures M22] before anything was published freezing asks to come again', async (t) => {
  const bare = await testCounty(t, {
    start: '2025-02-10T01:00:00Z',
    handlers: measureCommands({ use: () => Promise.resolve(null) }),
  });
  await smallCounty(bare);
  const { code } = await bare.refuse({ ...OFFICE, org: 'county' }, 'measure.freeze', {
    ...asked,
    scope: 'county',
  });
  assert.equal(code, 'views-not-published');
});
