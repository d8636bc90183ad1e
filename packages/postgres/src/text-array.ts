// Lists of texts and of keys in PostgreSQL's own form: long texts go over as they are, nothing is quoted and read again.

const TEXT_OID = 25;
const HEAD_BYTES = 20;

/** A parameter for `::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = HEAD_BYTES;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(size);
  // Dimensions, whether there are nulls, the type of the elements, their number, the first index.
  const head = [values.length === 0 ? 0 : 1, 1, TEXT_OID, values.length, 1];
  for (const [at, word] of head.entries()) bytes.writeInt32BE(word, 4 * at);
  let at = HEAD_BYTES;
  for (const value of values) {
    const written = value === null ? -1 : bytes.write(value, at + 4);
    bytes.writeInt32BE(written, at);
    at += 4 + Math.max(written, 0);
  }
  return values.length === 0 ? bytes.subarray(0, 12) : bytes;
}

const UUID_OID = 2950;
const KEY_BYTES = 16;

/** A parameter for `::uuid[]`. */
export function keyArray(values: readonly (string | null)[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + (4 + KEY_BYTES) * values.length);
  for (const [at, word] of [values.length === 0 ? 0 : 1, 1, UUID_OID, values.length, 1].entries())
    bytes.writeInt32BE(word, 4 * at);
  if (values.length === 0) return bytes.subarray(0, 12);
  let at = HEAD_BYTES;
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? -1 : KEY_BYTES, at);
    if (value !== null) at = writeKey(bytes, value, at);
  }
  return bytes.subarray(0, at);
}

/** The 16 bytes of a key; returns where they end. */
export function writeKey(bytes: Buffer, key: string, start: number): number {
  let at = start;
  for (let from = 0; from < 36; from += 2) {
    if (key.charCodeAt(from) === DASH) from += 1;
    bytes[at] = (nibble(key.charCodeAt(from)) << 4) | nibble(key.charCodeAt(from + 1));
    at += 1;
  }
  return at;
}

const DASH = 0x2d;

/** Of a hexadecimal digit's code. */
const nibble = (code: number): number => (code & 0xf) + (code >> 6) * 9;
