// Accounts of one consortium: sign-in, tokens, roles, second factor, API clients, bound to its database and keys.
import type { Clock, Result, Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import {
  type Access,
  type ActingAs,
  ADMINISTRATOR_LOGIN,
  type AuditPage,
  type AuditQuery,
  actorOf,
  adoptToken,
  type Credentials,
  clientToken,
  confirmTotp,
  enrolTotp,
  findAccount,
  findUser,
  hasDemoUsers,
  headOfTree,
  issueLocalToken,
  type Keyring,
  makeAccess,
  type OpenedSession,
  type OutsideProvider,
  oidcAdapter,
  type outsideKeys,
  type Policy,
  type SessionEntry,
  type SignedIn,
  searchAudit,
  sessionsOf,
  setPassword,
  signIn,
  signInFromOutside,
  signOut,
  unknownUser,
} from '@yimai/record';
import type { OidcRoom } from './auth/oidc.ts';

export interface TokenGrant {
  readonly grantType: string;
  readonly assertionType: string;
  readonly assertion: string;
  readonly scope: string;
}

export interface Accounts {
  readonly policy: Policy;
  /** Who a token belongs to, in the asked role or the first one in force. */
  signedIn(token: string, now: Date, actingAs?: ActingAs): Promise<Result<SignedIn>>;
  /** Something about users, roles or sessions changed: the next request asks the database again. */
  forget(): void;
  accessOf(signedIn: SignedIn, now: Date): Access;
  signIn(given: Credentials, now: Date): Promise<Result<OpenedSession & { readonly user: Uuid }>>;
  /** A session on the word of an outside provider, for a user that exists here. */
  outsideSignIn(
    provider: OutsideProvider,
    keys: ReturnType<typeof outsideKeys>,
    idToken: string,
    nonce: string,
    now: Date,
  ): Promise<Result<OpenedSession>>;
  signOut(token: string, now: Date): Promise<void>;
  sessions(user: Uuid, now: Date): Promise<SessionEntry[]>;
  localToken(login: string, now: Date): Promise<Result<OpenedSession>>;
  clientToken(
    grant: TokenGrant,
    audience: string,
    now: Date,
  ): Promise<Result<OpenedSession & { readonly scopes: readonly string[] }>>;
  enrolTotp(user: Uuid): ReturnType<typeof enrolTotp>;
  confirmTotp(user: Uuid, code: string, now: Date): ReturnType<typeof confirmTotp>;
  audit(access: Access, query: AuditQuery): Promise<Result<AuditPage>>;
  hasDemoUsers(): Promise<boolean>;
  /** FHIR id of the organisation that heads the tree: the consortium, whatever it is called. */
  headOfTree(): Promise<string>;
  /** True until anybody has a password: a house that nobody can sign in to yet. */
  isFresh(): Promise<boolean>;
  /** The administrator's first password, on the word of who started the server. */
  setFirstPassword(password: string, now: Date): Promise<Result<null>>;
  /** What the OpenID provider inside needs. */
  readonly oidc: OidcRoom;
}

export function openAccounts(database: Database, policy: Policy, keyring: Keyring, clock: Clock): Accounts {
  const sessions = rememberSessions((token, now, actingAs) =>
    actorOf(database, policy, token, now, actingAs),
  );
  return {
    policy,
    signedIn: sessions.signedIn,
    forget: sessions.forget,
    headOfTree: () => headOfTree(database),
    accessOf: (signedIn, now) => makeAccess(signedIn.actor, now, policy),
    // A refused attempt is counted, so its transaction is kept too.
    signIn: (given, now) => database.tx({}, (run) => signIn(run, policy, keyring, given, now)),
    outsideSignIn: (provider, keys, idToken, nonce, now) =>
      database.tx({}, (run) => signInFromOutside(run, policy, provider, keys, idToken, nonce, now)),
    async signOut(token, now) {
      await signOut(database, token, now);
      sessions.forget();
    },
    sessions: (user, now) => sessionsOf(database, user, now),
    localToken: (login, now) => issueLocalToken(database, policy, login, now),
    clientToken: (grant, audience, now) => clientToken(database, policy, grant, audience, now),
    enrolTotp: (user) => enrolTotp(database, keyring, user),
    confirmTotp: (user, code, now) => confirmTotp(database, keyring, user, code, now),
    audit: (access, query) =>
      database.tx({ 'app.reach': 'all' }, (run) => searchAudit(run, policy, access, query)),
    hasDemoUsers: () => hasDemoUsers(database),
    isFresh: freshOnce(database),
    async setFirstPassword(password, now) {
      const administrator = await findUser(database, ADMINISTRATOR_LOGIN);
      if (!administrator) return unknownUser();
      return setPassword(database, policy, administrator.id, password, now);
    },
    oidc: {
      adapter: oidcAdapter(database, () => clock.now()),
      findAccount: (subject) => findAccount(database, subject),
      seal: (plain) => keyring.close(`k${plain}`),
      unseal: (text) => keyring.open(text)?.slice(1) ?? null,
      cookieKey: () => keyring.blind('oidc-cookie'),
      adoptToken: (token, user, client, scopes, seconds) =>
        adoptToken(database, { token, user, client, scopes, now: clock.now(), seconds }),
      checkPassword: (given) => database.tx({}, (run) => signIn(run, policy, keyring, given, clock.now())),
    },
  };
}

/** Once somebody has a password it is never asked again. */
function freshOnce(database: Database): () => Promise<boolean> {
  let isOver = false;
  return async () => {
    if (isOver) return false;
    const { rows } = await database.run<{ found: boolean }>(
      sql`select exists (select 1 from app_user where password is not null) as found`,
    );
    isOver = rows[0]?.found === true;
    return !isOver;
  };
}

type SignedInOf = (token: string, now: Date, actingAs?: ActingAs) => Promise<Result<SignedIn>>;

const REMEMBERED_MS = 1000;
const REMEMBERED_MAX = 5000;

/**
 * Answers of the last second are given again, so that a busy screen does not ask who it is for each request. This
 * process forgets all of them at once when it changes anything about users; another server is at most a second behind.
 */
function rememberSessions(ask: SignedInOf): { signedIn: SignedInOf; forget(): void } {
  let known = new Map<string, { readonly at: number; readonly answer: Promise<Result<SignedIn>> }>();
  return {
    signedIn(token, now, actingAs) {
      const key = `${token}\n${actingAs?.org ?? ''}\n${actingAs?.role ?? ''}`;
      const at = now.getTime();
      const found = known.get(key);
      if (found && at >= found.at && at - found.at < REMEMBERED_MS) return found.answer;
      if (known.size >= REMEMBERED_MAX) known = new Map();
      const answer = ask(token, now, actingAs);
      known.set(key, { at, answer });
      // What failed (no database) or was refused is asked again.
      answer.then(
        (result) => result.ok || known.delete(key),
        () => known.delete(key),
      );
      return answer;
    },
    forget() {
      known = new Map();
    },
  };
}
