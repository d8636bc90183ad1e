// Writes values in PostgreSQL's binary form, as rows of COPY or as lists: neither side spells out keys, numbers and instants
// only to read them again.

import { writeKey } from './text-array.ts';

const HEAD = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const NULL = 0xffffffff;
const START_BYTES = 65_536;
/** PostgreSQL counts microseconds from here. */
const EPOCH = Date.UTC(2000, 0, 1);
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
const HIGH = 2 ** 32;
/** Shorter texts are copied letter by letter, which costs less than a call; from the first letter beyond ASCII on, they are not. */
const SHORT = 40;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const NEGATIVE = 0x4000;

/** Values one after the other, each in the type that it is read as; null is null. */
export class Columns {
  #bytes: Buffer;
  #at = 0;

  /** Room for so many bytes; more is made where they do not do. */
  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes);
  }

  /** From the beginning, in the same room. */
  again(): this {
    this.#at = 0;
    return this;
  }

  protected int2(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  /** What has been written: the same bytes, not a copy. */
  get all(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  uuid(value: string | null): this {
    if (value === null) return this.#null();
    this.#room(20);
    this.#at = writeKey(this.#bytes, value, this.#bytes.writeUInt32BE(16, this.#at));
    return this;
  }

  int4(value: number | null): this {
    if (value === null) return this.#null();
    this.#room(8);
    this.#at = this.#bytes.writeInt32BE(value, this.#bytes.writeUInt32BE(4, this.#at));
    return this;
  }

  /** Not negative. */
  int8(value: number): this {
    this.#room(12);
    let at = this.#bytes.writeUInt32BE(8, this.#at);
    at = this.#bytes.writeUInt32BE(Math.floor(value / HIGH), at);
    this.#at = this.#bytes.writeUInt32BE(value % HIGH, at);
    return this;
  }

  text(value: string | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#room(4 + 3 * value.length);
    const start = this.#at + 4;
    const end = this.#ascii(value, start) ?? start + this.#bytes.write(value, start);
    this.#bytes.writeUInt32BE(end - start, this.#at);
    this.#at = end;
    return this;
  }

  /** As `text[]`, made by `textArray`. */
  textArray(array: Buffer): this {
    this.#room(4 + array.length);
    this.#at = this.#bytes.writeUInt32BE(array.length, this.#at);
    this.#at += array.copy(this.#bytes, this.#at);
    return this;
  }

  /** An instant in ISO form; beyond all of them at either end. */
  instant(value: string | '-infinity' | 'infinity'): this {
    this.#room(12);
    const at = this.#bytes.writeUInt32BE(8, this.#at);
    const near = value.endsWith('infinity') ? Number.NaN : 1000 * (Date.parse(value) - EPOCH);
    if (Number.isSafeInteger(near)) {
      const high = Math.floor(near / HIGH);
      this.#at = this.#bytes.writeUInt32BE(near - high * HIGH, this.#bytes.writeInt32BE(high, at));
    } else this.#at = this.#bytes.writeBigInt64BE(microseconds(value), at);
    return this;
  }

  /** What was written elsewhere already. */
  written(columns: Buffer): this {
    this.#room(columns.length);
    this.#at += columns.copy(this.#bytes, this.#at);
    return this;
  }

  /** A decimal number without an exponent. */
  numeric(value: string): this {
    const [, sign, whole, fraction = ''] = DECIMAL.exec(value) ?? [];
    if (whole === undefined) throw new Error('fault: not a plain decimal number');
    // Digits to the base 10,000, aligned at the point.
    const padded = whole.padStart(whole.length + ((4 - (whole.length % 4)) % 4), '0');
    const digits = padded + fraction.padEnd(fraction.length + ((4 - (fraction.length % 4)) % 4), '0');
    const count = digits.length / 4;
    this.#room(12 + 2 * count);
    let at = this.#bytes.writeUInt32BE(8 + 2 * count, this.#at);
    at = this.#bytes.writeInt16BE(count, at);
    at = this.#bytes.writeInt16BE(padded.length / 4 - 1, at);
    at = this.#bytes.writeUInt16BE(sign === '-' ? NEGATIVE : 0, at);
    at = this.#bytes.writeUInt16BE(fraction.length, at);
    for (let from = 0; from < digits.length; from += 4)
      at = this.#bytes.writeInt16BE(Number(digits.slice(from, from + 4)), at);
    this.#at = at;
    return this;
  }

  #null(): this {
    this.#room(4);
    this.#at = this.#bytes.writeUInt32BE(NULL, this.#at);
    return this;
  }

  #ascii(value: string, start: number): number | null {
    if (value.length > SHORT) return null;
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code > 0x7f) return null;
      this.#bytes[start + at] = code;
    }
    return start + value.length;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

/** A row is opened, then its columns are written one by one. */
export class CopyRows extends Columns {
  #rows = 0;

  constructor() {
    super(START_BYTES);
    this.written(HEAD);
  }

  get rows(): number {
    return this.#rows;
  }

  open(columns: number): this {
    this.#rows += 1;
    this.int2(columns);
    return this;
  }

  /** All rows; nothing is added afterwards. */
  end(): Buffer {
    this.int2(-1);
    return this.all;
  }
}

const ELEMENT_OID = { text: 25, uuid: 2950, int4: 23, int8: 20 } as const;
export type ElementType = keyof typeof ELEMENT_OID;
/** Dimensions, whether there are nulls, the type of the elements, their number, the first index. */
const LIST_HEAD_BYTES = 20;
const COUNT_AT = 12;

/** A parameter for an array type, written as its elements come, each by the method of its type. */
export class ListColumn extends Columns {
  constructor(type: ElementType, bytes: number) {
    super(bytes);
    const head = Buffer.alloc(LIST_HEAD_BYTES);
    for (const [at, word] of [1, 1, ELEMENT_OID[type], 0, 1].entries()) head.writeInt32BE(word, 4 * at);
    this.written(head);
  }

  /** All of so many elements, at least one; nothing is added afterwards. */
  end(count: number): Buffer {
    const { all } = this;
    all.writeInt32BE(count, COUNT_AT);
    return all;
  }
}

function microseconds(value: string): bigint {
  if (value === 'infinity') return MOST;
  if (value === '-infinity') return LEAST;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw new Error('fault: not an instant');
  return BigInt(ms - EPOCH) * 1000n;
}
