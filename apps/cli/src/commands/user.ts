// `yimai user`: who may sign in, on this machine's own word.
import { randomBytes } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { must } from '@yimai/kit';
import type { Sql } from '@yimai/postgres';
import {
  assignRole,
  createUser,
  findUser,
  listUsers,
  refuseUnknownOrg,
  rolesOf,
  setActive,
  setOutsideSubject,
  setPassword,
  type User,
  unknownUser,
} from '@yimai/record';
import type { Consortium } from '@yimai/server';
import { type Command, EXIT, type Given, usage } from '../command.ts';
import { inHouse } from '../house.ts';
import type { Io } from '../io.ts';

const ACTS = ['list', 'create', 'password', 'role', 'outside', 'disable', 'enable'] as const;
type Act = (typeof ACTS)[number];

export const user: Command = {
  name: 'user',
  words: 'list | create LOGIN | password LOGIN | role LOGIN | outside LOGIN | disable LOGIN | enable LOGIN',
  wordsMin: 1,
  wordsMax: 2,
  summary: {
    zh: '用户：列出、建立、改口令、任职、外部账号、停用',
    en: 'users: list, create, password, role, outside, disable, enable',
  },
  options: {
    name: { type: 'string', value: 'NAME', help: { zh: '姓名（create）', en: 'full name (create)' } },
    role: {
      type: 'string',
      value: 'ROLE',
      help: { zh: '岗位代码（create、role）', en: 'role code (create, role)' },
    },
    org: {
      type: 'string',
      value: 'ID',
      help: { zh: '机构的 FHIR id（create、role）', en: 'FHIR id of the organisation (create, role)' },
    },
    subject: {
      type: 'string',
      value: 'SUBJECT',
      help: {
        zh: '在外部登录系统中的账号标识（outside；不给则解除）',
        en: 'who the user is at the outside provider (outside; without it the link ends)',
      },
    },
    generate: {
      type: 'boolean',
      help: {
        zh: '生成口令并输出；否则从标准输入读',
        en: 'make a password and print it; otherwise it is read from standard input',
      },
    },
  },
  async run(given, io) {
    const act = given.words[0] as Act;
    const login = given.words[1];
    if (!ACTS.includes(act)) throw usage('user', { zh: `没有“${act}”这个动作`, en: `unknown act "${act}"` });
    if (act !== 'list' && login === undefined)
      throw usage('user', { zh: `${act} 缺少登录名 LOGIN`, en: `${act} needs LOGIN` });
    if (act === 'role' || given.text('role') !== undefined) roleOf(given);
    const password = act === 'password' || act === 'create' ? await newPassword(given, act) : undefined;
    await inHouse(given, io, async (house) => {
      if (act === 'list') return list(house, io);
      const done =
        act === 'create'
          ? await create(house, login!, given, password)
          : await change(house, act, login!, given, password);
      await io.result({
        login: done.login,
        act,
        ...(given.flag('generate') && password ? { password } : {}),
      });
    });
    return EXIT.done;
  },
};

async function list(house: Consortium, io: Io): Promise<void> {
  for (const { id, login, name, active, demo } of await listUsers(house.database)) {
    const roles = (await rolesOf(house.database, id)).map(({ role, org, until }) => ({ role, org, until }));
    await io.result({ login, name, active, demo, roles });
  }
}

async function create(
  house: Consortium,
  login: string,
  given: Given,
  password: string | undefined,
): Promise<User> {
  const { database, policy, clock } = house;
  const user = { login, name: given.text('name') ?? login, ...(password ? { password } : {}) };
  // Both or neither: a wrong role leaves no user behind.
  return database.tx({}, async (run) => {
    const made = must(await createUser(run, policy, user, clock.now()));
    if (given.text('role') !== undefined) await giveRole(run, house, made, given);
    return made;
  });
}

async function change(
  house: Consortium,
  act: Act,
  login: string,
  given: Given,
  password: string | undefined,
): Promise<User> {
  const { database, policy, clock } = house;
  const found = (await findUser(database, login)) ?? must<User>(unknownUser());
  if (act === 'password') must(await setPassword(database, policy, found.id, password ?? '', clock.now()));
  else if (act === 'outside')
    must(await setOutsideSubject(database, found.id, given.text('subject') ?? null));
  else if (act === 'role') await giveRole(database, house, found, given);
  else must(await setActive(database, found.id, act === 'enable', clock.now()));
  return found;
}

async function giveRole(run: Sql, house: Consortium, found: User, given: Given): Promise<void> {
  const { role, org } = roleOf(given);
  must(await refuseUnknownOrg(run, org));
  must(await assignRole(run, house.policy, { user: found.id, role, org }, house.clock.now()));
}

function roleOf(given: Given): { role: string; org: string } {
  const [role, org] = [given.text('role'), given.text('org')];
  if (role === undefined || org === undefined)
    throw usage('user', { zh: '任职须同时给出 --role 与 --org', en: 'a role needs --role and --org' });
  return { role, org };
}

// Never as an argument: every user of the machine can read the arguments of a process.
async function newPassword(given: Given, act: Act): Promise<string | undefined> {
  if (given.flag('generate')) return randomBytes(12).toString('base64url');
  if (act === 'create' && process.stdin.isTTY) return undefined;
  if (process.stdin.isTTY) process.stderr.write('password (口令): ');
  const typed = process.stdin.isTTY ? await firstLine() : await readAll(process.stdin);
  return typed.split(/\r?\n/)[0] || undefined;
}

async function firstLine(): Promise<string> {
  for await (const chunk of process.stdin) return String(chunk);
  return '';
}
