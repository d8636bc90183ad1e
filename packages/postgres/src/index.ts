// The door of postgres: SQL as a value, one consortium's database, migrations. The embedded server is a door of its own.
export { isDatabaseAway, isDiskFull } from './away.ts';
export { CopyRows } from './copy-rows.ts';
export * from './database.ts';
export * from './migrate.ts';
export { ownServer, roleOf } from './own-server.ts';
export * from './sql.ts';
export { keyArray, textArray } from './text-array.ts';
