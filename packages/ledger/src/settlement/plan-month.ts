// What a month's pre-settlement says: every stay grouped and priced, each house's statement, the postings. Pure.
import {
  account,
  comparable,
  isUpTo,
  type Memberships,
  ONE,
  type OrgStatement,
  type Posting,
  PriceBook,
  type PricedStay,
  type PriceKind,
  packageOfStay,
  priceable,
  priceByPoints,
  priceStays,
  type ReviewDecision,
  type RuleSet,
  type SettlementList,
  type StayCase,
  settleMonth,
  transfer,
} from '@yimai/fund';
import { type CompiledScheme, type GroupResult, group } from '@yimai/grouping';
import { daysBetween, daysInMonth, type Fen, type LocalDate, localDate, type Refusal } from '@yimai/kit';
import { inBooksOf } from '../books.ts';

export interface FundStay {
  readonly list: SettlementList;
  /** Care of an insured resident in a house that is no member: charged to the same budget. */
  readonly isOutside: boolean;
}

export const OUTSIDE_KIND = 'outside-county';

export interface SettledCase {
  readonly list: SettlementList;
  readonly isOutside: boolean;
  readonly group: GroupResult;
  readonly kind: PriceKind | typeof OUTSIDE_KIND;
  readonly row: string;
  readonly standardFen: Fen;
  readonly payFen: Fen;
  readonly fundFen: Fen;
  /** The house's result: pay minus cost. */
  readonly resultFen: Fen;
  readonly weight: bigint;
}

export interface PricedLists {
  readonly cases: readonly SettledCase[];
  readonly refused: readonly { readonly id: string; readonly refusal: Refusal }[];
}

export interface SettlementRules {
  readonly rules: RuleSet;
  readonly scheme: CompiledScheme;
  /** The pool of the point method for these stays; null elsewhere. */
  readonly poolFen: Fen | null;
  /** What special-case reviews granted, by list; none where it is left out. */
  readonly reviews?: Reviews;
  /** Who was in which chronic package; nobody where it is left out. */
  readonly memberships?: Memberships;
  /** Stays of later months that may have followed upon these within the readmission window. */
  readonly returns?: readonly FundStay[];
}

export type Reviews = ReadonlyMap<string, ReviewDecision>;

/** What decides on a stay besides its list. */
export interface StayContext extends Pick<SettlementRules, 'reviews' | 'memberships'> {
  readonly rules: RuleSet;
}

export function stayCaseOf(list: SettlementList, found: GroupResult, context: StayContext): StayCase {
  const paidBy = packageRowOf(list, context);
  const { stay, patient, org, level, payer, admittedOn, dischargedOn } = list;
  const { costFen, patientBorneFen, bedDays } = list;
  return {
    id: stay.id,
    patient,
    org,
    level,
    payer,
    admittedOn,
    dischargedOn,
    stayDays: stay.los,
    group: found,
    costFen,
    patientBorneFen,
    unreasonableFen: 0n,
    bedDays,
    review: context.reviews?.get(stay.id) ?? null,
    ...(paidBy === null ? {} : { package: paidBy }),
  };
}

function packageRowOf(
  { stay, patient, admittedOn }: SettlementList,
  { rules, memberships }: StayContext,
): string | null {
  if (rules.consortium === null || memberships === undefined) return null;
  const [code = ''] = stay.dx;
  return packageOfStay({ patient, admittedOn, code }, rules.consortium.packages, memberships)?.id ?? null;
}

/** Groups and prices together: readmissions and the cap on outliers look at more than one stay. */
export function priceLists(stays: readonly FundStay[], how: SettlementRules): PricedLists {
  const book = new PriceBook(how.rules);
  const refused: { id: string; refusal: Refusal }[] = [];
  const cases: SettledCase[] = [];
  const inside: { fund: FundStay; stay: StayCase }[] = [];
  for (const fund of stays) {
    const { list } = fund;
    const stay = stayCaseOf(list, group(list.stay, how.scheme), how);
    const checked = priceable(stay, book);
    if (!checked.ok) refused.push({ id: stay.id, refusal: checked.refusal });
    else if (fund.isOutside) cases.push(outsideCase(fund, stay));
    else inside.push({ fund, stay });
  }
  const priced = priceStays(
    inside.map(({ stay }) => stay),
    book,
    returnsOf(how, book),
  );
  const settled = how.poolFen === null ? priced : priceByPoints(priced, how.poolFen, how.rules);
  settled.forEach((one, index) => {
    cases.push(insideCase(inside[index]!.fund, one));
  });
  cases.sort((left, right) => (left.list.stay.id < right.list.stay.id ? -1 : 1));
  return { cases, refused };
}

/** Stays that another month pays, grouped by the same scheme; one that no rule could price is no readmission. */
function returnsOf(how: SettlementRules, book: PriceBook): StayCase[] {
  return (how.returns ?? []).flatMap(({ list, isOutside }) => {
    if (isOutside) return [];
    const stay = stayCaseOf(list, group(list.stay, how.scheme), how);
    return comparable(stay, book).ok ? [stay] : [];
  });
}

/** Of all stays those that ended after a month and began within the readmission window of its last day. */
export function returnsAfter(month: string, stays: readonly FundStay[], rules: RuleSet): FundStay[] {
  const last = lastDayOf(month);
  const { withinDays } = rules.readmission;
  return stays.filter(
    ({ list }) =>
      list.dischargedOn > last && isUpTo(BigInt(daysBetween(last, list.admittedOn)) * ONE, withinDays),
  );
}

function insideCase({ list }: FundStay, { stay, ...priced }: PricedStay): SettledCase {
  return { list, isOutside: false, group: { ...stay.group }, ...priced };
}

/** A house that is no member is paid what it charged; the budget or a package bears what the patient does not. */
function outsideCase({ list }: FundStay, stay: StayCase): SettledCase {
  return {
    list,
    isOutside: true,
    group: stay.group,
    kind: OUTSIDE_KIND,
    row: stay.package ?? OUTSIDE_KIND,
    standardFen: 0n,
    payFen: stay.costFen,
    fundFen: stay.costFen - stay.patientBorneFen,
    resultFen: 0n,
    weight: 0n,
  };
}

export interface HouseStatement extends OrgStatement {
  readonly isOutside: boolean;
}

export interface MonthPlan {
  readonly month: string;
  readonly cases: readonly SettledCase[];
  readonly refused: PricedLists['refused'];
  readonly statements: readonly HouseStatement[];
  readonly postings: readonly Posting[];
}

export const lastDayOf = (month: string): LocalDate =>
  localDate(`${month}-${daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)))}`);

/** Everything is dated the last day of the month, so that a repeat on another day is the same to the byte. */
export function planMonth(month: string, stays: readonly FundStay[], how: SettlementRules): MonthPlan {
  const { cases, refused } = priceLists(stays, how);
  const on = lastDayOf(month);
  const inside = cases.filter((one) => !one.isOutside).map((one) => pricedOf(one, how));
  const outside = cases.filter((one) => one.isOutside);
  const { statements, postings } = settleMonth(inside, { month, on, rules: how.rules });
  return {
    month,
    cases,
    refused,
    statements: [
      ...statements.map((statement) => ({ ...statement, isOutside: false })),
      ...outsideStatements(outside),
    ],
    postings: inBooksOf(how.rules, [...postings, ...outsidePostings(outside, month, on)]),
  };
}

function pricedOf({ list, group: found, kind, row, ...money }: SettledCase, how: StayContext): PricedStay {
  const { standardFen, payFen, fundFen, resultFen, weight } = money;
  return {
    stay: stayCaseOf(list, found, how),
    kind: kind as PriceKind,
    row,
    standardFen,
    payFen,
    fundFen,
    resultFen,
    weight,
  };
}

const sumOf = (cases: readonly SettledCase[], of: (one: SettledCase) => Fen): Fen =>
  cases.reduce((total, one) => total + of(one), 0n);

/** Outside the county too, the listed complication of a member is the package's. */
const isPackaged = ({ row }: SettledCase): boolean => row !== OUTSIDE_KIND;

function outsideStatements(cases: readonly SettledCase[]): HouseStatement[] {
  const orgs = [...new Set(cases.map(({ list }) => list.org))].sort();
  return orgs.map((org) => {
    const own = cases.filter(({ list }) => list.org === org);
    const sum = (of: (one: SettledCase) => Fen): Fen => sumOf(own, of);
    const fundFen = sum((one) => one.fundFen);
    const packaged = own.filter(isPackaged);
    return {
      org,
      isOutside: true,
      stays: own.length,
      costFen: sum(({ list }) => list.costFen),
      payFen: sum((one) => one.payFen),
      patientBorneFen: sum(({ list }) => list.patientBorneFen),
      fundFen,
      packageCostFen: sumOf(packaged, ({ list }) => list.costFen),
      packageFen: sumOf(packaged, (one) => one.fundFen),
      depositFen: 0n,
      paidFen: fundFen,
      heldFen: 0n,
    };
  });
}

function outsidePostings(cases: readonly SettledCase[], month: string, on: LocalDate): Posting[] {
  const head = { source: 'insurance' as const, purpose: 'outside-county', period: month, on };
  const due = cases.map(({ list, fundFen, row }) =>
    transfer(
      {
        ...head,
        purpose: row === OUTSIDE_KIND ? head.purpose : 'chronic-package',
        key: `${month}/1/case/${list.stay.id}`,
        kind: 'outside-due',
        caseId: list.stay.id,
        row,
        text: { zh: '县外就医应付', en: 'due for care outside the county' },
      },
      account.expense(row === OUTSIDE_KIND ? OUTSIDE_KIND : 'package'),
      account.outside(),
      fundFen,
    ),
  );
  const paid = transfer(
    {
      ...head,
      key: `${month}/1/paid/outside`,
      kind: 'outside-payment',
      caseId: null,
      row: OUTSIDE_KIND,
      text: { zh: `${month} 县外就医支付`, en: `care outside the county paid for ${month}` },
    },
    account.outside(),
    account.bank('insurance'),
    cases.reduce((sum, { fundFen }) => sum + fundFen, 0n),
  );
  return [...due, paid].filter((made) => made !== null);
}
