// A list of texts in PostgreSQL's own form: long texts go over as they are, nothing in them is quoted and read again.

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
