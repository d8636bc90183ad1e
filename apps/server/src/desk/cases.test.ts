// Cases over the desk's routes on a small made-up county: lists, acts, messages, plans, files; what each may not see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, MatchPage, WorkPage } from '@yimai/desk/contract';
import { uuidv7 } from '@yimai/kit';
import { ask, deskCounty, fileOrder, PEOPLE, refused, send, server, tokens } from './desk.fixture.ts';

deskCounty();

test('[desk D14] an order waits for the centre, stands under "I wait for" of its township, and is nothing to a neighbour', async () => {
  const { case: id } = await fileOrder();
  const list = async (login: string, tab: string) =>
    (await ask<WorkPage>(login, '/desk/work', { tab })).items.filter((item) => item.id === id).length;
  assert.deepEqual(
    [await list('hr', 'mine'), await list('township', 'waiting-for'), await list('township', 'mine')],
    [1, 1, 0],
  );
  assert.deepEqual([await list('neighbour', 'mine'), await list('neighbour', 'waiting-for')], [0, 0]);
  assert.equal(await refused('neighbour', `/desk/cases/${id}`), 'not-found');
});

test('[desk D15] a case shows each reader the own acts only; claimed work is the holder’s', async () => {
  const { case: id } = await fileOrder();
  const acts = async (login: string) =>
    (await ask<Case>(login, `/desk/cases/${id}`)).acts.map((act) => act.id);
  assert.deepEqual(await acts('hr'), ['main.review', 'main.$claim', 'main.send-back']);
  assert.deepEqual(await acts('township'), ['main.withdraw']);
  await send('hr', 'loop.act', { case: id, event: '$claim' });
  assert.deepEqual(await acts('hr'), ['main.review', 'main.$release', 'main.$hand-over', 'main.send-back']);
  const item = (await ask<Case>('hr', `/desk/cases/${id}`)).item;
  assert.deepEqual(item.claim, { name: 'hr（虚构）', me: true });
});

test('[desk D16] pages of a work list hold each case once, in the order asked for', async () => {
  for (let made = 0; made < 5; made += 1) await fileOrder();
  for (const sort of ['deadline', 'age', 'number']) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: WorkPage = await ask('hr', '/desk/work', {
        tab: 'office',
        sort,
        count: 2,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next;
      assert.equal(page.total.more, false);
      assert.ok(page.total.count >= 5);
    }
    assert.equal(new Set(seen).size, seen.length, sort);
    assert.ok(seen.length >= 5, sort);
  }
  // As it is said on the telephone, with or without a space, and as other systems know it.
  const year = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear();
  for (const text of [`下派订单 ${year}-00002`, `下派订单${year}-00002`, `order-dispatch-${year}-00002`]) {
    const [called, ...others] = (await ask<WorkPage>('hr', '/desk/work', { tab: 'office', text })).items;
    assert.deepEqual([called?.number, others.length], [`${year}-00002`, 0], text);
  }
  const numbered = await ask<WorkPage>('hr', '/desk/work', { tab: 'office', text: '-00002' });
  assert.deepEqual(
    numbered.items.map((item) => item.number.slice(-5)),
    ['00002'],
  );
  assert.deepEqual((await ask<WorkPage>('hr', '/desk/work', { tab: 'office', text: '查无此人' })).items, []);
  assert.equal(await refused('hr', '/desk/work', { tab: 'everything' }), 'bad-parameter');
});

test('[desk D17] a message reaches everyone in the case and nobody else; an empty one is refused', async () => {
  const { case: id } = await fileOrder();
  await send('township', 'case.message', { case: id, text: '四月到货' });
  const said = async (login: string) =>
    (await ask<Case>(login, `/desk/cases/${id}`)).timeline
      .filter((entry) => entry.kind === 'message')
      .map((entry) => entry.note);
  assert.deepEqual([await said('hr'), await said('township')], [['四月到货'], ['四月到货']]);
  const [role, org] = PEOPLE['neighbour']!;
  const command = {
    id: uuidv7(),
    type: 'case.message',
    occurredAt: new Date().toISOString(),
    actingAs: { org, role },
    payload: { case: id, text: 'x' },
  };
  const answer = await ask<{ outcome: string; refusal: { code: string; at: string } }>(
    'neighbour',
    '/commands',
    command,
  );
  assert.deepEqual(
    [answer.outcome, answer.refusal.code, answer.refusal.at],
    ['refused', 'case-unknown', 'payload.case'],
  );
});

test('[desk D18] as of a moment the case stands where it stood then, and nothing can be done', async () => {
  const { case: id } = await fileOrder();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const moment = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await send('hr', 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } });
  const now = await ask<Case>('hr', `/desk/cases/${id}`);
  const then = await ask<Case>('hr', `/desk/cases/${id}?asOf=${encodeURIComponent(moment)}`);
  assert.deepEqual([now.item.state.id, now.timeline.length], ['reviewed', 2]);
  assert.deepEqual([then.item.state.id, then.timeline.length, then.acts], ['filed', 1, []]);
});

test('[desk D27] a plan is shown to who decides, and to nobody else', async () => {
  assert.equal(await refused('township', '/desk/matches/order-dispatch-plan'), 'not-permitted');
  const { case: id } = await fileOrder();
  await send('hr', 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } });
  await send('hr', 'loop.act', { case: id, event: 'list', answers: { batch: 1 } });
  const plan = await ask<MatchPage>('hr', '/desk/matches/order-dispatch-plan');
  assert.deepEqual([plan.asked, plan.filled, plan.unmet.map((one) => one.item.id)], [1, 0, [id]]);
  assert.notEqual(plan.unmet[0]?.because.zh, '');
});

test('[desk D42] a file of a case is read by who may read the case, on every way into the record', async () => {
  const { case: id } = await fileOrder();
  const upload = async (login: string, name: string) => {
    const body = new FormData();
    body.append('file', new Blob(['synthetic'], { type: 'image/png' }), 'photo.png');
    const answer = await fetch(`${server.server.url}/desk/files?about=Task/${id}&id=${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.get(login)}` },
      body,
    });
    return { status: answer.status, json: (await answer.json()) as { url?: string } };
  };
  const name = uuidv7();
  const url = (await upload('township', name)).json.url!;
  assert.deepEqual((await upload('township', name)).json, { url }, 'sent again it is kept once');
  assert.ok((await upload('neighbour', uuidv7())).status >= 400);
  const { record } = server.consortium;
  const labels = async (type: string, key: string) => {
    const { kind, locks, org, patient } = (await record.read(record.systemAccess(), type, key))!;
    return { kind, locks, org, patient };
  };
  assert.deepEqual(await labels('Binary', name), await labels('Task', id));
  for (const [login, status] of [
    ['hr', 200],
    ['neighbour', 404],
  ] as const) {
    server.token = tokens.get(login)!;
    const read = await server.request('GET', `/desk/files/${encodeURIComponent(url)}`);
    assert.equal(read.status, status, login);
  }
});
