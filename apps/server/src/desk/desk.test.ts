// People, places, registers and trees over the desk's routes on a small made-up county: what each person sees, and may not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BreakGlassRow,
  type ImportPreview,
  type Page,
  PLACES,
  type Place,
  type RegisterPage,
  type Resident,
  type ResidentRow,
  type Session,
  type TreePage,
} from '@yimai/desk/contract';
import { must } from '@yimai/kit';
import { assignRole, createUser } from '@yimai/record';
import { ask, deskCounty, JSON_TYPE, PASSWORD, refused, send, server, tokens } from './desk.fixture.ts';

deskCounty();

test('[desk D19] an import names every wrong row with its column, stores the good ones, and the same file again changes nothing', async () => {
  const rows = [
    '人员,姓名,所在医院,专业,职称级别（1 初级 2 中级 3 副高 4 正高）,上次下派结束',
    'doctor（虚构）,甲,总医院（虚构）,外科、内科,2,',
    '没有这人,乙,总医院（虚构）,外科,2,',
    'doctor（虚构）,丙,总医院（虚构）,外科,3,',
    'township（虚构）,丁,总医院（虚构）,外科,九,',
    'township（虚构）,戊,总医院（虚构）,外科,2,2026-13-05',
    'township（虚构）,己,总医院（虚构）,外科,2,2026-02-29',
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
  assert.deepEqual([preview.rows, preview.good, preview.same], [6, 1, 0]);
  assert.deepEqual(
    preview.errors.map((error) => [error.row, error.column, error.value]),
    [
      [3, '人员', '没有这人'],
      [4, null, 'doctor（虚构）'],
      [5, '职称级别（1 初级 2 中级 3 副高 4 正高）', '九'],
      [6, '上次下派结束', '2026-13-05'],
      [7, '上次下派结束', '2026-02-29'],
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
