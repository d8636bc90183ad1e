// The ledger on the desk: the trial balance of both books with its check, the runs, and the entries behind a balance.
import type { FundEntries, FundLedger } from '@yimai/desk/contract';
import type { Fen } from '@yimai/kit';
import { GROUP_BOOKS, HOUSE_BOOKS } from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { accountName } from './account-names.ts';
import { lockedPeriods } from './board.ts';
import { entriesBy } from './entries.ts';
import { type FundDeps, seesAll, settles, yuan } from './fund-deps.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.get('/desk/fund/ledger', async (request): Promise<FundLedger> => {
    const reader = await readerOf(deps, request);
    if (!seesAll(reader)) throw notPermitted();
    return { ...(await ledgerOf(deps)), may: { lock: settles(reader) } };
  });
  app.post('/desk/fund/entries', async (request): Promise<FundEntries> => {
    const reader = await readerOf(deps, request);
    if (!seesAll(reader)) throw notPermitted();
    const body = bodyOf(request.body);
    const { offset } = body;
    return entriesBy(deps, {
      run: textOf(body, 'run', 36),
      account: textOf(body, 'account', 200),
      caseId: textOf(body, 'caseId', 100),
      offset: Number.isSafeInteger(offset) ? (offset as number) : 0,
    });
  });
}

interface RunRow {
  readonly id: string;
  readonly period: string;
  readonly kind: string;
  readonly version: number;
  readonly entry_count: number;
  readonly total: string;
  readonly posted_at: Date;
  readonly command: string;
  readonly corrects: readonly string[];
}

async function ledgerOf(deps: FundDeps): Promise<Omit<FundLedger, 'may'>> {
  const { ledger, database, shelf } = deps.fund;
  const [all, faults, runs, locked, houses] = await Promise.all([
    ledger.trialBalance(),
    ledger.check(),
    database.run<RunRow>(sql`
      select id, period, kind, version, entry_count, total_fen::text as total, posted_at, command,
        array(select distinct o.period from ledger_correction c join ledger_run o on o.id = c.corrects
          where c.run = r.id order by 1) as corrects
      from ledger_run r where not starts_with(r.period, 'operating-') order by posted_at desc, id desc limit 200`),
    lockedPeriods(deps),
    shelf.houses(),
  ]);
  // A house's own budget is no insurance money: it has a page of its own, and readers of its own.
  const balances = all.filter(({ account }) => !account.startsWith(HOUSE_BOOKS));
  const sum = (sign: 1n | -1n): Fen =>
    balances.reduce((total, { balanceFen }) => {
      const amount = balanceFen * sign;
      return amount > 0n ? total + amount : total;
    }, 0n);
  const [debit, credit] = [sum(1n), sum(-1n)];
  return {
    accounts: balances
      .filter(({ balanceFen }) => balanceFen !== 0n)
      .map(({ account, balanceFen }) => ({
        account,
        name: accountName(account, houses),
        books: account.startsWith(GROUP_BOOKS) ? ('group' as const) : ('insurer' as const),
        debit: balanceFen > 0n ? yuan(balanceFen) : null,
        credit: balanceFen < 0n ? yuan(-balanceFen) : null,
      })),
    debit: yuan(debit),
    credit: yuan(credit),
    balanced: debit === credit && faults.length === 0,
    faults,
    runs: runs.rows.map((row) => ({
      run: row.id,
      period: row.period,
      kind: row.kind,
      version: row.version,
      entries: row.entry_count,
      total: yuan(BigInt(row.total)),
      at: row.posted_at.toISOString(),
      command: row.command,
      corrects: row.corrects,
      locked: locked.has(row.period),
    })),
  };
}
