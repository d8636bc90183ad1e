// One admission of one resident: why, where, how long, with which operations, in which group, at what cost.
import { loadRuleSet } from '@yimai/fund';
import { type CompiledScheme, group, loadCodeNames, loadScheme, type Stay } from '@yimai/grouping';
import { addDays, type Fen, type LocalDate, must } from '@yimai/kit';
import { cancerOf } from './diseases.ts';
import type { Random } from './random.ts';
import type { Resident } from './residents.ts';
import {
  ADMISSION_REASONS,
  type AdmissionReason,
  NEWBORN_REASONS,
  type Operation,
  OTHER_DIAGNOSES,
  PASSING_DIAGNOSES,
  type Site,
} from './stay-catalogue.ts';

export interface Admission {
  readonly resident: Resident;
  readonly reason: AdmissionReason;
  readonly site: Site;
  /** The hospital. */
  readonly hospital: string;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
  readonly days: number;
  readonly ageDays: number | null;
  readonly grams: number | null;
  readonly diagnoses: readonly string[];
  readonly operations: readonly Operation[];
  /** 1 home by order, 2 to another hospital, 3 to primary care, 4 against advice, 5 death. */
  readonly dischargeWay: '1' | '2' | '3' | '4' | '5';
  readonly drg: string;
  /** Null for a stay that the groups do not hold. */
  readonly weight: number | null;
  readonly costFen: Fen;
}

/** The rule set by which the county's insurer settles. */
const RULE_SET = 'consortium-county/2026';
const COST_OF_WEIGHT_ONE: Readonly<Record<Site, number>> = { C: 7100, T: 6600, M: 6400, P: 4300, O: 13_500 };
const UNGROUPED_WEIGHT = 0.6;

interface Tables {
  readonly scheme: CompiledScheme;
  readonly weights: ReadonlyMap<string, bigint>;
  readonly names: ReturnType<typeof loadCodeNames>;
}
let tables: Tables | undefined;

export function tablesOfGroups(): Tables {
  if (!tables) {
    const rules = must(loadRuleSet(RULE_SET));
    tables = {
      scheme: must(loadScheme(rules.scheme)),
      weights: rules.weights.byDrg,
      names: loadCodeNames(),
    };
  }
  return tables;
}

/** How many admissions a year a person of this age has on average. */
export function admissionsAYear(age: number, diseases: number): number {
  const base = age < 5 ? 0.17 : age < 18 ? 0.05 : age < 45 ? 0.07 : age < 65 ? 0.11 : 0.22;
  return base * (1 + 0.45 * diseases);
}

const likely = new Map<
  string,
  { readonly reasons: readonly AdmissionReason[]; readonly upTo: readonly number[] }
>();

function reasonFor(random: Random, resident: Resident): AdmissionReason {
  const key = `${resident.sex} ${resident.age} ${resident.diseases.join(' ')}`;
  let found = likely.get(key);
  if (!found) {
    const reasons = ADMISSION_REASONS.filter(
      (one) =>
        resident.age >= one.ages[0] &&
        resident.age <= one.ages[1] &&
        (one.sex === undefined || one.sex === resident.sex),
    );
    let sum = 0;
    const upTo = reasons.map((one) => {
      sum += one.frequency * (one.of === undefined ? 1 : resident.diseases.includes(one.of) ? 5 : 0.4);
      return sum;
    });
    found = { reasons, upTo };
    likely.set(key, found);
  }
  const at = random.next() * found.upTo.at(-1)!;
  return found.reasons[found.upTo.findIndex((limit) => at < limit)]!;
}

export function admissionOf(random: Random, resident: Resident, dischargedOn: LocalDate): Admission {
  return admission(random, resident, reasonFor(random, resident), dischargedOn, null);
}

/** The stay in which a resident was born. */
export function birthOf(random: Random, resident: Resident): Admission {
  const reason = random.pick([NEWBORN_REASONS[0]!, NEWBORN_REASONS[0]!, ...NEWBORN_REASONS]);
  const grams = random.between(reason.grams[0], reason.grams[1]);
  return admission(
    random,
    resident,
    reason,
    addDays(resident.birth, random.between(3, reason.days + 3)),
    grams,
  );
}

function admission(
  random: Random,
  resident: Resident,
  reason: AdmissionReason,
  dischargedOn: LocalDate,
  grams: number | null,
): Admission {
  const site = [...reason.sites][Math.floor(random.next() * reason.sites.length)] as Site;
  const stretch = site === 'P' ? 0.8 : site === 'O' ? 1.15 : 1;
  const days = Math.max(
    1,
    Math.round(reason.days * stretch * (0.55 + 0.45 * (random.next() + random.next()))),
  );
  const operations = site === 'P' ? [] : (reason.operations ?? []).filter((one) => random.chance(one.chance));
  const diagnoses = diagnosesOf(random, resident, reason);
  const admittedOn = grams === null ? addDays(dischargedOn, -days) : resident.birth;
  const ageDays = grams === null ? null : 0;
  const found = groupOf(resident, { diagnoses, operations, days, grams, ageDays });
  const died = random.next() * 1000 < (reason.deaths ?? 0.3);
  const cost =
    (found.weight ?? UNGROUPED_WEIGHT) *
    COST_OF_WEIGHT_ONE[site] *
    Math.exp(0.32 * normal(random)) *
    (random.chance(0.008) ? 3.6 : 1);
  return {
    resident,
    reason,
    site,
    hospital: hospitalOf(random, resident, site),
    admittedOn,
    dischargedOn: grams === null ? dischargedOn : addDays(resident.birth, days),
    days,
    ageDays,
    grams,
    diagnoses,
    operations,
    dischargeWay: died ? '5' : wayHome(random, site),
    drg: found.drg,
    weight: found.weight,
    costFen: BigInt(Math.round(cost * 100)),
  };
}

function wayHome(random: Random, site: Site): '1' | '2' | '3' | '4' {
  const at = random.next();
  if (at < 0.03) return '4';
  if (at < 0.05) return site === 'O' ? '1' : '2';
  return at < 0.12 && site !== 'P' ? '3' : '1';
}

function hospitalOf(random: Random, resident: Resident, site: Site): string {
  switch (site) {
    case 'C':
      return 'county-hospital';
    case 'T':
      return 'tcm-hospital';
    case 'M':
      return 'maternal-hospital';
    case 'P':
      return resident.clinic.parent!;
    case 'O':
      return random.chance(0.65) ? 'outside-city-hospital' : 'outside-province-hospital';
  }
}

export const departmentOf = (one: Admission): string =>
  one.hospital === 'county-hospital' ? `county-hospital-${one.reason.department}` : one.hospital;

function diagnosesOf(random: Random, resident: Resident, reason: AdmissionReason): string[] {
  const principal = reason.of === 'cancer' && reason.code.startsWith('Z') ? [reason.code] : [reason.code];
  const old = resident.diseases.map((one) => OTHER_DIAGNOSES[one]);
  const chance = resident.age >= 65 ? 0.75 : resident.age >= 45 ? 0.5 : 0.15;
  const passing: string[] = [];
  while (passing.length < 3 && random.chance(chance)) {
    const at = Math.floor(random.next() ** 1.3 * PASSING_DIAGNOSES.length);
    passing.push(PASSING_DIAGNOSES[at]!);
  }
  if (reason.code.startsWith('Z51')) passing.push(cancerOf(random, resident.sex)[0]);
  return [...new Set([...principal, ...old, ...(resident.age === 0 ? [] : passing)])];
}

interface Facts {
  readonly diagnoses: readonly string[];
  readonly operations: readonly Operation[];
  readonly days: number;
  readonly grams: number | null;
  readonly ageDays: number | null;
}

function groupOf(resident: Resident, facts: Facts): { drg: string; weight: number | null } {
  const { scheme, weights } = tablesOfGroups();
  const stay: Stay = {
    id: resident.id,
    gender: resident.sex === 'male' ? '1' : '2',
    age: facts.ageDays === null ? Math.max(1, resident.age) : 0,
    ageDays: facts.ageDays,
    weight: facts.grams,
    dept: '',
    los: facts.days,
    leavingType: '1',
    dx: facts.diagnoses,
    proc: facts.operations.map((one) => one.code),
  };
  const { drg } = group(stay, scheme);
  const weight = weights.get(drg);
  return { drg, weight: weight === undefined ? null : Number(weight) / 10_000 };
}

function normal(random: Random): number {
  return random.next() + random.next() + random.next() + random.next() - 2;
}
