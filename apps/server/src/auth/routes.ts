// Signing in and out for the desk, the second factor, the list of own sessions, and the demo's sign-ins.
import type { Place } from '@yimai/desk/contract';
import { must, RefusalError } from '@yimai/kit';
import { FIRST_ORG, type SignedIn } from '@yimai/record';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../http/deps.ts';
import { SESSION_COOKIE, signedInOf, tokenOf } from '../http/session.ts';

/** The places of the desk that a role has. */
type PlacesOf = (role: string) => readonly Place[];

export function mountAuth(app: FastifyInstance, deps: ServerDeps, placesOf: PlacesOf): void {
  app.post('/auth/sign-in', { bodyLimit: 10_000 }, async (request, reply) => {
    const { login, password, totp } = readCredentials(request.body);
    const now = deps.clock.now();
    const session = must(await deps.accounts.signIn({ login, password, ...(totp ? { totp } : {}) }, now));
    const signedIn = must(await deps.accounts.signedIn(session.token, now));
    setCookie(request, reply, session.token, session.expires);
    return {
      token: session.token,
      expiresAt: session.expires.toISOString(),
      ...describe(deps, signedIn, await namesAndHead(deps, signedIn), placesOf),
    };
  });
  app.get('/auth/me', async (request) => {
    const signedIn = await signedInOf(deps, request);
    return describe(deps, signedIn, await namesAndHead(deps, signedIn), placesOf);
  });
  app.post('/auth/sign-out', async (request, reply) => {
    await deps.accounts.signOut(tokenOf(request), deps.clock.now());
    setCookie(request, reply, '', new Date(0));
    return reply.code(204).send();
  });
  app.get('/auth/sessions', async (request) => {
    const signedIn = await signedInOf(deps, request);
    const sessions = await deps.accounts.sessions(signedIn.actor.user, deps.clock.now());
    return sessions.map((session) => ({ ...session, current: session.id === signedIn.session }));
  });
  app.post('/auth/totp', async (request) =>
    deps.accounts.enrolTotp((await signedInOf(deps, request)).actor.user),
  );
  app.post('/auth/totp/confirm', { bodyLimit: 1000 }, async (request, reply) => {
    const { actor } = await signedInOf(deps, request);
    const { code } = (request.body ?? {}) as { code?: unknown };
    must(await deps.accounts.confirmTotp(actor.user, typeof code === 'string' ? code : '', deps.clock.now()));
    return reply.code(204).send();
  });
  app.get('/auth/demo', async () => {
    if (!deps.demo) {
      const detail = { zh: '这不是演示系统', en: 'this is not a demo system' };
      throw new RefusalError({ code: 'not-found', detail });
    }
    return deps.demoSignIns;
  });
}

function readCredentials(body: unknown): { login: string; password: string; totp?: string } {
  const { login, password, totp } = (body ?? {}) as { login?: unknown; password?: unknown; totp?: unknown };
  if (typeof login !== 'string' || typeof password !== 'string' || password.length > 1000) {
    const detail = { zh: '请填写登录名和密码', en: 'login and password are needed' };
    throw new RefusalError({
      code: 'bad-parameter',
      at: typeof login === 'string' ? 'password' : 'login',
      detail,
    });
  }
  return { login, password, ...(typeof totp === 'string' && totp !== '' ? { totp } : {}) };
}

export function setCookie(request: FastifyRequest, reply: FastifyReply, token: string, expires: Date): void {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  const text = `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Expires=${expires.toUTCString()}${secure}`;
  reply.header('set-cookie', text);
}

interface Places {
  readonly names: ReadonlyMap<string, string>;
  readonly head: string;
}

async function namesAndHead(deps: ServerDeps, signedIn: SignedIn): Promise<Places> {
  const [names, head] = await Promise.all([orgNames(deps, signedIn), deps.accounts.headOfTree()]);
  return { names, head };
}

/** Names of the organisations in which roles are held: organisations are open to all who sign in. */
async function orgNames(deps: ServerDeps, signedIn: SignedIn): Promise<ReadonlyMap<string, string>> {
  const access = deps.accounts.accessOf(signedIn, deps.clock.now());
  const ids = [...new Set(signedIn.roles.map((role) => role.org))];
  const page = await deps.record.search(
    access,
    'Organization',
    `_id=${ids.map(encodeURIComponent).join(',')}&_count=100`,
  );
  return new Map(
    page.matches.map((row) => [
      row.fhirId,
      String((JSON.parse(row.content ?? '{}') as { name?: unknown }).name ?? ''),
    ]),
  );
}

function describe(deps: ServerDeps, signedIn: SignedIn, { names, head }: Places, placesOf: PlacesOf): object {
  return {
    user: { id: signedIn.actor.user, name: signedIn.name, login: signedIn.login },
    demo: deps.demo,
    roles: signedIn.roles.map(({ role, org }) => ({
      org,
      // A fresh house acts for an organisation that nobody has entered yet.
      orgName: names.get(org) ?? (org === FIRST_ORG ? '医共体' : org),
      role,
      roleName: deps.accounts.policy.roles.get(role)?.name ?? { zh: role, en: role },
      places: placesOf(role),
      isHead: org === head,
    })),
  };
}
