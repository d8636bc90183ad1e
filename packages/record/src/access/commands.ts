// The commands of users, roles, sessions, API clients and the emergency look, as handlers that the server mounts.
import { rowKey } from '@yimai/fhir';
import { isUuid, ok, type Result, refuse, type Uuid } from '@yimai/kit';
import type { JSONWebKeySet } from 'jose';
import { type CommandHandler, LOCKS, type Lock, type RecordTx } from '../types.ts';
import { createClient, endClient } from './api-clients.ts';
import { openLook, reviewLook, VERDICTS, type Verdict } from './break-glass.ts';
import { refuseUnknownOrg } from './head-of-tree.ts';
import type { Policy } from './policy.ts';
import { revokeSession } from './session.ts';
import { assignRole, createUser, endRole, setActive, setPassword } from './users.ts';

type Payload = Readonly<Record<string, unknown>>;

/** All handlers of this folder; `policy` is the table that they decide by. */
export function accessCommands(policy: Policy): CommandHandler[] {
  const handler = <P>(
    type: string,
    family: string | null,
    parse: (payload: Payload) => Result<P>,
    apply: (tx: RecordTx, payload: P) => Promise<Result<unknown>>,
  ): CommandHandler<P> => ({
    type,
    parse: (payload) => (isPayload(payload) ? parse(payload) : missing('payload')),
    async apply(tx, _command, payload) {
      const role = policy.roles.get(tx.access.actor.role);
      if (family !== null && !role?.commands.includes(family)) return notAllowed();
      return apply(tx, payload);
    },
  });
  return [
    handler('user.create', 'user', parseUser, (tx, payload) => createOne(tx, policy, payload)),
    handler('user.set-password', null, parsePassword, (tx, payload) => changePassword(tx, policy, payload)),
    handler('user.set-active', 'user', parseActive, async (tx, { user, active }) => {
      tx.audit('user.set-active', { text: `${user} ${active}` });
      return setActive(tx, user, active, tx.recordedAt);
    }),
    handler('user.assign-role', null, parseRole, (tx, payload) => giveRole(tx, policy, payload)),
    handler('user.end-role', 'user', parseId('assignment'), async (tx, assignment) => {
      tx.audit('user.end-role', { text: assignment });
      return endRole(tx, assignment, tx.recordedAt);
    }),
    handler('session.revoke', null, parseId('session'), async (tx, session) => {
      const { actor } = tx.access;
      const mayAll = policy.roles.get(actor.role)?.commands.includes('session') === true;
      tx.audit('session.revoke', { text: session });
      return revokeSession(tx, session, tx.recordedAt, mayAll ? null : actor.user);
    }),
    handler('client.create', 'client', parseClient, async (tx, client) => {
      const known = await refuseUnknownOrg(tx, client.org);
      if (!known.ok) return known;
      tx.audit('client.create', { text: client.id });
      return createClient(tx, policy, client, tx.recordedAt);
    }),
    handler('client.end', 'client', parseText('client'), async (tx, client) => {
      tx.audit('client.end', { text: client });
      await endClient(tx, client, tx.recordedAt);
      return ok(null);
    }),
    handler('break-glass.open', null, parseLook, (tx, payload) => breakGlass(tx, policy, payload)),
    handler('break-glass.review', null, parseReview, async (tx, review) => {
      const reviewed = await reviewLook(tx, policy, tx.access.actor, review, tx.recordedAt);
      if (reviewed.ok)
        tx.audit('break-glass.review', { patient: reviewed.value.patient, text: review.verdict });
      return reviewed.ok ? ok(null) : reviewed;
    }),
  ];
}

interface UserPayload {
  readonly login: string;
  readonly name: string;
  readonly password?: string;
  readonly practitioner: string | null;
  readonly patient: string | null;
}

async function createOne(tx: RecordTx, policy: Policy, payload: UserPayload): Promise<Result<unknown>> {
  const { practitioner, patient, ...rest } = payload;
  const made = await createUser(
    tx,
    policy,
    {
      ...rest,
      practitioner: practitioner === null ? null : rowKey('Practitioner', practitioner),
      patient: patient === null ? null : rowKey('Patient', patient),
    },
    tx.recordedAt,
  );
  if (!made.ok) return made;
  tx.audit('user.create', { text: made.value.login });
  return ok({ user: made.value.id });
}

// One's own password, or anybody's by who keeps the users.
async function changePassword(
  tx: RecordTx,
  policy: Policy,
  { user, password }: { user: Uuid | null; password: string },
): Promise<Result<unknown>> {
  const { actor } = tx.access;
  const keeper = policy.roles.get(actor.role)?.commands.includes('user') === true;
  const whose = user ?? actor.user;
  if (whose !== actor.user && !keeper) return notAllowed();
  tx.audit('user.set-password', { text: whose });
  return setPassword(tx, policy, whose, password, tx.recordedAt);
}

interface RolePayload {
  readonly user: Uuid;
  readonly role: string;
  readonly org: string;
  readonly rights: readonly string[];
  readonly from?: Date;
  readonly until: Date | null;
}

// Separation of duties: who keeps users gives roles, only the security officer opens locked classes, nobody to oneself.
async function giveRole(tx: RecordTx, policy: Policy, payload: RolePayload): Promise<Result<unknown>> {
  const { actor } = tx.access;
  const commands = policy.roles.get(actor.role)?.commands ?? [];
  if (!commands.includes(payload.rights.length > 0 ? 'rights' : 'user')) return notAllowed();
  if (payload.user === actor.user)
    return refuse(
      'own-role',
      { zh: '不能给自己授权', en: 'nobody gives a role to oneself' },
      { at: 'payload.user', rule: 'A8' },
    );
  const known = await refuseUnknownOrg(tx, payload.org);
  if (!known.ok) return known;
  tx.audit('user.assign-role', {
    text: `${payload.user} ${payload.role} ${payload.org} ${payload.rights.join(' ')}`,
  });
  return assignRole(tx, policy, payload, tx.recordedAt);
}

interface LookPayload {
  readonly patient: string;
  readonly reason: string;
  readonly locks: readonly Lock[];
}

// The notice is a message in the resident's own file; the review list of the security officer is the other one.
async function breakGlass(tx: RecordTx, policy: Policy, payload: LookPayload): Promise<Result<unknown>> {
  const found = await tx.readAsSystem('Patient', payload.patient);
  if (!found)
    return refuse(
      'patient-unknown',
      { zh: '没有此居民', en: 'no such resident' },
      { at: 'payload.patient', rule: 'A7' },
    );
  const { actor } = tx.access;
  const look = {
    patient: found.row.id,
    patientId: payload.patient,
    reason: payload.reason,
    locks: payload.locks,
  };
  const opened = await openLook(tx, policy, actor, look, tx.recordedAt);
  if (!opened.ok) return opened;
  const reference = `Patient/${payload.patient}`;
  await tx.create(
    {
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference },
      recipient: [{ reference }],
      sent: tx.recordedAt.toISOString(),
      payload: [{ contentString: `应急调阅 Emergency access: ${payload.reason}` }],
    },
    { engine: 'access', labels: { kind: 'care-work', org: actor.org } },
  );
  tx.audit('break-glass.open', {
    patient: found.row.id,
    type: 'Patient',
    id: payload.patient,
    text: payload.reason,
  });
  return ok({ id: opened.value.id, until: opened.value.until.toISOString() });
}

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (payload: Payload, name: string): string | null => {
  const value = payload[name];
  return typeof value === 'string' && value.trim() !== '' && value.length <= 2000 ? value : null;
};

const missing = (at: string) =>
  refuse(
    'payload-invalid',
    { zh: `缺少或不合要求：${at}`, en: `missing or wrong: ${at}` },
    { at: `payload.${at}`, rule: 'A16' },
  );

const notAllowed = () =>
  refuse(
    'command-not-allowed',
    { zh: '该岗位不能执行此命令', en: 'this role may not use this command' },
    { rule: 'A16' },
  );

function parseUser(payload: Payload): Result<UserPayload> {
  const [login, name, password] = ['login', 'name', 'password'].map((key) => textOf(payload, key));
  if (!login) return missing('login');
  if (!name) return missing('name');
  return ok({
    login,
    name,
    ...(password ? { password } : {}),
    practitioner: textOf(payload, 'practitioner'),
    patient: textOf(payload, 'patient'),
  });
}

function parsePassword(payload: Payload): Result<{ user: Uuid | null; password: string }> {
  const { user } = payload;
  const password = textOf(payload, 'password');
  if (user !== undefined && !isUuid(user)) return missing('user');
  return password ? ok({ user: user ?? null, password }) : missing('password');
}

function parseActive(payload: Payload): Result<{ user: Uuid; active: boolean }> {
  const { user, active } = payload;
  if (!isUuid(user)) return missing('user');
  return typeof active === 'boolean' ? ok({ user, active }) : missing('active');
}

function parseRole(payload: Payload): Result<RolePayload> {
  const { user, rights = [] } = payload;
  const [role, org] = ['role', 'org'].map((key) => textOf(payload, key));
  if (!isUuid(user)) return missing('user');
  if (!role) return missing('role');
  if (!org) return missing('org');
  if (!Array.isArray(rights) || !rights.every((right) => typeof right === 'string')) return missing('rights');
  const from = dateOf(payload, 'from');
  const until = dateOf(payload, 'until');
  if (from === false) return missing('from');
  if (until === false) return missing('until');
  return ok({ user, role, org, rights, ...(from ? { from } : {}), until });
}

// null: not given; false: not a time.
function dateOf(payload: Payload, name: string): Date | null | false {
  if (payload[name] === undefined || payload[name] === null) return null;
  const at = new Date(textOf(payload, name) ?? '');
  return Number.isNaN(at.getTime()) ? false : at;
}

const parseId =
  (name: string) =>
  (payload: Payload): Result<Uuid> => {
    const id = payload[name];
    return isUuid(id) ? ok(id) : missing(name);
  };

const parseText =
  (name: string) =>
  (payload: Payload): Result<string> => {
    const text = textOf(payload, name);
    return text ? ok(text) : missing(name);
  };

function parseClient(payload: Payload) {
  const [id, name, org] = ['id', 'name', 'org'].map((key) => textOf(payload, key));
  const { scopes, jwks } = payload;
  if (!id || !/^[a-z0-9][a-z0-9.-]{0,50}$/.test(id)) return missing('id');
  if (!name) return missing('name');
  if (!org) return missing('org');
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string')) return missing('scopes');
  if (!isPayload(jwks)) return missing('jwks');
  return ok({ id, name, org, scopes: scopes as string[], jwks: jwks as unknown as JSONWebKeySet });
}

function parseLook(payload: Payload): Result<LookPayload> {
  const { locks = [] } = payload;
  const [patient, reason] = ['patient', 'reason'].map((key) => textOf(payload, key));
  if (!patient) return missing('patient');
  if (!reason) return missing('reason');
  if (!Array.isArray(locks) || !locks.every((lock) => (LOCKS as readonly unknown[]).includes(lock)))
    return missing('locks');
  return ok({ patient, reason, locks: locks as Lock[] });
}

function parseReview(payload: Payload): Result<{ id: Uuid; verdict: Verdict; note: string }> {
  const { id, verdict } = payload;
  if (!isUuid(id)) return missing('id');
  if (!(VERDICTS as readonly unknown[]).includes(verdict)) return missing('verdict');
  const note = textOf(payload, 'note');
  return note ? ok({ id, verdict: verdict as Verdict, note }) : missing('note');
}
