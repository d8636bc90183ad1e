// The door of grouping: compile a scheme, group a stay, tell why.
export { type CompiledScheme, compactScheme, compileScheme } from './compile.ts';
export { group } from './group.ts';
export { readStay } from './read-stay.ts';
export { loadCodeNames, loadScheme, shippedSchemes } from './rule-files.ts';
export { groupWithTrail, type TrailedResult } from './trail.ts';
export {
  type CodeNames,
  type Codes,
  type Evidence,
  type GroupResult,
  STATUS,
  type Status,
  type Stay,
  TRAIL_KINDS,
  type TrailEntry,
  type TrailKind,
} from './types.ts';
