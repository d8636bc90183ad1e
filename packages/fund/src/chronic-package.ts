// "Chronic disease and its major complications" as one package (慢病管理+重大并发症打包): what is charged, what is left, who pays.
import { allocate, type Fen, type LocalDate } from '@yimai/kit';
import { type E4, ratioE4, timesE4 } from './decimal.ts';
import type { ChronicPackage } from './rule-set.ts';

export interface PackageCost {
  readonly caseId: string;
  readonly patient: string;
  /** Principal diagnosis of the care, or `management` for the care of the chronic disease itself. */
  readonly code: string;
  readonly costFen: Fen;
}

/** When somebody was in a package; both days count, null is still in it. */
export interface Membership {
  readonly package: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** Memberships by person. */
export type Memberships = ReadonlyMap<string, readonly Membership[]>;

export interface PackagedStay {
  readonly patient: string;
  readonly admittedOn: LocalDate;
  /** Principal diagnosis. */
  readonly code: string;
}

/** The package that pays a stay: the person was in it on the day of admission, and it lists the principal diagnosis. */
export function packageOfStay(
  { patient, admittedOn, code }: PackagedStay,
  rules: readonly ChronicPackage[],
  memberships: Memberships,
): ChronicPackage | null {
  const own = memberships.get(patient) ?? [];
  const isMember = (id: string): boolean =>
    own.some(
      (one) => one.package === id && one.from <= admittedOn && (one.to === null || admittedOn <= one.to),
    );
  return rules.find((rule) => isMember(rule.id) && isComplicationOf(rule, code)) ?? null;
}

const isComplicationOf = (rule: ChronicPackage, code: string): boolean =>
  rule.complications.some((start) => code.startsWith(start));

export interface PackageResult {
  readonly budgetFen: Fen;
  readonly chargedFen: Fen;
  readonly balanceFen: Fen;
  readonly charged: readonly PackageCost[];
  /** Care that the package does not cover, left to the other methods. */
  readonly notCharged: readonly PackageCost[];
  readonly complicationRate: E4;
  /** What each source of money gives; sums to the budget. */
  readonly bySource: Readonly<Record<string, Fen>>;
}

/** The part of what is left of a package that is shared with the year's surplus; never less than nothing. */
export function sharedSurplus({ surplus }: ChronicPackage, balanceFen: Fen): Fen {
  return surplus === null || balanceFen <= 0n ? 0n : timesE4(balanceFen, surplus.share);
}

export function settlePackage(
  rule: ChronicPackage,
  patients: readonly string[],
  costs: readonly PackageCost[],
): PackageResult {
  const enrolled = new Set(patients);
  const isComplication = ({ code }: PackageCost): boolean => isComplicationOf(rule, code);
  const isCharged = (cost: PackageCost): boolean =>
    enrolled.has(cost.patient) && (cost.code === 'management' || isComplication(cost));
  const charged = costs.filter(isCharged);
  const budgetFen = rule.priceFen * BigInt(enrolled.size);
  const chargedFen = charged.reduce((sum, { costFen }) => sum + costFen, 0n);
  const withComplication = new Set(charged.filter(isComplication).map(({ patient }) => patient));
  const sources = Object.keys(rule.sources);
  const parts = allocate(
    budgetFen,
    sources.map((source) => rule.sources[source]!),
  );
  return {
    budgetFen,
    chargedFen,
    balanceFen: budgetFen - chargedFen,
    charged,
    notCharged: costs.filter((cost) => !isCharged(cost)),
    complicationRate: ratioE4(BigInt(withComplication.size), BigInt(enrolled.size)),
    bySource: Object.fromEntries(sources.map((source, index) => [source, parts[index]!])),
  };
}
