// The parts of HL7's definition resources that the build reads.

export interface RawResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface RawElement {
  readonly id?: string;
  readonly sliceName?: string;
  readonly fixedUri?: string;
  readonly isModifier?: boolean;
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly contentReference?: string;
  readonly type?: readonly {
    readonly code: string;
    readonly targetProfile?: readonly string[];
    readonly profile?: readonly string[];
    readonly extension?: readonly {
      readonly url: string;
      readonly valueUrl?: string;
      readonly valueString?: string;
    }[];
  }[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly constraint?: readonly {
    readonly key: string;
    readonly severity: string;
    readonly human: string;
    readonly expression?: string;
  }[];
}

export interface RawStructure extends RawResource {
  readonly url: string;
  readonly context?: readonly { readonly type: string; readonly expression: string }[];
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract?: boolean;
  readonly derivation?: string;
  readonly baseDefinition?: string;
  readonly snapshot: { readonly element: readonly RawElement[] };
}

export interface RawConcept {
  readonly code: string;
  readonly concept?: readonly RawConcept[];
  readonly property?: readonly { readonly code: string; readonly valueCode?: string }[];
}

export interface RawInclude {
  readonly system?: string;
  readonly concept?: readonly { readonly code: string }[];
  readonly valueSet?: readonly string[];
  readonly filter?: readonly { readonly property: string; readonly op: string; readonly value: string }[];
}
