// A small made-up county behind the real server, for the browser tests: houses, people with sign-ins, a talent pool.
import { join } from 'node:path';
import { must, type SimulatedClock, uuidv7 } from '@yimai/kit';
import { testDatabase } from '@yimai/postgres/testing';
import { assignRole, createUser, type Resource } from '@yimai/record';
import { SYSTEMS } from '@yimai/runtime';
import { type Consortium, openConsortium, startServer } from '@yimai/server';
import { ensureBuilt } from '../index.ts';

export const PASSWORD = 'synthetic-sign-in-1';

interface Chair {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly org: string;
}

export const CHAIRS: readonly Chair[] = [
  { login: 'township', name: '李秀兰', role: 'township-director', org: 'town-a' },
  { login: 'hr', name: '欧阳德海', role: 'hr-clerk', org: 'hr-centre' },
  { login: 'hr-2', name: '马小燕', role: 'hr-clerk', org: 'hr-centre' },
  { login: 'expert', name: '阿卜杜热依木·买买提', role: 'expert', org: 'county' },
  { login: 'doctor', name: '周明', role: 'township-doctor', org: 'town-a' },
  { login: 'keeper', name: '陈管', role: 'administrator', org: 'county' },
  { login: 'security', name: '孙安', role: 'security-officer', org: 'county' },
  { login: 'inspector', name: '赵岚', role: 'inspector', org: 'station' },
  { login: 'inspector-2', name: '钱立', role: 'inspector', org: 'station' },
  { login: 'bureau', name: '何局', role: 'bureau-director', org: 'bureau' },
  { login: 'office', name: '方协', role: 'consortium-office', org: 'office' },
];

const HOUSES: readonly (readonly [id: string, name: string, parent: string | null, office?: string])[] = [
  ['county', '清江县医共体总医院（虚构）', null],
  ['hr-centre', '医共体人力资源中心（虚构）', 'county', 'hr-centre'],
  ['town-a', '柳溪镇中心卫生院（虚构）', 'county'],
  ['town-b', '双河彝族苗族乡卫生院（虚构）', 'county'],
  ['station', '清江县卫生监督所（虚构）', 'county', 'supervision'],
  ['bureau', '清江县卫生健康局（虚构）', null, 'bureau'],
  ['office', '医共体办公室（虚构）', 'county', 'consortium-office'],
  ['village-a1', '上坪村卫生室（虚构）', 'town-a'],
];

export interface BrowserCounty {
  readonly url: string;
  readonly consortium: Consortium;
  close(): Promise<void>;
}

export async function browserCounty(clock?: SimulatedClock): Promise<BrowserCounty> {
  const place = await testDatabase();
  const log = () => undefined;
  const consortium = await openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.appUrl },
    schema: place.schema,
    keyFile: join(place.dir, 'keys.json'),
    log,
    ...(clock ? { clock } : {}),
  });
  await people(consortium);
  const server = await startServer(consortium, {
    port: 0,
    demo: true,
    demoSignIns: CHAIRS.map((chair) => ({
      login: chair.login,
      password: PASSWORD,
      name: chair.name,
      role: consortium.policy.roles.get(chair.role)?.name ?? { zh: chair.role, en: chair.role },
      org: HOUSES.find(([id]) => id === chair.org)?.[1] ?? '',
    })),
    deskFolder: await ensureBuilt(),
    log,
  });
  const entry = {
    person: 'Practitioner/staff-expert',
    name: '阿卜杜热依木·买买提',
    home: 'Organization/county',
    specialty: ['超声诊断'],
    grade: 3,
  };
  await send(server.url, 'hr', 'register.put', { register: 'talent-pool', entry });
  return {
    url: server.url,
    consortium,
    async close() {
      await server.close();
      await consortium.close();
      await place.close();
    },
  };
}

async function people(consortium: Consortium): Promise<void> {
  const { record, policy, database, clock } = consortium;
  const houses = HOUSES.map(
    ([id, name, parent, office]): Resource => ({
      resourceType: 'Organization',
      id,
      name,
      ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
      ...(office ? { identifier: [{ system: SYSTEMS.office, value: office }] } : {}),
    }),
  );
  const staff = CHAIRS.map(
    (chair): Resource => ({
      resourceType: 'Practitioner',
      id: `staff-${chair.login}`,
      active: true,
      name: [{ text: chair.name }],
    }),
  );
  const residents: Resource[] = [
    resident('1', '王桂兰', 'female', '1954-07-02'),
    resident('2', '买买提·吐尔逊阿卜杜拉', 'male', '1988-11-20'),
  ];
  await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
    for (const resource of [...houses, ...staff, ...residents]) await tx.update(resource);
  });
  for (const chair of CHAIRS) {
    const practitioner = await keyOf(consortium, `staff-${chair.login}`);
    const { login, name, role, org } = chair;
    const user = must(
      await createUser(
        database,
        policy,
        { login, name, password: PASSWORD, practitioner, demo: true },
        clock.now(),
      ),
    );
    must(await assignRole(database, policy, { user: user.id, role, org }, clock.now()));
  }
}

const resident = (id: string, name: string, gender: string, birthDate: string): Resource => ({
  resourceType: 'Patient',
  id: `resident-${id}`,
  active: true,
  name: [{ text: name }],
  gender,
  birthDate,
  address: [{ text: '清江县柳溪镇上坪村（虚构）' }],
  managingOrganization: { reference: 'Organization/village-a1' },
});

async function keyOf(consortium: Consortium, practitioner: string) {
  const row = await consortium.record.read(consortium.record.systemAccess(), 'Practitioner', practitioner);
  if (!row) throw new Error(`there is no ${practitioner}`);
  return row.id;
}

/** A command as one of the people, over HTTP as the desk sends it. */
export async function send(url: string, login: string, type: string, payload: unknown): Promise<unknown> {
  const chair = CHAIRS.find((each) => each.login === login)!;
  const post = async (path: string, body: unknown, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { token } = await post('/auth/sign-in', { login, password: PASSWORD });
  const actingAs = { org: chair.org, role: chair.role };
  const command = { id: uuidv7(), type, occurredAt: new Date().toISOString(), actingAs, payload };
  const answer = await post('/commands', command, { authorization: `Bearer ${token}` });
  if (answer['outcome'] !== 'applied') throw new Error(`${type}: ${JSON.stringify(answer)}`);
  return answer['result'];
}
