// An alert of a figure that nobody takes up goes up to the bureau, which acts as the office could have: one case, one order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { BUREAU, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

test('[measures M26] an alert not taken up in a day climbs to the bureau, which acknowledges it and orders; no second case opens', async (t) => {
  const county = await testCounty(t, { start: '2026-11-20T02:00:00Z' });
  await smallCounty(county);
  const values = { figure: '基层诊疗占比', organisation: '县', period: '2026-10', value: 20, limit: '≥ 60' };
  const read = (outside: boolean) =>
    county.record.commands.execute(
      {
        id: uuidv7(),
        type: 'alert.reading',
        occurredAt: county.clock.now().toISOString(),
        actingAs: { org: 'system', role: 'system' },
        payload: { alert: 'figure-limit', object: 'primary county', values: { ...values, outside } },
      },
      async () => ({ ok: true, value: county.record.systemAccess() }),
    );
  const opened = await read(true);
  assert.equal(opened.outcome, 'applied');
  const id = (opened as { result?: { alert?: string } }).result?.alert ?? '';
  const standing = async () => {
    const { rows } = await county.database.run<{ state: string; owner_org: string }>(
      sql`select state, owner_org from loop_stay where case_id = ${id} and until_at is null`,
    );
    return rows.map(({ state, owner_org }) => `${state} ${owner_org}`);
  };
  assert.deepEqual(await standing(), ['raised Organization/office']);
  county.clock.advanceBy(24 * 3_600_000 + 1);
  await county.due.fireDue();
  assert.deepEqual(await standing(), ['climbed Organization/bureau']);
  const { rows: told } = await county.database.run<{ n: number }>(
    sql`select count(*)::int as n from notice where about = 'escalate' and org = 'Organization/bureau'`,
  );
  assert.equal(told[0]?.n, 1);
  const act = (event: string, answers = {}) => county.apply(BUREAU, 'loop.act', { case: id, event, answers });
  await act('acknowledge');
  await act('order', { department: 'Organization/town-a' });
  await read(true);
  const { rows: cases } = await county.database.run<{ loop: string; n: number }>(
    sql`select loop, count(*)::int as n from loop_case group by loop order by loop`,
  );
  assert.deepEqual(
    cases.map(({ loop, n }) => `${loop} ${n}`),
    ['command-order 1', 'figure-alert 1'],
  );
  const answers = { cause: '县级门诊虹吸', result: '已约谈并下沉专家' };
  await county.apply(OFFICE, 'loop.act', { case: id, event: 'handle', answers });
  assert.deepEqual(await standing(), []);
});
