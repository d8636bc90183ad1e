// Tests of the runner: one act once, two at once, timers once, forms with cases, sub-loops, registers behind them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadForm } from '@yimai/forms';
import { uuidv7 } from '@yimai/kit';
import { compileLoop } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { LoadedProgrammes } from './load.ts';
import { DIRECTOR_A, expert, HR, PRESIDENT, smallCounty, type TestCounty, testCounty } from './testing.ts';
import { figuresOf, timeline, waitingFor, workList } from './work.ts';

const t = (zh: string, en = zh) => ({ zh, en });
const DAY = 86_400_000;

const LOOP = {
  id: 'small-order',
  version: 1,
  title: t('小订单', 'Small order'),
  fields: {
    specialty: { type: 'text', title: t('专业') },
    expert: { type: 'person', title: t('专家') },
    score: { type: 'number', title: t('得分') },
    whom: { type: 'reference', title: t('患者') },
  },
  subject: 'Patient',
  parties: {
    township: { title: t('乡镇'), role: 'township-director', at: 'opener' },
    centre: { title: t('人力资源中心'), role: 'hr-clerk', at: 'office:hr-centre' },
    head: { title: t('总院'), role: 'consortium-president', at: 'opener-parent' },
    expert: { title: t('专家'), person: 'field:expert' },
  },
  open: { by: ['township', 'system'], requires: ['specialty'] },
  initial: 'filed',
  states: {
    filed: {
      title: t('已点单'),
      kind: 'open',
      owner: 'centre',
      due: {
        within: '2 working days',
        edge: 'including',
        remind: ['1 working day'],
        escalate: [
          { after: '0 days', to: 'head' },
          { after: '3 days', to: 'head', event: 'lapse' },
        ],
      },
    },
    placed: {
      title: t('已派单'),
      kind: 'open',
      owner: 'expert',
      due: { within: '24 hours', edge: 'including' },
    },
    closed: { title: t('已办结'), kind: 'closed' },
    lapsed: { title: t('已失效'), kind: 'closed-without-result' },
  },
  transitions: [
    { event: 'place', title: t('派单'), from: 'filed', to: 'placed', by: 'centre', requires: ['expert'] },
    {
      event: 'finish',
      title: t('完成'),
      from: 'placed',
      to: 'closed',
      by: 'expert',
      form: 'small-rating',
      takes: ['score'],
      do: [{ put: 'finished', entry: { specialty: 'data.specialty', score: 'data.score' } }],
    },
    {
      event: 'split',
      title: t('拆分'),
      from: 'filed',
      by: 'centre',
      do: [{ open: 'small-order', each: "['内科', '外科']", with: { specialty: 'item' } }],
    },
    {
      event: 'name-patient',
      title: t('指明患者'),
      from: 'filed',
      by: 'centre',
      requires: ['whom'],
      do: [{ subject: 'whom', value: 'data.whom' }],
    },
    { event: '$children-done', title: t('子单完成'), from: 'filed', to: 'closed', by: 'system' },
    { event: 'lapse', title: t('失效'), from: 'filed', to: 'lapsed', by: 'system' },
  ],
};

const FORM = {
  id: 'small-rating',
  version: '2',
  title: t('评分'),
  items: [{ id: 'stars', text: t('星级'), type: 'whole', min: 1, max: 5, points: 5, required: true }],
  score: {
    method: 'sum',
    tiers: [
      { tier: 'good', title: t('好'), from: 4, edge: 'including' },
      { tier: 'poor', title: t('差') },
    ],
  },
};

const loaded = {
  issues: [],
  programmes: [
    {
      id: 'small',
      loops: [compileLoop(LOOP as never).loop],
      forms: [loadForm(FORM).form!],
      registers: [
        {
          id: 'finished',
          title: t('已完成'),
          fields: {
            specialty: { type: 'text', title: t('专业') },
            score: { type: 'number', title: t('得分') },
            case: { type: 'reference', title: t('来源') },
          },
          key: ['case'],
          by: ['hr-clerk'],
        },
      ],
      agreements: [],
      trees: [],
      recurring: [],
      surveys: [],
      draws: [],
      lists: [],
      entitlements: [],
      stocks: [],
      alerts: [],
      pools: [],
      matches: [],
      reports: [],
    },
  ],
} as unknown as LoadedProgrammes;

async function county(ctx: { after(fn: () => Promise<void>): void }): Promise<TestCounty> {
  const made = await testCounty(ctx, { loaded });
  await smallCounty(made);
  return made;
}

const open = async (c: TestCounty): Promise<string> =>
  (await c.apply(DIRECTOR_A, 'loop.open', { loop: 'small-order', answers: { specialty: '儿科' } })).case;
const place = (c: TestCounty, id: string) =>
  c.apply(HR, 'loop.act', { case: id, event: 'place', answers: { expert: 'Practitioner/expert-1' } });

test('[runtime L1] a case runs from opening to close; each step has actor, time and its answers', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  assert.equal(
    (
      await c.refuse(DIRECTOR_A, 'loop.act', {
        case: id,
        event: 'place',
        answers: { expert: 'Practitioner/expert-1' },
      })
    ).code,
    'not-your-turn',
  );
  await place(c, id);
  const done = await c.apply(expert(1), 'loop.act', { case: id, event: 'finish', answers: { stars: 5 } });
  assert.deepEqual(done.states, ['closed']);
  const line = await timeline(c.database, id);
  assert.deepEqual(
    line.map((one) => [one.event, one.person]),
    [
      ['open', 'Practitioner/director-a'],
      ['place', 'Practitioner/hr'],
      ['finish', 'Practitioner/expert-1'],
    ],
  );
  const task = (await c.resource('Task', id)) as unknown as {
    status: string;
    focus: { reference: string };
    code: { coding: { code: string }[] };
  };
  assert.deepEqual([task.status, task.code.coding[0]?.code], ['completed', 'small-order']);
  const [, response] = task.focus.reference.split('/');
  const answers = (await c.resource('QuestionnaireResponse', response!)) as unknown as {
    questionnaire: string;
  };
  assert.match(answers.questionnaire, /small-rating\|2$/);
  const entry = await c.database.run<{ data: object }>(
    sql`select data from register_entry where register = 'finished'`,
  );
  assert.deepEqual(
    entry.rows.map((row) => row.data),
    [{ case: `Task/${id}`, score: 5, specialty: '儿科' }],
  );
  assert.equal(
    (await c.refuse(HR, 'loop.act', { case: id, event: 'place', answers: {} })).code,
    'loop-closed',
  );
});

test('[runtime L2] of two who act at once one is applied and the other gets a clear word', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  const acts = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      c.send(HR, 'loop.act', { case: id, event: 'place', answers: { expert: `Practitioner/expert-${n}` } }),
    ),
  );
  assert.deepEqual(acts.map((one) => one.outcome).sort(), ['applied', 'refused', 'refused', 'refused']);
  assert.deepEqual(
    [...new Set(acts.flatMap((one) => (one.refusal ? [one.refusal.code] : [])))],
    ['event-not-here'],
  );
  assert.equal((await c.caseState(id)).seq, 2);
  const stale = await c.send(
    expert(1),
    'loop.act',
    { case: id, event: 'finish', answers: { stars: 4 } },
    { ifVersion: 1 },
  );
  assert.equal(stale.refusal?.code, 'version-conflict');
});

test('[runtime L3] the same command twice has the effect of once', async (ctx) => {
  const c = await county(ctx);
  const id = uuidv7();
  const payload = { loop: 'small-order', answers: { specialty: '儿科' } };
  const first = await c.send(DIRECTOR_A, 'loop.open', payload, { id });
  const second = await c.send(DIRECTOR_A, 'loop.open', payload, { id });
  assert.deepEqual(second.result, first.result);
  const { rows } = await c.database.run<{ n: number }>(sql`select count(*)::int as n from loop_case`);
  assert.equal(rows[0]?.n, 1);
});

test('[runtime L4] reminders, escalation and lapse each fire once, in order, even with runners side by side', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  const notices = async () =>
    (
      await c.database.run<{ about: string; org: string }>(sql`select about, org from notice order by at, id`)
    ).rows.map((row) => `${row.about} ${row.org}`);
  assert.equal(await c.advance(DAY - 10 * 60_000), 1);
  assert.deepEqual(await notices(), ['remind Organization/hr-centre']);
  c.clock.advanceBy(2 * DAY);
  const other = c.runtime.dueRunner({
    record: c.record,
    database: c.database,
    clock: c.clock,
    onFault: (error) => c.faults.push(error),
  });
  const fired = await Promise.all([c.due.fireDue(), other.fireDue(), c.due.fireDue()]);
  await other.stop();
  assert.equal(
    fired.reduce((a, b) => a + b),
    2,
  );
  assert.deepEqual((await notices()).slice(1).sort(), [
    'escalate Organization/county',
    'overdue Organization/hr-centre',
  ]);
  await c.advance(4 * DAY);
  const state = await c.caseState(id);
  assert.deepEqual([state.positions[0]?.state, state.closed !== null], ['lapsed', true]);
  assert.deepEqual(c.faults, []);
  const left = await c.database.run(sql`select 1 from due_time`);
  assert.equal(left.rowCount, 0);
});

test('[runtime L5] a timer taken by a runner that dies before its commit fires again, and then only once', async (ctx) => {
  const c = await county(ctx);
  await open(c);
  c.clock.advanceBy(4 * DAY);
  await assert.rejects(
    c.record.transaction(c.record.systemAccess(), { via: 'command' }, async (tx) => {
      await tx.run(sql`delete from due_time where at <= ${c.clock.now()}`);
      throw new Error('the process was killed here');
    }),
  );
  assert.equal(await c.due.fireDue(), 3);
  assert.equal(await c.due.fireDue(), 0);
});

test('[runtime L6] answers to an old version of a form, or wrong ones, are refused and nothing is stored', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  await place(c, id);
  const old = await c.refuse(expert(1), 'loop.act', {
    case: id,
    event: 'finish',
    answers: { stars: 4 },
    formVersion: '1',
  });
  assert.deepEqual([old.code, old.at], ['form-version-old', 'payload.formVersion']);
  assert.equal(
    (await c.refuse(expert(1), 'loop.act', { case: id, event: 'finish', answers: { stars: 9 } })).code,
    'form-invalid',
  );
  const page = await c.record.search(c.record.systemAccess(), 'QuestionnaireResponse', '_count=5');
  assert.equal(page.matches.length, 0);
});

test('[runtime L7] work waits for the owner, not for others; the opener sees what is awaited; late work is marked', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  const list = async (as: typeof HR, now = c.clock.now()) =>
    (await workList(c.database, c.actor(as), now, { limit: 10 })).map((one) => [one.case, one.late]);
  assert.deepEqual(await list(HR), [[id, false]]);
  assert.deepEqual(await list(PRESIDENT), []);
  assert.deepEqual(await list(HR, new Date('2026-03-09T00:00:00Z')), [[id, true]]);
  assert.deepEqual(
    (await waitingFor(c.database, 'Organization/town-a', c.clock.now(), 10)).map((one) => one.case),
    [id],
  );
  await place(c, id);
  assert.deepEqual(await list(HR), []);
  assert.deepEqual(await list(expert(1)), [[id, false]]);
  assert.deepEqual(await list(expert(2)), []);
});

test('[runtime L8] sub-loops are opened with their case, and the last one to close lets the parent go on', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  await c.apply(HR, 'loop.act', { case: id, event: 'split', answers: {} });
  const children = await c.database.run<{ id: string }>(
    sql`select id from loop_case where parent = ${id} order by id`,
  );
  assert.equal(children.rowCount, 2);
  for (const child of children.rows) {
    assert.equal((await c.caseState(id)).closed, null);
    await place(c, child.id);
    await c.apply(expert(1), 'loop.act', { case: child.id, event: 'finish', answers: { stars: 3 } });
  }
  const state = await c.caseState(id);
  assert.deepEqual(
    [state.positions[0]?.state, state.children],
    ['closed', { open: 0, closed: 2, withoutResult: 0 }],
  );
});

test('[runtime L9] the free figures follow from the stays: closure, time in state, on time', async (ctx) => {
  const c = await county(ctx);
  const first = await open(c);
  await open(c);
  c.clock.advanceBy(60 * 60_000);
  await place(c, first);
  await c.apply(expert(1), 'loop.act', { case: first, event: 'finish', answers: { stars: 5 } });
  const figures = await figuresOf(
    c.database,
    'small-order',
    new Date('2026-01-01'),
    new Date('2026-12-31'),
    c.clock.now(),
  );
  assert.deepEqual(
    [figures.cases, figures.closed, figures.closureRate, figures.onTime],
    [2, 1, { numerator: 1, denominator: 2 }, { numerator: 2, denominator: 2 }],
  );
  assert.equal(figures.timeInState.get('filed')?.meanMs, 60 * 60_000);
});

test('[runtime L10] an unknown case, a payload with a strange key and an unknown loop are refused with their place', async (ctx) => {
  const c = await county(ctx);
  assert.deepEqual(
    await c.refuse(HR, 'loop.act', { case: 'nothing', event: 'place' }).then((one) => [one.code, one.at]),
    ['case-unknown', 'payload.case'],
  );
  assert.deepEqual(
    await c.refuse(HR, 'loop.act', { case: 'x', evnt: 'place' }).then((one) => [one.code, one.at]),
    ['payload-invalid', 'payload.evnt'],
  );
  assert.deepEqual(await c.refuse(HR, 'loop.open', { loop: 'nothing' }).then((one) => [one.code, one.at]), [
    'declaration-unknown',
    'payload.loop',
  ]);
});

test('[runtime L11] an act may say whom the case is about; it is found by that person from then on', async (ctx) => {
  const c = await county(ctx);
  const id = await open(c);
  const act = (whom: string) => ({ case: id, event: 'name-patient', answers: { whom } });
  assert.equal((await c.refuse(HR, 'loop.act', act('Device/d1'))).code, 'subject-wrong');
  await c.apply(HR, 'loop.act', act('Patient/p1'));
  const task = (await c.resource('Task', id)) as unknown as { for?: { reference: string } };
  assert.equal(task.for?.reference, 'Patient/p1');
  const { rows } = await c.database.run(sql`select id from loop_case where subject = 'Patient/p1'`);
  assert.deepEqual(rows, [{ id }]);
});
