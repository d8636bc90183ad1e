// A table while it is being built on the screen, and what it is when it is sent.
import type { TableViews } from './contract.ts';

export type View = TableViews['views'][number];
export type Column = View['columns'][number];

export interface Axis {
  readonly column: string;
  readonly by: string | null;
}
export interface Filter {
  readonly column: string;
  readonly operator: 'is' | 'is-not' | 'at-least' | 'at-most' | 'filled' | 'empty';
  readonly values: readonly string[];
}
export interface Draft {
  readonly view: string;
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  readonly value: { readonly count: 'rows' | 'distinct' | 'sum' | 'mean'; readonly column: string | null };
  readonly filters: readonly Filter[];
  readonly period: { readonly column: string; readonly name: string } | null;
}

export const canBeAxis = ({ kind }: Column): boolean => kind !== 'person' && kind !== 'number';
export const firstStep = (column: Column | undefined): string | null => column?.steps[0] ?? null;

/** A table that says something at once: by organisation, of this year. */
export function freshDraft(view: View): Draft {
  const org = view.columns.find(({ kind }) => kind === 'organisation') ?? view.columns.find(canBeAxis);
  const date = view.columns.find(({ kind }) => kind === 'date');
  return {
    view: view.name,
    rows: org ? [{ column: org.name, by: firstStep(org) }] : [],
    columns: [],
    value: { count: 'rows', column: null },
    filters: [],
    period: date ? { column: date.name, name: 'this-year' } : null,
  };
}

/** Numbers and truths as such, and conditions without a value left out. */
export function toSend(draft: Draft): object {
  return {
    ...draft,
    filters: draft.filters
      .filter(({ operator, values }) => operator === 'filled' || operator === 'empty' || values[0])
      .map((filter) => ({
        ...filter,
        values: filter.operator === 'filled' || filter.operator === 'empty' ? [] : filter.values,
      })),
  };
}
