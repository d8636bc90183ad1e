// Our compact written form `yimai-drg/1`: each code once, lists as runs of neighbours, rules as the neutral form writes them.
//
// `codes` is front-coded: one line per code in order of characters; its first character (base 36) says how many
// characters are taken from the code before. A list is a text of numbers "gap length gap length …" (base 36): skip
// `gap` codes, take `length` codes. Neighbouring codes usually share a list, so that a list of 5,000 codes is a few runs.
import { invalid, type Json, readObject, readText } from './read-scheme.ts';
import type { SchemeTables } from './types.ts';

export const COMPACT_FORMAT = 'yimai-drg/1';

const LONGEST_SHARED_START = 35;

export function writeCompactTables(tables: SchemeTables): Json {
  return {
    codes: frontCode(tables.codes),
    lists: writeLists(tables.lists),
    mcc: writeLists(tables.mcc),
    cc: writeLists(tables.cc),
    exclusion: writeLists(tables.exclusion),
  };
}

export function readCompactTables(file: Json): SchemeTables {
  const codes = frontDecode(readText(file['codes'], 'codes'));
  return {
    codes,
    lists: readLists(file['lists'], 'lists', codes.length),
    mcc: readLists(file['mcc'], 'mcc', codes.length),
    cc: readLists(file['cc'], 'cc', codes.length),
    exclusion: readLists(file['exclusion'], 'exclusion', codes.length),
  };
}

function frontCode(codes: readonly string[]): string {
  let before = '';
  const lines = codes.map((code) => {
    let shared = 0;
    const most = Math.min(before.length, code.length, LONGEST_SHARED_START);
    while (shared < most && before[shared] === code[shared]) shared += 1;
    before = code;
    return shared.toString(36) + JSON.stringify(code.slice(shared)).slice(1, -1);
  });
  return lines.join('\n');
}

function frontDecode(text: string): string[] {
  const codes: string[] = [];
  if (text === '') return codes;
  const hasEscapes = text.includes('\\');
  let before = '';
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const digit = text.charCodeAt(start);
    const shared = digit <= DIGIT_9 ? digit - DIGIT_0 : digit - LETTER_A + 10;
    if (!(shared >= 0 && shared <= before.length)) {
      return invalid(`codes[${codes.length}]`, '压缩代码表损坏', 'the code table is damaged');
    }
    const rest = text.slice(start + 1, end);
    before = before.slice(0, shared) + (hasEscapes ? JSON.parse(`"${rest}"`) : rest);
    codes.push(before);
    start = end + 1;
  }
  return codes;
}

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LETTER_A = 97;

function writeLists(lists: ReadonlyMap<string, Int32Array>): Record<string, string> {
  return Object.fromEntries([...lists].map(([id, positions]) => [id, writeRuns(positions)]));
}

function writeRuns(positions: Int32Array): string {
  const runs: string[] = [];
  let end = 0;
  for (let index = 0; index < positions.length; ) {
    const start = positions[index]!;
    let length = 1;
    while (positions[index + length] === start + length) length += 1;
    runs.push((start - end).toString(36), length.toString(36));
    end = start + length;
    index += length;
  }
  return runs.join(' ');
}

function readLists(value: unknown, table: string, codeCount: number): Map<string, Int32Array> {
  const lists = new Map<string, Int32Array>();
  for (const [id, runs] of Object.entries(readObject(value ?? {}, table))) {
    lists.set(id, readRuns(readText(runs, `${table}.${id}`), `${table}.${id}`, codeCount));
  }
  return lists;
}

function readRuns(text: string, at: string, codeCount: number): Int32Array {
  if (text === '') return new Int32Array();
  const numbers = text.split(' ').map((number) => Number.parseInt(number, 36));
  let size = 0;
  let end = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const length = numbers[index + 1]!;
    size += length;
    end += numbers[index]! + length;
  }
  if (!(end <= codeCount)) return invalid(at, '压缩列表损坏', 'the list is damaged');
  const positions = new Int32Array(size);
  let next = 0;
  let filled = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    next += numbers[index]!;
    for (let left = numbers[index + 1]!; left > 0; left -= 1) {
      positions[filled] = next;
      filled += 1;
      next += 1;
    }
  }
  return positions;
}
