// Keys are UUIDs made by the writer (scale.md rule 10): version 7, so that index pages fill in order of time.
import { randomFillSync } from 'node:crypto';
import type { Uuid } from './brand.ts';

const pool = Buffer.alloc(4096);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/** A UUIDv7 (RFC 9562 §5.7); ids made by one process in one millisecond keep their order by a 12-bit counter. */
export function uuidv7(nowMs: number = Date.now()): Uuid {
  if (used + 8 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let ms = nowMs;
  if (ms <= lastMs) {
    ms = lastMs;
    counter += 1;
    if (counter > 0xfff) {
      ms += 1;
      counter = 0;
    }
  } else counter = pool[used]! & 0x7f;
  lastMs = ms;
  const time = ms.toString(16).padStart(12, '0');
  const rand = pool.subarray(used, used + 8);
  used += 8;
  const tail = rand.toString('hex');
  const variant = ((rand[0]! & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(2, 4)}-${tail.slice(4)}` as Uuid;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (text: unknown): text is Uuid => typeof text === 'string' && UUID.test(text);
