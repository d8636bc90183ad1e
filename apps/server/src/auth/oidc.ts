// The OpenID provider inside: other systems of the county let their people sign in here (authorization code with PKCE),
// and the access token that they get is a session of the record like any other: listed, narrowed by scope, revocable.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { must, type Result, refuse, type Uuid } from '@yimai/kit';
import type { OidcAccount, OidcAdapter, OpenedSession } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ServerDeps } from '../http/deps.ts';
import { providerPage, signedOutPage, signInPage, signOutPage } from './oidc-page.ts';
import { readSettings } from './settings-file.ts';

/** What the provider needs from the accounts of the consortium. */
export interface OidcRoom {
  adapter(model: string): OidcAdapter;
  findAccount(subject: string): Promise<OidcAccount | undefined>;
  seal(plain: string): string;
  unseal(text: string): string | null;
  cookieKey(): string;
  /** Makes an access token of the provider a session of the record. */
  adoptToken(
    token: string,
    user: Uuid,
    client: string,
    scopes: readonly string[],
    seconds: number,
  ): Promise<void>;
  checkPassword(given: {
    login: string;
    password: string;
    totp?: string;
  }): Promise<Result<OpenedSession & { user: Uuid }>>;
}

/** A client of the provider, from the file that YIMAI_OIDC_CLIENTS names (docs/OPERATIONS.md). */
interface OidcClient {
  readonly client_id: string;
  readonly redirect_uris: readonly string[];
  readonly [setting: string]: unknown;
}

interface Interaction {
  readonly uid: string;
  readonly prompt: { readonly name: string };
  readonly params: { readonly client_id: string; readonly scope?: string };
  readonly grantId?: string;
  readonly session?: { readonly accountId: string };
}

interface Grant {
  addOIDCScope(scope: string): void;
  save(): Promise<string>;
}

/** The part of oidc-provider 9 that is used here; the package brings no types. */
interface Provider {
  proxy: boolean;
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: object,
    options: { mergeWithLastSubmission: boolean },
  ): Promise<void>;
  Grant: new (of: { accountId: string; clientId: string }) => Grant;
  on(event: string, listener: (token: SavedToken) => void): void;
}

/** The part of the provider's answer that our pages fill. */
interface Page {
  type: string;
  body: string;
}

interface SavedToken {
  readonly jti: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly scope?: string;
  readonly expiration?: number;
}

const PREFIX = '/oidc';
const TOKEN_SECONDS = 3600;

interface Mounted {
  readonly provider: Provider;
  readonly callback: ReturnType<Provider['callback']>;
}

/**
 * `origin` is asked once the server listens and knows its own address. `ready` makes the provider of a house that names
 * clients, so that a wrong file ends the start; without clients it is made when somebody comes.
 */
export async function mountOidc(
  app: FastifyInstance,
  deps: ServerDeps,
  room: OidcRoom,
  origin: () => string,
): Promise<{ ready(): Promise<void> }> {
  const clients = readClients(process.env['YIMAI_OIDC_CLIENTS']);
  let made: Promise<Mounted> | null = null;
  const mounted = () => {
    made ??= makeProvider(room, clients, `${origin()}${PREFIX}`).then(
      (provider) => ({ provider, callback: provider.callback() }),
      (error: unknown) => {
        made = null;
        throw error;
      },
    );
    return made;
  };
  const known = '/.well-known/openid-configuration';
  app.get(known, async (_request, reply) => reply.redirect(`${PREFIX}${known}`, 302));
  await app.register(async (oidc) => {
    oidc.removeAllContentTypeParsers();
    // The provider reads its own bodies.
    oidc.addContentTypeParser('*', (_request, _payload, done) => done(null));
    oidc.all(`${PREFIX}/*`, async (request, reply) => {
      const { callback } = await mounted();
      reply.hijack();
      // From the difference of the two the provider knows below which path it stands.
      Object.assign(request.raw, { originalUrl: request.raw.url });
      request.raw.url = (request.raw.url ?? '').slice(PREFIX.length);
      await callback(request.raw, reply.raw);
    });
  });
  await app.register(async (pages) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 10_000 },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    );
    pages.get('/oidc-sign-in/:uid', async (request, reply) => {
      const { provider } = await mounted();
      const details = await provider.interactionDetails(request.raw, reply.raw);
      if (details.prompt.name === 'consent') return grant(provider, details, request.raw, reply);
      return reply.type('text/html; charset=utf-8').send(signInPage(details.uid, null));
    });
    pages.post('/oidc-sign-in/:uid', async (request, reply) => {
      const { provider } = await mounted();
      const details = await provider.interactionDetails(request.raw, reply.raw);
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const totp = form.get('totp');
      const result = await room.checkPassword({
        login: form.get('login') ?? '',
        password: form.get('password') ?? '',
        ...(totp ? { totp } : {}),
      });
      if (!result.ok) {
        return reply
          .code(401)
          .type('text/html; charset=utf-8')
          .send(signInPage(details.uid, result.refusal.detail ?? null));
      }
      reply.hijack();
      const login = { login: { accountId: result.value.user } };
      return provider.interactionFinished(request.raw, reply.raw, login, { mergeWithLastSubmission: false });
    });
  });
  return {
    async ready() {
      if (clients.length === 0) return;
      await mounted();
      deps.log('info', 'OpenID provider', { clients: clients.length });
    },
  };
}

function readClients(file: string | undefined): readonly OidcClient[] {
  if (!file) return [];
  const clients = readSettings('YIMAI_OIDC_CLIENTS', file);
  if (Array.isArray(clients)) return clients as OidcClient[];
  const zh = 'YIMAI_OIDC_CLIENTS 的文件应为客户端列表';
  const en = 'the file of YIMAI_OIDC_CLIENTS is a list of clients';
  return must(refuse('settings-unusable', { zh, en }, { at: 'YIMAI_OIDC_CLIENTS' }));
}

async function makeProvider(
  room: OidcRoom,
  clients: readonly OidcClient[],
  issuer: string,
): Promise<Provider> {
  // @ts-expect-error the package brings no types; the part that is used stands above
  const { default: ProviderClass } = (await import('oidc-provider')) as unknown as {
    default: new (issuer: string, configuration: object) => Provider;
  };
  const provider = new ProviderClass(issuer, {
    adapter: (model: string) => (model === 'Client' ? noClients : room.adapter(model)),
    clients,
    findAccount: (_context: unknown, subject: string) => room.findAccount(subject),
    jwks: { keys: [await signingKey(room)] },
    cookies: { keys: [room.cookieKey()] },
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    pkce: { required: () => true },
    ttl: {
      AccessToken: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      Interaction: 3600,
      Session: 12 * 3600,
      Grant: 12 * 3600,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        logoutSource: (context: Page, form: string) => show(context, signOutPage(form)),
        postLogoutSuccessSource: (context: Page) => show(context, signedOutPage()),
      },
    },
    renderError: (context: Page, out: { error: string }) => show(context, providerPage(out.error)),
    interactions: {
      url: (_context: unknown, interaction: Interaction) => `/oidc-sign-in/${interaction.uid}`,
    },
  });
  provider.proxy = true;
  provider.on('access_token.saved', (token) => {
    const scopes = (token.scope ?? '').split(' ').filter((scope) => scope.includes('/'));
    void room.adoptToken(
      token.jti,
      token.accountId as Uuid,
      token.clientId,
      scopes,
      token.expiration ?? TOKEN_SECONDS,
    );
  });
  return provider;
}

/** The provider's own pages call for fonts from elsewhere; ours need nothing but this server. */
function show(context: Page, html: string): void {
  context.type = 'text/html; charset=utf-8';
  context.body = html;
}

// Clients come from the operator's file alone: nobody registers one by writing to the store.
const noClients = { find: async () => undefined };

/** Systems of the county are known to the operator: what they ask for in the file's scope is granted without a page. */
async function grant(
  provider: Provider,
  details: Interaction,
  request: IncomingMessage,
  reply: { hijack(): unknown; raw: ServerResponse },
): Promise<void> {
  const one = new provider.Grant({
    accountId: details.session?.accountId ?? '',
    clientId: details.params.client_id,
  });
  one.addOIDCScope(details.params.scope ?? 'openid');
  const grantId = await one.save();
  reply.hijack();
  await provider.interactionFinished(
    request,
    reply.raw,
    { consent: { grantId } },
    { mergeWithLastSubmission: true },
  );
}

/** The key that signs ID tokens: made once, kept sealed beside the other items. */
async function signingKey(room: OidcRoom): Promise<JWK> {
  const store = room.adapter('SigningKey');
  const found = await store.find('current');
  const opened = typeof found?.['sealed'] === 'string' ? room.unseal(found['sealed']) : null;
  if (opened) return JSON.parse(opened) as JWK;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key: JWK = {
    ...(await exportJWK(privateKey)),
    use: 'sig',
    alg: 'RS256',
    kid: `k${Date.now().toString(36)}`,
  };
  await store.upsert('current', { sealed: room.seal(JSON.stringify(key)) });
  return key;
}
