// Outpatient visits of a resident: where, why, at what cost.
import type { Resource } from '@yimai/fhir';
import type { Fen, LocalDate } from '@yimai/kit';
import { DISEASE_FACTS } from './diseases.ts';
import { doctorOfVisit } from './doctors.ts';
import type { Random } from './random.ts';
import type { Resident } from './residents.ts';
import { at, insuranceOf, reference, tagged, totals } from './stay-resources.ts';
import {
  ENCOUNTER_CLASS_SYSTEM,
  figureCode,
  icd10,
  SETTLEMENT_NUMBER_SYSTEM,
  VISIT_NUMBER_SYSTEM,
} from './systems.ts';

export interface Visit {
  readonly resident: Resident;
  readonly org: string;
  readonly site: 'village' | 'township' | 'county' | 'outside';
  readonly kind: 'AMB' | 'EMER' | 'HH';
  readonly isTcm: boolean;
  readonly on: LocalDate;
  readonly hour: number;
  readonly minute: number;
  readonly code: string;
  readonly name: string;
  readonly costFen: Fen;
  /** 0 for a visit that was paid without insurance. */
  readonly fundFen: Fen;
}

const COMPLAINTS: readonly (readonly [
  code: string,
  name: string,
  weight: number,
  from: number,
  to: number,
])[] = [
  ['J06.900', '急性上呼吸道感染', 30, 0, 110],
  ['J20.900', '急性支气管炎', 12, 0, 110],
  ['J03.900', '急性扁桃体炎', 6, 2, 50],
  ['A09.000x001', '肠道感染', 6, 0, 110],
  ['K29.500', '慢性胃炎', 10, 18, 110],
  ['K21.000', '胃-食管反流性疾病伴有食管炎', 4, 25, 110],
  ['M54.500', '下背痛', 12, 25, 110],
  ['M25.500', '关节痛', 7, 30, 110],
  ['M13.900', '关节炎', 5, 45, 110],
  ['R42.x00', '头晕和眩晕', 6, 35, 110],
  ['R51.x00', '头痛', 4, 15, 110],
  ['G47.000', '初发性或维持性睡眠障碍［失眠症］', 4, 30, 110],
  ['L30.900', '皮炎', 6, 0, 110],
  ['J30.400', '变应性鼻炎', 4, 5, 60],
  ['K02.900', '龋（牙）', 6, 4, 90],
  ['H10.900', '结膜炎', 3, 0, 110],
  ['S61.900', '腕和手的开放性伤口', 3, 5, 90],
  ['S93.400', '踝扭伤和劳损', 3, 8, 80],
  ['N39.000', '泌尿道感染', 4, 15, 110],
];
/** Shares of visits by site; outside is the outflow. */
const SITES = [
  ['village', 0.34],
  ['township', 0.245],
  ['county', 0.315],
  ['outside', 0.1],
] as const;
const MEAN_COST_YUAN = { village: 46, township: 92, county: 218, outside: 395 } as const;
const SETTLED = { village: 0.35, township: 0.45, county: 0.45, outside: 0.3 } as const;

/** How many visits a year a person has on average. */
export function visitsAYear(age: number, diseases: number): number {
  const base = age < 5 ? 7.5 : age < 18 ? 3.6 : age < 45 ? 3.8 : age < 65 ? 5.6 : 7.4;
  return base + 2 * diseases;
}

export function visitOf(random: Random, resident: Resident, on: LocalDate): Visit {
  const site = siteOf(random);
  const org = orgOf(random, resident, site);
  const [code, name] = complaintOf(random, resident);
  const costFen = BigInt(
    Math.round(MEAN_COST_YUAN[site] * 100 * Math.exp(0.5 * (random.next() + random.next() - 1)) * 0.97),
  );
  const isSettled = resident.payer !== null && random.chance(SETTLED[site]);
  const share = site === 'village' ? 70n : site === 'township' ? 65n : site === 'county' ? 52n : 38n;
  return {
    resident,
    org,
    site,
    kind:
      site === 'village' && random.chance(0.06)
        ? 'HH'
        : site === 'county' && random.chance(0.08)
          ? 'EMER'
          : 'AMB',
    isTcm: org === 'tcm-hospital' || random.chance(site === 'township' || site === 'village' ? 0.14 : 0.03),
    on,
    hour: random.between(8, 17),
    minute: random.between(0, 59),
    code,
    name,
    costFen,
    fundFen: isSettled ? (costFen * share) / 100n : 0n,
  };
}

function siteOf(random: Random): Visit['site'] {
  let at = random.next();
  for (const [site, share] of SITES) {
    if (at < share) return site;
    at -= share;
  }
  return 'village';
}

const COUNTY_DEPARTMENTS = [
  'internal',
  'internal',
  'surgery',
  'cardiology',
  'obstetrics',
  'paediatrics',
  'emergency',
] as const;

function orgOf(random: Random, resident: Resident, site: Visit['site']): string {
  switch (site) {
    case 'village':
      return resident.clinic.id;
    case 'township':
      return resident.clinic.parent!;
    case 'outside':
      return random.chance(0.7) ? 'outside-city-hospital' : 'outside-province-hospital';
    case 'county': {
      const at = random.next();
      if (at < 0.24) return 'tcm-hospital';
      if (at < 0.37) return 'maternal-hospital';
      const department =
        resident.age < 15
          ? 'paediatrics'
          : random.pick(COUNTY_DEPARTMENTS.filter((one) => one !== 'paediatrics'));
      return `county-hospital-${department}`;
    }
  }
}

function complaintOf(random: Random, resident: Resident): readonly [code: string, name: string] {
  if (resident.diseases.length > 0 && random.chance(0.45)) {
    const { code, name } = DISEASE_FACTS[random.pick(resident.diseases)];
    return [code, name];
  }
  const fitting = COMPLAINTS.filter(([, , , from, to]) => resident.age >= from && resident.age <= to);
  let at = random.next() * fitting.reduce((sum, one) => sum + one[2], 0);
  for (const [code, name, weight] of fitting) {
    if (at < weight) return [code, name];
    at -= weight;
  }
  return ['J06.900', '急性上呼吸道感染'];
}

function participantOf({ org, costFen }: Visit): object {
  const doctor = doctorOfVisit(org, costFen);
  return doctor === null ? {} : { participant: [{ individual: reference('Practitioner', doctor) }] };
}

export function visitResources(one: Visit, id: string): Resource[] {
  const encounter: Resource = {
    resourceType: 'Encounter',
    id,
    meta: tagged,
    identifier: [{ system: VISIT_NUMBER_SYSTEM, value: id }],
    status: 'finished',
    class: { system: ENCOUNTER_CLASS_SYSTEM, code: one.kind },
    ...(one.isTcm ? { type: [figureCode('visit-kind', 'tcm')] } : {}),
    subject: reference('Patient', one.resident.id),
    ...participantOf(one),
    serviceProvider: reference('Organization', one.org),
    period: { start: at(one.on, one.hour, one.minute), end: at(one.on, one.hour + 1, one.minute) },
    reasonCode: [icd10(one.code, one.name)],
  };
  return one.fundFen === 0n ? [encounter] : [encounter, settlement(one, id)];
}

function settlement(one: Visit, id: string): Resource {
  return {
    resourceType: 'ExplanationOfBenefit',
    id: `${id}-paid`,
    meta: tagged,
    identifier: [{ system: SETTLEMENT_NUMBER_SYSTEM, value: `${id}-paid` }],
    status: 'active',
    type: figureCode('care-setting', 'outpatient'),
    use: 'claim',
    patient: reference('Patient', one.resident.id),
    billablePeriod: { start: one.on, end: one.on },
    created: at(one.on, one.hour, one.minute),
    insurer: reference('Organization', 'insurer'),
    provider: reference('Organization', one.org),
    outcome: 'complete',
    insurance: insuranceOf(one.resident).map(({ focal, coverage }) => ({ focal, coverage })),
    diagnosis: [{ sequence: 1, diagnosisCodeableConcept: icd10(one.code, one.name) }],
    total: totals(one.costFen, one.fundFen),
  };
}
