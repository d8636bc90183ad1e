// The door of postgres: SQL as a value, one consortium's database, migrations. The embedded server is a door of its own.
export { isDatabaseAway, isDiskFull } from './away.ts';
export { Columns, CopyRows, type ElementType, ListColumn } from './copy-rows.ts';
export * from './database.ts';
export * from './migrate.ts';
export { ownServer, roleOf } from './own-server.ts';
export * from './sql.ts';
export { keyArray, textArray } from './text-array.ts';
