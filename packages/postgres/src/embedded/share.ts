// How much of the machine the server takes for itself: an eighth of the memory, a tenth of the free disk.
import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

const MB = 1024 * 1024;

/** For `shared_buffers`: what does not fit is read and written page by page, index by index. */
export function bufferMegabytes(memory = memoryBytes()): number {
  return between(256, memory / 8 / MB, 2048);
}

/** For `max_wal_size`: the first change of a page after each checkpoint costs the whole page, so the fewer the better. */
export function walMegabytes(free: number): number {
  return between(2048, free / 10 / MB, 8192);
}

/** Bytes that may still be written below the folder. */
export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}

/** The machine's, or what a container grants. */
function memoryBytes(): number {
  const granted = process.constrainedMemory();
  return granted > 0 ? Math.min(granted, totalmem()) : totalmem();
}

const between = (least: number, value: number, most: number): number =>
  Math.round(Math.min(Math.max(value, least), most));
