// Runs the benchmark of every room, prints each figure beside its floor and its target, and writes docs/BENCH.md.
// Usage: npm run bench [-- ROOM ...]   for example: npm run bench -- loops fund server
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Figure, readFigures, table } from './benching/figures.ts';
import { describeMachine } from './benching/machine.ts';
import { writeRows } from './benching/report.ts';
import { root } from './repository.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2);
const files = globSync(['packages/*/src/bench.ts', 'apps/*/src/bench.ts'], { cwd: root }).sort();
const rooms = new Map(files.map((file) => [file.split('/')[1]!, file]));
const unknown = asked.find((room) => !rooms.has(room));
if (unknown !== undefined) {
  say(`no benchmark "${unknown}"; there are ${[...rooms.keys()].join(', ')}`);
  process.exit(2);
}

const machine = describeMachine();
say(`${machine}\n`);
const results = new Map<string, Figure[]>();
let failed = false;
for (const [room, file] of rooms) {
  if (asked.length > 0 && !asked.includes(room)) continue;
  try {
    const figures = await benchRoom(file);
    results.set(room, figures);
    say(`${room}\n${table(figures)}\n`);
  } catch (error) {
    failed = true;
    say(`${room}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

const page = join(root, 'docs', 'BENCH.md');
if (existsSync(page))
  writeFileSync(page, writeRows(readFileSync(page, 'utf8'), results, machine, new Date()));
process.exit(failed ? 1 : 0);

async function benchRoom(file: string): Promise<Figure[]> {
  const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
  const figures: Figure[] = [];
  for (const [name, bench] of Object.entries(module)) {
    if (!/^bench[A-Z]/.test(name) || typeof bench !== 'function') continue;
    figures.push(...readFigures(name, await bench()));
  }
  return figures;
}
