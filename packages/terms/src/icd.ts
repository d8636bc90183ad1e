// Finds ICD-10 diagnoses and ICD-9-CM-3 procedures (national insurance editions) by code, characters, pinyin or initials.
//
// Each column is one long text with a line per code, so a look-up is a plain text search: starts of lines first, then
// anywhere. That stays far below a millisecond per pass for some 50,000 codes and needs a few megabytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { assert } from '@yimai/kit';

export const ICD_TABLES = ['diagnoses', 'procedures'] as const;
export type IcdTableName = (typeof ICD_TABLES)[number];

export interface IcdEntry {
  readonly code: string;
  readonly name: string;
}

export interface IcdHit extends IcdEntry {
  /** How it was found. */
  readonly by: 'code' | 'name' | 'pinyin' | 'initials';
}

const RULES = new URL('../../../rules/icd/', import.meta.url);
const PINYIN = new URL('../data/', import.meta.url);
const DEFAULT_LIMIT = 20;
/** Enough candidates to rank; a query of one letter would otherwise visit half of the table. */
const CANDIDATES = 400;
/** Shorter needles are so frequent that the search ends early anyway. */
const SHORT = 3;
const LINE_FEED = 10;

/** One searchable column: `\n`-separated lines with the offset of each. */
class Column {
  readonly #text: string;
  readonly #starts: Uint32Array;

  constructor(lines: readonly string[]) {
    this.#text = `\n${lines.join('\n')}\n`;
    this.#starts = new Uint32Array(lines.length);
    let at = 1;
    lines.forEach((line, row) => {
      this.#starts[row] = at;
      at += line.length + 1;
    });
  }

  /** Rows that contain `needle`, those that start with it first. */
  rows(needle: string): number[] {
    const found = new Set<number>();
    if (needle.length < SHORT) this.#collect(`\n${needle}`, found);
    else for (const row of this.#startingWith(needle)) found.add(row);
    if (found.size < CANDIDATES) this.#collect(needle, found);
    return [...found];
  }

  /** One pass without line breaks in the needle: for longer needles far faster than stopping at every line. */
  #startingWith(needle: string): number[] {
    const rows: number[] = [];
    for (
      let at = this.#text.indexOf(needle);
      at >= 0 && rows.length < CANDIDATES;
      at = this.#text.indexOf(needle, at + 1)
    ) {
      if (this.#text.charCodeAt(at - 1) === LINE_FEED) rows.push(this.#rowAt(at));
    }
    return rows;
  }

  #collect(needle: string, found: Set<number>): void {
    let at = this.#text.indexOf(needle);
    while (at >= 0 && found.size < CANDIDATES) {
      const row = this.#rowAt(needle.startsWith('\n') ? at + 1 : at);
      found.add(row);
      const next = this.#starts[row + 1];
      if (next === undefined) return;
      at = this.#text.indexOf(needle, next - 1);
    }
  }

  #rowAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export class IcdTable {
  readonly entries: readonly IcdEntry[];
  readonly #byCode: ReadonlyMap<string, IcdEntry>;
  readonly #codes: Column;
  readonly #names: Column;
  readonly #pinyin: Column;
  readonly #initials: Column;

  constructor(entries: readonly IcdEntry[], syllables: readonly string[]) {
    assert(entries.length === syllables.length, 'each ICD name has its pinyin');
    this.entries = entries;
    this.#byCode = new Map(entries.map((entry) => [fold(entry.code), entry]));
    this.#codes = new Column(entries.map(({ code }) => fold(code)));
    this.#names = new Column(entries.map(({ name }) => fold(name)));
    this.#pinyin = new Column(syllables.map((line) => line.replaceAll(' ', '')));
    this.#initials = new Column(syllables.map(initialsOf));
  }

  byCode(code: string): IcdEntry | undefined {
    return this.#byCode.get(fold(code));
  }

  /** The best hits first: code, then names that start with the text, then names that hold it, shorter names earlier. */
  search(query: string, limit = DEFAULT_LIMIT): IcdHit[] {
    const text = fold(query);
    if (text === '') return [];
    const hits = new Map<number, IcdHit>();
    for (const [by, column] of this.#columnsFor(text)) {
      if (hits.size >= limit) break;
      const rows = column.rows(text).map((row) => ({ row, entry: this.entries[row] as IcdEntry }));
      for (const { row, entry } of rows.sort((a, b) => rank(a.entry, b.entry, by, text))) {
        if (hits.size >= limit) break;
        if (!hits.has(row)) hits.set(row, { ...entry, by });
      }
    }
    return [...hits.values()];
  }

  #columnsFor(text: string): readonly (readonly [IcdHit['by'], Column])[] {
    if (/\p{Script=Han}/u.test(text)) return [['name', this.#names]];
    const all = [
      ['code', this.#codes],
      ['initials', this.#initials],
      ['pinyin', this.#pinyin],
      ['name', this.#names],
    ] as const;
    return /\d/.test(text) ? [all[0], all[3]] : all;
  }
}

/** One form for what is typed: half width, lower case, no spaces. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

const initialsOf = (line: string): string =>
  line
    .split(' ')
    .map((syllable) => (/^[a-z]+$/.test(syllable) ? syllable.charAt(0) : syllable))
    .join('');

function rank(a: IcdEntry, b: IcdEntry, by: IcdHit['by'], text: string): number {
  if (by === 'code') return a.code.length - b.code.length || (a.code < b.code ? -1 : 1);
  if (by === 'name') {
    const starts = Number(fold(b.name).startsWith(text)) - Number(fold(a.name).startsWith(text));
    if (starts !== 0) return starts;
  }
  return a.name.length - b.name.length || (a.code < b.code ? -1 : 1);
}

const readGzip = (url: URL): string => gunzipSync(readFileSync(url)).toString('utf8');

export function parseIcdNames(text: string): IcdEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      return { code: line.slice(0, tab), name: line.slice(tab + 1) };
    });
}

/** The mark that ties a pinyin file to the table it was made from. */
export const sourceMark = (names: string): string =>
  createHash('sha256').update(names).digest('hex').slice(0, 16);

/** Reads one table from `rules/icd` and its pinyin from this room's data. */
export function loadIcdTable(table: IcdTableName): IcdTable {
  const names = readGzip(new URL(`${table}.tsv.gz`, RULES));
  const [mark, ...syllables] = readGzip(new URL(`${table}.pinyin.gz`, PINYIN))
    .trimEnd()
    .split('\n');
  assert(
    mark === sourceMark(names),
    `${table}.pinyin.gz was made from another table; run build-icd-pinyin.ts`,
  );
  return new IcdTable(parseIcdNames(names), syllables);
}
