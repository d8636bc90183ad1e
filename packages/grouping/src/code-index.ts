// From a code to its row: an exact look-up in one flat table, as two thirds of the work of grouping is looking codes up.
//
// A code of up to 15 characters of `!`…`^` and `x` (every ICD code is one) packs into three numbers of five characters of six
// bits. An entry is these three numbers and the row, four neighbours in memory; a `Map` of strings would visit several far
// places for each code. Codes that do not pack lie in a plain `Map`.

const ENTRY = 4;
const CHARACTERS_PER_NUMBER = 5;
const LONGEST_PACKED = 3 * CHARACTERS_PER_NUMBER;
const FIRST = 32;
const LAST = 94;
const LETTER_X = 120;
const PACKED_X = 63;

const EMPTY = -1;

export class CodeIndex {
  #slots: Int32Array;
  readonly #mask: number;
  readonly #others = new Map<string, number>();

  constructor(capacity: number) {
    const slots = 1 << (32 - Math.clz32(Math.max(1, capacity) * 2 - 1));
    this.#slots = new Int32Array(slots * ENTRY).fill(EMPTY);
    this.#mask = slots - 1;
  }

  /** The row of a code, -1 for a code that was never set. */
  get(code: string): number {
    if (!this.#pack(code)) return this.#others.get(code) ?? -1;
    const slots = this.#slots;
    return slots[this.#find(slots) + 3]!;
  }

  /** Sets the row (0 or more) of a code. */
  set(code: string, row: number): void {
    if (!this.#pack(code)) {
      this.#others.set(code, row);
      return;
    }
    const slots = this.#slots;
    const at = this.#find(slots);
    slots[at] = this.#first;
    slots[at + 1] = this.#second;
    slots[at + 2] = this.#third;
    slots[at + 3] = row;
  }

  #first = 0;
  #second = 0;
  #third = 0;

  /** The entry of the packed code, or the empty one where it belongs. */
  #find(slots: Int32Array): number {
    const first = this.#first;
    const second = this.#second;
    const third = this.#third;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * ENTRY;
      if (slots[at + 3] === EMPTY) return at;
      if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third) return at;
    }
  }

  #pack(code: string): boolean {
    const length = code.length;
    if (length > LONGEST_PACKED) return false;
    let first = 0;
    let second = 0;
    let third = 0;
    for (let index = 0; index < length; index += 1) {
      const character = code.charCodeAt(index);
      let bits = character - FIRST;
      if (character === LETTER_X) bits = PACKED_X;
      else if (character <= FIRST || character > LAST) return false;
      if (index < CHARACTERS_PER_NUMBER) first = (first << 6) | bits;
      else if (index < 2 * CHARACTERS_PER_NUMBER) second = (second << 6) | bits;
      else third = (third << 6) | bits;
    }
    this.#first = first;
    this.#second = second;
    this.#third = third;
    return true;
  }
}
