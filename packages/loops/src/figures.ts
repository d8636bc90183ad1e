// The figures that every loop has for free, computed from its cases' stays: times, on-time and closure rate, rating.
import type { Instant } from './types.ts';

/** One stay of one case in one state. `until` is null while it lasts. */
export interface Stay {
  readonly caseId: string;
  readonly state: string;
  readonly owner: string | null;
  readonly since: Instant;
  readonly until: Instant | null;
  readonly due: Instant | null;
}

export interface CaseOutcome {
  readonly caseId: string;
  readonly outcome: 'open' | 'closed' | 'closed-without-result';
  readonly rating: number | null;
}

export interface LoopFigures {
  readonly cases: number;
  readonly open: number;
  readonly closed: number;
  readonly withoutResult: number;
  /** Closed with result / cases that were not closed without one; null when there is none. */
  readonly closureRate: { readonly numerator: number; readonly denominator: number };
  /** Finished stays with a deadline that ended in time / finished stays with a deadline. */
  readonly onTime: { readonly numerator: number; readonly denominator: number };
  readonly ratingMean: number | null;
  readonly timeInState: ReadonlyMap<
    string,
    { readonly stays: number; readonly meanMs: number; readonly longestMs: number }
  >;
  /** Owners with open work past its deadline, with the number of cases. */
  readonly overdueByOwner: ReadonlyMap<string, number>;
}

export function loopFigures(
  cases: readonly CaseOutcome[],
  stays: readonly Stay[],
  now: Instant,
): LoopFigures {
  const count = (outcome: CaseOutcome['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  const ratings = cases.flatMap((one) => (one.rating === null ? [] : [one.rating]));
  const finished = stays.filter((stay) => stay.until !== null && stay.due !== null);
  const withoutResult = count('closed-without-result');
  const overdue = new Map<string, number>();
  for (const stay of stays) {
    if (stay.until !== null || stay.due === null || now <= stay.due) continue;
    const owner = stay.owner ?? '';
    overdue.set(owner, (overdue.get(owner) ?? 0) + 1);
  }
  return {
    cases: cases.length,
    open: count('open'),
    closed: count('closed'),
    withoutResult,
    closureRate: { numerator: count('closed'), denominator: cases.length - withoutResult },
    onTime: {
      numerator: finished.filter((stay) => stay.until! <= stay.due!).length,
      denominator: finished.length,
    },
    ratingMean: ratings.length === 0 ? null : ratings.reduce((a, b) => a + b, 0) / ratings.length,
    timeInState: timesByState(stays, now),
    overdueByOwner: overdue,
  };
}

function timesByState(stays: readonly Stay[], now: Instant): LoopFigures['timeInState'] {
  const sums = new Map<string, { stays: number; total: number; longestMs: number }>();
  for (const stay of stays) {
    const spent = (stay.until ?? now) - stay.since;
    const sum = sums.get(stay.state) ?? { stays: 0, total: 0, longestMs: 0 };
    sums.set(stay.state, {
      stays: sum.stays + 1,
      total: sum.total + spent,
      longestMs: Math.max(sum.longestMs, spent),
    });
  }
  return new Map(
    [...sums].map(([state, sum]) => [
      state,
      { stays: sum.stays, meanMs: sum.total / sum.stays, longestMs: sum.longestMs },
    ]),
  );
}
