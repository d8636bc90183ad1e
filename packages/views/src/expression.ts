// The FHIRPath subset of SQL-on-FHIR as a tree: one immutable record per kind, each with its place in the text.

export const FUNCTIONS = [
  'where',
  'exists',
  'empty',
  'not',
  'first',
  'last',
  'count',
  'join',
  'ofType',
  'extension',
  'lowBoundary',
  'highBoundary',
  'getResourceKey',
  'getReferenceKey',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export const OPERATORS = ['or', 'and', '=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '&'] as const;
export type Operator = (typeof OPERATORS)[number];

export type Literal =
  | { readonly type: 'string' | 'date' | 'dateTime' | 'instant' | 'time' | 'code'; readonly value: string }
  | { readonly type: 'integer' | 'decimal'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean };

/** `at` is the character position in the expression's text, counted from 0. */
export type Expression =
  | { readonly kind: 'literal'; readonly at: number; readonly literal: Literal }
  | { readonly kind: 'this'; readonly at: number }
  | { readonly kind: 'constant'; readonly at: number; readonly name: string }
  | { readonly kind: 'member'; readonly at: number; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly at: number; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: 'call';
      readonly at: number;
      readonly of: Expression;
      readonly name: FunctionName;
      readonly args: readonly Expression[];
    }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };
