// Finds the test files of packages, apps, programs and scripts, and puts the slow ones first.
import { globSync } from 'node:fs';
import { join } from 'node:path';

const PLACES = ['packages/*/src/**', 'apps/*/src/**', 'programs/**', 'scripts/**'];

export function findTests(root: string, words: readonly string[] = []): string[] {
  const found = PLACES.flatMap((place) => globSync(`${place}/*.test.ts`, { cwd: root }))
    .filter((file) => !file.includes('node_modules'))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  return [...new Set(found)].sort().map((file) => join(root, file));
}

/** With two workers the end comes sooner if a long file is not the last to begin; durations are those of the last run. */
export function slowestFirst(files: readonly string[], lastReport: string | undefined): string[] {
  const took = new Map<string, number>();
  try {
    const { files: timed } = JSON.parse(lastReport ?? '{}') as { files?: { file: string; ms: number }[] };
    for (const { file, ms } of timed ?? []) took.set(file, ms);
  } catch {
    // A report that was cut off tells nothing; the order is only a matter of speed.
  }
  const ms = (file: string) => [...took].find(([known]) => file.endsWith(known))?.[1] ?? 0;
  return [...files].sort((a, b) => ms(b) - ms(a));
}
