// The facts of one stay as bits: which lists its codes are in, whether a CC or MCC counts. Rules test these bits.
//
// One Int32Array holds, word by word: the flags (always true, MCC, CC), then one section per list test (`mainDx`,
// `otherDx`, …) with one bit per list that some rule tests in that way. Every code has a row with the bits its lists give
// it, so the facts of a stay are one look-up and a few `or`s per code, and a rule is one `and`.
import { CodeIndex } from './code-index.ts';
import type { ListTest, SchemeTables, Stay } from './types.ts';

export const FLAG_TRUE = 1;
export const FLAG_MCC = 2;
export const FLAG_CC = 4;

const NO_TABLE = -1;
/** A CC or MCC listed under two exclusion tables: no principal diagnosis has both, so it is never excluded. */
const SEVERAL_TABLES = -2;

/** The head of a diagnosis row: its exclusion table as principal diagnosis, as MCC and as CC, its gates. Then its bits. */
const EXCLUSION = 0;
const MCC = 1;
const CC = 2;
const GATES = 3;
const DIAGNOSIS_HEAD = 4;

/** Gates from this one on are not indexed by principal diagnosis. */
export const INDEXED_GATES = 31;

export interface BitAddress {
  readonly word: number;
  readonly mask: number;
}

interface Section {
  /** First word of the section in the facts, -1 while nothing tests it. */
  readonly start: number;
  /** Words of a code row that matter to this section. */
  readonly words: number;
}

/** What the scheme knows of each code of one kind (diagnosis or procedure): a head, then one bit per list. */
interface CodeRows {
  readonly rowOf: CodeIndex;
  readonly rows: Int32Array;
  readonly width: number;
  readonly bitOf: ReadonlyMap<string, number>;
}

export type TestedLists = ReadonlyMap<ListTest, ReadonlySet<string>>;

export class Facts {
  readonly words: Int32Array;
  stay: Stay | undefined;
  /** Bit n is set unless the principal diagnosis alone already closes gate n (MDC number n, below INDEXED_GATES). */
  openGates = 0;
  #gatesOfUnknown = 0;
  readonly #diagnoses: CodeRows;
  readonly #procedures: CodeRows;
  readonly #sections: Readonly<Record<ListTest, Section>>;
  readonly #procedureStart: number;

  constructor(tables: SchemeTables, tested: TestedLists) {
    this.#diagnoses = diagnosisRows(tables, tested);
    this.#procedures = procedureRows(tables, tested);
    let next = 1;
    const section = (test: ListTest, { bitOf }: CodeRows): Section => {
      const lists = [...(tested.get(test) ?? [])];
      if (lists.length === 0) return { start: -1, words: 0 };
      const words = Math.max(...lists.map((list) => (bitOf.get(list)! >> 5) + 1));
      const start = next;
      next += words;
      return { start, words };
    };
    const mainDx = section('mainDx', this.#diagnoses);
    const otherDx = section('otherDx', this.#diagnoses);
    const anyDx = section('anyDx', this.#diagnoses);
    this.#procedureStart = next;
    const mainProc = section('mainProc', this.#procedures);
    const otherProc = section('otherProc', this.#procedures);
    const anyProc = section('anyProc', this.#procedures);
    this.#sections = { mainDx, otherDx, anyDx, mainProc, otherProc, anyProc };
    this.words = new Int32Array(next);
  }

  addressOf(test: ListTest, list: string): BitAddress {
    const bit = (test.endsWith('Dx') ? this.#diagnoses : this.#procedures).bitOf.get(list)!;
    return { word: this.#sections[test].start + (bit >> 5), mask: 1 << (bit & 31) };
  }

  /** Notes for every principal diagnosis which MDC gates its bits leave open, so that the walk skips the others. */
  indexGates(gates: readonly BitAddress[]): void {
    const { rows, width } = this.#diagnoses;
    const { start, words } = this.#sections.mainDx;
    gates.slice(0, INDEXED_GATES).forEach(({ word, mask }, gate) => {
      const isOnPrincipal = word >= start && word < start + words;
      if (!isOnPrincipal) this.#gatesOfUnknown |= 1 << gate;
      for (let row = 0; row < rows.length; row += width) {
        const isOpen = !isOnPrincipal || (rows[row + DIAGNOSIS_HEAD + word - start]! & mask) !== 0;
        if (isOpen) rows[row + GATES]! |= 1 << gate;
      }
    });
  }

  take(stay: Stay): void {
    this.stay = stay;
    const words = this.words;
    for (let word = 0; word < words.length; word += 1) words[word] = 0;
    this.#addDiagnoses(stay.dx);
    this.#addProcedures(stay.proc, 0, stay.proc.length);
  }

  /** Forgets the procedures and takes one alone as the main one (the retry of some schemes). */
  retakeProcedure(procedures: readonly string[], index: number): void {
    this.words.fill(0, this.#procedureStart);
    this.#addProcedures(procedures, index, index + 1);
  }

  #addDiagnoses(diagnoses: readonly string[]): void {
    const words = this.words;
    const { rowOf, rows } = this.#diagnoses;
    const { mainDx, otherDx, anyDx } = this.#sections;
    let flags = FLAG_TRUE;
    let excluded = NO_TABLE;
    this.openGates = this.#gatesOfUnknown;
    for (let index = 0; index < diagnoses.length; index += 1) {
      const row = rowOf.get(diagnoses[index]!);
      if (row < 0) continue;
      const bits = row + DIAGNOSIS_HEAD;
      if (index === 0) {
        excluded = rows[row + EXCLUSION]!;
        this.openGates = rows[row + GATES]!;
        for (let word = 0; word < mainDx.words; word += 1) words[mainDx.start + word] = rows[bits + word]!;
      } else {
        const mcc = rows[row + MCC]!;
        if (mcc !== NO_TABLE && mcc !== excluded) flags |= FLAG_MCC;
        const cc = rows[row + CC]!;
        if (cc !== NO_TABLE && cc !== excluded) flags |= FLAG_CC;
        for (let word = 0; word < otherDx.words; word += 1)
          words[otherDx.start + word]! |= rows[bits + word]!;
      }
      for (let word = 0; word < anyDx.words; word += 1) words[anyDx.start + word]! |= rows[bits + word]!;
    }
    words[0] = flags;
  }

  #addProcedures(procedures: readonly string[], main: number, end: number): void {
    const words = this.words;
    const { rowOf, rows } = this.#procedures;
    const { mainProc, otherProc, anyProc } = this.#sections;
    for (let index = main; index < end; index += 1) {
      const row = rowOf.get(procedures[index]!);
      if (row < 0) continue;
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

function diagnosisRows(tables: SchemeTables, tested: TestedLists): CodeRows {
  const { mcc, cc, exclusion } = tables;
  const bitOf = bitsOf([tested.get('otherDx'), tested.get('anyDx'), tested.get('mainDx')]);
  const heads = [exclusion, mcc, cc].flatMap((table) => [...table.values()]);
  const made = codeRows(tables, bitOf, heads, DIAGNOSIS_HEAD);
  const tableId = new Map<string, number>();
  for (const [column, lists] of [
    [EXCLUSION, exclusion],
    [MCC, mcc],
    [CC, cc],
  ] as const) {
    for (let at = column; at < made.rows.length; at += made.width) made.rows[at] = NO_TABLE;
    for (const [table, codes] of lists) {
      const id = tableId.get(table) ?? tableId.size;
      tableId.set(table, id);
      for (const code of codes) {
        const at = made.rowOfPosition[code]! + column;
        // A principal diagnosis has one table, of several the last; a CC or MCC of several tables is never excluded.
        made.rows[at] = made.rows[at] === NO_TABLE || column === EXCLUSION ? id : SEVERAL_TABLES;
      }
    }
  }
  return made;
}

function procedureRows(tables: SchemeTables, tested: TestedLists): CodeRows {
  const bitOf = bitsOf([tested.get('otherProc'), tested.get('anyProc'), tested.get('mainProc')]);
  return codeRows(tables, bitOf, [], 0);
}

/** Lists tested on other codes get the first bits, so that most of a long row is read for the principal code only. */
function bitsOf(listsByTest: readonly (ReadonlySet<string> | undefined)[]): Map<string, number> {
  const bitOf = new Map<string, number>();
  for (const lists of listsByTest) {
    for (const list of lists ?? []) if (!bitOf.has(list)) bitOf.set(list, bitOf.size);
  }
  return bitOf;
}

function codeRows(
  { codes, lists }: SchemeTables,
  bitOf: ReadonlyMap<string, number>,
  alsoKnown: readonly Int32Array[],
  head: number,
): CodeRows & { rowOfPosition: Int32Array } {
  const rowOfPosition = new Int32Array(codes.length).fill(-1);
  const width = head + ((bitOf.size + 31) >> 5);
  let known = 0;
  let end = 0;
  for (const list of [...[...bitOf.keys()].map((id) => lists.get(id)!), ...alsoKnown]) {
    for (let index = 0; index < list.length; index += 1) {
      const position = list[index]!;
      if (rowOfPosition[position] !== -1) continue;
      rowOfPosition[position] = end;
      known += 1;
      end += width;
    }
  }
  const rowOf = new CodeIndex(known);
  for (let position = 0; position < codes.length; position += 1) {
    if (rowOfPosition[position]! >= 0) rowOf.set(codes[position]!, rowOfPosition[position]!);
  }
  const rows = new Int32Array(end);
  for (const [list, bit] of bitOf) {
    const word = head + (bit >> 5);
    const mask = 1 << (bit & 31);
    const positions = lists.get(list)!;
    for (let index = 0; index < positions.length; index += 1) {
      rows[rowOfPosition[positions[index]!]! + word]! |= mask;
    }
  }
  return { rowOf, rows, width, bitOf, rowOfPosition };
}
