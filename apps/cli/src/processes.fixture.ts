// For tests: which database server works on a data folder, seen from outside.
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export function runningServer(data: string): number | undefined {
  const pgData = join(data, 'pg');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => cwdOf(pid) === pgData);
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
