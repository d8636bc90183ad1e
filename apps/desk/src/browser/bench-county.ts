// The county of the desk's benchmark: as many cases, register entries and residents as a list must bear.
import { must, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { assignRole, createUser, type Resource } from '@yimai/record';
import type { Consortium } from '@yimai/server';

export const TOWN = 'bench-town';
export const PASSWORD = 'bench-sign-in-2026';
const CENTRE = 'bench-centre';
const OFFICE_SYSTEM = 'https://yimai.example/fhir/office';
const SURNAMES = '王李张刘陈杨黄赵周吴徐孙马朱胡';
const GIVEN = '建国桂兰秀英志强丽华晓明海燕文博雨欣';

const LOGINS = [
  ['bench-hr', 'hr-clerk', CENTRE],
  ['bench-town', 'township-director', TOWN],
  ['bench-doctor', 'township-doctor', TOWN],
] as const;

export async function fillCounty(house: Consortium, rows: number): Promise<void> {
  await housesAndPeople(house);
  await residents(house, rows);
  await cases(house, rows);
  await entries(house, rows);
  for (const table of ['resource', 'loop_case', 'loop_stay', 'register_entry'])
    await house.database.text(`analyze ${table}`).catch(() => undefined);
}

async function bring(house: Consortium, resources: Iterable<Resource>): Promise<void> {
  const importer = house.record.importer(house.record.systemAccess(), { via: 'import' });
  let line = 0;
  for (const resource of resources) {
    line += 1;
    await importer.add(JSON.stringify(resource), line);
  }
  const report = await importer.finish();
  if (report.refused > 0) throw new Error(`fault: ${JSON.stringify(report.errors[0])}`);
}

async function housesAndPeople(house: Consortium): Promise<void> {
  const { database, policy, clock, record } = house;
  const org = (id: string, name: string, parent: string | null, office?: string): Resource => ({
    resourceType: 'Organization',
    id,
    name,
    ...(parent ? { partOf: { reference: `Organization/${parent}` } } : {}),
    ...(office ? { identifier: [{ system: OFFICE_SYSTEM, value: office }] } : {}),
  });
  await bring(house, [
    org('bench-county', '测速县医共体（虚构）', null),
    org(CENTRE, '人力资源中心（虚构）', 'bench-county', 'hr-centre'),
    org(TOWN, '测速镇卫生院（虚构）', 'bench-county'),
    ...LOGINS.map(
      ([login]): Resource => ({ resourceType: 'Practitioner', id: login, name: [{ text: login }] }),
    ),
  ]);
  for (const [login, role, at] of LOGINS) {
    const practitioner = (await record.read(record.systemAccess(), 'Practitioner', login))!.id;
    const user = must(
      await createUser(
        database,
        policy,
        { login, name: login, password: PASSWORD, practitioner },
        clock.now(),
      ),
    );
    must(await assignRole(database, policy, { user: user.id, role, org: at }, clock.now()));
  }
}

function* people(rows: number): Generator<Resource> {
  for (let nth = 0; nth < rows; nth += 1) {
    const name = `${SURNAMES[nth % SURNAMES.length]}${GIVEN[nth % 13]}${GIVEN[(nth * 7) % 17]}`;
    yield {
      resourceType: 'Patient',
      id: `bench-resident-${nth}`,
      active: true,
      name: [{ text: name }],
      gender: nth % 2 === 0 ? 'male' : 'female',
      birthDate: `${1940 + (nth % 80)}-0${1 + (nth % 9)}-1${nth % 10}`,
      managingOrganization: { reference: `Organization/${TOWN}` },
      address: [{ text: `测速镇第${nth % 90}村（虚构）` }],
    };
  }
}

const residents = (house: Consortium, rows: number) => bring(house, people(rows));

/** One order is filed by command; the others are its copies, so that each line of the list reads a case of its own. */
async function cases(house: Consortium, rows: number): Promise<void> {
  const { record, database, clock } = house;
  const signedIn = must(
    await house.accounts.signedIn(
      must(await house.accounts.signIn({ login: 'bench-town', password: PASSWORD }, clock.now())).token,
      clock.now(),
    ),
  );
  const access = house.accounts.accessOf(signedIn, clock.now());
  const day = (ahead: number) =>
    new Date(clock.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
  const answer = await record.commands.execute(
    {
      id: uuidv7(),
      type: 'loop.open',
      occurredAt: clock.now().toISOString(),
      actingAs: { org: TOWN, role: 'township-director' },
      payload: {
        loop: 'order-dispatch',
        answers: {
          techniques: ['心脏彩超'],
          specialty: '超声诊断',
          from: day(9),
          to: day(99),
          goals: '独立开展',
        },
      },
    },
    async () => ({ ok: true, value: access }),
  );
  const { case: first } = answer.result as { case: string };
  const row = await record.read(record.systemAccess(), 'Task', first);
  const text = await record.contentFor(record.systemAccess(), row!);
  await bring(
    house,
    (function* () {
      for (let nth = 1; nth < rows; nth += 1) {
        const { meta: _meta, ...task } = JSON.parse(text) as Resource;
        yield { ...task, id: `bench-case-${nth}` };
      }
    })(),
  );
  await database.run(sql`insert into loop_case (id, loop, loop_version, seq, outcome, opened_at, opener_org, opener_person, title)
    select 'bench-case-' || n, loop, loop_version, seq, outcome, opened_at, opener_org, opener_person, title || '-' || n
    from loop_case, generate_series(1, ${rows - 1}::int) n where id = ${first}`);
  await database.run(sql`insert into loop_stay (case_id, branch, entry, loop, state, since_at, due_at, owner_party, owner_roles, owner_org,
      opener_org)
    select 'bench-case-' || n, branch, entry, loop, state, since_at, due_at + n * interval '1 second', owner_party, owner_roles,
      owner_org, opener_org
    from loop_stay, generate_series(1, ${rows - 1}::int) n where case_id = ${first}`);
}

/** The talent pool, by its own import command. */
async function entries(house: Consortium, rows: number): Promise<void> {
  const { record, clock } = house;
  const token = must(
    await house.accounts.signIn({ login: 'bench-hr', password: PASSWORD }, clock.now()),
  ).token;
  const signedIn = must(await house.accounts.signedIn(token, clock.now()));
  const access = house.accounts.accessOf(signedIn, clock.now());
  await bring(
    house,
    (function* () {
      for (let nth = 0; nth < rows; nth += 1)
        yield {
          resourceType: 'Practitioner',
          id: `bench-person-${nth}`,
          name: [{ text: `人员${nth}` }],
        } as Resource;
    })(),
  );
  for (let from = 0; from < rows; from += 2_000) {
    const some = Array.from({ length: Math.min(2_000, rows - from) }, (_, index) => ({
      person: `Practitioner/bench-person-${from + index}`,
      name: `${SURNAMES[(from + index) % SURNAMES.length]}人员${from + index}`,
      home: `Organization/${TOWN}`,
      specialty: ['内科'],
      grade: 3,
    }));
    const answer = await record.commands.execute(
      {
        id: uuidv7(),
        type: 'register.import',
        occurredAt: clock.now().toISOString(),
        actingAs: { org: CENTRE, role: 'hr-clerk' },
        payload: { register: 'talent-pool', rows: some },
      },
      async () => ({ ok: true, value: access }),
    );
    if (answer.outcome !== 'applied') throw new Error(`fault: ${JSON.stringify(answer)}`);
  }
}
