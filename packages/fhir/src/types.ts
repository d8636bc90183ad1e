// The nouns of this room: a resource as it came off the wire, and what the validator says about it.

/** A FHIR resource as plain JSON. Its inside is `unknown` until the validator has seen it. */
export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: ResourceMeta;
  readonly [element: string]: unknown;
}

export interface ResourceMeta {
  readonly versionId?: string;
  readonly lastUpdated?: string;
  readonly profile?: readonly string[];
  readonly tag?: readonly Coding[];
  readonly security?: readonly Coding[];
  readonly [element: string]: unknown;
}

export interface Coding {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
}

/** The codes of http://hl7.org/fhir/issue-type that this room uses. */
export type IssueCode =
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'invalid'
  | 'duplicate'
  | 'not-found'
  | 'business-rule'
  | 'security'
  | 'not-supported';

/** One finding; `at` is a FHIRPath-like place such as `Patient.name[0].given`. */
export interface Issue {
  readonly severity: 'error' | 'warning';
  readonly code: IssueCode;
  readonly at: string;
  readonly zh: string;
  readonly en: string;
  /** Key of the invariant (`per-1`) or of this room's rule. */
  readonly rule?: string;
}
