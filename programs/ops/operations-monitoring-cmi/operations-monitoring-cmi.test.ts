// Operations on the real record: CMI from hospital to department, cost by output, a task after two months below target.
// The arithmetic down to the doctor is shown in the fund room under the numbers of this programme.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { entry, figuresOf } from '@yimai/measures/testing';
import { type As, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const house = await testCounty({ after }, { start: '2025-03-03T01:00:00Z' });
await smallCounty(house);
const part = (id: string) => entry(id, { make: 'org', level: 'department', parent: 'hospital' });
await house.put(
  entry('area', { make: 'org', level: 'county', class: 'county' }),
  entry('hospital', { make: 'org', level: 'county', class: 'hospital', parent: 'area' }),
  part('surgery'),
  part('medicine'),
);
const stays = (org: string, month: string, weights: readonly (number | null)[], more: object = {}) =>
  weights.map((weight, n) =>
    entry(`${org}-${month}-${n}${Object.values(more).join('')}`, {
      make: 'settlement',
      org,
      insurer: 'area',
      patient: 'p',
      number: `${org}-${month}-${n}`,
      on: `2025-${month}-10`,
      weight,
      ...more,
    }),
  );
const cost = (org: string, value: number) =>
  entry(`cost-${org}`, {
    make: 'line',
    org,
    line: 'total-expense',
    value,
    on: '2025-01-01',
    reported: '2025-02-01',
  });
await house.put(
  // Mean weights: surgery 1.4, medicine 0.995, together 1.13.
  ...stays('surgery', '01', [1.4, 1.4, 1.4]),
  ...stays('medicine', '01', [0.99, 1, 0.99, 1, 0.99, 1]),
  ...stays('medicine', '01', [null], { number: 'ungrouped' }),
  ...stays('medicine', '01', [9], { number: 'void', status: 'cancelled' }),
  ...stays('surgery', '02', [1.3]),
  ...stays('medicine', '02', [0.98]),
  cost('surgery', 42_000),
  cost('medicine', 59_700),
);
const figures = await figuresOf(house);
after(() => figures.close());
const january = (measure: string, scope: string) => figures.value(measure, '2025-01', scope);

test('[operations monitoring] CMI 1.13 of the hospital is the case-weighted mean of its departments', async () => {
  const whole = await january('case-mix-index', 'hospital');
  const parts = await Promise.all(['surgery', 'medicine'].map((at) => january('case-mix-index', at)));
  assert.deepEqual(
    [whole.value?.toFixed(2), whole.denominator],
    ['1.13', 9],
    'ungrouped and cancelled stays are out',
  );
  const weighted = parts.reduce((sum, { value, denominator }) => sum + value! * denominator!, 0);
  assert.ok(Math.abs(weighted / 9 - whole.value!) < 1e-9);
});

test('[operations monitoring] cost by output of a department is its cost by its weight', async () => {
  const [surgery, medicine, whole] = await Promise.all(
    ['surgery', 'medicine', 'hospital'].map((at) => january('cost-per-weight', at)),
  );
  assert.deepEqual([surgery?.value?.toFixed(2), medicine?.value?.toFixed(2)], ['10000.00', '10000.00']);
  assert.equal(whole?.numerator, 101_700);
  const later = await figures.value('cost-per-weight', '2025-02', 'surgery');
  assert.equal(later.value, null, 'no cost was reported: not collected');
});

test('[operations monitoring] two months below target open one task, one month or the target itself do not', async () => {
  const point = async (department: string, target: number) => {
    await house.apply(OFFICE, 'register.put', {
      register: 'operations-targets',
      entry: {
        code: department,
        department: `Organization/${department}`,
        measure: 'case-mix-index',
        target,
      },
    });
    const [last, before] = await Promise.all(
      ['2025-02', '2025-01'].map((month) => figures.value('case-mix-index', month, department)),
    );
    return house.apply(OFFICE, 'alert.reading', {
      alert: 'operations-below-target',
      object: department,
      values: { last: last!.value, before: before!.value },
    });
  };
  assert.equal((await point('surgery', 1.35)).alert, null, 'only February is below');
  const first = await point('medicine', 1);
  assert.equal(first.opened, true);
  assert.equal((await point('medicine', 1)).opened, false, 'one task, not one a month');
  const { data, positions } = await house.caseState(first.alert);
  assert.deepEqual([data['value'], positions[0]?.owner?.organisation], [0.98, 'Organization/medicine']);
  const head: As = { role: 'hospital-doctor', org: 'medicine', person: 'director-a' };
  const plan = { case: first.alert, event: 'plan', answers: { plan: '收治结构调整' } };
  assert.equal((await house.refuse({ ...head, org: 'surgery' }, 'loop.act', plan)).code, 'not-your-turn');
  await house.apply(head, 'loop.act', plan);
  const mute = { case: first.alert, event: 'close' };
  assert.equal((await house.refuse(OFFICE, 'loop.act', mute)).at, 'payload.answers.result');
  await house.apply(OFFICE, 'loop.act', { ...mute, answers: { result: '三月回升' } });
});
