// One stay, two ways: the FHIR resources of a stay as the stay that grouping and fund speak of, and a list as a Claim.
//
// The Claim is the settlement list (医保结算清单). What it has no element for stands in its supportingInfo under one code
// system; the interfaces of hospitals and the import of lists write the same.
import { ICD_9_CM_3_SYSTEM, ICD_10_SYSTEM, type Resource } from '@yimai/fhir';
import {
  BED_DAY_CATEGORIES,
  type BedDaySegment,
  LEVELS,
  type Level,
  PAYERS,
  type SettlementList,
} from '@yimai/fund';
import {
  daysBetween,
  type Fen,
  fullYears,
  isLocalDate,
  type LocalDate,
  ok,
  parseYuan,
  type Result,
  refuse,
} from '@yimai/kit';

export const LIST_DATA_SYSTEM = 'https://yimai.example/fhir/CodeSystem/settlement-list-data';
export const LIST_NUMBER_SYSTEM = 'https://yimai.example/id/settlement';
/** Persons of imported lists that the record does not know: a pseudonym, the same in all their lists. */
export const INSURED_SYSTEM = 'https://yimai.example/id/insured';

export interface StayResources {
  readonly claim: Resource;
  /** What the record knows of the person; null where the list names a pseudonym. */
  readonly patient: { readonly gender?: string; readonly birthDate?: string } | null;
  /** The level at which the house is paid; a level written on the list stands before it. */
  readonly levelOf: (org: string) => Level;
}

interface ClaimShape {
  readonly id?: string;
  readonly patient?: { readonly reference?: string; readonly identifier?: { readonly value?: string } };
  readonly provider?: { readonly reference?: string };
  readonly billablePeriod?: { readonly start?: string; readonly end?: string };
  readonly diagnosis?: readonly {
    readonly sequence?: number;
    readonly diagnosisCodeableConcept?: Concept;
  }[];
  readonly procedure?: readonly {
    readonly sequence?: number;
    readonly procedureCodeableConcept?: Concept;
  }[];
  readonly supportingInfo?: readonly SupportingInfo[];
  readonly total?: { readonly value?: number };
}

interface SupportingInfo {
  readonly sequence?: number;
  readonly category?: Concept;
  readonly code?: Concept;
  readonly valueString?: string;
  readonly valueQuantity?: { readonly value?: number };
}

interface Concept {
  readonly coding?: readonly { readonly system?: string; readonly code?: string }[];
}

/** `stayOf({claim, patient, levelOf})` -> the list; refused where it is no insured stay that can be settled. */
export function stayOf({ claim, patient, levelOf }: StayResources): Result<SettlementList> {
  const list = claim as ClaimShape;
  const facts = factsOf(list);
  const payer = PAYERS.find((one) => one === facts.get('payer'));
  if (payer === undefined) return no('not-insured', 'payer', '没有基本医保', 'there is no basic insurance');
  const admittedOn = list.billablePeriod?.start?.slice(0, 10);
  const dischargedOn = list.billablePeriod?.end?.slice(0, 10);
  if (!isLocalDate(admittedOn) || !isLocalDate(dischargedOn)) {
    return no('stay-without-dates', 'billablePeriod', '缺少入院或出院日期', 'a date of the stay is missing');
  }
  const costFen = fenOf(list.total?.value);
  const patientBorneFen = fenOf(Number(facts.get('patient-borne-yuan') ?? Number.NaN));
  if (costFen === null || patientBorneFen === null) {
    return no('stay-without-cost', 'total', '缺少费用或个人负担', 'cost or patient part is missing');
  }
  const org = idOf(list.provider?.reference) ?? '';
  const level = LEVELS.find((one) => one === facts.get('level')) ?? levelOf(org);
  const birth = facts.get('birth-date') ?? patient?.birthDate;
  const age = ageOf(isLocalDate(birth) ? birth : null, admittedOn);
  return ok({
    stay: {
      id: list.id ?? '',
      gender: facts.get('gender') ?? SEX[patient?.gender ?? ''] ?? null,
      age: age?.years ?? null,
      ageDays: numberOf(facts.get('age-days')) ?? age?.days ?? null,
      weight: numberOf(facts.get('birth-weight')),
      dept: facts.get('department') ?? '',
      los: numberOf(facts.get('stay-days')) ?? Math.max(1, daysBetween(admittedOn, dischargedOn)),
      leavingType: facts.get('discharge-way') ?? '',
      dx: inOrder(list.diagnosis, (one) => codeOf(one.diagnosisCodeableConcept, ICD_10_SYSTEM)),
      proc: inOrder(list.procedure, (one) => codeOf(one.procedureCodeableConcept, ICD_9_CM_3_SYSTEM)),
    },
    patient: list.patient?.identifier?.value ?? idOf(list.patient?.reference) ?? '',
    org,
    level,
    payer,
    admittedOn,
    dischargedOn,
    costFen,
    patientBorneFen,
    bedDays: bedDaysOf(list),
  });
}

/** Days under bed-day payment by category, in their order; days away stand beside the segment that they belong to. */
function bedDaysOf({ supportingInfo = [] }: ClaimShape): BedDaySegment[] {
  const segments: BedDaySegment[] = [];
  for (const { category, code, valueQuantity } of bySequence(supportingInfo)) {
    const kind = codeOf(category, LIST_DATA_SYSTEM);
    const value = valueQuantity?.value ?? 0;
    const last = segments.at(-1);
    if (kind === 'bed-days-away' && last !== undefined)
      segments[segments.length - 1] = { ...last, absenceDays: value };
    const ward = BED_DAY_CATEGORIES.find((one) => one === codeOf(code, LIST_DATA_SYSTEM));
    if (kind === 'bed-days' && ward !== undefined)
      segments.push({ category: ward, days: value, absenceDays: 0 });
  }
  return segments;
}

const SEX: Readonly<Record<string, string>> = { male: '1', female: '2' };

const no = (code: string, at: string, zh: string, en: string): Result<SettlementList> =>
  refuse(code, { zh, en }, { at });

function factsOf({ supportingInfo = [] }: ClaimShape): Map<string, string> {
  return new Map(
    supportingInfo.flatMap(({ category, valueString, valueQuantity }) => {
      const code = codeOf(category, LIST_DATA_SYSTEM);
      const value = valueString ?? valueQuantity?.value?.toString();
      return code === undefined || value === undefined ? [] : [[code, value] as const];
    }),
  );
}

const codeOf = (concept: Concept | undefined, system: string): string | undefined =>
  (concept?.coding?.find((one) => one.system === system) ?? concept?.coding?.[0])?.code;

const idOf = (reference: string | undefined): string | undefined => reference?.split('/').at(-1);

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

/** FHIR's decimal has two places at most; a third one would be a fault of the sender, rounded away here. */
function fenOf(yuan: number | undefined): Fen | null {
  if (yuan === undefined || !Number.isFinite(yuan)) return null;
  const read = parseYuan(yuan.toFixed(2));
  return read.ok ? read.value : null;
}

function ageOf(birth: LocalDate | null, on: LocalDate): { years: number; days: number } | null {
  if (birth === null || birth > on) return null;
  return { years: fullYears(birth, on), days: daysBetween(birth, on) };
}

function inOrder<T extends { readonly sequence?: number }>(
  list: readonly T[] | undefined,
  code: (one: T) => string | undefined,
): string[] {
  return bySequence(list ?? []).flatMap((one) => code(one) ?? []);
}

const bySequence = <T extends { readonly sequence?: number }>(list: readonly T[]): T[] =>
  [...list].sort((left, right) => (left.sequence ?? 0) - (right.sequence ?? 0));

/** What a list says beyond the stay that was read from it. */
export interface ListOrigin {
  readonly list: SettlementList;
  readonly birthDate: string;
  /** A reference to a known resident, or null: the list's own pseudonym is kept. */
  readonly resident: string | null;
  readonly insurer: string;
}

/** The Claim of an imported list; `stayOf` reads from it what the list said. */
export function claimOf({ list, birthDate, resident, insurer }: ListOrigin, id: string): Resource {
  const { stay, costFen } = list;
  return {
    resourceType: 'Claim',
    id,
    identifier: [{ system: LIST_NUMBER_SYSTEM, value: stay.id }],
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }],
    },
    use: 'claim',
    patient:
      resident === null
        ? { identifier: { system: INSURED_SYSTEM, value: list.patient } }
        : { reference: resident },
    billablePeriod: { start: list.admittedOn, end: list.dischargedOn },
    created: list.dischargedOn,
    insurer: { reference: `Organization/${insurer}` },
    provider: { reference: `Organization/${list.org}` },
    priority: { coding: [{ code: 'normal' }] },
    insurance: [{ sequence: 1, focal: true, coverage: { display: PAYER_WORDS[list.payer] } }],
    diagnosis: stay.dx.map((code, index) => ({
      sequence: index + 1,
      diagnosisCodeableConcept: { coding: [{ system: ICD_10_SYSTEM, code }] },
    })),
    ...(stay.proc.length === 0
      ? {}
      : {
          procedure: stay.proc.map((code, index) => ({
            sequence: index + 1,
            procedureCodeableConcept: { coding: [{ system: ICD_9_CM_3_SYSTEM, code }] },
          })),
        }),
    supportingInfo: listFacts(list, birthDate),
    total: { value: Number(costFen) / 100, currency: 'CNY' },
  };
}

const PAYER_WORDS = { employee: '职工基本医疗保险', resident: '城乡居民基本医疗保险' } as const;

function listFacts(
  { stay, payer, level, patientBorneFen, bedDays }: SettlementList,
  birthDate: string,
): object[] {
  const facts: [string, object][] = [
    ['payer', { valueString: payer }],
    ['level', { valueString: level }],
    ['gender', { valueString: stay.gender ?? '' }],
    ['birth-date', { valueString: birthDate }],
    ['patient-borne-yuan', { valueQuantity: { value: Number(patientBorneFen) / 100 } }],
    ['stay-days', { valueQuantity: { value: stay.los } }],
    ...text('department', stay.dept),
    ...text('discharge-way', stay.leavingType),
    ...(stay.weight === null
      ? []
      : [['birth-weight', { valueQuantity: { value: stay.weight } }] as [string, object]]),
    ...bedDays.flatMap(bedDayFacts),
  ];
  return facts.map(([code, value], index) => ({
    sequence: index + 1,
    category: { coding: [{ system: LIST_DATA_SYSTEM, code }] },
    ...value,
  }));
}

function bedDayFacts({ category, days, absenceDays }: BedDaySegment): [string, object][] {
  const code = { coding: [{ system: LIST_DATA_SYSTEM, code: category }] };
  const inWard: [string, object] = ['bed-days', { code, valueQuantity: { value: days, unit: 'd' } }];
  if (absenceDays === 0) return [inWard];
  return [inWard, ['bed-days-away', { code, valueQuantity: { value: absenceDays, unit: 'd' } }]];
}

const text = (code: string, value: string): [string, object][] =>
  value === '' ? [] : [[code, { valueString: value }]];
