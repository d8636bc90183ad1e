// What the address of a page of figures carries: group, period, organisation.

export interface FigureAddress {
  readonly group?: string;
  readonly period?: string;
  readonly scope?: string;
}

export function figureSearch(search: Record<string, unknown>): FigureAddress {
  const text = (key: string): object => {
    const value = search[key];
    // The router reads a bare year as a number.
    if (typeof value === 'number') return { [key]: String(value) };
    return typeof value === 'string' ? { [key]: value } : {};
  };
  return { ...text('group'), ...text('period'), ...text('scope') };
}
