// The shape of our compact table of the R4 definitions: one entry per type, nested elements are types of their own.

/** A type that an element may have; `targets` are the resource types that a Reference or canonical may point to. */
export interface ElementType {
  readonly code: string;
  readonly targets?: readonly string[];
  /** A profile that R4 uses like a type of its own (SimpleQuantity: no comparator). */
  readonly profile?: string;
}

export interface ElementDef {
  readonly name: string;
  readonly min: number;
  /** -1 is unbounded (`*`). */
  readonly max: number;
  readonly types: readonly ElementType[];
  /** `value[x]`: the JSON name is the element's name followed by the type. */
  readonly choice?: true;
  /** Canonical of the value set that the element's code must come from (binding strength required). */
  readonly binding?: string;
  /** Positions in `Definitions.constraints`. */
  readonly constraints?: readonly number[];
}

export type TypeKind = 'resource' | 'complex' | 'primitive' | 'nested';

export interface TypeDef {
  readonly kind: TypeKind;
  readonly base: string | null;
  readonly abstract?: true;
  readonly regex?: string;
  readonly elements: readonly ElementDef[];
  readonly constraints?: readonly number[];
}

export interface Constraint {
  readonly key: string;
  readonly human: string;
  readonly expression: string;
}

/** Codes by system; the whole set is at hand. */
export type ExpandedValueSet = Readonly<Record<string, readonly string[]>>;

export interface ExtensionPart {
  /** Types of its value; absent: it holds extensions. */
  readonly values?: readonly string[];
  readonly parts?: Readonly<Record<string, ExtensionPart>>;
  readonly min: number;
  /** -1 is unbounded. */
  readonly max: number;
}

export interface ExtensionDef extends Pick<ExtensionPart, 'values' | 'parts'> {
  /** Types and elements (`HumanName.family`) that may carry it. */
  readonly on: readonly string[];
  readonly modifier?: true;
}

export interface Definitions {
  readonly types: Readonly<Record<string, TypeDef>>;
  readonly constraints: readonly Constraint[];
  readonly valueSets: Readonly<Record<string, ExpandedValueSet>>;
  /** The extensions that HL7 defines with R4, by URL. */
  readonly extensions: Readonly<Record<string, ExtensionDef>>;
}

export type SearchKind =
  | 'string'
  | 'token'
  | 'reference'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special';

/** A search parameter as it stands in the standard's bundle, reduced to what search needs. */
export interface SearchParameterEntry {
  readonly code: string;
  readonly base: readonly string[];
  readonly kind: SearchKind;
  readonly expression: string;
  readonly targets?: readonly string[];
  readonly components?: readonly {
    readonly code: string;
    readonly kind: SearchKind;
    readonly expression: string;
  }[];
}

/** For each resource type the search parameters that place it in a patient's compartment. */
export type PatientCompartment = Readonly<Record<string, readonly string[]>>;
