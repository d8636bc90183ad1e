// The ledger of one consortium: post a settlement, correct it, lock a period, read balances and entries.

import { type Posting, reversal } from '@yimai/fund';
import { type Clock, must, ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';
import { postRunIn, refusalAsValue } from './post-run.ts';
import type { Balance, Entry, RunReceipt, RunRequest, Statements } from './types.ts';

export interface Ledger {
  /** Posts a settlement of any size in a transaction of its own. */
  post(request: RunRequest): Promise<Result<RunReceipt>>;
  /** Posts within the transaction of a command, with its resources and its audit. */
  postIn(tx: Statements, request: RunRequest): Promise<Result<RunReceipt>>;
  /** Reverses the latest version of the run and posts the new one, both in one transaction and one run. */
  correct(request: RunRequest): Promise<Result<RunReceipt>>;
  lockPeriod(period: string, command: Uuid): Promise<Result<null>>;
  /** Balances of all accounts, in order; they sum to zero. */
  trialBalance(): Promise<Balance[]>;
  /** The entries of a run, of a case, or of both. */
  entries(filter: { run?: Uuid; caseId?: string; limit?: number }): Promise<Entry[]>;
  /** Accounts whose kept balance is not the sum of their entries: always none. */
  check(): Promise<string[]>;
}

export function openLedger({ database, clock }: { database: Database; clock: Clock }): Ledger {
  return {
    post: (request) => post(database, clock, request),
    postIn: (tx, request) => postRunIn(tx, request, clock.now()),
    correct: (request) => correct(database, clock, request),
    lockPeriod: (period, command) => lockPeriod(database, clock, period, command),
    trialBalance: () => trialBalance(database),
    entries: (filter) => entries(database, filter),
    check: () => check(database),
  };
}

/** A refusal inside the transaction is thrown to roll it back, and comes out as a value. */
function post(database: Database, clock: Clock, request: RunRequest): Promise<Result<RunReceipt>> {
  return refusalAsValue(() => database.tx({}, async (tx) => must(await postRunIn(tx, request, clock.now()))));
}

function correct(database: Database, clock: Clock, request: RunRequest): Promise<Result<RunReceipt>> {
  return refusalAsValue(() =>
    database.tx({}, async (tx) => must(await correctRunIn(tx, request, clock.now()))),
  );
}

/** A correction is a reversal plus a new version: the run of the new version holds both. */
export async function correctRunIn(
  tx: Statements,
  request: RunRequest,
  now: Date,
): Promise<Result<RunReceipt>> {
  // The period's row is locked before the latest version is read, as in posting.
  await tx.run(sql`select 1 as held from ledger_period where period = ${request.period} for update`);
  const latest = await latestPostings(tx, request);
  if (latest === null) {
    const detail = { zh: '没有可更正的结算', en: 'there is no run to correct' };
    return refuse('nothing-to-correct', detail, { at: 'period', rule: 'L5' });
  }
  const on = request.postings[0]?.on ?? latest.postings[0]?.on;
  const version = latest.version + 1;
  const reversed = latest.postings.map((posting) =>
    reversal(posting, `${posting.key}/reversed-by/${version}`, on ?? posting.on),
  );
  const isRepeat = latest.command === request.command;
  const postings = isRepeat ? request.postings : [...reversed, ...request.postings];
  return postRunIn(tx, { ...request, postings }, now, true);
}

/** What the latest version says now: its postings without the reversals of the version before it. */
export async function latestPostings(tx: Statements, { period, kind, scope }: RunRequest) {
  const { rows } = await tx.run<{ id: Uuid; version: number; command: Uuid }>(sql`
    select id, version, command from ledger_run
    where period = ${period} and kind = ${kind} and scope = ${scope} order by version desc limit 1`);
  const run = rows[0];
  if (run === undefined) return null;
  const found = await readEntries(tx, { run: run.id });
  const postings = found
    .filter((entry) => entry.kind !== 'reversal')
    .map((entry) => postingOf(entry, period));
  return { run: run.id, version: run.version, command: run.command, postings };
}

function postingOf(entry: Entry, period: string): Posting {
  const { key, kind, source, purpose, on, caseId, row, zh, en, debit, credit, amountFen } = entry;
  const lines = [
    { account: debit, amountFen },
    { account: credit, amountFen: -amountFen },
  ];
  return { key, kind, source, purpose, period, on, caseId, row, text: { zh, en }, lines };
}

async function lockPeriod(
  database: Database,
  clock: Clock,
  period: string,
  command: Uuid,
): Promise<Result<null>> {
  const { rowCount } = await database.run(sql`
    update ledger_period set state = 'locked', locked_at = ${clock.now()}, locked_by = ${command}
    where period = ${period} and (state = 'open' or locked_by = ${command})`);
  if (rowCount === 1) return ok(null);
  const detail = { zh: `期间 ${period} 不存在或已锁定`, en: `period ${period} does not exist or is locked` };
  return refuse('period-not-open', detail, { at: 'period', rule: 'L4' });
}

async function trialBalance(database: Database): Promise<Balance[]> {
  const { rows } = await database.run<{ account: string; balance: string }>(sql`
    select account, balance_fen::text as balance from ledger_account order by account`);
  return rows.map(({ account: name, balance }) => ({ account: name, balanceFen: BigInt(balance) }));
}

function entries(database: Database, filter: Parameters<Ledger['entries']>[0]): Promise<Entry[]> {
  return readEntries(database, filter);
}

export async function readEntries(
  on: Statements,
  { run, caseId, limit }: { run?: Uuid; caseId?: string; limit?: number },
): Promise<Entry[]> {
  const { rows } = await on.run<Entry & { amount: string }>(sql`
    select key, kind, source, purpose, posted_on::text as "on", debit, credit, amount_fen::text as amount,
      case_id as "caseId", rule_row as row, text_zh as zh, text_en as en
    from ledger_entry
    where (${run ?? null}::uuid is null or run = ${run ?? null}) and (${caseId ?? null}::text is null or case_id = ${caseId ?? null})
    order by run, number limit ${limit ?? null}`);
  return rows.map(({ amount, ...entry }) => ({ ...entry, amountFen: BigInt(amount) }));
}

async function check(database: Database): Promise<string[]> {
  const { rows } = await database.run<{ account: string }>(sql`
    select account from (
      select debit as account, amount_fen as amount from ledger_entry
      union all select credit, -amount_fen from ledger_entry
      union all select account, -balance_fen from ledger_account) as moved
    group by account having sum(amount) <> 0 order by account`);
  return rows.map(({ account: name }) => name);
}
