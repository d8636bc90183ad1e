// A ViewDefinition as a tree: what it reads, how it iterates, which columns it gives.
import type { Expression, Literal } from './expression.ts';

/** Column types that views give; any other FHIR type arrives as JSON. */
export interface ViewColumn {
  readonly name: string;
  /** The FHIR type that the definition states; null: taken from the expression. */
  readonly type: string | null;
  readonly collection: boolean;
  readonly path: Expression;
  /** Where in the definition it stands, such as `select[0].column[1]`. */
  readonly at: string;
}

export type Iteration =
  | { readonly kind: 'for-each'; readonly path: Expression; readonly orNull: boolean; readonly at: string }
  | { readonly kind: 'repeat'; readonly paths: readonly Expression[]; readonly at: string };

export interface ViewSelect {
  readonly iteration: Iteration | null;
  readonly columns: readonly ViewColumn[];
  readonly selects: readonly ViewSelect[];
  readonly unionAll: readonly ViewSelect[];
}

export interface ViewCondition {
  readonly path: Expression;
  readonly at: string;
}

export interface View {
  readonly name: string | null;
  readonly resource: string;
  readonly constants: ReadonlyMap<string, Literal>;
  readonly where: readonly ViewCondition[];
  readonly selects: readonly ViewSelect[];
}

/** The columns of a select in the order of the specification: own columns, nested selects, then the union. */
export function columnsOf(selects: readonly ViewSelect[]): ViewColumn[] {
  return selects.flatMap((select) => [
    ...select.columns,
    ...columnsOf(select.selects),
    ...(select.unionAll.length > 0 ? columnsOf([select.unionAll[0]!]) : []),
  ]);
}
