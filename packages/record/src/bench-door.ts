// For the benchmark only: the statements of the store, so that its floor writes the same rows.
export { insertAudit } from './store/audit-buffer.ts';
export { flushWrites } from './store/flush.ts';
export type { StoredRow } from './types.ts';
