// Where the county's codes come from: addresses of code systems and extensions that access, figures and engines read.
import { ICD_9_CM_3_SYSTEM, ICD_10_SYSTEM, ORGANISATION_LEVEL_SYSTEM } from '@yimai/fhir';

export { ICD_9_CM_3_SYSTEM, ICD_10_SYSTEM, ORGANISATION_LEVEL_SYSTEM };

const FIGURES = 'https://yimai.example/fhir';

export interface CodeableConcept {
  readonly coding: readonly {
    readonly system?: string;
    readonly code: string;
    readonly display?: string;
  }[];
}

/** A code of a system that the views read, e.g. `figureCode('care-setting', 'inpatient')`. */
export function figureCode(system: string, code: string): CodeableConcept {
  return { coding: [{ system: `${FIGURES}/CodeSystem/${system}`, code }] };
}

export const figureExtension = (name: string, value: object): object => ({
  url: `${FIGURES}/StructureDefinition/${name}`,
  ...value,
});

export const figureUrl = (path: string): string => `${FIGURES}/${path}`;

/** Named offices that loops look for, as identifiers of organisations. */
export const OFFICE_SYSTEM = 'https://yimai.example/fhir/office';
export const ORG_KIND_SYSTEM = 'https://yimai.example/fhir/CodeSystem/organisation-kind';
export const COST_CATEGORY_SYSTEM = 'https://yimai.example/fhir/CodeSystem/cost-category';
export const LIST_DATA_SYSTEM = 'https://yimai.example/fhir/CodeSystem/settlement-list-data';
export const VISIT_NUMBER_SYSTEM = 'https://yimai.example/id/visit';
export const SETTLEMENT_NUMBER_SYSTEM = 'https://yimai.example/id/settlement';
export const ENCOUNTER_CLASS_SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

export const SYNTHETIC_TAG = [
  { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST', display: '合成数据' },
];

export const icd10 = (code: string, display?: string): CodeableConcept => ({
  coding: [{ system: ICD_10_SYSTEM, code, ...(display === undefined ? {} : { display }) }],
});

export const icd9 = (code: string, display?: string): CodeableConcept => ({
  coding: [{ system: ICD_9_CM_3_SYSTEM, code, ...(display === undefined ? {} : { display }) }],
});
