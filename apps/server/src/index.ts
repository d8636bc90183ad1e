// The door of the server: open a consortium, serve it.
export { allMigrations, type Consortium, type ConsortiumOptions, openConsortium } from './consortium.ts';
export { figureReader } from './figures/command-reader.ts';
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts';
