// An admission as the hospital's interfaces send it: encounter, diagnoses, operations, settlement list, settlement.
import type { Resource } from '@yimai/fhir';
import { addDays, allocate, type Fen, type LocalDate } from '@yimai/kit';
import { doctorsOfStay } from './doctors.ts';
import type { Resident } from './residents.ts';
import { type Admission, departmentOf, tablesOfGroups } from './stays.ts';
import {
  COST_CATEGORY_SYSTEM,
  ENCOUNTER_CLASS_SYSTEM,
  figureCode,
  figureExtension,
  figureUrl,
  icd9,
  icd10,
  LIST_DATA_SYSTEM,
  SETTLEMENT_NUMBER_SYSTEM,
  SYNTHETIC_TAG,
  VISIT_NUMBER_SYSTEM,
} from './systems.ts';

export const reference = (type: string, id: string) => ({ reference: `${type}/${id}` });
export const at = (date: LocalDate, hour: number, minute = 0): string =>
  `${date}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00+08:00`;
export const yuan = (fen: Fen): number => Number(fen) / 100;
export const money = (fen: Fen) => ({ value: yuan(fen), currency: 'CNY' });
export const tagged = { tag: SYNTHETIC_TAG };

/** Cost categories of the settlement list (医保结算清单收费大类) and their share of a stay without and with an operation. */
export const COST_SHARES: readonly (readonly [
  code: string,
  name: string,
  plain: bigint,
  operated: bigint,
])[] = [
  ['bed', '床位费', 6n, 4n],
  ['consultation', '诊察费', 3n, 2n],
  ['examination', '检查费', 15n, 11n],
  ['test', '化验费', 16n, 11n],
  ['treatment', '治疗费', 14n, 8n],
  ['operation', '手术费', 0n, 19n],
  ['nursing', '护理费', 6n, 5n],
  ['consumables', '卫生材料费', 5n, 20n],
  ['western-medicine', '西药费', 24n, 15n],
  ['chinese-medicine', '中成药费', 6n, 2n],
  ['decoction', '中药饮片费', 4n, 1n],
  ['other', '其他费', 1n, 2n],
];

export const costParts = (one: Admission): Fen[] =>
  allocate(
    one.costFen,
    COST_SHARES.map(([, , plain, operated]) => (one.operations.length > 0 ? operated : plain)),
  );

/** What the fund bears of a stay: higher in primary care and for employees. */
export function fundPartFen(one: Admission): Fen {
  const base = one.site === 'P' ? 82n : one.site === 'O' ? 52n : 70n;
  return (one.costFen * (base + (one.resident.payer === 'employee' ? 8n : 0n))) / 100n;
}

export function stayResources(one: Admission, id: string): Resource[] {
  const claimed = one.resident.payer === null ? [] : [claimOfStay(one, id), settlement(one, id)];
  return [encounter(one, id), ...conditions(one, id), ...procedures(one, id), ...claimed, ...survey(one, id)];
}

/** One in eight of those who went home answers the questionnaire. */
function survey(one: Admission, id: string): Resource[] {
  const luck = Number(one.costFen % 1009n);
  if (one.dischargeWay === '5' || luck % 8 !== 0 || one.site === 'O') return [];
  return [
    {
      resourceType: 'QuestionnaireResponse',
      id: `${id}-survey`,
      meta: tagged,
      status: 'completed',
      questionnaire: figureUrl('Questionnaire/patient-satisfaction'),
      authored: at(addDays(one.dischargedOn, 1), 10),
      source: reference('Patient', one.resident.id),
      extension: [
        figureExtension('about-organisation', { valueReference: reference('Organization', one.hospital) }),
      ],
      item: [{ linkId: 'score', answer: [{ valueDecimal: luck % 11 === 0 ? 70 : 82 + (luck % 18) }] }],
    },
  ];
}

const practitioner = (id: string) => reference('Practitioner', id);

function participantsOf(one: Admission): object {
  const doctors = doctorsOfStay(one);
  if (doctors === null) return {};
  const { responsible, assisting } = doctors;
  return {
    participant: [{ individual: practitioner(responsible) }, { individual: practitioner(assisting) }],
  };
}

function operatorsOf(one: Admission): object[] {
  const doctors = doctorsOfStay(one);
  return doctors === null ? [] : [{ actor: practitioner(doctors.responsible) }];
}

/** Who answers for the stay (主诊医师) and who helps: what attending teams are paid by. */
export function careTeamOf(one: Admission): object {
  const doctors = doctorsOfStay(one);
  if (doctors === null) return {};
  return {
    careTeam: [
      { sequence: 1, provider: practitioner(doctors.responsible), responsible: true },
      { sequence: 2, provider: practitioner(doctors.assisting), responsible: false },
    ],
  };
}

function encounter(one: Admission, id: string): Resource {
  return {
    resourceType: 'Encounter',
    id,
    meta: tagged,
    identifier: [{ system: VISIT_NUMBER_SYSTEM, value: id }],
    status: 'finished',
    class: { system: ENCOUNTER_CLASS_SYSTEM, code: 'IMP' },
    ...kindOf(one),
    ...(isCritical(one) ? { priority: figureCode('visit-priority', 'critical') } : {}),
    subject: reference('Patient', one.resident.id),
    ...participantsOf(one),
    serviceProvider: reference('Organization', departmentOf(one)),
    period: { start: at(one.admittedOn, 9, 20), end: at(one.dischargedOn, 10, 40) },
    reasonCode: [named(one.reason.code)],
    hospitalization: { dischargeDisposition: figureCode('discharge-way', dispositionOf(one)) },
  };
}

/** Chinese medicine, or a ward that a county hospital runs in a township: one in three stays there. */
function kindOf(one: Admission): object {
  if (one.hospital === 'tcm-hospital') return { type: [figureCode('visit-kind', 'tcm')] };
  if (one.site === 'P' && one.costFen % 3n === 0n) return { type: [figureCode('visit-kind', 'joint-ward')] };
  return {};
}

/** One in twenty-three comes as an emergency to be rescued, and half of those who die. */
const isCritical = (one: Admission): boolean =>
  one.costFen % 23n === 0n || (one.dischargeWay === '5' && one.costFen % 2n === 0n);

/** Figures count transfers to another hospital by name, the rest by the number of the front page. */
const dispositionOf = (one: Admission): string =>
  one.dischargeWay === '2' ? 'transfer-out' : one.dischargeWay;

const named = (code: string) => icd10(code, tablesOfGroups().names.diagnosis(code));
const namedOperation = (code: string) => icd9(code, tablesOfGroups().names.procedure(code));

function conditions(one: Admission, id: string): Resource[] {
  return one.diagnoses.slice(0, 2).map((code, index) => ({
    resourceType: 'Condition',
    id: `${id}-dx-${index + 1}`,
    meta: tagged,
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-category',
            code: 'encounter-diagnosis',
          },
        ],
      },
    ],
    code: named(code),
    subject: reference('Patient', one.resident.id),
    encounter: reference('Encounter', id),
    recordedDate: at(one.admittedOn, 11),
  }));
}

function procedures(one: Admission, id: string): Resource[] {
  return one.operations.map((operation, index) => ({
    resourceType: 'Procedure',
    id: `${id}-op-${index + 1}`,
    meta: tagged,
    status: 'completed',
    code: namedOperation(operation.code),
    subject: reference('Patient', one.resident.id),
    encounter: reference('Encounter', id),
    performedDateTime: at(one.admittedOn, 14),
    performer: [{ actor: reference('Organization', departmentOf(one)) }, ...operatorsOf(one)],
  }));
}

export function claimOfStay(one: Admission, id: string): Resource {
  const parts = costParts(one);
  return {
    resourceType: 'Claim',
    id: `${id}-list`,
    meta: tagged,
    identifier: [{ system: SETTLEMENT_NUMBER_SYSTEM, value: `${id}-list` }],
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }],
    },
    use: 'claim',
    patient: reference('Patient', one.resident.id),
    billablePeriod: { start: one.admittedOn, end: one.dischargedOn },
    created: one.dischargedOn,
    insurer: reference('Organization', 'insurer'),
    provider: reference('Organization', one.hospital),
    priority: { coding: [{ code: 'normal' }] },
    ...careTeamOf(one),
    insurance: insuranceOf(one.resident),
    diagnosis: one.diagnoses.map((code, index) => ({
      sequence: index + 1,
      diagnosisCodeableConcept: named(code),
    })),
    ...(one.operations.length === 0
      ? {}
      : {
          procedure: one.operations.map((operation, index) => ({
            sequence: index + 1,
            date: at(one.admittedOn, 14),
            procedureCodeableConcept: namedOperation(operation.code),
          })),
        }),
    supportingInfo: listData(one),
    item: COST_SHARES.flatMap(([code, name], index) =>
      parts[index] === 0n
        ? []
        : [
            {
              sequence: index + 1,
              productOrService: { coding: [{ system: COST_CATEGORY_SYSTEM, code, display: name }] },
              net: money(parts[index]!),
            },
          ],
    ),
    total: money(one.costFen),
  };
}

export const insuranceOf = (resident: Resident) => [
  {
    sequence: 1,
    focal: true,
    coverage: { display: resident.payer === 'employee' ? '职工基本医疗保险' : '城乡居民基本医疗保险' },
  },
];

/** What the grouper and the fund ask beyond codes and money. */
function listData(one: Admission): object[] {
  const quantity = (code: string, value: number | null) =>
    value === null ? [] : [{ code, valueQuantity: { value } }];
  const facts = [
    { code: 'payer', valueString: one.resident.payer ?? 'none' },
    { code: 'discharge-way', valueString: one.dischargeWay },
    { code: 'department', valueString: one.reason.department },
    ...quantity('stay-days', one.days),
    ...quantity('age-days', one.ageDays),
    ...quantity('birth-weight', one.grams),
    ...quantity('patient-borne-yuan', yuan(one.costFen - fundPartFen(one))),
  ];
  return facts.map(({ code, ...value }, index) => ({
    sequence: index + 1,
    category: { coding: [{ system: LIST_DATA_SYSTEM, code }] },
    ...value,
  }));
}

function settlement(one: Admission, id: string): Resource {
  const operation = [...one.operations].filter((each) => each.level > 0).sort((a, b) => b.level - a.level)[0];
  const luck = one.costFen % 1000n;
  const facts: (readonly [string, object])[] = [
    ...(one.weight === null ? [] : [['relative-weight', { valueQuantity: { value: one.weight } }] as const]),
    ['stay-days', { valueQuantity: { value: one.days } }],
    ['risk-class', { code: { coding: [{ code: riskOf(one) }] } }],
    ['discharge-way', { code: { coding: [{ code: one.dischargeWay }] } }],
    ...(operation === undefined
      ? []
      : ([
          ['surgery-level', { valueQuantity: { value: operation.level } }],
          ['minimally-invasive', { valueBoolean: operation.minimallyInvasive ?? false }],
          ['operation-complication', { valueBoolean: luck < 6n }],
          ...(operation.incision === undefined
            ? []
            : ([
                ['incision-class', { code: { coding: [{ code: operation.incision }] } }],
                ['incision-infected', { valueBoolean: luck >= 995n }],
              ] as const)),
        ] as const)),
  ];
  return {
    resourceType: 'ExplanationOfBenefit',
    id: `${id}-paid`,
    meta: tagged,
    identifier: [{ system: SETTLEMENT_NUMBER_SYSTEM, value: `${id}-paid` }],
    status: 'active',
    type: figureCode('care-setting', 'inpatient'),
    use: 'claim',
    patient: reference('Patient', one.resident.id),
    billablePeriod: { start: one.admittedOn, end: one.dischargedOn },
    created: at(one.dischargedOn, 11),
    insurer: reference('Organization', 'insurer'),
    provider: reference('Organization', departmentOf(one)),
    outcome: 'complete',
    insurance: insuranceOf(one.resident).map(({ focal, coverage }) => ({ focal, coverage })),
    claim: reference('Claim', `${id}-list`),
    diagnosis: [
      {
        sequence: 1,
        diagnosisCodeableConcept: named(one.diagnoses[0]!),
        packageCode: { coding: [{ code: one.drg }] },
      },
    ],
    supportingInfo: facts.map(([category, value], index) => ({
      sequence: index + 1,
      category: { coding: [{ code: category }] },
      ...value,
    })),
    total: totals(one.costFen, fundPartFen(one)),
  };
}

export const totals = (costFen: Fen, fundFen: Fen): object[] => [
  { category: { coding: [{ code: 'submitted' }] }, amount: money(costFen) },
  { category: { coding: [{ code: 'benefit' }] }, amount: money(fundFen) },
];

function riskOf(one: Admission): string {
  const deaths = one.reason.deaths ?? 0;
  return deaths === 0 ? 'low' : deaths < 10 ? 'middle-low' : deaths < 30 ? 'middle-high' : 'high';
}
