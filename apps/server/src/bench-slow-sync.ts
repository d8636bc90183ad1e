// A disk whose syncs take longer, without rights on the machine: a standby of our own that PostgreSQL waits for at every
// commit. It confirms what it has received after so many milliseconds, one confirmation after the other, as one disk
// would sync: what arrives meanwhile waits for the next.
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '@yimai/postgres/embedded';
import pg from 'pg';

interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
}

/** Runs `work` while each commit takes at least `ms` longer than the sync of the real disk. */
export async function withSlowSync<T>(dataDir: string, ms: number, work: () => Promise<T>): Promise<T> {
  const embedded = await startEmbedded({ dataDir });
  const admin = new pg.Client({ connectionString: embedded.adminUrl });
  await admin.connect();
  const standby = await openStandby(embedded.adminUrl, ms);
  try {
    await admin.query("alter system set synchronous_standby_names = '*'");
    await admin.query('select pg_reload_conf()');
    while (!(await isWaitedFor(admin))) await sleep(50);
    return await work();
  } finally {
    // First nobody waits any more, then the standby goes.
    await admin.query('alter system reset synchronous_standby_names');
    await admin.query('select pg_reload_conf()');
    while (await isWaitedFor(admin)) await sleep(50);
    standby.stop();
    await admin.end();
    await embedded.stop();
  }
}

async function isWaitedFor(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query(
    "select 1 from pg_stat_replication where sync_state in ('sync', 'quorum')",
  );
  return rows.length > 0;
}

async function openStandby(url: string, ms: number): Promise<{ stop(): void }> {
  const client = new pg.Client({ connectionString: url, replication: 'database' } as pg.ClientConfig);
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ xlogpos: string }>('IDENTIFY_SYSTEM');
  let received = 0n;
  let confirmed = 0n;
  let busy = false;
  let wire: Wire | null = null;
  const confirm = async () => {
    if (busy) return;
    busy = true;
    while (confirmed < received) {
      const upTo = received;
      await sleep(ms);
      confirmed = upTo;
      wire!.sendCopyFromChunk(statusOf(confirmed));
    }
    busy = false;
  };
  client.query({
    submit(connection: unknown) {
      wire = connection as Wire;
      wire.query(`START_REPLICATION PHYSICAL ${rows[0]!.xlogpos}`);
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      const isData = chunk[0] === 0x77;
      const from = chunk.readBigUInt64BE(1);
      const end = isData ? from + BigInt(chunk.length - 25) : from;
      if (end > received) received = end;
      // A question for a sign of life is answered at once; it confirms nothing new.
      if (!isData && chunk[17] === 1) wire!.sendCopyFromChunk(statusOf(confirmed));
      void confirm();
    },
    handleError() {},
    handleReadyForQuery() {},
    handleCommandComplete() {},
  } as unknown as pg.Submittable);
  return {
    stop: () =>
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
  };
}

/** Standby status update: written, flushed and applied up to here. */
function statusOf(position: bigint): Buffer {
  const message = Buffer.alloc(34);
  message[0] = 0x72;
  for (const at of [1, 9, 17]) message.writeBigUInt64BE(position, at);
  message.writeBigInt64BE(BigInt(Date.now() - Date.UTC(2000, 0, 1)) * 1000n, 25);
  return message;
}
