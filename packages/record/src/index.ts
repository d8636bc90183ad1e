// The door of record: the one record, its reader's access, and the nouns that other rooms speak.
export { makeAccess, type PolicyAccess, systemAccess } from './access/access.ts';
export { type ActingAs, actorOf, type SignedIn } from './access/actor.ts';
export {
  ASSERTION_TYPE,
  clientToken,
  createClient,
  endClient,
  type NewClient,
  type TokenRequest,
} from './access/api-clients.ts';
export { type ChainReport, verifyChain } from './access/audit-chain.ts';
export { type AuditPage, type AuditQuery, searchAudit } from './access/audit-events.ts';
export { secondBeltHolds } from './access/belt.ts';
export { type LookEntry, looksToReview } from './access/break-glass.ts';
export { accessCommands } from './access/commands.ts';
export { makeFields } from './access/fields.ts';
export { ADMINISTRATOR_LOGIN, ensureFirstUsers, SCRIPT_LOGIN } from './access/first-users.ts';
export { FIRST_ORG, headOfTree, refuseUnknownOrg } from './access/head-of-tree.ts';
export {
  hasNationalCiphers,
  KEYS_LOOKED_AT_MS,
  type Keyring,
  openKeyring,
  rotateKeys,
} from './access/keyring.ts';
export { findAccount, type OidcAccount, type OidcAdapter, oidcAdapter } from './access/oidc-store.ts';
export { ORG_LEVEL_SYSTEM, ORG_LEVELS, type OrgLevel, orgKey, orgsBelow } from './access/org-tree.ts';
export { type OutsideProvider, outsideKeys, signInFromOutside } from './access/outside-provider.ts';
export { loadPolicy, type Policy } from './access/policy.ts';
export { makeProtection, type Protection } from './access/protection.ts';
export { rebuildProjections } from './access/rebuild.ts';
export { reencryptAll } from './access/reencrypt.ts';
export {
  adoptToken,
  issueLocalToken,
  type OpenedSession,
  openSession,
  revokeSession,
  type SessionEntry,
  sessionsOf,
  signOut,
  sweepSessions,
} from './access/session.ts';
export { type Credentials, signIn } from './access/sign-in.ts';
export { confirmTotp, enrolTotp } from './access/totp.ts';
export {
  assignRole,
  createUser,
  endRole,
  findUser,
  type HeldRole,
  hasDemoUsers,
  listUsers,
  type NewRole,
  type NewUser,
  revokeSessions,
  rolesOf,
  setActive,
  setOutsideSubject,
  setPassword,
  type User,
  unknownUser,
} from './access/users.ts';
export { openRecord, type Record, type RecordOptions } from './record.ts';
export { project, readProjection } from './search/project.ts';
export type { SearchOptions, SearchPage } from './search/run-search.ts';
export type { Projection } from './search/tree.ts';
export { type BlobStore, openBlobs } from './store/blobs.ts';
export type { AccessFor, CommandRunner } from './store/commands.ts';
export { binaryOfBlob, type FileHead, fileHead, type SourceText } from './store/content.ts';
export { commandWords, ENGINE_COMMANDS } from './store/engine-commands.ts';
export type { ExportOrder } from './store/export.ts';
export type { Change, ChangePage } from './store/feed.ts';
export { type ChangeWithContent, changesWithContent } from './store/feed-content.ts';
export type { HistoryPage } from './store/history-page.ts';
export { type Importer, type ImportItem, type ImportReport, idFromContent } from './store/importer.ts';
export { InvalidResourceError } from './store/invalid.ts';
export { ENGINE_TAG_SYSTEM } from './store/refusals.ts';
export type { Sequencer } from './store/sequencer.ts';
export type { Found, Transaction } from './store/transaction.ts';
export type { WriteOptions } from './store/versions.ts';
export { type Delivery, openSubscriptionWorker, type SubscriptionWorker } from './subscriptions/deliver.ts';
export type * from './types.ts';
