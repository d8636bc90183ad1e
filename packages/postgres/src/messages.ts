// Writes messages of PostgreSQL's extended protocol behind one another, so that a whole flight is one write of bytes.

const BIND = 0x42;
const CLOSE = 0x43;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const PARSE = 0x50;
const SYNC = 0x53;

/** A text up to this length is given all the room that its characters could need; that of a longer one is counted. */
const SHORT = 10_000;
const START_BYTES = 8192;
const KEPT_BYTES = 262_144;

/** Kept from flight to flight; `take` copies what was written and begins anew. */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #at = 0;

  parse(name: string, text: string): void {
    const start = this.#open(PARSE);
    this.#zeroEnded(name);
    this.#zeroEnded(text);
    this.#int16(0);
    this.#close(start);
  }

  /** Values as texts, bytes, or null; answers come as texts. */
  bind(name: string, values: readonly unknown[]): void {
    const start = this.#open(BIND);
    this.#zeroEnded('');
    this.#zeroEnded(name);
    this.#int16(values.length);
    for (const value of values) this.#int16(Buffer.isBuffer(value) ? 1 : 0);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    this.#close(start);
  }

  /** The columns of what was bound last. */
  describe(): void {
    const start = this.#open(DESCRIBE);
    this.#room(1);
    this.#bytes[this.#at++] = 0x50;
    this.#zeroEnded('');
    this.#close(start);
  }

  /** A statement that was parsed under this name. */
  close(name: string): void {
    const start = this.#open(CLOSE);
    this.#room(1);
    this.#bytes[this.#at++] = 0x53;
    this.#zeroEnded(name);
    this.#close(start);
  }

  execute(): void {
    const start = this.#open(EXECUTE);
    this.#zeroEnded('');
    this.#int32(0);
    this.#close(start);
  }

  sync(): void {
    this.#close(this.#open(SYNC));
  }

  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    // One long value does not hold its room for ever.
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(START_BYTES);
    return bytes;
  }

  #open(kind: number): number {
    this.#room(5);
    this.#bytes[this.#at] = kind;
    this.#at += 5;
    return this.#at - 4;
  }

  #close(start: number): void {
    this.#bytes.writeInt32BE(this.#at - start, start);
  }

  #value(value: unknown): void {
    if (value === null || value === undefined) {
      this.#int32(-1);
      return;
    }
    if (Buffer.isBuffer(value)) {
      this.#int32(value.length);
      this.#room(value.length);
      this.#at += value.copy(this.#bytes, this.#at);
      return;
    }
    const text = String(value);
    this.#room(4 + (text.length > SHORT ? Buffer.byteLength(text) : 3 * text.length));
    const written = this.#bytes.write(text, this.#at + 4, 'utf8');
    this.#int32(written);
    this.#at += written;
  }

  #zeroEnded(text: string): void {
    this.#room(3 * text.length + 1);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at] = 0;
    this.#at += 1;
  }

  #int16(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeUInt16BE(value, this.#at);
  }

  #int32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
