// The door of ledger: posts what fund computed, once and as a whole.
export { type Ledger, openLedger } from './ledger.ts';
export type { Balance, Entry, RunReceipt, RunRequest, Side } from './types.ts';
