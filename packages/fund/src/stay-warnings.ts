// Warnings about stays: while the patient lies in the ward, at discharge, and over the stays of a hospital afterwards.
//
// A running stay is compared with a candidate group only; nothing is ever coded from it. Limits are given by the caller from
// dated rules, as no region publishes one set; fewer than the least number of cases is no baseline and warns of nothing.
import { daysBetween, type Fen, formatYuan, type LocalDate, type Text } from '@yimai/kit';
import { type E4, formatE4, ONE, ratioE4 } from './decimal.ts';
import type { PricedStay } from './stay-case.ts';

export interface Warning extends Text {
  readonly code: string;
  /** The stay it is about; null for a warning about a hospital. */
  readonly caseId: string | null;
}

export interface RunningStay {
  readonly id: string;
  readonly candidateStandardFen: Fen;
  readonly costFen: Fen;
  readonly stayDays: number;
  /** The 75th percentile of the group's days at home; null without a baseline. */
  readonly daysP75: number | null;
  readonly drugAndConsumableFen: Fen;
  /** Half of the group's stays at home are no longer; null without a baseline. */
  readonly usualDays: number | null;
  /** The highest cost that is a low outlier of the candidate group, and the lowest that is a high one. */
  readonly lowUpToFen: Fen;
  readonly highFromFen: Fen;
}

export interface RunningLimits {
  /** Shares of the standard, e.g. 0.8 and 1; reaching one warns. */
  readonly costShares: readonly E4[];
  readonly drugShareAbove: E4;
  /** From this share of the usual days on the cost at discharge is predicted; null predicts nothing. */
  readonly predictFrom: E4 | null;
}

export function warnRunning(stay: RunningStay, limits: RunningLimits): Warning[] {
  const warnings: Warning[] = [];
  const used = ratioE4(stay.costFen, stay.candidateStandardFen);
  const reached = limits.costShares.filter((share) => used >= share).at(-1);
  if (reached !== undefined) {
    warnings.push({
      code: reached < ONE ? 'cost-near-standard' : 'cost-reached-standard',
      caseId: stay.id,
      zh: `费用已达候选组标准的 ${percent(used)}`,
      en: `the cost has reached ${percent(used)} of the standard of the candidate group`,
    });
  }
  if (stay.daysP75 !== null && stay.stayDays > stay.daysP75) {
    warnings.push({
      code: 'stay-long-for-group',
      caseId: stay.id,
      zh: `住院 ${stay.stayDays} 天，超过本组四分之三病例的 ${stay.daysP75} 天`,
      en: `${stay.stayDays} days, more than the ${stay.daysP75} days of three quarters of the group`,
    });
  }
  const drugs = ratioE4(stay.drugAndConsumableFen, stay.costFen);
  if (drugs > limits.drugShareAbove) {
    warnings.push({
      code: 'drug-share-high',
      caseId: stay.id,
      zh: `药品与耗材占 ${percent(drugs)}`,
      en: `drugs and consumables are ${percent(drugs)} of the cost`,
    });
  }
  return [...warnings, ...predicted(stay, limits)];
}

/** What has been reached already needs no baseline; what the usual days would bring does. */
function predicted(stay: RunningStay, { predictFrom }: RunningLimits): Warning[] {
  const { id, costFen, usualDays, stayDays, lowUpToFen, highFromFen } = stay;
  const isFarEnough =
    predictFrom !== null && usualDays !== null && BigInt(stayDays) * ONE >= BigInt(usualDays) * predictFrom;
  const expectedFen =
    isFarEnough && usualDays > stayDays ? (costFen * BigInt(usualDays)) / BigInt(stayDays) : costFen;
  const sum = formatYuan(expectedFen);
  if (costFen >= highFromFen || (isFarEnough && expectedFen >= highFromFen))
    return [
      {
        code: 'high-outlier-predicted',
        caseId: id,
        zh: `预计出院时费用 ${sum} 元，将成高倍率病例`,
        en: `expected to cost ${sum} at discharge: a high outlier`,
      },
    ];
  if (!isFarEnough || expectedFen > lowUpToFen) return [];
  return [
    {
      code: 'low-outlier-predicted',
      caseId: id,
      zh: `预计出院时费用 ${sum} 元，将成低倍率病例`,
      en: `expected to cost ${sum} at discharge: a low outlier`,
    },
  ];
}

export interface HospitalLimits {
  readonly leastCases: number;
  readonly highShareAbove: E4;
  readonly lowShareAbove: E4;
  readonly ungroupedShareAbove: E4;
  readonly shortShareAbove: E4;
}

/** Shares of outliers, of stays without a group and of very short stays over a hospital's stays. */
export function warnHospital(org: string, priced: readonly PricedStay[], limits: HospitalLimits): Warning[] {
  const own = priced.filter(({ stay }) => stay.org === org);
  if (own.length < limits.leastCases) return [];
  const share = (...kinds: string[]): E4 =>
    ratioE4(BigInt(own.filter(({ kind }) => kinds.includes(kind)).length), BigInt(own.length));
  const checks: readonly [code: string, share: E4, above: E4, zh: string, en: string][] = [
    [
      'high-outlier-share',
      share('high-outlier'),
      limits.highShareAbove,
      '高倍率病例占比',
      'share of high outliers',
    ],
    [
      'low-outlier-share',
      share('low-outlier'),
      limits.lowShareAbove,
      '低倍率病例占比',
      'share of low outliers',
    ],
    [
      'ungrouped-share',
      share('ungrouped', 'ambiguous'),
      limits.ungroupedShareAbove,
      '未入组与歧义占比',
      'share without a group',
    ],
    [
      'short-stay-share',
      share('short-stay'),
      limits.shortShareAbove,
      '短住院占比',
      'share of very short stays',
    ],
  ];
  return checks
    .filter(([, found, above]) => found > above)
    .map(([code, found, above, zh, en]) => ({
      code,
      caseId: null,
      zh: `${org} ${zh} ${percent(found)}，超过 ${percent(above)}`,
      en: `${org}: ${en} ${percent(found)}, above ${percent(above)}`,
    }));
}

/** Stays of one person that follow each other closely: possible split admissions (分解住院), to be looked at by a person. */
export function possibleSplits(
  priced: readonly PricedStay[],
  withinDays: number,
): [earlier: string, later: string][] {
  const byPerson = new Map<string, PricedStay['stay'][]>();
  for (const { stay } of priced) {
    const key = `${stay.patient} ${stay.org}`;
    byPerson.set(key, [...(byPerson.get(key) ?? []), stay]);
  }
  return [...byPerson.values()].flatMap((stays) => {
    const inOrder = stays.sort((left, right) => (left.admittedOn < right.admittedOn ? -1 : 1));
    return inOrder.slice(1).flatMap((later, index): [string, string][] => {
      const earlier = inOrder[index]!;
      const gap = daysBetween(earlier.dischargedOn, later.admittedOn);
      return gap <= withinDays ? [[earlier.id, later.id]] : [];
    });
  });
}

/** What a stay needs to be seen as a return. */
export interface ReturningStay {
  readonly id: string;
  readonly patient: string;
  readonly org: string;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
}

interface ReturnLimits {
  readonly splitDays: number;
  readonly readmissionDays: number;
  readonly longReadmissionDays: number;
}

/** Admissions soon after a discharge of the same person, the closest limit only; the warning is about the later stay. */
export function warnReturns(stays: readonly ReturningStay[], limits: ReturnLimits): Warning[] {
  const byPerson = new Map<string, ReturningStay[]>();
  for (const stay of stays) byPerson.set(stay.patient, [...(byPerson.get(stay.patient) ?? []), stay]);
  return [...byPerson.values()].flatMap((own) => {
    const inOrder = own.sort((left, right) => (left.admittedOn < right.admittedOn ? -1 : 1));
    return inOrder.slice(1).flatMap((later, index) => returnOf(inOrder[index]!, later, limits));
  });
}

function returnOf(earlier: ReturningStay, later: ReturningStay, limits: ReturnLimits): Warning[] {
  const gap = daysBetween(earlier.dischargedOn, later.admittedOn);
  if (gap < 0 || gap > limits.longReadmissionDays) return [];
  const isSplit = earlier.org === later.org && gap <= limits.splitDays;
  const code = isSplit
    ? 'possible-split'
    : gap <= limits.readmissionDays
      ? 'readmission'
      : 'readmission-long';
  const [zh, en] = isSplit
    ? ['疑似分解住院', 'possibly one stay split in two']
    : ['再次住院', 'admitted again'];
  return [
    {
      code,
      caseId: later.id,
      zh: `上次出院后 ${gap} 天${zh}（前次 ${earlier.id}）`,
      en: `${gap} days after a discharge: ${en} (earlier ${earlier.id})`,
    },
  ];
}

function percent(share: E4): string {
  return `${formatE4(share * 100n)}%`;
}
