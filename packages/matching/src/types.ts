// The nouns of matching: orders that ask, people that can go, the score with its reasons, the plan.
import type { LocalDate, Text } from '@yimai/kit';

/** Both days belong to the period. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export interface Order extends Period {
  readonly id: string;
  readonly site: string;
  readonly specialty: string;
  /** 1 resident, 2 attending, 3 associate senior, 4 senior. */
  readonly gradeLeast: number;
  readonly skills: readonly string[];
  /** How many people are asked for. */
  readonly places: number;
  /** 1 ordinary; a higher number is filled first. */
  readonly priority: number;
}

export interface Person {
  readonly id: string;
  readonly home: string;
  readonly specialties: readonly string[];
  readonly grade: number;
  readonly skills: readonly string[];
  readonly away: readonly Period[];
  /** Last day of the last posting; null if never posted. */
  readonly lastPosted: LocalDate | null;
  /** Postings already held in the plan's year. */
  readonly load: number;
}

export interface Weights {
  readonly skill: number;
  readonly grade: number;
  readonly rested: number;
  readonly load: number;
}

export interface Rules {
  readonly weights: Weights;
  /** At most so many postings for one person in the plan. */
  readonly mostPerPerson: number;
  /** At most so many people of one home institution away at once; null for no limit. */
  readonly mostAwayPerHome: number | null;
  /** The best candidates of each order that enter the solver; the rest are listed as reserve. */
  readonly candidatesPerOrder: number;
}

export const DEFAULT_RULES: Rules = {
  weights: { skill: 50, grade: 20, rested: 20, load: 10 },
  mostPerPerson: 2,
  mostAwayPerHome: null,
  candidatesPerOrder: 40,
};

/** One part of a score: `points` = `weight` x `fit` (0 to 1), so that each score can be re-computed by hand. */
export interface ScorePart {
  readonly part: keyof Weights;
  readonly weight: number;
  readonly fit: number;
  readonly points: number;
  readonly because: Text;
}

export interface Candidate {
  readonly order: string;
  readonly person: string;
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

export type BarCode = 'other-specialty' | 'grade-below' | 'away' | 'own-site';

export interface Barred {
  readonly order: string;
  readonly person: string;
  readonly code: BarCode;
}

export interface Assignment extends Candidate {
  /** Better-scored candidates that went elsewhere, with the order that took them. */
  readonly passedOver: readonly {
    readonly person: string;
    readonly score: number;
    readonly takenBy: readonly string[];
  }[];
}

export interface Unmet {
  readonly order: string;
  readonly missing: number;
  readonly code: 'no-candidate' | 'candidates-taken';
  readonly because: Text;
  /** How many people each bar kept out, and where the suitable ones went. */
  readonly barred: Readonly<Partial<Record<BarCode, number>>>;
  readonly taken: readonly { readonly person: string; readonly by: readonly string[] }[];
}

export interface Plan {
  readonly assignments: readonly Assignment[];
  readonly unmet: readonly Unmet[];
  readonly totalScore: number;
  readonly filled: number;
  readonly asked: number;
}
