// A running 64-bit digest of a case's history: two copies that took the same steps agree, others do not.

/** FNV-1a over two lanes; for comparing copies, not for proof against forgery (the audit chain does that). */
export function extendDigest(
  before: string,
  seq: number,
  event: string,
  person: string,
  now: number,
): string {
  let a = 0x811c9dc5;
  let b = 0x01000193 ^ seq;
  for (let i = 0; i < before.length; i += 1) {
    a = Math.imul(a ^ before.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ before.charCodeAt(i), 0x85ebca6b);
  }
  for (let i = 0; i < event.length; i += 1) {
    a = Math.imul(a ^ event.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ event.charCodeAt(i), 0x85ebca6b);
  }
  for (let i = 0; i < person.length; i += 1) {
    a = Math.imul(a ^ person.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ person.charCodeAt(i), 0x85ebca6b);
  }
  a = Math.imul(a ^ (now & 0xffffffff), 0x01000193) ^ Math.floor(now / 0x100000000);
  b = Math.imul(b ^ seq ^ (b >>> 13), 0xc2b2ae35) ^ now;
  return hex(a) + hex(b);
}

const HEX = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));

const hex = (value: number): string => HEX[(value >>> 16) & 0xffff]! + HEX[value & 0xffff]!;
