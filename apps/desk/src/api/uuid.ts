// Ids made in the browser: UUID version 7 from Web Crypto, the same form as kit makes on the server.
import type { Uuid } from '@yimai/kit/brand';

export function uuidv7(nowMs: number = Date.now()): Uuid {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const time = nowMs.toString(16).padStart(12, '0');
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((bytes[2]! & 0x3f) | 0x80).toString(16).padStart(2, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(6, 8)}-${hex.slice(8, 20)}` as Uuid;
}
