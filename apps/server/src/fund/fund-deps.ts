// What the fund's routes are given, who may read what, and how money and houses go into an answer.
import type { FundHouse, Yuan } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { type Fen, formatYuan } from '@yimai/kit';
import type { SettledCase } from '@yimai/ledger';
import type { DeskDeps, Reader } from '../desk/desk-deps.ts';
import { notPermitted } from '../desk/read-body.ts';
import type { FundHouseDoor } from './fund-house.ts';
import type { House } from './stay-shelf.ts';

export interface FundDeps extends DeskDeps {
  readonly fund: FundHouseDoor;
}

/** Who sees the county's settlement: the insurer, who leads the consortium, who supervises it. */
const READERS = new Set([
  'insurer-clerk',
  'consortium-president',
  'consortium-office',
  'bureau-director',
  'script',
]);
/** Who sees what is settled with the own house only. */
const OWN_HOUSE = new Set(['finance-clerk', 'township-director', 'coder']);

const holds = ({ access }: Reader, house: string): boolean =>
  access.actor.orgs.includes(rowKey('Organization', house));

/** Of the finance clerks the one at the head of the tree: the consortium's finance office. */
export const isFinanceOffice = ({ actor, isHead }: Reader): boolean =>
  actor.role === 'finance-clerk' && isHead;
export const seesAll = (reader: Reader): boolean => READERS.has(reader.actor.role) || isFinanceOffice(reader);
export const settles = ({ actor }: Reader): boolean => actor.role === 'insurer-clerk';
export const imports = ({ actor }: Reader): boolean =>
  ['insurer-clerk', 'coder', 'finance-clerk', 'script'].includes(actor.role);
/** Single stays are kinds of claim: who has no such row in the policy sees sums only. */
export const seesCases = ({ actor }: Reader): boolean =>
  ['insurer-clerk', 'coder', 'finance-clerk', 'script'].includes(actor.role);

/** Whether the role has the fund at all: the county's, or that of the own house. */
export const seesFund = (role: string): boolean => READERS.has(role) || OWN_HOUSE.has(role);

export function mustSeeFund(reader: Reader): void {
  if (!seesFund(reader.actor.role)) throw notPermitted();
}

export function maySeeHouse(reader: Reader, house: string): boolean {
  return seesAll(reader) || (OWN_HOUSE.has(reader.actor.role) && holds(reader, house));
}

export const yuan = (fen: Fen): Yuan => formatYuan(fen);

export function houseRef(houses: ReadonlyMap<string, House>, id: string): FundHouse {
  const house = houses.get(id);
  return { id, name: house?.name ?? id, isOutside: house?.isOutside ?? false };
}

export function sumOf<T>(list: readonly T[], of: (one: T) => Fen): Fen {
  return list.reduce((total, one) => total + of(one), 0n);
}

export const monthOf = ({ list }: Pick<SettledCase, 'list'>): string => list.dischargedOn.slice(0, 7);

/** Per cent with one decimal: `37.5`. */
export function percentOf(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0.0';
  const tenths = (part * 10_000n) / whole;
  const rounded = (tenths + (tenths < 0n ? -5n : 5n)) / 10n;
  const sign = rounded < 0n ? '-' : '';
  const abs = rounded < 0n ? -rounded : rounded;
  return `${sign}${abs / 10n}.${abs % 10n}`;
}
