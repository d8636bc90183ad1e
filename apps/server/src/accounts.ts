// Accounts of one consortium: sign-in, tokens, roles, second factor, API clients, bound to its database and keys.
import type { Result, Uuid } from '@yimai/kit';
import type { Database } from '@yimai/postgres';
import {
  type Access,
  type ActingAs,
  type AuditQuery,
  actorOf,
  type Credentials,
  clientToken,
  confirmTotp,
  enrolTotp,
  hasDemoUsers,
  issueLocalToken,
  type Keyring,
  makeAccess,
  type OpenedSession,
  type Policy,
  type Resource,
  type SessionEntry,
  type SignedIn,
  searchAudit,
  sessionsOf,
  signIn,
  signOut,
} from '@yimai/record';

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
  accessOf(signedIn: SignedIn, now: Date): Access;
  signIn(given: Credentials, now: Date): Promise<Result<OpenedSession & { readonly user: Uuid }>>;
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
  audit(access: Access, query: AuditQuery): Promise<Result<{ events: Resource[]; next: number | null }>>;
  hasDemoUsers(): Promise<boolean>;
}

export function openAccounts(database: Database, policy: Policy, keyring: Keyring): Accounts {
  return {
    policy,
    signedIn: (token, now, actingAs) => actorOf(database, policy, token, now, actingAs),
    accessOf: (signedIn, now) => makeAccess(signedIn.actor, now, policy),
    // A refused attempt is counted, so its transaction is kept too.
    signIn: (given, now) => database.tx({}, (run) => signIn(run, policy, keyring, given, now)),
    signOut: (token, now) => signOut(database, token, now),
    sessions: (user, now) => sessionsOf(database, user, now),
    localToken: (login, now) => issueLocalToken(database, policy, login, now),
    clientToken: (grant, audience, now) => clientToken(database, policy, grant, audience, now),
    enrolTotp: (user) => enrolTotp(database, keyring, user),
    confirmTotp: (user, code, now) => confirmTotp(database, keyring, user, code, now),
    audit: (access, query) =>
      database.tx({ 'app.reach': 'all' }, (run) => searchAudit(run, policy, access, query)),
    hasDemoUsers: () => hasDemoUsers(database),
  };
}
