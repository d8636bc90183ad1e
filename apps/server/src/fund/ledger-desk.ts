// The ledger on the desk: the trial balance of both books with its check, the runs, and the entries behind a balance.
import type { FundEntries, FundLedger } from '@yimai/desk/contract';
import type { Fen, Text } from '@yimai/kit';
import { GROUP_BOOKS } from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { lockedPeriods } from './board.ts';
import { entriesBy } from './entries.ts';
import { type FundDeps, seesAll, settles, yuan } from './fund-deps.ts';
import type { House } from './stay-shelf.ts';

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
}

async function ledgerOf(deps: FundDeps): Promise<Omit<FundLedger, 'may'>> {
  const { ledger, database, shelf } = deps.fund;
  const [balances, faults, runs, locked, houses] = await Promise.all([
    ledger.trialBalance(),
    ledger.check(),
    database.run<RunRow>(sql`
      select id, period, kind, version, entry_count, total_fen::text as total, posted_at, command
      from ledger_run order by posted_at desc, id desc limit 200`),
    lockedPeriods(deps),
    shelf.houses(),
  ]);
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
        name: nameOf(account, houses),
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
      locked: locked.has(row.period),
    })),
  };
}

const HEADS: Readonly<Record<string, Text>> = {
  bank: { zh: '银行存款', en: 'Bank' },
  budget: { zh: '总额预算', en: 'Budget' },
  reserve: { zh: '风险金', en: 'Reserve' },
  expense: { zh: '基金支出', en: 'Expense' },
  payable: { zh: '应付', en: 'Payable' },
  prepaid: { zh: '预拨', en: 'Prepaid' },
  deposit: { zh: '质量保证金', en: 'Quality deposit' },
  surplus: { zh: '结余', en: 'Surplus' },
  share: { zh: '分配', en: 'Shares' },
  advance: { zh: '预收', en: 'Advance received' },
};

const ENDS: Readonly<Record<string, Text>> = {
  insurance: { zh: '医保基金', en: 'insurance fund' },
  'outside-county': { zh: '县外就医', en: 'care outside the county' },
  'global-budget': { zh: '总额付费', en: 'global budget' },
  'surplus-kept': { zh: '结余留用', en: 'surplus kept' },
  'borne-by-group': { zh: '集团自担超支', en: 'overrun borne by the group' },
  'assessment-deduction': { zh: '考核扣减', en: 'deducted by assessment' },
  normal: { zh: '正常病例', en: 'normal cases' },
  'low-outlier': { zh: '低倍率', en: 'low outliers' },
  'high-outlier': { zh: '高倍率', en: 'high outliers' },
  ambiguous: { zh: '歧义病案', en: 'ambiguous groups' },
  ungrouped: { zh: '无法入组', en: 'no group' },
  unstable: { zh: '非稳定病组', en: 'unstable groups' },
  'short-stay': { zh: '短住院', en: 'short stays' },
  'long-stay': { zh: '长住院', en: 'long stays' },
  'bed-day': { zh: '按床日', en: 'bed-day' },
  'special-review': { zh: '特例单议', en: 'special-case review' },
  overrun: { zh: '超支分担', en: 'overrun shared' },
  'surplus-returned': { zh: '超额结余退回', en: 'surplus returned' },
  insurer: { zh: '医保经办', en: 'insurer' },
  staff: { zh: '基层人员', en: 'primary-care staff' },
  county: { zh: '县级', en: 'county' },
  township: { zh: '乡级', en: 'township' },
  village: { zh: '村级', en: 'village' },
};

/** `group/payable/county-hospital` in words. */
function nameOf(account: string, houses: ReadonlyMap<string, House>): Text {
  const plain = account.startsWith(GROUP_BOOKS) ? account.slice(GROUP_BOOKS.length) : account;
  const slash = plain.indexOf('/');
  const [head, end] = [plain.slice(0, slash), plain.slice(slash + 1)];
  const house = houses.get(end)?.name ?? end;
  const first = HEADS[head] ?? { zh: head, en: head };
  const last = ENDS[end] ?? { zh: house, en: house };
  return { zh: `${first.zh} · ${last.zh}`, en: `${first.en} · ${last.en}` };
}
