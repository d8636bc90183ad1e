// The door of views: SQL-on-FHIR definitions read, checked, compiled for two engines, run and kept up.
export { type CompiledColumn, type CompiledView, compileView, type Source } from './compile-view.ts';
export type { Dialect } from './dialect.ts';
export { duckdbDialect } from './duckdb/dialect.ts';
export { collectView, runView } from './duckdb/run-view.ts';
export type { JsonValue, ViewRow } from './duckdb/values.ts';
export { withoutEncrypted } from './encrypted.ts';
export { parseView } from './parse-view.ts';
export { postgresDialect } from './postgres/dialect.ts';
export { runTimeRefusal } from './run-time-refusal.ts';
export { columnsOf, type View, type ViewColumn } from './view-tree.ts';
export type { Change, ChangeSource } from './worker/change-source.ts';
export {
  currentSnapshot,
  openSnapshot,
  type Snapshot,
  type SnapshotPointer,
} from './worker/snapshots.ts';
export { loadViews, type NamedView, ROW_KEY, ROW_TYPE, readNamedView } from './worker/view-set.ts';
export { publishedFolder, ViewWorker, type ViewWorkerOptions } from './worker/view-worker.ts';
