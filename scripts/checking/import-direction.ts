// Checks that a room uses only rooms above it, and that pure rooms know no clock, chance, network or environment.
import { type Finding, isTest, lineAt, type SourceFile } from './source-files.ts';

/** From top to bottom (docs/ARCHITECTURE.md): a room may use only rooms that stand before it. */
export const ROOM_ORDER = [
  'kit',
  'terms',
  'fhir',
  'forms',
  'loops',
  'grouping',
  'fund',
  'identity',
  'signals',
  'matching',
  'postgres',
  'record',
  'views',
  'measures',
  'jobs',
  'runtime',
  'ledger',
  'imaging',
  'sync',
] as const;

const PURE = new Set<string>(ROOM_ORDER.slice(0, ROOM_ORDER.indexOf('postgres')));
// kit holds the two doors through which time and chance come in.
const DOORS = new Set(['packages/kit/src/clock.ts', 'packages/kit/src/uuid.ts']);

const IMPURE_MODULES =
  /^(node:)?(net|http|https|http2|dns|tls|dgram|child_process|cluster|worker_threads|os|sqlite)$|^(pg|pg-.*|fastify|@duckdb\/.*)$/;
const IMPURE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bprocess\.env\b/g, 'reads the environment'],
  [/\bDate\.now\(\)/g, 'reads the clock'],
  [/\bnew Date\(\)/g, 'reads the clock'],
  [/\bMath\.random\(\)/g, 'uses chance'],
  [/\brandomUUID\(/g, 'uses chance'],
  [/\bfetch\(/g, 'uses the network'],
];

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

export function checkImports(files: readonly SourceFile[]): Finding[] {
  return files.filter(({ path }) => /\.(ts|tsx)$/.test(path)).flatMap(checkFile);
}

function checkFile({ path, text }: SourceFile): Finding[] {
  const code = withoutComments(text);
  const findings: Finding[] = [];
  const say = (offset: number, rule: string, message: string) =>
    findings.push({ path, line: lineAt(text, offset), rule, message });
  for (const match of code.matchAll(IMPORT)) {
    const target = match[1] ?? match[2] ?? match[3]!;
    const problem = importProblem(path, target);
    if (problem) say(match.index + match[0].indexOf(target), ...problem);
  }
  const room = roomOf(path);
  const impure = path.includes('/scripts/') || path.includes('/build/') || path.includes('/browser/');
  if (room !== undefined && PURE.has(room) && !isTest(path) && !DOORS.has(path) && !impure) {
    for (const [pattern, what] of IMPURE_WORDS)
      for (const match of code.matchAll(pattern))
        say(match.index, 'pure-room', `${room} is pure and ${what}`);
  }
  return findings;
}

function importProblem(path: string, target: string): [string, string] | undefined {
  const room = roomOf(path);
  const other = /^@yimai\/([^/]+)/.exec(target)?.[1];
  if (path.startsWith('programs/')) {
    if (isTest(path)) return undefined;
    return ['program-imports', `a programme only declares; it imports "${target}"`];
  }
  if (target.startsWith('.') && leavesItsHome(path, target))
    return ['import-through-the-door', `"${target}" reaches into another room; use its package name`];
  if (/^@yimai\/[^/]+\/src\//.test(target))
    return ['import-through-the-door', `"${target}" passes by the door (exports)`];
  if (room === undefined) return undefined;
  if (PURE.has(room) && IMPURE_MODULES.test(target) && !isTest(path))
    return ['pure-room', `${room} is pure and imports ${target}`];
  if (other === undefined || other === room) return undefined;
  const [from, to] = [order(room), order(other)];
  if (to === undefined) return ['import-direction', `room ${room} imports the app ${other}`];
  if (from === undefined) return ['import-direction', `room ${room} has no place in the order of rooms`];
  // A test may look further down, for example to run a pure room's data through the store.
  if (to > from && !isTest(path))
    return ['import-direction', `${room} stands above ${other} and may not use it`];
  return undefined;
}

const roomOf = (path: string) => /^packages\/([^/]+)\//.exec(path)?.[1];

function order(room: string): number | undefined {
  const at = (ROOM_ORDER as readonly string[]).indexOf(room);
  return at === -1 ? undefined : at;
}

function leavesItsHome(path: string, target: string): boolean {
  const home = path.split('/').slice(0, 2).join('/');
  const parts = [...path.split('/').slice(0, -1), ...target.split('/')];
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === '..') resolved.pop();
    else if (part !== '.') resolved.push(part);
  }
  const inside = resolved.join('/');
  return (
    /^(packages|apps)\//.test(path) && !inside.startsWith(`${home}/`) && /^(packages|apps)\//.test(inside)
  );
}

/** Comments become spaces of the same length, so that offsets stay true. */
function withoutComments(text: string): string {
  return text.replace(/(^|[^:'"`\\])\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (all, before: string | undefined) => {
    const kept = before ?? '';
    return kept + all.slice(kept.length).replace(/[^\n]/g, ' ');
  });
}
