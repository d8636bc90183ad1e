// Signing in with an outside OpenID provider (the county's own sign-in, say): authorization code with PKCE, state bound to
// the browser, nonce. It vouches for users that exist here; it makes none and gives no right.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { must, RefusalError, refuse, type Text } from '@yimai/kit';
import { type OutsideProvider, outsideKeys } from '@yimai/record';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../http/deps.ts';
import { escapeText } from './oidc-page.ts';
import { setCookie } from './routes.ts';
import { readSettings } from './settings-file.ts';

/** The file that YIMAI_OUTSIDE_SIGN_IN names (docs/OPERATIONS.md). */
export interface OutsideSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly name: Text;
  readonly claim: string;
  readonly match: 'subject' | 'login';
  readonly scope: string;
}

interface Discovery {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
}

interface Begun {
  readonly nonce: string;
  readonly verifier: string;
}

const START = '/auth/outside';
const COOKIE = 'yimai_outside';
const BEGUN_SECONDS = 600;
const DISCOVERY_MS = 3_600_000;
const TIMEOUT_MS = 10_000;

export function readOutsideSignIn(file: string | undefined): OutsideSignIn | null {
  if (!file) return null;
  const given = (readSettings('YIMAI_OUTSIDE_SIGN_IN', file) ?? {}) as Partial<OutsideSignIn>;
  const {
    issuer,
    clientId,
    clientSecret,
    name,
    claim = 'sub',
    match = 'subject',
    scope = 'openid profile',
  } = given;
  const secure =
    issuer !== undefined && /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$))/.test(issuer);
  if (!secure || !clientId || !name?.zh || !name.en || (match !== 'subject' && match !== 'login'))
    must(
      refuse(
        'outside-provider-unusable',
        {
          zh: 'YIMAI_OUTSIDE_SIGN_IN 的文件须有 issuer（https）、clientId、name {zh,en}；match 为 subject 或 login',
          en: 'the file of YIMAI_OUTSIDE_SIGN_IN needs issuer (https), clientId and name {zh,en}; match is subject or login',
        },
        { at: 'YIMAI_OUTSIDE_SIGN_IN' },
      ),
    );
  return {
    issuer: issuer!,
    clientId: clientId!,
    name: name!,
    claim,
    match: match as OutsideSignIn['match'],
    scope,
    ...(clientSecret ? { clientSecret } : {}),
  };
}

export function mountOutsideSignIn(
  app: FastifyInstance,
  deps: ServerDeps,
  given: OutsideSignIn | null,
): void {
  if (!given) return;
  const begun = deps.accounts.oidc.adapter('OutsideSignIn');
  const discovered = discovery(given);
  const redirectUri = (request: FastifyRequest) =>
    `${deps.publicUrl ?? `${request.protocol}://${request.host}`}${START}/callback`;

  app.get(START, async (request, reply) => {
    const { endpoints } = await discovered();
    const [state, nonce, verifier] = [secret(), secret(), secret()];
    await begun.upsert(digest(state), { nonce, verifier }, BEGUN_SECONDS);
    const url = new URL(endpoints.authorization_endpoint);
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: given.clientId,
      redirect_uri: redirectUri(request),
      scope: given.scope,
      state,
      nonce,
      code_challenge: digest(verifier),
      code_challenge_method: 'S256',
    }))
      url.searchParams.set(name, value);
    // Only the browser that began may end it: nobody is signed in by a link that somebody else prepared.
    reply.header('set-cookie', stateCookie(request, state, BEGUN_SECONDS));
    return reply.redirect(url.href, 302);
  });

  app.get(`${START}/callback`, async (request, reply) => {
    const { code, state } = request.query as { code?: unknown; state?: unknown };
    reply.header('set-cookie', stateCookie(request, '', 0));
    try {
      if (typeof code !== 'string' || typeof state !== 'string' || !isSame(state, cookieOf(request)))
        throw failed();
      const item = (await begun.find(digest(state))) as (Begun & Record<string, unknown>) | undefined;
      if (!item) throw failed();
      await begun.destroy(digest(state));
      const { endpoints, provider, keys } = await discovered();
      const idToken = await exchange(given, endpoints, {
        code,
        verifier: item.verifier,
        redirect: redirectUri(request),
      });
      const now = deps.clock.now();
      const session = must(await deps.accounts.outsideSignIn(provider, keys, idToken, item.nonce, now));
      setCookie(request, reply, session.token, session.expires);
      return reply.redirect('/', 303);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      return reply.code(401).type('text/html; charset=utf-8').send(failurePage(error.refusal.detail));
    }
  });
}

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

function isSame(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(digest(given)), Buffer.from(digest(kept))];
  return kept !== '' && timingSafeEqual(a, b);
}

const cookieOf = (request: FastifyRequest): string =>
  new RegExp(`(?:^|; )${COOKIE}=([A-Za-z0-9_-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';

// Lax: the provider sends the browser back from its own site.
const stateCookie = (request: FastifyRequest, state: string, seconds: number): string =>
  `${COOKIE}=${state}; Path=${START}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${request.protocol === 'https' ? '; Secure' : ''}`;

/** The provider's own description, asked again each hour; its keys are kept and asked anew when an unknown one signs. */
function discovery(given: OutsideSignIn) {
  const ask = async () => {
    const url = `${given.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const endpoints = (await fetchJson(url, {})) as unknown as Discovery & { issuer: string };
    if (endpoints.issuer !== given.issuer) throw failed();
    const provider: OutsideProvider = {
      issuer: given.issuer,
      clientId: given.clientId,
      jwksUri: endpoints.jwks_uri,
      claim: given.claim,
      match: given.match,
    };
    return { endpoints, provider, keys: outsideKeys(provider) };
  };
  let known: { readonly until: number; readonly answer: ReturnType<typeof ask> } | null = null;
  return () => {
    if (!known || performance.now() > known.until) {
      const answer = ask();
      known = { until: performance.now() + DISCOVERY_MS, answer };
      answer.catch(() => {
        known = null;
      });
    }
    return known.answer;
  };
}

async function exchange(
  given: OutsideSignIn,
  endpoints: Discovery,
  { code, verifier, redirect }: { code: string; verifier: string; redirect: string },
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirect,
    client_id: given.clientId,
    code_verifier: verifier,
  });
  const basic = [given.clientId, given.clientSecret ?? ''].map(encodeURIComponent).join(':');
  const headers: Record<string, string> = given.clientSecret
    ? { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }
    : {};
  const { id_token } = await fetchJson(endpoints.token_endpoint, { method: 'POST', body, headers });
  if (typeof id_token !== 'string') throw failed();
  return id_token;
}

async function fetchJson(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok) return (await answer.json()) as Record<string, unknown>;
  } catch {
    // Not reached, or no JSON: the person is told, and may sign in here or try again.
  }
  throw failed();
}

const failed = (): RefusalError =>
  new RefusalError({
    code: 'outside-sign-in-failed',
    detail: {
      zh: '外部登录未完成，请重试，或用本系统的登录名登录',
      en: 'the outside sign-in was not completed; try again, or sign in with a login of this system',
    },
  });

function failurePage(detail: Text | undefined): string {
  const words = detail ? `${escapeText(detail.zh)} / ${escapeText(detail.en)}` : '';
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>一脉 Yimai</title><p role="alert">▲ ${words}</p><p><a href="/">返回登录 / Back to sign-in</a></p></html>`;
}
