// The key of a resource's row, made from its type and id alone: the same id always meets the same row.
import { hash } from 'node:crypto';
import type { Uuid } from '@yimai/kit';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * For an id that is a UUIDv7 its first 64 bits stay (pages of the index fill in order of time) and the rest is hashed;
 * any other id gives a UUID version 8 of the hash.
 */
export function rowKey(type: string, id: string): Uuid {
  const place = `${type}/${id}`;
  let key = known.get(place);
  if (key === undefined) {
    key = keyOf(place, id);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(place, key);
  }
  return key;
}

/** Who is written or referred to is so several times in a row. */
const known = new Map<string, Uuid>();
const KNOWN_MAX = 5000;

function keyOf(place: string, id: string): Uuid {
  const hex = hash('sha256', place);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const tail = `${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  if (UUID_V7.test(id)) return `${id.slice(0, 18)}-${tail}` as Uuid;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${tail}` as Uuid;
}
