// Why a server of ours did not start: its own last words, and a full disk by its name.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './places.ts';

/** How long each file of the server's log was before it was started: what stands behind that is about this start. */
export type LogMark = ReadonlyMap<string, number>;

const WORDS_MAX = 1_500;
const LOG_READ_MAX = 64 * 1024;

export function markLog({ logDir }: Place): LogMark {
  return new Map(readdirSync(logDir).map((name) => [name, statSync(join(logDir, name)).size]));
}

export function whyNotStarted(place: Place, startLog: string, mark: LogMark): Error {
  const said = `${readFileSync(startLog, 'utf8')}${saidSince(place, mark)}`;
  if (/No space left on device|Disk quota exceeded/.test(said))
    return Object.assign(new Error(`磁盘已满（${place.dir}）· the disk is full (${place.dir})`), {
      code: 'ENOSPC',
    });
  // Without hour and process: the same reason twice is the same text.
  const lines = said.split('\n').map((line) => line.replace(/^\S+ \S+ \S+ \[\d+\] /, ''));
  const last = lines.filter((line) => /\b(FATAL|PANIC|ERROR|HINT):/.test(line));
  const words = (last.length > 0 ? last.join('\n') : said.trim()).slice(-WORDS_MAX) || 'no message';
  return new Error(`postgres did not start: ${words} (more in ${place.logDir})`);
}

function saidSince({ logDir }: Place, mark: LogMark): string {
  return readdirSync(logDir)
    .map((name) => tailOf(join(logDir, name), mark.get(name) ?? 0))
    .join('');
}

function tailOf(path: string, from: number): string {
  const { size } = statSync(path);
  if (size <= from) return '';
  const length = Math.min(size - from, LOG_READ_MAX);
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, size - length);
  } finally {
    closeSync(file);
  }
  return bytes.toString('utf8');
}
