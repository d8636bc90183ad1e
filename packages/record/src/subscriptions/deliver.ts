// Sends what changed to rest-hook subscribers: at least once, in order, later again after a failure, never beyond what
// the subscriber may see at the moment of sending.
import type { Result } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import type { Keyring } from '../access/keyring.ts';
import type { Record } from '../record.ts';
import type { Access } from '../types.ts';

export interface Delivery {
  readonly endpoint: string;
  readonly headers: readonly string[];
  /** The resource as JSON text, or null for an empty notification. */
  readonly body: string | null;
}

export interface SubscriptionOptions {
  readonly database: Database;
  readonly record: Record;
  readonly keyring: Keyring;
  /** The access of the session behind a token, or the refusal that ends the subscription. */
  accessOfToken(token: string): Promise<Result<Access>>;
  /** Sends one notification; throws if it did not arrive. */
  send(delivery: Delivery): Promise<void>;
  readonly onFault: (error: Error, work: string) => void;
}

interface StateRow {
  id: string;
  fhir_id: string;
  type: string;
  criteria: string;
  endpoint: string;
  payload: boolean;
  headers: string[];
  token: string;
  position: number;
  failures: number;
}

const FAILURES_MAX = 20;
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 10 * 60_000;
const PAGE = 200;
/** A Subscription is said to be active once it has stood for this long. */
const SETTLED_MS = 2000;

export interface SubscriptionWorker {
  /** One round over all that are due; says how many notifications went out. */
  round(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

export function openSubscriptionWorker(options: SubscriptionOptions): SubscriptionWorker {
  const { database, record, onFault } = options;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  /** Those whose resource says `active` already, as far as this process knows. */
  const told = new Set<string>();

  async function round(): Promise<number> {
    const now = record.clock.now();
    const { rows } = await database.run<StateRow>(
      sql`select id, fhir_id, type, criteria, endpoint, payload, headers, token, position, failures
        from subscription_state where active and next_at <= ${now} order by next_at limit 50`,
    );
    const sent = await Promise.all(rows.map((row) => serve(row)));
    return sent.reduce((sum, count) => sum + count, 0);
  }

  async function serve(row: StateRow): Promise<number> {
    const token = options.keyring.open(row.token)?.slice(1);
    const access = token === undefined ? null : await options.accessOfToken(token);
    // The subscriber's role or session is over: so is what was to be sent.
    if (!access?.ok) {
      await end(row, 'the session or role of the subscriber is over');
      return 0;
    }
    if (!told.has(row.id)) await activate(row);
    let count = 0;
    let position = row.position;
    try {
      const page = await record.changes(access.value, position, PAGE);
      for (const change of page.changes) {
        if (change.type === row.type && change.op !== 'delete') {
          const body = await bodyIfMatching(access.value, row, change.id);
          if (body !== undefined) {
            await options.send({ endpoint: row.endpoint, headers: row.headers, body });
            count += 1;
          }
        }
        position = change.seq;
      }
      position = page.next;
      if (position !== row.position || row.failures > 0) await advance(row, position);
      return count;
    } catch {
      // What went out before the failure is not sent again.
      await retryLater(row, position);
      return count;
    }
  }

  async function bodyIfMatching(
    access: Access,
    row: StateRow,
    id: string,
  ): Promise<string | null | undefined> {
    const query = `_id=${encodeURIComponent(id)}${row.criteria === '' ? '' : `&${row.criteria}`}`;
    const page = await record.search(access, row.type, query, { strict: true });
    const match = page.matches[0];
    if (!match) return undefined;
    return row.payload ? record.contentFor(access, match) : null;
  }

  const advance = (row: StateRow, position: number) =>
    database.run(
      sql`update subscription_state set position = ${position}, failures = 0 where id = ${row.id}`,
    );

  async function end(row: StateRow, why: string): Promise<void> {
    await database.run(sql`update subscription_state set active = false where id = ${row.id}`);
    await say(row, 'error', why);
  }

  async function activate(row: StateRow): Promise<void> {
    const found = await record.read(record.systemAccess(), 'Subscription', row.fhir_id);
    if (found && record.clock.now().getTime() - found.updatedAt.getTime() < SETTLED_MS) return;
    told.add(row.id);
    await say(row, 'active');
  }

  /** Writes into the resource how it stands; what its owner has put off or changed meanwhile stays as it is. */
  async function say(row: StateRow, status: 'active' | 'error', error?: string): Promise<void> {
    await record.transaction(record.systemAccess(), { via: 'rest' }, async (tx) => {
      const found = await tx.read('Subscription', row.fhir_id, { forUpdate: true });
      const before = found?.resource['status'];
      if (!found || before === status || (before !== 'requested' && before !== 'active')) return;
      await tx.update({ ...found.resource, status, ...(error === undefined ? {} : { error }) });
    });
  }

  async function retryLater(row: StateRow, position: number): Promise<void> {
    const failures = row.failures + 1;
    const wait = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
    const next = new Date(record.clock.now().getTime() + wait);
    await database.run(sql`update subscription_state set position = ${position}, failures = ${failures},
      next_at = ${next} where id = ${row.id}`);
    if (failures >= FAILURES_MAX) await end(row, `the endpoint failed ${failures} times`);
  }

  function wake(): void {
    if (busy) return;
    busy = true;
    running = round()
      .catch((error: Error) => onFault(error, 'subscriptions'))
      .finally(() => {
        busy = false;
      });
  }

  let off: (() => void) | null = null;
  return {
    round,
    start() {
      off = record.sequencer.onAdvance(wake);
      timer = setInterval(wake, 1000);
    },
    async stop() {
      off?.();
      if (timer) clearInterval(timer);
      await running;
    },
  };
}
