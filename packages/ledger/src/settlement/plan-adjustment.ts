// What corrects a locked month from a later open one: changed cases reversed and posted anew, each house's difference. Pure.
import { account, type OrgStatement, type Posting, type RuleSet, reversal, transfer } from '@yimai/fund';
import type { Fen } from '@yimai/kit';
import { inBooksOf } from '../books.ts';
import { type HouseStatement, lastDayOf, type MonthPlan } from './plan-month.ts';

export interface AdjustedCase {
  readonly id: string;
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
  readonly beforeRow: string;
  readonly afterRow: string;
}

export interface AdjustmentPlan {
  readonly cases: readonly AdjustedCase[];
  /** By how much each house's statement of the corrected month changes. */
  readonly differences: readonly HouseStatement[];
  readonly postings: readonly Posting[];
}

export interface AdjustmentInput {
  /** The open month that carries the correction, and the locked one that is corrected. */
  readonly period: string;
  readonly corrects: string;
  /** Counted within the corrected month, so that every correction has keys of its own. */
  readonly number: number;
  /** Postings of single cases that are in force for the corrected month. */
  readonly inForce: readonly Posting[];
  /** Statements of the corrected month as they stand with all earlier corrections. */
  readonly statements: readonly HouseStatement[];
  /** The corrected month as it would be settled now. */
  readonly now: MonthPlan;
}

/** What reversals of a correction are told by: the key of the original stands before it. */
export const REVERSED_IN = '/reversed-in/';

export function planAdjustment(input: AdjustmentInput, rules: RuleSet): AdjustmentPlan {
  const { period, corrects, number, inForce, now } = input;
  const on = lastDayOf(period);
  const was = byCase(inForce);
  const is = byCase(now.postings);
  const cases: AdjustedCase[] = [];
  const postings: Posting[] = [];
  for (const id of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const [old, fresh] = [was.get(id), is.get(id)];
    if (isSame(old, fresh)) continue;
    cases.push({
      id,
      beforeFen: amountOf(old),
      afterFen: amountOf(fresh),
      beforeRow: old?.row ?? '',
      afterRow: fresh?.row ?? '',
    });
    if (old !== undefined)
      postings.push({ ...reversal(old, `${old.key}${REVERSED_IN}${period}`, on), period });
    if (fresh !== undefined) {
      const text = {
        zh: `更正 ${corrects}：${fresh.text.zh}`,
        en: `${corrects} corrected: ${fresh.text.en}`,
      };
      postings.push({ ...fresh, key: `${period}/adjust/${corrects}/${number}/case/${id}`, on, period, text });
    }
  }
  const differences = differencesOf(input.statements, now.statements);
  const ofHouses = differences.flatMap((house) => housePostings(house, input, rules));
  return { cases, differences, postings: [...postings, ...inBooksOf(rules, ofHouses)] };
}

function byCase(postings: readonly Posting[]): Map<string, Posting> {
  return new Map(
    postings.flatMap((posting) => (posting.caseId === null ? [] : [[posting.caseId, posting] as const])),
  );
}

const amountOf = (posting: Posting | undefined): Fen =>
  posting?.lines.find(({ amountFen }) => amountFen > 0n)?.amountFen ?? 0n;

function isSame(old: Posting | undefined, fresh: Posting | undefined): boolean {
  const key = (one: Posting | undefined): string =>
    one === undefined
      ? ''
      : `${one.row} ${one.lines
          .map(({ account: name, amountFen }) => `${name} ${amountFen}`)
          .sort()
          .join()}`;
  return key(old) === key(fresh);
}

const SUMS = [
  'costFen',
  'payFen',
  'patientBorneFen',
  'fundFen',
  'packageCostFen',
  'packageFen',
  'depositFen',
  'paidFen',
  'heldFen',
] as const;

/** The sum of statements of one house, e.g. of a month and of what was corrected of it. */
export function sumStatements(statements: readonly HouseStatement[]): HouseStatement[] {
  const byOrg = new Map<string, HouseStatement>();
  for (const one of statements) {
    const before = byOrg.get(one.org);
    byOrg.set(one.org, before === undefined ? one : combine(before, one, 1n));
  }
  return [...byOrg.values()].sort((left, right) => (left.org < right.org ? -1 : 1));
}

function combine(left: HouseStatement, right: HouseStatement, sign: 1n | -1n): HouseStatement {
  // Statements of earlier years know no packages.
  const of = (one: HouseStatement, key: (typeof SUMS)[number]): Fen => one[key] ?? 0n;
  const sums = Object.fromEntries(SUMS.map((key) => [key, of(left, key) + sign * of(right, key)]));
  const stays = left.stays + Number(sign) * right.stays;
  return { ...left, ...(sums as Pick<OrgStatement, (typeof SUMS)[number]>), stays };
}

function differencesOf(
  before: readonly HouseStatement[],
  after: readonly HouseStatement[],
): HouseStatement[] {
  const orgs = [...new Set([...before, ...after].map(({ org }) => org))].sort();
  return orgs.flatMap((org) => {
    const [old, fresh] = [before, after].map((list) => list.find((one) => one.org === org));
    const nothing = { ...(old ?? fresh)!, stays: 0, ...Object.fromEntries(SUMS.map((key) => [key, 0n])) };
    const difference = combine(fresh ?? nothing, old ?? nothing, -1n);
    return SUMS.every((key) => difference[key] === 0n) && difference.stays === 0 ? [] : [difference];
  });
}

/** The deposit and the payment of the difference; negative amounts are paid back. */
function housePostings(
  { org, isOutside, depositFen, paidFen }: HouseStatement,
  { period, corrects, number }: AdjustmentInput,
  rules: RuleSet,
): Posting[] {
  const { deposit, monthly } = rules.settlement;
  const make = (kind: string, row: string, debit: string, credit: string, amountFen: Fen) =>
    transfer(
      {
        key: `${period}/adjust/${corrects}/${number}/${kind}/${org}`,
        kind: `adjustment-${kind}`,
        source: 'insurance',
        purpose: isOutside ? 'outside-county' : 'inpatient',
        period,
        on: lastDayOf(period),
        caseId: null,
        row,
        text: {
          zh: `更正 ${corrects}：${org} ${kind === 'deposit' ? '质量保证金' : '拨付'}差额`,
          en: `${corrects} corrected: difference of ${kind === 'deposit' ? 'deposit' : 'payment'} of ${org}`,
        },
      },
      debit,
      credit,
      amountFen,
    );
  const owed = isOutside ? account.outside() : account.payable(org);
  return [
    make('deposit', deposit.id, owed, account.deposit(org), depositFen),
    make('paid', monthly.id, owed, account.bank('insurance'), paidFen),
  ].filter((made) => made !== null);
}
