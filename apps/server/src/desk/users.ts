// Users and their roles, for who keeps them.
import type { Page, UserRow } from '@yimai/desk/contract';
import type { FastifyInstance } from 'fastify';
import { usersOf } from './accounts-read.ts';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { bodyOf, notPermitted, textOf } from './read-body.ts';
import { namesOf } from './resources.ts';

const SHOWN_MAX = 200;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/users', async (request): Promise<Page<UserRow>> => {
    const reader = await readerOf(deps, request);
    const role = deps.accounts.policy.roles.get(reader.actor.role);
    if (!role?.commands.some((family) => family === 'user' || family === 'rights')) throw notPermitted();
    const text = textOf(bodyOf(request.body), 'text')?.toLowerCase() ?? '';
    const all = (await usersOf(deps.database, reader.now)).filter((user) =>
      `${user.name} ${user.login}`.toLowerCase().includes(text),
    );
    const shown = all.slice(0, SHOWN_MAX);
    const orgs = shown.flatMap((user) => user.roles.map((held) => `Organization/${held.org}`));
    const names = await namesOf(deps, reader, orgs);
    const items = shown.map(
      (user): UserRow => ({
        id: user.id,
        name: user.name,
        login: user.login,
        active: user.active,
        roles: user.roles.map((held) => ({
          org: held.org,
          orgName: names.get(`Organization/${held.org}`) ?? held.org,
          role: held.role,
          roleName: deps.accounts.policy.roles.get(held.role)?.name ?? { zh: held.role, en: held.role },
        })),
        lastSignInAt: user.lastSignIn?.toISOString() ?? null,
      }),
    );
    return { items, next: null, total: { count: all.length, more: false } };
  });
}
