// Acceptance of the register of consortia: the tree of 98 units, one tight group each, coverage of districts, addresses.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { listValue, registerOn } from '@yimai/runtime';
import { BUREAU, DIRECTOR_A, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';

const TODAY = '2026-03-02';
const county = await testCounty({ after });
await smallCounty(county);
const org = (id: string) => `Organization/${id}`;
const found = (group: string, lead: string, district: string, kind = 'county') => ({
  loop: 'group-founding',
  answers: { group, kind, lead: org(lead), district, founded: '2023-01-01' },
});
const join = (institution: string, level: string, parent: string, group = '上思县医疗集团') => ({
  loop: 'group-joining',
  answers: { institution: org(institution), group, level, parent: org(parent) },
});
const { case: shangsi } = await county.apply(
  OFFICE,
  'loop.open',
  found('上思县医疗集团', 's-people', '上思'),
);

test('[consortium-organisation-register/1] loading 上思 gives a tree of 98 units with one lead', async () => {
  const members = [
    ...['s-mch', 's-tcm'].map((id) => join(id, 'county', 's-people')),
    ...Array.from({ length: 8 }, (_, n) => join(`s-town-${n}`, 'township', 's-people')),
    ...Array.from({ length: 87 }, (_, n) => join(`s-village-${n}`, 'village', `s-town-${n % 8}`)),
  ];
  const early = await county.refuse(OFFICE, 'loop.open', join('s-village-0', 'village', 's-town-0'));
  assert.equal(early.code, 'parent-outside', 'nobody hangs in the air');
  for (const member of members) await county.apply(OFFICE, 'loop.open', member);
  const where = { group: '上思县医疗集团' };
  const levels = (await county.report('members-by-level', TODAY)).rows.filter(
    ({ of }) => of[0] === where.group,
  );
  assert.deepEqual(
    levels.map(({ of, cells }) => [of[1], cells[0]]),
    [
      ['county', 2],
      ['lead', 1],
      ['township', 8],
      ['village', 87],
    ],
  );
  const rows = await registerOn(county.database, 'group-members', TODAY, { limit: 1000, where });
  assert.equal(rows.length, 98);
  const parents = new Map(rows.map((one) => [one.key, one.data['parent']]));
  const top = (key: string): string => {
    const above = parents.get(key);
    return typeof above === 'string' ? top(above) : key;
  };
  assert.deepEqual([...new Set(rows.map((one) => top(one.key)))], [org('s-people')]);
  const second = await county.refuse(OFFICE, 'loop.open', join('s-other', 'lead', 's-people'));
  assert.equal(second.code, 'code-unknown', 'a second lead cannot join');
});

test('[consortium-organisation-register/2] one institution cannot belong to two tight groups at once', async () => {
  await county.apply(OFFICE, 'loop.open', found('邻县医共体', 'n-people', '邻县'));
  const twice = await county.refuse(
    OFFICE,
    'loop.open',
    join('s-town-1', 'township', 'n-people', '邻县医共体'),
  );
  assert.equal(twice.code, 'already-member');
  const asLead = await county.refuse(OFFICE, 'loop.open', found('第三医共体', 's-tcm', '上思'));
  assert.equal(asLead.code, 'already-member');
  const again = await county.refuse(OFFICE, 'loop.open', found('上思县医疗集团', 'x', '上思'));
  assert.equal(again.code, 'group-exists');
  await county.apply(OFFICE, 'register.end', { register: 'group-members', key: org('s-town-1') });
  await county.apply(OFFICE, 'loop.open', join('s-town-1', 'township', 'n-people', '邻县医共体'));
  for (let n = 0; n < 4; n += 1) {
    const both = await Promise.all([
      county.send(OFFICE, 'loop.open', join(`s-both-${n}`, 'township', 's-people')),
      county.send(OFFICE, 'loop.open', join(`s-both-${n}`, 'township', 'n-people', '邻县医共体')),
    ]);
    assert.deepEqual(both.map((one) => one.refusal?.code ?? one.outcome).sort(), [
      'already-member',
      'applied',
    ]);
  }
  const refused = await county.refuse(DIRECTOR_A, 'loop.open', join('s-new', 'township', 's-people'));
  assert.equal(refused.code, 'not-your-turn');
});

test('[consortium-organisation-register/3] coverage is districts with a group of the standard over all, against 5', async () => {
  const names = Array.from({ length: 10 }, (_, n) => `大连区县${n + 1}`);
  const rows = names.map((district) => ({ district, city: '大连' }));
  await county.apply(OFFICE, 'register.import', { register: 'districts', rows });
  const groups: string[] = [];
  for (const [n, district] of names.slice(0, 6).entries())
    groups.push(
      (await county.apply(OFFICE, 'loop.open', found(`${district}医共体`, `d-${n}`, district))).case,
    );
  const assess = (id: string) => ({ case: id, event: 'assess' });
  assert.equal((await county.refuse(BUREAU, 'loop.act', assess(String(groups[0])))).code, 'not-unified');
  for (const id of groups.slice(0, 4)) {
    const unified = { unified: ['人员', '资金', '物资', '业务', '药品'] };
    await county.apply(OFFICE, 'loop.act', { case: id, event: 'unify', answers: unified });
    await county.apply(BUREAU, 'loop.act', assess(id));
  }
  const { rows: cities, named } = await county.report('districts-without-standard-group', TODAY);
  const [all, covered] = cities.find(({ of }) => of[0] === '大连')?.cells ?? [];
  const target = county.runtime.context.lists.get('construction-targets');
  assert.ok(target);
  const wanted = listValue(target, '大连', '2025-12-31');
  assert.deepEqual([covered, all, wanted.ok && wanted.value], [4, 10, 5]);
  const missing = named.filter(({ data }) => data['city'] === '大连');
  assert.equal(missing.length, 6, 'founded but below the standard does not count');
  assert.equal((await county.caseState(shangsi)).closed, null);
});

test('[consortium-organisation-register/4] 18 grid groups: each address belongs to exactly one', async () => {
  const grids = Array.from({ length: 18 }, (_, n) => ({ grid: `网格${n + 1}`, group: `集团${n + 1}` }));
  await county.apply(OFFICE, 'register.import', { register: 'grid-groups', rows: grids });
  const addresses = Array.from({ length: 360 }, (_, n) => ({
    address: `合成街${n}号`,
    grid: `网格${(n % 18) + 1}`,
  }));
  const imported = await county.apply(OFFICE, 'register.import', {
    register: 'address-grids',
    rows: [...addresses, { ...addresses[0], grid: '网格9' }],
  });
  assert.deepEqual([imported.added, imported.refused[0]?.code], [360, 'row-twice']);
  const other = { register: 'address-grids', entry: { ...addresses[1], grid: '网格9' } };
  assert.equal((await county.refuse(OFFICE, 'register.add', other)).code, 'entry-exists');
  const split = { register: 'grid-groups', entry: { grid: '网格1', group: '集团2' } };
  assert.equal((await county.refuse(OFFICE, 'register.add', split)).code, 'entry-exists');
  const mapped = await county.report('grids-without-address', TODAY);
  assert.deepEqual([mapped.total, mapped.named], [[18, 18], []]);
  const groups = new Map(
    (await registerOn(county.database, 'grid-groups', TODAY)).map((one) => [one.key, one.data['group']]),
  );
  const { rows: byGrid, named: unmapped } = await county.report('addresses-by-grid', TODAY);
  assert.equal(new Set(byGrid.map((one) => groups.get(String(one.of[0])))).size, 18);
  assert.deepEqual([new Set(byGrid.map(({ cells }) => cells.join())), unmapped], [new Set(['20,20']), []]);
});
