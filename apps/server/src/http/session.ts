// From a request to who asks: the bearer token or the desk's cookie, and the role chosen by header.
import { must, RefusalError } from '@yimai/kit';
import type { Access, SignedIn } from '@yimai/record';
import type { FastifyRequest } from 'fastify';
import type { AccessOf, ServerDeps } from './deps.ts';

export const SESSION_COOKIE = 'yimai_session';

/** `x-yimai-acting: <Organization id>;<role>`; absent: the first role in force. */
export function actingOf(request: FastifyRequest): { org: string; role: string } | undefined {
  const value = request.headers['x-yimai-acting'];
  // Event streams and downloads cannot set a header; they name the role in the query.
  const text = typeof value === 'string' ? value : (request.query as { acting?: string } | undefined)?.acting;
  if (text === undefined) return undefined;
  const match = /^([A-Za-z0-9\-.]{1,64});([a-z][a-z-]{1,40})$/.exec(text);
  if (!match) {
    const detail = { zh: 'x-yimai-acting 应为 机构id;角色', en: 'x-yimai-acting is organisation-id;role' };
    throw new RefusalError({ code: 'bad-header', at: 'x-yimai-acting', detail });
  }
  return { org: match[1]!, role: match[2]! };
}

/** Refuses who has no token (401). A cookie alone may not change anything unless the request is of the same origin. */
export function tokenOf(request: FastifyRequest): string {
  const { authorization, cookie } = request.headers;
  const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const fromCookie = new RegExp(`(?:^|; )${SESSION_COOKIE}=([A-Za-z0-9_-]+)`).exec(cookie ?? '')?.[1];
  if (fromCookie === undefined) {
    const detail = { zh: '请先登录', en: 'please sign in' };
    throw new RefusalError({ code: 'not-signed-in', at: 'Authorization', detail });
  }
  const site = request.headers['sec-fetch-site'];
  if (request.method !== 'GET' && request.method !== 'HEAD' && site !== undefined && site !== 'same-origin') {
    const detail = { zh: '跨站请求被拒绝', en: 'a request from another site is refused' };
    throw new RefusalError({ code: 'not-permitted', at: 'Sec-Fetch-Site', detail });
  }
  return fromCookie;
}

export async function signedInOf(deps: ServerDeps, request: FastifyRequest): Promise<SignedIn> {
  return must(await deps.accounts.signedIn(tokenOf(request), deps.clock.now(), actingOf(request)));
}

export function accessOfRequests(deps: ServerDeps): AccessOf {
  return async (request): Promise<Access> => {
    const signedIn = await signedInOf(deps, request);
    return deps.accounts.accessOf(signedIn, deps.clock.now());
  };
}
