// Freezing and restating on a record: who may, when, once under haste; what is not known is refused at its place.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type As, smallCounty, type TestCounty, testCounty } from '@yimai/runtime/testing';
import { measureCommands } from './freeze-command.ts';
import { entry, figureSource, figuresOf } from './testing.ts';

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
  const read = async () => {
    const figures = await figuresOf(house);
    const value = await figures.value('primary-visit-share', '2024', 'east');
    figures.close();
    return value;
  };
  await house.put(
    entry('late', { make: 'encounter', org: 't', number: '99', patient: '99', on: '2024-12-31' }),
  );
  const frozen = await read();
  assert.deepEqual([frozen.value, frozen.denominator, frozen.frozenAt !== null], [25, 20, true]);
  const restated = await house.apply(OFFICE, 'measure.restate', { ...asked, reason: '补录一例' });
  assert.deepEqual([restated.version, restated.numerator, restated.denominator], [2, 6, 21]);
  assert.equal((await read()).numerator, 6);
});

test('[measures M23] small counts of persons are not written into the report that interfaces read', async () => {
  const month = { ...asked, period: '2024-04' };
  const answer = await house.apply(OFFICE, 'measure.freeze', month);
  assert.deepEqual(
    [answer.masked, answer.value, answer.numerator, answer.denominator],
    [true, null, null, null],
  );
  const report = await house.resource('MeasureReport', answer.report);
  const text = JSON.stringify(report);
  assert.doesNotMatch(text, /valueDecimal|measureScore/, text);
  const figures = await figuresOf(house);
  assert.equal((await figures.value('primary-visit-share', '2024-04', 'east')).numerator, 3);
  figures.close();
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
