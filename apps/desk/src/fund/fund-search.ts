// What the addresses of the fund's pages carry: year, month, house, kind; never anything of a person.
export interface FundSearch {
  readonly year?: string;
  readonly month?: string;
  readonly house?: string;
  readonly kind?: string;
}

export function fundSearch(search: Record<string, unknown>): FundSearch {
  const text = (key: keyof FundSearch, form: RegExp): FundSearch => {
    const value = search[key];
    // A year in the address is read as a number.
    const written = typeof value === 'number' ? String(value) : value;
    return typeof written === 'string' && form.test(written) ? { [key]: written } : {};
  };
  return {
    ...text('year', /^20\d\d$/),
    ...text('month', /^20\d\d-\d\d$/),
    ...text('house', /^[A-Za-z0-9\-.]{1,64}$/),
    ...text('kind', /^[a-z-]{1,40}$/),
  };
}
