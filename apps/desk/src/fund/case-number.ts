// The number of a case as it is said on its own page's table: year and serial number, without the name of its loop.

/** `special-case-review-2026-00007` is said `2026-00007` where the table says what its cases are. */
export const caseNumber = (number: string): string => /\d{4}-\d+$/.exec(number)?.[0] ?? number;
