// Posts a run in one transaction: all of it or nothing, once, into an open period only.
//
// The row of the period is locked first, so that two clearings of one period queue: the second finds the run of the first
// and answers with it when the result is the same, else it is refused and needs a correction.
import { ok, RefusalError, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { deltasOf, digestOf, entriesOf, sideOf } from './entries.ts';
import { loadEntries } from './load-entries.ts';
import type { Entry, RunReceipt, RunRequest, Statements } from './types.ts';

interface RunRow {
  readonly id: Uuid;
  readonly version: number;
  readonly digest: string;
  readonly entry_count: number;
  readonly command: Uuid;
}

/** Runs inside a transaction of the caller; a refusal must roll it back (`must` does). */
export async function postRunIn(
  tx: Statements,
  request: RunRequest,
  now: Date,
  correction = false,
): Promise<Result<RunReceipt>> {
  const period = await openPeriod(tx, request.period);
  if (!period.ok) return period;
  const entries = entriesOf(request.postings);
  const digest = digestOf(entries);
  const latest = await latestRun(tx, request);
  if (latest !== undefined) {
    const isSame = latest.command === request.command || (!correction && latest.digest === digest);
    if (isSame) return ok(receiptOf(latest, true));
    if (!correction) {
      const detail = {
        zh: '该期间已结算，更正须经冲销形成新版本',
        en: 'already settled: a correction reverses it and makes a new version',
      };
      return refuse('already-settled', detail, { at: 'period', rule: 'L3' });
    }
  }
  if (await isCommandUsed(tx, request.command)) {
    return refuse(
      'command-used',
      { zh: '指令已用于其他结算', en: 'the command was used for another run' },
      { at: 'command', rule: 'L3' },
    );
  }
  const run: RunRow = {
    id: uuidv7(now.getTime()),
    version: (latest?.version ?? 0) + 1,
    digest,
    entry_count: entries.length,
    command: request.command,
  };
  const totalFen = entries.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  await tx.run(sql`
    insert into ledger_run (id, period, kind, scope, version, command, supersedes, digest, entry_count, total_fen, posted_at)
    values (${run.id}, ${request.period}, ${request.kind}, ${request.scope}, ${run.version}, ${request.command},
      ${latest?.id ?? null}, ${digest}, ${entries.length}, ${totalFen}, ${now})`);
  await loadEntries(tx, run.id, entries);
  const moved = await moveBalances(tx, entries);
  return moved.ok ? ok(receiptOf(run, false)) : moved;
}

async function openPeriod(tx: Statements, period: string): Promise<Result<null>> {
  await tx.run(sql`
    insert into ledger_period (period, state) values (${period}, 'open') on conflict (period) do nothing`);
  const { rows } = await tx.run<{ state: string }>(sql`
    select state from ledger_period where period = ${period} for update`);
  if (rows[0]?.state === 'open') return ok(null);
  return refuse(
    'period-locked',
    { zh: `期间 ${period} 已锁定`, en: `period ${period} is locked` },
    { at: 'period', rule: 'L4' },
  );
}

async function latestRun(tx: Statements, { period, kind, scope }: RunRequest): Promise<RunRow | undefined> {
  const { rows } = await tx.run<RunRow>(sql`
    select id, version, digest, entry_count, command from ledger_run
    where period = ${period} and kind = ${kind} and scope = ${scope} order by version desc limit 1`);
  return rows[0];
}

async function isCommandUsed(tx: Statements, command: Uuid): Promise<boolean> {
  const { rowCount } = await tx.run(sql`select 1 as used from ledger_run where command = ${command}`);
  return rowCount > 0;
}

async function moveBalances(tx: Statements, entries: readonly Entry[]): Promise<Result<null>> {
  const deltas = deltasOf(entries);
  const accounts = deltas.map(([account]) => account);
  const sides = accounts.map(sideOf);
  const amounts = deltas.map(([, delta]) => `${delta}`);
  await tx.run(sql`
    insert into ledger_account (account, side, balance_fen)
    select account, side, 0 from unnest(${accounts}::text[], ${sides}::text[]) as fresh (account, side)
    order by account on conflict (account) do nothing`);
  try {
    await tx.run(sql`
      update ledger_account set balance_fen = ledger_account.balance_fen + moved.delta
      from unnest(${accounts}::text[], ${amounts}::bigint[]) as moved (account, delta)
      where ledger_account.account = moved.account`);
    return ok(null);
  } catch (error) {
    if ((error as { code?: string }).code !== '23514') throw error;
    const detail = { zh: '有账户余额将越过零', en: 'an account would fall below zero' };
    return refuse('account-overdrawn', detail, { at: 'postings', rule: 'L2' });
  }
}

function receiptOf({ id, version, entry_count, digest }: RunRow, wasThere: boolean): RunReceipt {
  return { run: id, version, entryCount: entry_count, digest, wasThere };
}

/** Turns a refusal that ended a transaction back into a value. */
export async function refusalAsValue<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
