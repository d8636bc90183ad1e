// Counts as people read them, in both languages: thousands apart.
export const grouped = (count: number | string): string =>
  /^-?\d+$/.test(String(count)) ? Number(count).toLocaleString('en-US') : String(count);
