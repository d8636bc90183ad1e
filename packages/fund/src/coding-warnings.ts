// Warnings about how a discharged stay was coded, and about bills beside it (出院校验、高编高套、院前与门诊转嫁、院外购药).
//
// All of them ask a person to look; nothing is coded, refused or paid differently for them. A comparison with other stays
// needs a baseline of the county's own, and without one it says nothing.
import { addDays, daysBetween, type Fen, formatYuan, type LocalDate, roundHalfUp } from '@yimai/kit';
import { type E4, ONE } from './decimal.ts';
import { contradictsSex } from './one-sex-diagnoses.ts';
import type { Warning } from './stay-warnings.ts';

export interface CodedStay {
  readonly id: string;
  readonly gender: string | null;
  readonly dx: readonly string[];
  readonly drg: string;
}

interface Coding {
  readonly isDiagnosis: (code: string) => boolean;
  /** Whether the group's ADRG is divided by complications. */
  readonly isDivided: (drg: string) => boolean;
}

/** What a coder should look at before the list goes out. */
export function warnCoding({ id, gender, dx, drg }: CodedStay, coding: Coding): Warning[] {
  const [principal = '', ...others] = dx;
  const warnings: Warning[] = [];
  const warn = (code: string, zh: string, en: string) => warnings.push({ code, caseId: id, zh, en });
  if (principal.trim() === '')
    warn('principal-diagnosis-missing', '没有主要诊断', 'there is no principal diagnosis');
  else if (!coding.isDiagnosis(principal))
    warn(
      'principal-diagnosis-unknown',
      `主要诊断 ${principal} 不在版本内`,
      `the principal diagnosis ${principal} is not in the edition`,
    );
  const contrary = contradictsSex(gender, dx);
  if (contrary !== undefined)
    warn(
      'sex-contradicts-diagnosis',
      `诊断 ${contrary} 与性别不符`,
      `diagnosis ${contrary} contradicts the sex`,
    );
  if (principal !== '' && others.length === 0 && coding.isDivided(drg))
    warn(
      'complications-not-filled',
      `${drg.slice(0, 3)} 按并发症细分，但没有填写其他诊断`,
      `${drg.slice(0, 3)} is divided by complications, and no other diagnosis is written`,
    );
  return warnings;
}

/** By the last character of a group, as CHS-DRG numbers them: 1 with a major complication, 3 with one, 5 without. */
const isWithComplication = (drg: string): boolean => /^\w{3}[13]$/.test(drg);
const withoutComplication = (drg: string): string => `${drg.slice(0, 3)}5`;

/** Which ADRGs have groups with and without complications, of all groups of a scheme. */
export function dividedBy(drgs: Iterable<string>): (drg: string) => boolean {
  const all = new Set(drgs);
  return (drg) =>
    drg.length === 4 &&
    all.has(withoutComplication(drg)) &&
    ['1', '3'].some((last) => all.has(`${drg.slice(0, 3)}${last}`));
}

export interface CostedStay {
  readonly id: string;
  readonly drg: string;
  readonly costFen: Fen;
}

interface CodingLimits {
  readonly leastCases: number;
  readonly costBelow: E4;
}

/** Coded with complications, but cheaper than stays of the same ADRG without them: possibly coded too high (高编高套). */
export function warnHighCoding(
  stays: readonly CostedStay[],
  baseline: readonly CostedStay[],
  limits: CodingLimits,
): Warning[] {
  const costs = new Map<string, { sum: Fen; count: bigint }>();
  for (const { drg, costFen } of baseline) {
    const known = costs.get(drg) ?? { sum: 0n, count: 0n };
    costs.set(drg, { sum: known.sum + costFen, count: known.count + 1n });
  }
  return stays.flatMap(({ id, drg, costFen }) => {
    const plain = isWithComplication(drg) ? costs.get(withoutComplication(drg)) : undefined;
    if (plain === undefined || plain.count < BigInt(limits.leastCases)) return [];
    if (costFen * plain.count * ONE >= plain.sum * limits.costBelow) return [];
    const mean = formatYuan(roundHalfUp(plain.sum, plain.count));
    const other = withoutComplication(drg);
    return [
      {
        code: 'possible-high-coding',
        caseId: id,
        zh: `编入 ${drg}（有并发症），费用 ${formatYuan(costFen)} 元却低于 ${other} 的平均 ${mean} 元：疑似高编高套`,
        en: `coded into ${drg} (with complications), yet ${formatYuan(costFen)} is below the mean of ${other}, ${mean}: possibly coded too high`,
      },
    ];
  });
}

/** A bill of the same person outside the stay: `outpatient` or `pharmacy`. */
export interface BesideBill {
  readonly patient: string;
  readonly setting: string;
  readonly on: LocalDate;
  readonly amountFen: Fen;
}

interface BilledStay {
  readonly id: string;
  readonly patient: string;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
}

interface AroundLimits {
  readonly days: number;
  readonly fromFen: Fen;
}

/** Bills just before or after a stay, and while it lasted, that sum up to the limit: cost may have been moved out of it. */
export function warnBeside(
  stays: readonly BilledStay[],
  bills: readonly BesideBill[],
  limits: AroundLimits,
): Warning[] {
  const byPerson = new Map<string, BesideBill[]>();
  for (const bill of bills) byPerson.set(bill.patient, [...(byPerson.get(bill.patient) ?? []), bill]);
  return stays.flatMap((stay) => besideOf(stay, byPerson.get(stay.patient) ?? [], limits));
}

function besideOf(
  { id, admittedOn, dischargedOn }: BilledStay,
  bills: readonly BesideBill[],
  { days, fromFen }: AroundLimits,
): Warning[] {
  const sum = (of: (bill: BesideBill) => boolean): Fen =>
    bills.filter(of).reduce((total, { amountFen }) => total + amountFen, 0n);
  const isDuring = ({ on }: BesideBill): boolean => admittedOn < on && on < dischargedOn;
  const before = addDays(admittedOn, -days);
  const moved = sum(
    ({ setting, on }) =>
      setting === 'outpatient' &&
      ((before <= on && on <= admittedOn) || (dischargedOn <= on && daysBetween(dischargedOn, on) <= days)),
  );
  const bought = sum(isDuring);
  const warnings: Warning[] = [];
  if (moved >= fromFen && moved > 0n)
    warnings.push({
      code: 'possible-shift-to-outpatient',
      caseId: id,
      zh: `住院前后 ${days} 天内门诊费用 ${formatYuan(moved)} 元：疑似向门诊转嫁`,
      en: `${formatYuan(moved)} of outpatient bills within ${days} days of the stay: possibly moved out of it`,
    });
  if (bought >= fromFen && bought > 0n)
    warnings.push({
      code: 'purchase-during-stay',
      caseId: id,
      zh: `住院期间另有门诊或药店费用 ${formatYuan(bought)} 元：疑似院外购药`,
      en: `${formatYuan(bought)} of outpatient or pharmacy bills while in the ward: possibly bought outside`,
    });
  return warnings;
}
