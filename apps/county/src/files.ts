// What stands in a resident's file before the year begins: the person, known diseases, programmes that look after them.
import type { Resource } from '@yimai/fhir';
import { addDays, type LocalDate } from '@yimai/kit';
import { cancerOf, DISEASE_FACTS, type Disease } from './diseases.ts';
import { seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { reference, tagged } from './stay-resources.ts';
import { figureCode, icd10 } from './systems.ts';

/** Who knows of a disease and is looked after by a programme; the rest were never enrolled. */
const ENROLLED = 0.78;

export function isEnrolled(resident: Resident, disease: Disease): boolean {
  return (
    DISEASE_FACTS[disease].programme !== null &&
    seeded(resident.index + 11)
      .fork(disease)
      .chance(ENROLLED)
  );
}

export function fileResources(resident: Resident, yearBegins: LocalDate): Resource[] {
  return [resident.resource, ...resident.diseases.flatMap((one) => diseaseFile(resident, one, yearBegins))];
}

function diseaseFile(resident: Resident, disease: Disease, yearBegins: LocalDate): Resource[] {
  const random = seeded(resident.index + 5).fork(disease);
  const since = addDays(yearBegins, -random.between(60, 3000));
  const { code, name, programme } = DISEASE_FACTS[disease];
  const [icd, text] = disease === 'cancer' ? cancerOf(random, resident.sex) : [code, name];
  const condition: Resource = {
    resourceType: 'Condition',
    id: `${resident.id}-${disease}`,
    meta: tagged,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-category',
            code: 'problem-list-item',
          },
        ],
      },
    ],
    code: icd10(icd, text),
    subject: reference('Patient', resident.id),
    onsetDateTime: since,
  };
  if (programme === null || !isEnrolled(resident, disease)) return [condition];
  const risk = random.pick(['low', 'middle', 'middle', 'high']);
  return [
    condition,
    {
      resourceType: 'EpisodeOfCare',
      id: `${resident.id}-${disease}-programme`,
      meta: tagged,
      status: 'active',
      type: [figureCode('programme', programme)],
      patient: reference('Patient', resident.id),
      managingOrganization: reference('Organization', resident.clinic.id),
      diagnosis: [
        {
          condition: reference('Condition', `${resident.id}-${disease}`),
          role: figureCode('risk-tier', risk),
        },
      ],
      period: { start: addDays(since, 14) },
    },
  ];
}

/** The family doctor's contract: most of the old and the ill have one, a third of the others. */
export function contractOf(resident: Resident, yearBegins: LocalDate): Resource | null {
  const random = seeded(resident.index + 3).fork('contract');
  if (!random.chance(resident.age >= 65 || resident.diseases.length > 0 ? 0.82 : 0.36)) return null;
  return {
    resourceType: 'Contract',
    id: `${resident.id}-contract`,
    meta: tagged,
    status: 'executed',
    type: figureCode('agreement-kind', 'family-doctor'),
    subject: [reference('Patient', resident.id)],
    authority: [reference('Organization', resident.clinic.id)],
    applies: { start: addDays(yearBegins, -random.between(0, 300)) },
  };
}
