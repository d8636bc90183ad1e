// How fast and how lean grouping is: figures for docs/BENCH.md, on made-up stays of the national scheme.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { assert } from '@yimai/kit';
import type { CompiledScheme } from './compile.ts';
import { group, groupWithTrail, loadScheme, type Stay } from './index.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly floor?: number;
  readonly ratio?: number;
}

const SCHEME = 'chs_drg_11';
const STAYS_IN_MEMORY = 200_000;
const STAYS_IN_FILE = 300_000;
const ROUNDS = 5;

/** The open grouper in common use states 5,000 stays a second. */
const COMMON_GROUPER_PER_SECOND = 5_000;

export async function benchGrouping(): Promise<Figure[]> {
  const readyMs = timeOf(() => loadScheme(SCHEME));
  const scheme = loadScheme(SCHEME);
  assert(scheme.ok, 'the national scheme is shipped');
  const stays = madeUpStays(scheme.value, STAYS_IN_MEMORY);
  const perSecond = best(ROUNDS, () => stays.length / (timeOf(() => groupAll(stays, scheme.value)) / 1000));
  const trailed = stays.slice(0, 20_000);
  const withTrail = best(ROUNDS, () => {
    return (
      trailed.length /
      (timeOf(() => trailed.forEach((stay) => void groupWithTrail(stay, scheme.value))) / 1000)
    );
  });
  const command = await benchCommand(scheme.value);
  return [
    { name: 'scheme ready', value: Math.round(readyMs), unit: 'ms', target: 150 },
    {
      name: 'grouping, one thread, from memory',
      value: Math.round(perSecond),
      unit: 'stays/s',
      target: 500_000,
      ratio: Math.round(perSecond / COMMON_GROUPER_PER_SECOND),
    },
    { name: 'grouping with trail', value: Math.round(withTrail), unit: 'stays/s' },
    { name: 'yimai group, end to end', value: command.perSecond, unit: 'stays/s', target: 100_000 },
    { name: 'yimai group, memory at most', value: command.memoryMb, unit: 'MB', target: 400 },
  ];
}

/** The command in a process of its own, from a file to a file, with its start and the scheme's loading counted in. */
async function benchCommand(scheme: CompiledScheme): Promise<{ perSecond: number; memoryMb: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-bench-'));
  try {
    const input = join(folder, 'stays.jsonl');
    const file = createWriteStream(input);
    for (const stay of madeUpStays(scheme, STAYS_IN_FILE)) file.write(`${JSON.stringify(stay)}\n`);
    file.end();
    await finished(file);
    const program = `
      const { runGroupCommand } = await import(${JSON.stringify(new URL('cli.ts', import.meta.url).href)});
      process.exitCode = await runGroupCommand(process.argv.slice(1), process);
      console.log(process.resourceUsage().maxRSS);`;
    const argv = ['--scheme', SCHEME, '--in', input, '--out', join(folder, 'answers.jsonl')];
    let memoryKb = 0;
    const ms = timeOf(() => {
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', ...argv]);
      assert(child.status === 0, `the command ended with ${child.status}: ${child.stderr}`);
      memoryKb = Number(child.stdout.toString());
    });
    return { perSecond: Math.round(STAYS_IN_FILE / (ms / 1000)), memoryMb: Math.round(memoryKb / 1024) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stays with one to six diagnoses and up to three procedures, all from the tables of the scheme, the same every time. */
export function madeUpStays(scheme: CompiledScheme, count: number): Stay[] {
  const { codes, lists } = scheme.tables;
  const gates = [...lists]
    .filter(([id, list]) => id.startsWith('d') && list.length > 100)
    .map(([, list]) => list);
  const operations = lists.get('valid')!;
  const complications = [...scheme.tables.cc.values(), ...scheme.tables.mcc.values()].filter(
    (list) => list.length > 0,
  );
  const random = linearCongruential(20_261_121);
  const pick = <T>(from: ArrayLike<T>): T => from[Math.floor(random() * from.length)]!;
  const codeOf = (list: Int32Array): string => `${codes[pick(list)]!} `.slice(0, -1);
  return Array.from({ length: count }, (_, index): Stay => {
    const age = Math.floor(random() * 95);
    const others = Math.floor(random() * 6);
    const procedures = Math.max(0, Math.floor(random() * 5) - 1);
    return {
      id: `made-up-${index}`,
      gender: random() < 0.5 ? '1' : '2',
      age,
      ageDays: age * 365,
      weight: age === 0 ? 3000 : null,
      dept: '03',
      los: 1 + Math.floor(random() * 30),
      leavingType: '1',
      dx: [codeOf(pick(gates)), ...Array.from({ length: others }, () => codeOf(pick(complications)))],
      proc: Array.from({ length: procedures }, () => codeOf(operations)),
    };
  });
}

function groupAll(stays: readonly Stay[], scheme: CompiledScheme): void {
  for (const stay of stays) group(stay, scheme);
}

function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function best(rounds: number, measure: () => number): number {
  return Math.max(...Array.from({ length: rounds }, measure));
}
