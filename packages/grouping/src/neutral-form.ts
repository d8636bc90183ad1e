// The neutral written form `chs-drg-rules/1`: lists of code texts, shared by all rules with the same content.
import { invalid, type Json, readArray, readObject } from './read-scheme.ts';
import type { SchemeTables } from './types.ts';

export const NEUTRAL_FORMAT = 'chs-drg-rules/1';

const TABLES = ['lists', 'mcc', 'cc', 'exclusion'] as const;

export function readNeutralTables(file: Json): SchemeTables {
  const position = new Map<string, number>();
  const written = TABLES.map((table) => readTable(file[table], table, position));
  const codes = [...position.keys()].sort();
  // Codes are numbered anew in order of their characters, so that a row number means the same in every run.
  const rank = new Int32Array(codes.length);
  codes.forEach((code, index) => {
    rank[position.get(code)!] = index;
  });
  const [lists, mcc, cc, exclusion] = written.map((table) => {
    for (const [id, list] of table) table.set(id, ranked(list, rank));
    return table;
  });
  return { codes, lists: lists!, mcc: mcc!, cc: cc!, exclusion: exclusion! };
}

function readTable(value: unknown, table: string, position: Map<string, number>): Map<string, Int32Array> {
  const lists = new Map<string, Int32Array>();
  for (const [id, list] of Object.entries(readObject(value ?? {}, table))) {
    const codes = readArray(list, `${table}.${id}`);
    const positions = new Int32Array(codes.length);
    for (let index = 0; index < codes.length; index += 1) {
      const code = codes[index];
      if (typeof code !== 'string') return invalid(`${table}.${id}[${index}]`, '应为文本', 'expected a text');
      let at = position.get(code);
      if (at === undefined) {
        at = position.size;
        position.set(code, at);
      }
      positions[index] = at;
    }
    lists.set(id, positions);
  }
  return lists;
}

function ranked(positions: Int32Array, rank: Int32Array): Int32Array {
  const ranks = positions.map((position) => rank[position]!).sort();
  return ranks.filter((value, index) => index === 0 || value !== ranks[index - 1]);
}
