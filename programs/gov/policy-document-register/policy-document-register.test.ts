// Acceptance of the register of documents: the version in force on a day, 35 for one programme, all issuers kept.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { registerOn } from '@yimai/runtime';
import { HR, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const county = await testCounty({ after }, { start: '2026-06-01T01:00:00Z' });
await smallCounty(county);
const entry = (number: string, more: object = {}) => ({
  number,
  title: `文件${number}（合成）`,
  issuers: ['卫生健康局'],
  programme: '金坛',
  version: '1',
  ...more,
});
const put = (from: string, one: object) =>
  county.apply(OFFICE, 'register.put', { register: 'policy-documents', from, entry: one });

test('[policy-document-register/1] "in force on a day" gives the right version after a revision', async () => {
  await put('2026-01-01', entry('A1'));
  await put('2026-04-01', entry('A1', { version: '2' }));
  const versionOn = async (on: string) =>
    (await registerOn(county.database, 'policy-documents', on)).find((one) => one.key === 'A1')?.data[
      'version'
    ];
  assert.deepEqual(
    await Promise.all(['2025-12-31', '2026-01-01', '2026-03-31', '2026-04-01'].map(versionOn)),
    [undefined, '1', '1', '2'],
  );
  await county.apply(OFFICE, 'register.end', { register: 'policy-documents', key: 'A1', on: '2026-05-31' });
  assert.deepEqual([await versionOn('2026-05-31'), await versionOn('2026-06-01')], ['2', undefined]);
});

test('[policy-document-register/2] the count of documents of one programme is 35, revisions not counted twice', async () => {
  const rows = Array.from({ length: 35 }, (_, n) => entry(`H${n}`, { programme: '惠州' }));
  await county.apply(OFFICE, 'register.import', { register: 'policy-documents', rows, from: '2026-02-01' });
  await put('2026-03-01', entry('H0', { programme: '惠州', version: '2' }));
  const { rows: counted } = await county.report('documents-by-programme', '2026-06-01');
  assert.deepEqual(counted.find(({ of }) => of[0] === '惠州')?.cells, [35]);
  assert.equal(
    (await county.refuse(HR, 'register.put', { register: 'policy-documents', entry: entry('X') })).code,
    'role-not-allowed',
  );
});

test('[policy-document-register/3] a joint document keeps all its issuers', async () => {
  const issuers = (n: number) => Array.from({ length: n }, (_, k) => `部门${k + 1}`);
  await put('2026-02-01', entry('J12', { issuers: issuers(12) }));
  await put('2026-02-01', entry('J19', { issuers: issuers(19) }));
  const all = await registerOn(county.database, 'policy-documents', '2026-06-01');
  const count = (number: string) =>
    (all.find((one) => one.key === number)?.data['issuers'] as readonly string[] | undefined)?.length;
  assert.deepEqual([count('J12'), count('J19')], [12, 19]);
  assert.equal(
    (
      await county.refuse(OFFICE, 'register.put', {
        register: 'policy-documents',
        entry: { ...entry('J0'), issuers: '一个部门' },
      })
    ).code,
    'answer-type',
  );
});
