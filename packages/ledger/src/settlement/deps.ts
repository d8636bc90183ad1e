// What the commands of settlement are given by the house they run in, and how they read what they are sent.
import type { Memberships, PackageCost, ResultClaim, RuleSet, SettlementRow } from '@yimai/fund';
import type { CompiledScheme } from '@yimai/grouping';
import { type LocalDate, ok, type Result, refuse } from '@yimai/kit';
import type { RecordTx } from '@yimai/record';
import type { Statements } from '../types.ts';
import type { WorkLine } from './plan-distribution.ts';
import type { FundStay, Reviews } from './plan-month.ts';

export interface SettlementDeps {
  /** Stays of insured residents discharged in a month, seen as the system sees them. */
  staysOf(month: string): Promise<readonly FundStay[]>;
  /** Stays that ended later and began within the readmission window of the month's last day: see `returnsAfter`. */
  returnsAfter(month: string, rules: RuleSet): Promise<readonly FundStay[]>;
  /** What special-case reviews (特例单议) have granted, by list. */
  reviews(): Promise<Reviews>;
  /** The public notice of a run and what was objected to the year's distribution. */
  noticeOf(tx: Statements, year: string, run: string): Promise<PublicNotice>;
  /** A result of RED or MES with its agreement and evidence as they stand; null where there is none. */
  resultClaimOf(tx: Statements, key: string): Promise<ResultClaim | null>;
  /** Health management that the record has of a year, with the person who did it. */
  healthWork(year: string): Promise<readonly WorkLine[]>;
  /** Who was in which chronic package, and when: what pays a stay depends on it. */
  memberships(): Promise<Memberships>;
  /** Who was in a chronic package in the year, and what its management cost. */
  packageOf(tx: Statements, id: string, year: string): Promise<PackageMembers>;
  /** Which of these lists the record has. */
  knownLists(numbers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of these came with a file that was given up: they count for nothing and may come in again. */
  droppedLists(numbers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of these are residents of the record. */
  knownResidents(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ids of organisations that can be paid. */
  houses(): Promise<ReadonlySet<string>>;
  /** The rules in force in a month; without one those that are newest. */
  rulesOf(name: string, month?: string): Result<RuleSet>;
  schemeOf(name: string): Result<CompiledScheme>;
  isDiagnosis(code: string): boolean;
  isProcedure(code: string): boolean;
}

/** What a month's stays are priced with. */
export type MonthDeps = Pick<
  SettlementDeps,
  'staysOf' | 'returnsAfter' | 'rulesOf' | 'schemeOf' | 'reviews' | 'memberships'
>;

export interface PackageMembers {
  readonly members: readonly string[];
  readonly management: readonly PackageCost[];
}

export interface PublicNotice {
  /** The last day of the notice of this run; null while it has not been published. */
  readonly endsOn: LocalDate | null;
  /** Objections of the year that are not decided yet, or upheld and not carried out. */
  readonly unsettled: number;
}

export type Payload = Readonly<Record<string, unknown>>;

export function payloadOf(value: unknown, keys: readonly string[]): Result<Payload> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('payload', '内容应为对象', 'the payload is an object');
  const stranger = Object.keys(value).find((key) => !keys.includes(key));
  if (stranger === undefined) return ok(value as Payload);
  return wrong(`payload.${stranger.slice(0, 64)}`, '未知字段', 'unknown field');
}

export const wrong = (at: string, zh: string, en: string) => refuse('payload-invalid', { zh, en }, { at });

export function textOf(payload: Payload, key: string, form: RegExp): Result<string> {
  const value = payload[key];
  if (typeof value === 'string' && form.test(value)) return ok(value);
  return wrong(`payload.${key}`, `“${key}”缺少或形式不对`, `"${key}" is missing or of the wrong form`);
}

export const YEAR = /^20\d\d$/;
export const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;
export const NAME = /^[A-Za-z0-9][A-Za-z0-9\-./]{0,99}$/;

export function mustHold(tx: RecordTx, roles: readonly string[]): Result<null> {
  const { role } = tx.access.actor;
  if (role === 'system' || role === 'script' || roles.includes(role)) return ok(null);
  const detail = { zh: '您的岗位不能做这件事', en: 'your role may not do this' };
  return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
}

export function rowsOf(payload: Payload, key: string, most: number): Result<readonly SettlementRow[]> {
  const value = payload[key];
  if (!Array.isArray(value) || value.length === 0 || value.length > most)
    return wrong(`payload.${key}`, `应为 1 至 ${most} 行`, `1 to ${most} rows`);
  const bad = value.findIndex(
    (row) =>
      typeof row !== 'object' || row === null || Object.values(row).some((cell) => typeof cell !== 'string'),
  );
  if (bad >= 0) return wrong(`payload.${key}[${bad}]`, '每格应为文字', 'each cell is a text');
  return ok(value as readonly SettlementRow[]);
}
