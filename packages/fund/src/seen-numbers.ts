// Which list numbers a file has had so far: eight bytes a number, however long the file and its numbers are.

export interface Seen {
  has(number: string): boolean;
  add(number: string): void;
}

/** Two different numbers are taken for one with a chance of one in millions for a file of a million rows. */
export class SeenNumbers implements Seen {
  #slots = new Uint32Array(2 * 4_096);
  #count = 0;

  has(number: string): boolean {
    const [high, low] = hashOf(number);
    const at = this.#find(this.#slots, high, low);
    return this.#slots[at] !== 0 || this.#slots[at + 1] !== 0;
  }

  add(number: string): void {
    const [high, low] = hashOf(number);
    const at = this.#find(this.#slots, high, low);
    if (this.#slots[at] !== 0 || this.#slots[at + 1] !== 0) return;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#count += 1;
    if (this.#count * 4 > this.#slots.length) this.#grow();
  }

  #find(slots: Uint32Array, high: number, low: number): number {
    const mask = slots.length / 2 - 1;
    for (let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2;
      const isFree = slots[at] === 0 && slots[at + 1] === 0;
      if (isFree || (slots[at] === high && slots[at + 1] === low)) return at;
    }
  }

  #grow(): void {
    const wider = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const [high, low] = [this.#slots[at]!, this.#slots[at + 1]!];
      if (high === 0 && low === 0) continue;
      const to = this.#find(wider, high, low);
      wider[to] = high;
      wider[to + 1] = low;
    }
    this.#slots = wider;
  }
}

/** Two independent 32-bit hashes of the characters (FNV-1a and a multiply-rotate); never both nothing. */
function hashOf(text: string): readonly [high: number, low: number] {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    high = Math.imul(high ^ letter, 0x01000193);
    low = Math.imul(low ^ letter, 0xcc9e2d51);
    low = (low << 15) | (low >>> 17);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
  return [(high ^ (high >>> 15)) >>> 0 || 1, (low ^ (low >>> 13)) >>> 0];
}
