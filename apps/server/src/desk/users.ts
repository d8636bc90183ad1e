// Users and their roles, for who keeps them.
import type { UserPage, UserRow } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import { namePinyin } from '@yimai/terms';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type UserEntry, usersOf } from './accounts-read.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { keepsUsers } from './places.ts';
import { bodyOf, notPermitted, textOf } from './read-body.ts';
import { namesOf } from './resources.ts';

const PAGE = 100;
/** The machine's own script has no one who would hold it. */
const NOT_GIVEN = new Set(['script']);

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/users', async (request): Promise<UserPage> => {
    const reader = await keeperOfUsers(deps, request);
    const body = bodyOf(request.body);
    const text = textOf(body, 'text')?.toLowerCase() ?? '';
    const after = textOf(body, 'cursor') ?? '';
    const all = await usersOf(deps.database, reader.now);
    const waiting = all.filter(isWaiting);
    const fits = (body['withoutPassword'] === true ? waiting : all).filter((user) => isFound(user, text));
    const rest = fits.filter((user) => user.login > after);
    const shown = rest.slice(0, PAGE);
    return {
      items: await rowsOf(deps, reader, shown),
      next: rest.length > PAGE ? (shown.at(-1)?.login ?? null) : null,
      total: { count: Math.min(fits.length, 999), more: fits.length > 999 },
      roles: [...rolesToGive(deps)].map(([code, name]) => ({ code, name })),
      withoutPassword: waiting.length,
    };
  });
}

/** One of the staff who has no password yet. */
const isWaiting = (user: UserEntry): boolean =>
  !user.hasPassword && user.active && user.practitioner !== null;

export async function keeperOfUsers(deps: DeskDeps, request: FastifyRequest): Promise<Reader> {
  const reader = await readerOf(deps, request);
  if (!keepsUsers(reader.actor.role, deps.accounts)) throw notPermitted();
  return reader;
}

export const rolesToGive = (deps: DeskDeps): ReadonlyMap<string, Text> =>
  new Map(
    [...deps.accounts.policy.roles].flatMap(([code, role]) =>
      NOT_GIVEN.has(code) ? [] : [[code, role.name]],
    ),
  );

/** By name, login, pinyin or initials. */
function isFound(user: UserEntry, text: string): boolean {
  if (text === '') return true;
  if (`${user.name} ${user.login}`.toLowerCase().includes(text)) return true;
  if (!/^[a-z]+$/.test(text)) return false;
  const { full, initials } = namePinyin(user.name);
  return initials.startsWith(text) || full.some((each) => each.startsWith(text));
}

async function rowsOf(deps: DeskDeps, reader: Reader, users: readonly UserEntry[]): Promise<UserRow[]> {
  const orgs = users.flatMap((user) => user.roles.map((held) => `Organization/${held.org}`));
  const names = await namesOf(deps, reader, orgs);
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    login: user.login,
    active: user.active,
    hasPassword: user.hasPassword,
    roles: user.roles.map((held) => ({
      assignment: held.assignment,
      org: held.org,
      orgName: names.get(`Organization/${held.org}`) ?? held.org,
      role: held.role,
      roleName: deps.accounts.policy.roles.get(held.role)?.name ?? { zh: held.role, en: held.role },
    })),
    lastSignInAt: user.lastSignIn?.toISOString() ?? null,
  }));
}
