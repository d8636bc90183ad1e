// The door of fhir: what this house knows about FHIR R4 itself, without any store.
export { compartmentPatients, type PatientKey } from './compartments.ts';
export {
  isResourceType,
  readPatientCompartment,
  resourceTypes,
  standardValueSet,
} from './definitions/load.ts';
export type { SearchKind } from './definitions/types.ts';
export { sameNumbers } from './json/number-text.ts';
export {
  DEFAULT_MAX_DEPTH,
  type ParsedResource,
  parseResourceText,
  renderStored,
  type StoredIdentity,
  withIdentity,
} from './json/resource-text.ts';
export { applyFhirPathPatch } from './patch/fhirpath-patch.ts';
export { evaluateFhirPath } from './path/full-engine.ts';
export { type InstantRange, instantRange } from './path/temporal.ts';
export { PROFILES, type Profile, type ProfileElement } from './profiles/profiles.ts';
export * from './profiles/systems.ts';
export { VITAL_SIGN_PROFILES } from './profiles/vital-signs.ts';
export { rowKey } from './row-key.ts';
export { type DecimalRange, decimalRange } from './search/decimal.ts';
export { extractIndexRows } from './search/extract.ts';
export { type CompositeRows, compositeRows, heldBy } from './search/held-rows.ts';
export { indexedKey, indexedText, normaliseText } from './search/normalise.ts';
export {
  fnv1a32,
  ofTypeParameterId,
  parameterId,
  type SearchComponentDef,
  type SearchParameterDef,
  searchParameter,
  searchParameters,
} from './search/parameters.ts';
export {
  type FoundReference,
  type ParsedReference,
  parseCanonical,
  parseReference,
  referencesOf,
  withOwnReferences,
} from './search/references.ts';
export type * from './search/rows.ts';
export { sameMeasure } from './search/same-measure.ts';
export type * from './types.ts';
export { type ValidateOptions, validate } from './validate/validate.ts';
