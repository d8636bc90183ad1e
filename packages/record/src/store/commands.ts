// Applies commands: one transaction each, with its resources, audit and change rows; the same id has the effect of once.
import { createHash } from 'node:crypto';
import {
  type Clock,
  isLocalDate,
  isUuid,
  ok,
  type Refusal,
  RefusalError,
  type Result,
  refuse,
  type Uuid,
} from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { commandRefusal } from '../access/scopes.ts';
import type { Access, CommandAnswer, CommandEnvelope, CommandHandler } from '../types.ts';
import type { StoreDeps } from './deps.ts';
import { runTransaction } from './run-transaction.ts';

/** How far ahead of the server a device's clock may be, and how old an offline act may be when it comes home. */
export const OCCURRED_AHEAD_MAX_MS = 5 * 60_000;
export const OCCURRED_BEHIND_MAX_MS = 400 * 86_400_000;

/** No form, register or order is as deep; what is deeper was made to break the reader. */
const PAYLOAD_DEPTH_MAX = 100;

const TYPE_FORM = /^[a-z][a-z0-9-]{0,63}\.[a-z][a-z0-9-]{0,63}$/;

export type AccessFor = (actingAs: { org: string; role: string }) => Promise<Result<Access>>;

export interface CommandRunner {
  readonly handlers: ReadonlyMap<string, CommandHandler>;
  /** Never throws for what a client sent; a fault answers `fault` and is reported to `onFault`. */
  execute(body: unknown, accessFor: AccessFor): Promise<CommandAnswer>;
}

export function openCommands(
  deps: StoreDeps,
  handlers: readonly CommandHandler[],
  onFault: (error: Error, type: string) => void,
): CommandRunner {
  const byType = new Map<string, CommandHandler>();
  for (const handler of handlers) {
    if (byType.has(handler.type)) throw new Error(`fault: two handlers for ${handler.type}`);
    byType.set(handler.type, handler);
  }

  async function execute(body: unknown, accessFor: AccessFor): Promise<CommandAnswer> {
    const envelope = parseEnvelope(body);
    const id = idOf(body);
    if (!envelope.ok) return refused(id, envelope.refusal);
    const access = await accessFor(envelope.value.actingAs);
    if (!access.ok) return refused(id, access.refusal);
    const narrow = commandRefusal(access.value.actor);
    if (narrow) return refused(id, narrow);
    const command = envelope.value;
    const hash = bodyHash(command);
    try {
      const handler = byType.get(command.type);
      const keep = (refusal: Refusal) => keepRefusal(deps, access.value, command, hash, refusal);
      if (!handler) return await keep(unknownType(command.type));
      const late = timeRefusal(command, deps.clock);
      if (late) return await keep(late);
      const payload = handler.parse(command.payload);
      return payload.ok
        ? await applyOnce(deps, access.value, handler, command, payload.value, hash)
        : await keep(payload.refusal);
    } catch (error) {
      onFault(error as Error, command.type);
      return { id, outcome: 'fault' };
    }
  }

  return { handlers: byType, execute };
}

async function applyOnce(
  deps: StoreDeps,
  access: Access,
  handler: CommandHandler,
  command: CommandEnvelope,
  payload: unknown,
  hash: Buffer,
): Promise<CommandAnswer> {
  try {
    return await runTransaction(deps, access, { via: 'command', commandId: command.id }, async (tx) => {
      // Goes out with the handler's first question, and is answered before it.
      tx.expect<EarlierRow>(selectEarlier(command.id), (rows) => {
        const earlier = earlierAnswer(rows, access, command.id, hash);
        if (earlier) throw new AnsweredBefore(earlier);
      });
      const result = await handler.apply(tx, command, payload);
      if (!result.ok) throw new RefusalError(result.refusal);
      tx.audit(`command:${command.type}`, { text: command.id });
      const answer: CommandAnswer = { id: command.id, outcome: 'applied', result: result.value };
      tx.endWith(insertAnswer(access, command, hash, answer, tx.recordedAt));
      return answer;
    });
  } catch (error) {
    if (error instanceof AnsweredBefore) return error.answer;
    if (error instanceof RefusalError) return keepRefusal(deps, access, command, hash, error.refusal);
    if ((error as { code?: string }).code === '23505') {
      // The same id was applied at this moment by another request; its answer is the answer.
      const earlier = await firstAnswer(deps, access, command.id, hash);
      if (earlier) return earlier;
    }
    throw error;
  }
}

/** A refusal that a retry could turn (`transient`) is not kept: the same id may try again. */
async function keepRefusal(
  deps: StoreDeps,
  access: Access,
  command: CommandEnvelope,
  hash: Buffer,
  refusal: Refusal,
): Promise<CommandAnswer> {
  const answer = refused(command.id, refusal);
  if (refusal.transient) return (await firstAnswer(deps, access, command.id, hash)) ?? answer;
  try {
    await runTransaction(deps, access, { via: 'command', commandId: command.id }, async (tx) => {
      tx.audit(`refused:${command.type}`, { text: refusal.code });
      tx.endWith(insertAnswer(access, command, hash, answer, tx.recordedAt));
    });
    return answer;
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    return (await firstAnswer(deps, access, command.id, hash)) ?? answer;
  }
}

function insertAnswer(
  access: Access,
  command: CommandEnvelope,
  hash: Buffer,
  answer: CommandAnswer,
  at: Date,
) {
  return sql`insert into command (id, person, body_hash, type, occurred_at, recorded_at, answer)
    values (${command.id}, ${access.actor.user}, ${hash}, ${command.type}, ${new Date(command.occurredAt)}, ${at},
      ${JSON.stringify(answer)})`;
}

/** Thrown out of a transaction that must not go on: the command had its answer already. */
class AnsweredBefore extends Error {
  readonly answer: CommandAnswer;
  constructor(answer: CommandAnswer) {
    super('the command was answered before');
    this.answer = answer;
  }
}

interface EarlierRow {
  readonly person: string;
  readonly body_hash: Buffer;
  readonly answer: string;
}

const selectEarlier = (id: Uuid) =>
  sql`select k.person, k.body_hash, k.answer from command k where k.id = ${id}`;

function earlierAnswer(
  rows: readonly EarlierRow[],
  access: Access,
  id: Uuid,
  hash: Buffer,
): CommandAnswer | null {
  const row = rows[0];
  if (!row) return null;
  if (row.person !== access.actor.user || !row.body_hash.equals(hash)) {
    // Says nothing about the command that holds the id: neither whose it is nor what it did.
    const detail = { zh: '此命令号已被使用', en: 'this command id has been used' };
    return refused(id, refuse('command-id-reused', detail, { at: 'id' }).refusal);
  }
  return JSON.parse(row.answer) as CommandAnswer;
}

async function firstAnswer(
  deps: StoreDeps,
  access: Access,
  id: Uuid,
  hash: Buffer,
): Promise<CommandAnswer | null> {
  const { rows } = await deps.database.run<EarlierRow>(selectEarlier(id));
  return earlierAnswer(rows, access, id, hash);
}

function refused(id: string, refusal: Refusal): CommandAnswer {
  const { transient: _transient, ...rest } = refusal;
  return { id, outcome: 'refused', refusal: rest };
}

function idOf(body: unknown): string {
  const id = typeof body === 'object' && body !== null ? (body as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, 64) : '';
}

/** Reads the envelope once. Every refusal names the element. */
function parseEnvelope(body: unknown): Result<CommandEnvelope> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return shape('', '命令应为对象', 'a command is an object');
  const known = new Set(['id', 'type', 'occurredAt', 'actingAs', 'subject', 'ifVersion', 'payload']);
  const given = body as Record<string, unknown>;
  const stranger = Object.keys(given).find((key) => !known.has(key));
  if (stranger) return shape(stranger.slice(0, 64), '未知字段', 'unknown field');
  if (!isUuid(given['id'])) return shape('id', 'id 应为小写 UUID', 'id is a lower-case UUID');
  const type = given['type'];
  if (typeof type !== 'string' || !TYPE_FORM.test(type))
    return shape('type', 'type 应为 名词.动词', 'type is noun.verb');
  const acting = given['actingAs'] as { org?: unknown; role?: unknown } | undefined;
  if (typeof acting !== 'object' || acting === null)
    return shape('actingAs', '缺少 actingAs', 'actingAs is missing');
  if (typeof acting.org !== 'string') return shape('actingAs.org', '缺少机构', 'the organisation is missing');
  if (typeof acting.role !== 'string') return shape('actingAs.role', '缺少角色', 'the role is missing');
  const { subject, ifVersion } = given;
  if (subject !== undefined && typeof subject !== 'string')
    return shape('subject', 'subject 应为文本', 'subject is text');
  if (ifVersion !== undefined && !(Number.isSafeInteger(ifVersion) && (ifVersion as number) > 0)) {
    return shape('ifVersion', 'ifVersion 应为正整数', 'ifVersion is a positive whole number');
  }
  if (!('payload' in given)) return shape('payload', '缺少 payload', 'payload is missing');
  if (isDeeperThan(given['payload'], PAYLOAD_DEPTH_MAX))
    return shape('payload', '嵌套过深', 'it is nested too deep');
  const instant = instantOf(given['occurredAt']);
  if (instant === null)
    return shape('occurredAt', 'occurredAt 应为带时区的时刻', 'occurredAt is an instant with its zone');
  return ok({
    id: given['id'],
    type,
    occurredAt: instant.toISOString(),
    actingAs: { org: acting.org, role: acting.role },
    payload: given['payload'],
    ...(subject === undefined ? {} : { subject }),
    ...(ifVersion === undefined ? {} : { ifVersion: ifVersion as number }),
  });
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function timeRefusal({ occurredAt }: CommandEnvelope, clock: Clock): Refusal | null {
  const ahead = Date.parse(occurredAt) - clock.now().getTime();
  if (ahead <= OCCURRED_AHEAD_MAX_MS && -ahead <= OCCURRED_BEHIND_MAX_MS) return null;
  const detail = {
    zh: '设备时间与服务器相差过大（至多超前 5 分钟，至多落后 400 天）',
    en: 'the device clock is too far off (at most 5 minutes ahead, 400 days behind)',
  };
  return refuse('occurred-at-out-of-bounds', detail, { at: 'occurredAt', rule: 'R20' }).refusal;
}

function unknownType(type: string): Refusal {
  const detail = { zh: `没有命令“${type}”`, en: `there is no command "${type}"` };
  return refuse('command-unknown', detail, { at: 'type' }).refusal;
}

// `Date` alone takes 30 February for 2 March.
function instantOf(value: unknown): Date | null {
  if (typeof value !== 'string' || !INSTANT.test(value) || !isLocalDate(value.slice(0, 10))) return null;
  const instant = new Date(value);
  const year = instant.getUTCFullYear();
  // The calendar of the database has no year 0.
  return year >= 1 && year <= 9999 ? instant : null;
}

/** Level by level, because a text deep enough to break a reader breaks a function that calls itself too. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

function shape(at: string, zh: string, en: string) {
  return refuse('command-malformed', { zh, en }, { at, rule: 'R19' });
}

/** SHA-256 over the envelope with sorted keys: two JSON texts that say the same have the same hash. */
function bodyHash(command: CommandEnvelope): Buffer {
  return createHash('sha256').update(canonical(command)).digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
