// The desk's routes over HTTP on a small made-up county: what each person sees, and what each may not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type BreakGlassRow,
  type Case,
  type ImportPreview,
  type MatchPage,
  type Page,
  PLACES,
  type Place,
  type RegisterPage,
  type Resident,
  type ResidentRow,
  type Session,
  type TreePage,
  type WorkPage,
} from '@yimai/desk/contract';
import { must, uuidv7 } from '@yimai/kit';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { type TestServer, testServer } from '../server.fixture.ts';

const PASSWORD = 'synthetic-sign-in-1';
const PEOPLE: Readonly<Record<string, readonly [role: string, org: string]>> = {
  township: ['township-director', 'town-a'],
  neighbour: ['township-director', 'town-b'],
  hr: ['hr-clerk', 'hr-centre'],
  doctor: ['township-doctor', 'town-a'],
  keeper: ['administrator', 'county'],
  stranger: ['township-doctor', 'town-b'],
  security: ['security-officer', 'county'],
  office: ['consortium-office', 'county'],
  inspector: ['inspector', 'county'],
};
const ORDER = {
  techniques: ['心脏彩超'],
  specialty: '超声诊断',
  from: '2099-01-04',
  to: '2099-12-31',
  goals: '独立开展 200 例',
};

let server: TestServer;
const tokens = new Map<string, string>();
const closers: (() => Promise<void>)[] = [];

before(async () => {
  server = await testServer({ after: (fn) => void closers.push(fn) });
  const { record, database, policy, clock } = server.consortium;
  const house = (id: string, name: string, parent?: string, office?: string): Resource => ({
    resourceType: 'Organization',
    id,
    name: `${name}（虚构）`,
    ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
    ...(office ? { identifier: [{ system: SYSTEMS.office, value: office }] } : {}),
  });
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    await tx.update(house('county', '总医院'));
    await tx.update(house('hr-centre', '人力资源中心', 'county', 'hr-centre'));
    await tx.update(house('town-a', '甲镇卫生院', 'county'));
    await tx.update(house('town-b', '乙镇卫生院', 'county'));
    for (const login of Object.keys(PEOPLE))
      await tx.update({ resourceType: 'Practitioner', id: login, name: [{ text: `${login}（虚构）` }] });
    await tx.update({
      resourceType: 'Patient',
      id: 'resident-1',
      name: [{ text: '王桂兰' }],
      gender: 'female',
      birthDate: '1954-07-02',
      managingOrganization: { reference: 'Organization/town-a' },
    });
  });
  for (const [login, [role, org]] of Object.entries(PEOPLE)) {
    const person = await record.read(record.systemAccess(), 'Practitioner', login);
    const user = must(
      await createUser(
        database,
        policy,
        { login, name: login, password: PASSWORD, practitioner: person!.id },
        clock.now(),
      ),
    );
    must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
    server.token = '';
    const signedIn = await server.request('POST', '/auth/sign-in', { login, password: PASSWORD }, JSON_TYPE);
    tokens.set(login, signedIn.json.token);
  }
});
after(async () => {
  for (const close of closers) await close();
});

const JSON_TYPE = { 'content-type': 'application/json' };

async function ask<T>(login: string, path: string, body?: unknown): Promise<T> {
  server.token = tokens.get(login)!;
  const reply = await server.request(
    body === undefined ? 'GET' : 'POST',
    path,
    body,
    body === undefined ? {} : JSON_TYPE,
  );
  assert.equal(reply.status, 200, `${login} ${path}: ${reply.text}`);
  return reply.json as T;
}

async function refused(login: string, path: string, body?: unknown): Promise<string> {
  server.token = tokens.get(login)!;
  const reply = await server.request(
    body === undefined ? 'GET' : 'POST',
    path,
    body,
    body === undefined ? {} : JSON_TYPE,
  );
  assert.ok(reply.status >= 400, `${login} ${path} should be refused`);
  return reply.json.code;
}

async function send(login: string, type: string, payload: unknown): Promise<{ case: string }> {
  const [role, org] = PEOPLE[login]!;
  const command = {
    id: uuidv7(),
    type,
    occurredAt: new Date().toISOString(),
    actingAs: { org, role },
    payload,
  };
  const answer = await ask<{ outcome: string; result: { case: string } }>(login, '/commands', command);
  assert.equal(answer.outcome, 'applied', JSON.stringify(answer));
  return answer.result;
}

const file = () => send('township', 'loop.open', { loop: 'order-dispatch', answers: ORDER });

test('[desk D14] an order waits for the centre, stands under "I wait for" of its township, and is nothing to a neighbour', async () => {
  const { case: id } = await file();
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
  const { case: id } = await file();
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
  for (let made = 0; made < 5; made += 1) await file();
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
  const { case: id } = await file();
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
  const { case: id } = await file();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const moment = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await send('hr', 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } });
  const now = await ask<Case>('hr', `/desk/cases/${id}`);
  const then = await ask<Case>('hr', `/desk/cases/${id}?asOf=${encodeURIComponent(moment)}`);
  assert.deepEqual([now.item.state.id, now.timeline.length], ['reviewed', 2]);
  assert.deepEqual([then.item.state.id, then.timeline.length, then.acts], ['filed', 1, []]);
});

test('[desk D19] an import names every wrong row with its column, stores the good ones, and the same file again changes nothing', async () => {
  const rows = [
    '人员,姓名,所在医院,专业,职称级别（1 初级 2 中级 3 副高 4 正高）',
    'doctor（虚构）,甲,总医院（虚构）,外科、内科,2',
    '没有这人,乙,总医院（虚构）,外科,2',
    'doctor（虚构）,丙,总医院（虚构）,外科,3',
    'township（虚构）,丁,总医院（虚构）,外科,九',
  ];
  const send = async (path: string) => {
    const body = new FormData();
    body.append('file', new Blob([rows.join('\n')]), 'pool.csv');
    const answer = await fetch(`${server.server.url}/desk/registers/talent-pool/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.get('hr')}` },
      body,
    });
    assert.equal(answer.status, 200);
    return (await answer.json()) as unknown;
  };
  const preview = (await send('import')) as ImportPreview;
  assert.deepEqual([preview.rows, preview.good, preview.same], [4, 1, 0]);
  assert.deepEqual(
    preview.errors.map((error) => [error.row, error.column]),
    [
      [3, '人员'],
      [4, null],
      [5, '职称级别（1 初级 2 中级 3 副高 4 正高）'],
    ],
  );
  const before = await ask<RegisterPage>('hr', '/desk/registers/talent-pool', {});
  assert.equal(before.items.length, 0);
  assert.deepEqual(await send('import/store').then((done) => (done as { stored: number }).stored), 1);
  assert.deepEqual(
    await send('import/store').then((done) => (done as { stored: number; same: number }).same),
    1,
  );
  const page = await ask<RegisterPage>('hr', '/desk/registers/talent-pool', {});
  assert.deepEqual(
    page.items.map((row) => row.cells[1]),
    ['甲'],
  );
  assert.equal((await ask<RegisterPage>('inspector', '/desk/registers/talent-pool', {})).canImport, false);
});

test('[desk D23] residents are found by initials by their own doctor; an inspector finds nobody', async () => {
  const found = await ask<Page<ResidentRow>>('doctor', '/desk/residents', { text: 'wgl' });
  assert.deepEqual(
    found.items.map((row) => row.name),
    ['王桂兰'],
  );
  assert.equal(await refused('inspector', '/desk/residents', { text: 'wgl' }), 'not-permitted');
  assert.equal(await refused('inspector', '/desk/residents/resident-1'), 'not-permitted');
  assert.equal(await refused('stranger', '/desk/residents/nobody'), 'break-glass-needed');
});

test('[desk D24] users are listed for who keeps them, and for nobody else; without a session nothing is answered', async () => {
  assert.equal(await refused('doctor', '/desk/users', {}), 'not-permitted');
  const users = await ask<Page<{ login: string }>>('keeper', '/desk/users', { text: 'town' });
  assert.deepEqual(
    users.items.map((user) => user.login),
    ['township'],
  );
  server.token = '';
  for (const path of [
    '/desk/home',
    '/desk/programmes',
    '/desk/registers',
    '/desk/organisations',
    '/desk/notices',
  ]) {
    assert.equal((await server.request('GET', path)).status, 401, path);
  }
});

/** What the page of each place asks first. */
const FIRST_REQUEST: Readonly<Record<Place, readonly [path: string, body?: unknown]>> = {
  home: ['/desk/home'],
  work: ['/desk/work', { tab: 'mine' }],
  field: ['/desk/field/route'],
  notices: ['/desk/notices'],
  centre: ['/desk/pulse'],
  figures: ['/desk/figures'],
  map: ['/desk/field/map'],
  fund: ['/desk/fund/board', {}],
  pay: ['/desk/pay/mine', {}],
  residents: ['/desk/residents', { text: '' }],
  registers: ['/desk/registers'],
  programmes: ['/desk/programmes'],
  mechanisms: ['/desk/mechanisms'],
  organisations: ['/desk/organisations'],
  users: ['/desk/users', {}],
  audit: ['/desk/audit', {}],
};

test('[desk D36] for every role of the policy, a place is told exactly when what its page asks is not refused', async () => {
  const { database, policy, clock } = server.consortium;
  const user = must(
    await createUser(
      database,
      policy,
      { login: 'all-hats', name: '多岗（虚构）', password: PASSWORD },
      clock.now(),
    ),
  );
  const roles = [...policy.roles.keys()].filter((role) => role !== 'script');
  for (const role of roles)
    must(await assignRole(database, policy, { user: user.id, role, org: 'county' }, clock.now()));
  server.token = '';
  const signedIn = await server.request(
    'POST',
    '/auth/sign-in',
    { login: 'all-hats', password: PASSWORD },
    JSON_TYPE,
  );
  const session = signedIn.json as Session & { token: string };
  assert.deepEqual(session.roles.map((each) => each.role).sort(), roles.sort());
  server.token = session.token;
  const wrong: string[] = [];
  for (const { role, org, places } of session.roles) {
    await Promise.all(
      PLACES.map(async (place) => {
        const [path, body] = FIRST_REQUEST[place];
        const acting = { 'x-yimai-acting': `${org};${role}`, ...(body === undefined ? {} : JSON_TYPE) };
        const { status } = await server.request(body === undefined ? 'GET' : 'POST', path, body, acting);
        if (status >= 400 && status !== 403 && !['centre', 'figures'].includes(place))
          wrong.push(`${role} ${place}: ${status}`);
        if ((status !== 403) !== places.includes(place)) wrong.push(`${role} ${place}: ${status}`);
      }),
    );
  }
  assert.deepEqual(wrong, []);
  const of = (role: string) => session.roles.find((each) => each.role === role)!.places;
  assert.ok(!of('finance-clerk').some((place) => ['users', 'audit', 'field'].includes(place)));
  assert.ok(
    !of('township-director').some((place) => ['users', 'audit', 'field', 'residents'].includes(place)),
  );
  assert.ok(of('inspector').includes('field') && !of('inspector').includes('residents'));
  assert.deepEqual(of('resident'), ['home', 'work', 'notices', 'residents', 'organisations']);
});

test('[desk D33] filters, read mark and quiet hours are the person’s own on every device; nonsense is refused', async () => {
  const filters = [{ name: '逾期', query: { tab: 'mine', late: true } }];
  server.token = tokens.get('hr')!;
  const set = (body: unknown) => server.request('POST', '/desk/settings', body, JSON_TYPE);
  assert.equal((await set({ key: 'filters', value: filters })).status, 204);
  assert.equal((await set({ key: 'quiet', value: { from: 21, to: 6 } })).status, 204);
  assert.deepEqual(await ask('hr', '/desk/settings'), { filters, quiet: { from: 21, to: 6 } });
  assert.deepEqual(await ask('doctor', '/desk/settings'), {});
  for (const body of [
    { key: 'quiet', value: { from: 24, to: 6 } },
    { key: 'filters', value: [{ name: '无查询' }] },
    { key: 'noticesRead', value: '昨天' },
    { key: 'password', value: 'x' },
  ])
    assert.equal(await refused('hr', '/desk/settings', body), 'bad-parameter');
});

test('[desk D34] an entry of a register is found by characters, pinyin and initials, also by one written since', async () => {
  const entry = (person: string, name: string) =>
    send('hr', 'register.put', {
      register: 'talent-pool',
      entry: {
        person: `Practitioner/${person}`,
        name,
        home: 'Organization/county',
        specialty: ['外科'],
        grade: 3,
      },
    });
  const found = async (text: string) => {
    const page = await ask<Page<{ cells: readonly (string | null)[] }>>('hr', '/desk/registers/talent-pool', {
      text,
    });
    return page.items.map((row) => row.cells[1]);
  };
  await entry('stranger', '曾庆红梅');
  for (const text of ['庆红', 'zqhm', 'cengqing']) assert.deepEqual(await found(text), ['曾庆红梅'], text);
  assert.deepEqual(await found('lyh'), []);
  await entry('neighbour', '吕艳华');
  assert.deepEqual(await found('lyh'), ['吕艳华']);
});

test('[desk D25] a doctor of another township sees the file only by an emergency look with a reason, which is reviewed', async () => {
  const before = await ask<Resident>('stranger', '/desk/residents/resident-1');
  assert.deepEqual([before.person.name, before.breakGlass], ['王*', true]);
  assert.equal(await refused('stranger', '/desk/residents/nobody-at-all'), 'break-glass-needed');
  await send('stranger', 'break-glass.open', { patient: 'resident-1', reason: '昏迷送诊，须查既往史' });
  const after = await ask<Resident>('stranger', '/desk/residents/resident-1');
  assert.deepEqual([after.person.name, after.breakGlass], ['王桂兰', false]);
  const [look] = await ask<readonly BreakGlassRow[]>('security', '/desk/break-glass');
  assert.deepEqual(
    [look?.who, look?.reason, look?.person.id],
    ['stranger', '昏迷送诊，须查既往史', 'resident-1'],
  );
  assert.equal(await refused('stranger', '/desk/break-glass'), 'not-permitted');
  await send('security', 'break-glass.review', { id: look!.id, verdict: 'justified', note: '属实' });
  assert.deepEqual(await ask('security', '/desk/break-glass'), []);
});

test('[desk D26] a tree shows its late branches, and only who answers for a task may report on it', async () => {
  const areas = ['area-1', 'area-2', 'area-3', 'area-4', 'area-5', 'area-6', 'area-7'];
  const tasks = Array.from({ length: 41 }, (_, index) => ({
    area: areas[index % 7],
    id: `t${index + 1}`,
    title: `任务 ${index + 1}`,
    lead: 'Organization/town-a',
    due: index === 0 ? '2020-01-31' : '2099-12-31',
  }));
  await send('office', 'tree.load', { tree: 'pharma-tasks', tasks });
  const read = async (login: string) => {
    const { nodes } = await ask<TreePage>(login, '/desk/trees/pharma-tasks');
    return new Map(nodes.map((node) => [node.id, node]));
  };
  const seen = await read('township');
  assert.deepEqual(
    [seen.get('area-1')?.tasks, seen.get('area-1')?.overdue, seen.get('area-2')?.overdue],
    [6, 1, 0],
  );
  assert.deepEqual([seen.get('t1')?.late, seen.get('t1')?.lead], [true, '甲镇卫生院（虚构）']);
  const acts = (node: TreePage['nodes'][number] | undefined) => node?.acts.map((act) => act.id);
  assert.deepEqual(
    [acts(seen.get('t1')), acts((await read('neighbour')).get('t1'))],
    [['report', 'close'], []],
  );
  await send('township', 'task.report', { task: 'pharma-tasks-t1', progress: 100, evidence: ['Binary/x'] });
  await send('township', 'task.close', { task: 'pharma-tasks-t1' });
  const closed = (await read('township')).get('t1');
  assert.deepEqual([closed?.late, closed?.done, closed?.evidence.length, acts(closed)], [false, 1, 1, []]);
});

test('[desk D27] a plan is shown to who decides, and to nobody else', async () => {
  assert.equal(await refused('township', '/desk/matches/order-dispatch-plan'), 'not-permitted');
  const { case: id } = await file();
  await send('hr', 'loop.act', { case: id, event: 'review', answers: { class: 'gap' } });
  await send('hr', 'loop.act', { case: id, event: 'list', answers: { batch: 1 } });
  const plan = await ask<MatchPage>('hr', '/desk/matches/order-dispatch-plan');
  assert.deepEqual([plan.asked, plan.filled, plan.unmet.map((one) => one.item.id)], [1, 0, [id]]);
  assert.notEqual(plan.unmet[0]?.because.zh, '');
});

test('[desk D42] a file of a case is read by who may read the case, on every way into the record', async () => {
  const { case: id } = await file();
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
