// Numbers committed changes and chains the audit. One at a time holds the consortium's row; a sequencer that finds it
// locked comes back a moment later: the holder may be an import that numbers its own rows (numbering.ts). Numbers are
// given in the order of commits, so a reader of the numbered tables never passes a gap that may still be filled.
import { type Database, raw, type Sql, sql } from '@yimai/postgres';
import { chainHash } from '../access/audit-chain.ts';
import { type AuditRow, type ChainEnd, extendChain } from './audit-buffer.ts';

const SETTINGS = { 'app.reach': 'all' } as const;
const BATCH = 2000;
/** What is committed within this time after a round is numbered in one round together. */
const PAUSE_MS = 40;

export interface Sequencer {
  /** Something was committed; a round follows soon. */
  wake(): void;
  /** Runs rounds until nothing is left, also without `start`. */
  settle(): Promise<void>;
  start(pollMs?: number): void;
  stop(): Promise<void>;
  /** The last number that this process has seen given. */
  head(): number;
  /** Called when numbers were given, by this process or another one. */
  onAdvance(listener: (seq: number) => void): () => void;
}

export function openSequencer(database: Database, end: ChainEnd, onError: (error: Error) => void): Sequencer {
  const listeners = new Set<(seq: number) => void>();
  let running: Promise<void> | null = null;
  let again = false;
  /** Something waits for certain; else a round looks first. */
  let known = false;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let head = 0;
  let ended = 0;

  /** Ends the pause that is being made. */
  let hurry = () => {};

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = setTimeout(resolve, ms);
      hurry = () => {
        clearTimeout(over);
        resolve();
      };
    });
  }

  async function rounds(): Promise<void> {
    for (let full = false; again && !stopped; ended = performance.now()) {
      const rest = full ? 0 : ended + PAUSE_MS - performance.now();
      if (rest > 0) await pause(rest);
      again = false;
      const number = known ? numbered : round;
      known = false;
      const { moved, seq, missed } = await number(database, end, 'passes');
      if (seq > head) {
        head = seq;
        for (const listener of listeners) listener(seq);
      }
      full = moved >= BATCH;
      if (full || missed) again = true;
    }
  }

  function wake(): void {
    known = true;
    look();
  }

  function look(): void {
    again = true;
    if (running || stopped) return;
    running = rounds()
      .catch(onError)
      .finally(() => {
        running = null;
        ended = performance.now();
        if (again && !stopped) look();
      });
  }

  async function roundsOver(): Promise<void> {
    while (running) {
      hurry();
      await running;
    }
  }

  return {
    wake,
    async settle() {
      await roundsOver();
      while ((await round(database, end, 'waits')).moved > 0);
    },
    start(pollMs = 250) {
      stopped = false;
      // Rows committed by another process (an import beside the server) are found by polling.
      timer = setInterval(look, pollMs);
    },
    async stop() {
      stopped = true;
      if (timer) clearInterval(timer);
      await roundsOver();
    },
    head: () => head,
    onAdvance(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface SequencerRow {
  change_seq: number;
  audit_seq: number;
  audit_hash: Buffer;
}

interface Round {
  readonly moved: number;
  readonly seq: number;
  /** Somebody else held the row. */
  readonly missed?: boolean;
}
/** What a round does where somebody else holds the row. */
type Locked = 'passes' | 'waits';

/** Where nothing waits, nothing is locked: who extends the chain meanwhile would have to leave its rows behind. */
async function round(database: Database, end: ChainEnd, locked: Locked): Promise<Round> {
  const { rows } = await database.once<SequencerRow & { waiting: boolean }>(
    sql`select change_seq, audit_seq, audit_hash, exists (select 1 from change_pending)
      or exists (select 1 from audit_pending) as waiting from sequencer where one`,
  );
  const now = rows[0];
  if (now === undefined || now.waiting) return numbered(database, end, locked);
  end.tell(now.audit_seq, now.audit_hash);
  return { moved: 0, seq: now.change_seq };
}

async function numbered(database: Database, end: ChainEnd, locked: Locked): Promise<Round> {
  const { moved, seq, chain } = await database.tx(SETTINGS, async (tx) => {
    const { rows } = await tx.run<SequencerRow>(
      sql`select change_seq, audit_seq, audit_hash from sequencer where one for update ${raw(locked === 'passes' ? 'skip locked' : '')}`,
    );
    const held = rows[0];
    if (!held) return { moved: 0, seq: 0, chain: null };
    const [changes, waiting] = await Promise.all([moveChanges(tx, held.change_seq), waitingAudits(tx)]);
    const moved = changes + waiting.length;
    const change_seq = held.change_seq + changes;
    const audit_seq = held.audit_seq + waiting.length;
    const hashes = hashesBehind(held.audit_hash, waiting);
    const audit_hash = hashes.at(-1) ?? held.audit_hash;
    if (moved > 0)
      await Promise.all([
        moveAudits(tx, waiting, hashes, held.audit_seq),
        tx.run(sql`update sequencer set change_seq = ${change_seq}, audit_seq = ${audit_seq},
          audit_hash = ${audit_hash} where one`),
      ]);
    return { moved, seq: change_seq, chain: { seq: audit_seq, hash: audit_hash } };
  });
  if (chain) end.tell(chain.seq, chain.hash);
  return { moved, seq, missed: chain === null };
}

/** Whole transactions only, in the order of their recording; inside one in the order of their writes. */
async function moveChanges(tx: Sql, base: number): Promise<number> {
  const answer = await tx.run(sql`with picked as (
      select tx from (select tx, min(recorded_at) as at from change_pending group by tx) t order by at, tx limit 500),
    moved as (
      delete from change_pending where tx in (select tx from picked)
      returning tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at)
    insert into change (seq, tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at)
    select ${base}::bigint + row_number() over (order by recorded_at, tx, ord),
      tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command, recorded_at
    from moved`);
  return answer.rowCount;
}

async function waitingAudits(tx: Sql): Promise<AuditRow[]> {
  const { rows } = await tx.run<AuditRow>(
    sql`select id, at, person, org, patient, action, body from audit_pending order by at, id limit ${BATCH}`,
  );
  return rows;
}

function hashesBehind(end: Buffer, rows: readonly AuditRow[]): Buffer[] {
  let hash = end;
  return rows.map((row) => {
    hash = chainHash(hash, row.body);
    return hash;
  });
}

async function moveAudits(
  tx: Sql,
  rows: readonly AuditRow[],
  hashes: readonly Buffer[],
  after: number,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`with gone as (delete from audit_pending where id = any(${rows.map((row) => row.id)}::uuid[]))
    insert into audit (seq, id, at, person, org, patient, action, body, hash)
    select * from ${extendChain(rows, hashes, after)}`);
}
