// Writes rows in the text form of COPY: a line each, tabs between the columns.

const SPECIAL = /[\\\t\n\r]/;
const NAMES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One column; null and undefined are null. */
export function copyCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number' || !SPECIAL.test(value)) return `${value}`;
  return value.replace(/[\\\t\n\r]/g, (one) => NAMES[one]!);
}
