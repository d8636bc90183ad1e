// An expression after its names were looked up: each node knows its FHIR type and whether it can give several values.
import type { Literal, Operator } from './expression.ts';

/** One step along elements; several names are the variants of a choice (`value[x]`), of which at most one is there. */
export interface Step {
  readonly names: readonly string[];
  readonly many: boolean | 'unknown';
}

interface Node {
  readonly at: number;
  readonly type: string | null;
  readonly many: boolean;
}

export type TypedExpression = Node &
  (
    | { readonly kind: 'literal'; readonly literal: Literal }
    | { readonly kind: 'this' }
    | { readonly kind: 'row-index' }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'path'; readonly of: TypedExpression; readonly steps: readonly Step[] }
    | { readonly kind: 'index'; readonly of: TypedExpression; readonly index: number }
    | { readonly kind: 'last'; readonly of: TypedExpression }
    | { readonly kind: 'where'; readonly of: TypedExpression; readonly criteria: TypedExpression }
    | { readonly kind: 'of-resource'; readonly of: TypedExpression; readonly resource: string }
    | { readonly kind: 'exists'; readonly of: TypedExpression; readonly wanted: boolean }
    | { readonly kind: 'not'; readonly of: TypedExpression }
    | { readonly kind: 'count'; readonly of: TypedExpression }
    | { readonly kind: 'join'; readonly of: TypedExpression; readonly separator: string }
    | { readonly kind: 'boundary'; readonly of: TypedExpression; readonly side: 'low' | 'high' }
    | { readonly kind: 'reference-key'; readonly of: TypedExpression; readonly resource: string | null }
    | {
        readonly kind: 'binary';
        readonly operator: Operator;
        readonly left: TypedExpression;
        readonly right: TypedExpression;
      }
  );
