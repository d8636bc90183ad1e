// Which files a path stands for, and in which order they are read.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KNOWN = /\.(ndjson|jsonl|json)(\.gz)?$/i;

/** The file itself, or every NDJSON and JSON file below the folder, in order of their paths. */
export function sourceFilesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && KNOWN.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
