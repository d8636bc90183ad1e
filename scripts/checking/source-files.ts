// Lists the files of the project as git sees them (also those not committed yet), with their text.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  /** A warning is shown and does not fail the check. */
  readonly warning?: boolean;
}

const TEXT =
  /\.(ts|tsx|mts|mjs|js|cjs|json|md|sql|sh|yaml|yml|css|html|svg|ndjson|txt|csv|tsv)$|^[^.]+$|\.ci\/run$/;
const BYTES_MAX = 2_000_000;

export function sourceFiles(root: string): SourceFile[] {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  return listed.stdout
    .split('\0')
    .filter((path) => path !== '' && TEXT.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => text.length <= BYTES_MAX && !text.includes('\0'));
}

export const isTest = (path: string) =>
  /\.(test|fixture|bench)\.tsx?$|(^|\/)(bench|testing|test-data)\.ts$/.test(path);

/** The line number of an offset in a text; the first line is 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
