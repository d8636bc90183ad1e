// The door of the embedded server: start or join it, know its place and its roles.
export { APP_ROLE } from './cluster.ts';
export { dataFolder } from './places.ts';
export { removeEmbedded } from './remove.ts';
export { type Embedded, type EmbeddedOptions, startEmbedded } from './start.ts';
