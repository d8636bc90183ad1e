// The facts of one stay as bits: which lists its codes are in, whether a CC or MCC counts. Rules test these bits.
//
// One Int32Array holds, word by word: the flags (always true, MCC, CC), then one section per list test (`mainDx`,
// `otherDx`, …) with one bit per list that some rule tests in that way. Every code knows the words its lists give it,
// so the facts of a stay are a few `or`s per code and a rule is one `and`.
import type { ListTest, SchemeTables, Stay } from './types.ts';

export const FLAG_TRUE = 1;
export const FLAG_MCC = 2;
export const FLAG_CC = 4;

const NO_TABLE = -1;
/** A CC or MCC listed under two exclusion tables: no principal diagnosis has both, so it is never excluded. */
const SEVERAL_TABLES = 1_000_000;

interface Section {
  /** First word of the section in the facts, -1 while nothing tests it. */
  readonly start: number;
  /** Words per code row that matter to this section. */
  readonly words: number;
}

export interface BitAddress {
  readonly word: number;
  readonly mask: number;
}

/** The membership of each code in the lists of one kind (diagnosis or procedure), as a row of bits. */
interface MembershipRows {
  readonly words: number;
  readonly rows: Int32Array;
  readonly bitOf: ReadonlyMap<string, number>;
}

export class Facts {
  readonly words: Int32Array;
  stay: Stay | undefined;
  readonly #position: ReadonlyMap<string, number>;
  readonly #diagnosisRows: MembershipRows;
  readonly #procedureRows: MembershipRows;
  readonly #sections: Readonly<Record<ListTest, Section>>;
  readonly #procedureStart: number;
  readonly #mccTable: Int32Array;
  readonly #ccTable: Int32Array;
  readonly #exclusionTable: Int32Array;

  constructor(tables: SchemeTables, tested: ReadonlyMap<ListTest, ReadonlySet<string>>) {
    const used = (test: ListTest): ReadonlySet<string> => tested.get(test) ?? new Set();
    this.#position = new Map(tables.codes.map((code, index) => [code, index]));
    this.#diagnosisRows = membershipRows(tables, [used('otherDx'), used('anyDx'), used('mainDx')]);
    this.#procedureRows = membershipRows(tables, [used('otherProc'), used('anyProc'), used('mainProc')]);
    let next = 1;
    const section = (test: ListTest, rows: MembershipRows): Section => {
      const lists = used(test);
      if (lists.size === 0) return { start: -1, words: 0 };
      const words = Math.max(...[...lists].map((list) => (rows.bitOf.get(list)! >> 5) + 1));
      const start = next;
      next += words;
      return { start, words };
    };
    const mainDx = section('mainDx', this.#diagnosisRows);
    const otherDx = section('otherDx', this.#diagnosisRows);
    const anyDx = section('anyDx', this.#diagnosisRows);
    this.#procedureStart = next;
    const mainProc = section('mainProc', this.#procedureRows);
    const otherProc = section('otherProc', this.#procedureRows);
    const anyProc = section('anyProc', this.#procedureRows);
    this.#sections = { mainDx, otherDx, anyDx, mainProc, otherProc, anyProc };
    this.words = new Int32Array(next);
    const tableId = new Map<string, number>();
    this.#mccTable = tableOfCode(tables.codes.length, tables.mcc, tableId);
    this.#ccTable = tableOfCode(tables.codes.length, tables.cc, tableId);
    this.#exclusionTable = tableOfCode(tables.codes.length, tables.exclusion, tableId, 'last');
  }

  /** The position of a code in the tables of the scheme, -1 for a code that the scheme does not know. */
  positionOf(code: string): number {
    return this.#position.get(code) ?? -1;
  }

  addressOf(test: ListTest, list: string): BitAddress {
    const rows = test.endsWith('Dx') ? this.#diagnosisRows : this.#procedureRows;
    const bit = rows.bitOf.get(list)!;
    return { word: this.#sections[test].start + (bit >> 5), mask: 1 << (bit & 31) };
  }

  take(stay: Stay): void {
    this.stay = stay;
    this.words.fill(0);
    this.#takeDiagnoses(stay.dx);
    this.#addProcedures(stay.proc, 0, stay.proc.length);
  }

  /** Forgets the procedures and takes one alone as the main one (the retry of some schemes). */
  retakeProcedure(procedures: readonly string[], index: number): void {
    this.words.fill(0, this.#procedureStart);
    this.#addProcedures(procedures, index, index + 1);
  }

  #takeDiagnoses(diagnoses: readonly string[]): void {
    const words = this.words;
    const { words: rowWords, rows } = this.#diagnosisRows;
    const { mainDx, otherDx, anyDx } = this.#sections;
    let flags = FLAG_TRUE;
    let excluded = NO_TABLE;
    for (let index = 0; index < diagnoses.length; index += 1) {
      const code = this.#position.get(diagnoses[index]!);
      if (code === undefined) continue;
      const row = code * rowWords;
      if (index === 0) {
        excluded = this.#exclusionTable[code]!;
        for (let word = 0; word < mainDx.words; word += 1) words[mainDx.start + word] = rows[row + word]!;
      } else {
        const mcc = this.#mccTable[code]!;
        if (mcc !== NO_TABLE && mcc !== excluded) flags |= FLAG_MCC;
        const cc = this.#ccTable[code]!;
        if (cc !== NO_TABLE && cc !== excluded) flags |= FLAG_CC;
        for (let word = 0; word < otherDx.words; word += 1) words[otherDx.start + word]! |= rows[row + word]!;
      }
      for (let word = 0; word < anyDx.words; word += 1) words[anyDx.start + word]! |= rows[row + word]!;
    }
    words[0] = flags;
  }

  #addProcedures(procedures: readonly string[], main: number, end: number): void {
    const words = this.words;
    const { words: rowWords, rows } = this.#procedureRows;
    const { mainProc, otherProc, anyProc } = this.#sections;
    for (let index = main; index < end; index += 1) {
      const code = this.#position.get(procedures[index]!);
      if (code === undefined) continue;
      const row = code * rowWords;
      if (index === main) {
        for (let word = 0; word < mainProc.words; word += 1) words[mainProc.start + word] = rows[row + word]!;
      } else {
        for (let word = 0; word < otherProc.words; word += 1)
          words[otherProc.start + word]! |= rows[row + word]!;
      }
      for (let word = 0; word < anyProc.words; word += 1) words[anyProc.start + word]! |= rows[row + word]!;
    }
  }
}

/** Lists tested on other codes get the first bits, so that most of a long row is read for the principal code only. */
function membershipRows(tables: SchemeTables, listsByTest: readonly ReadonlySet<string>[]): MembershipRows {
  const bitOf = new Map<string, number>();
  for (const lists of listsByTest) {
    for (const list of lists) if (!bitOf.has(list)) bitOf.set(list, bitOf.size);
  }
  const words = (bitOf.size + 31) >> 5;
  const rows = new Int32Array(tables.codes.length * words);
  for (const [list, bit] of bitOf) {
    const mask = 1 << (bit & 31);
    for (const code of tables.lists.get(list)!) rows[code * words + (bit >> 5)]! |= mask;
  }
  return { words, rows, bitOf };
}

/** A CC or MCC in several tables is never excluded; a principal diagnosis has one table, of several the last. */
function tableOfCode(
  codeCount: number,
  tables: ReadonlyMap<string, Int32Array>,
  tableId: Map<string, number>,
  whenSeveral: 'never-excluded' | 'last' = 'never-excluded',
): Int32Array {
  const tableOf = new Int32Array(codeCount).fill(NO_TABLE);
  for (const [table, codes] of tables) {
    const id = tableId.get(table) ?? tableId.size;
    tableId.set(table, id);
    for (const code of codes) {
      tableOf[code] = tableOf[code] === NO_TABLE || whenSeveral === 'last' ? id : SEVERAL_TABLES;
    }
  }
  return tableOf;
}
