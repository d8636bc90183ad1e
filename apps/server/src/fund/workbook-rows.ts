// The rows of a workbook's first sheet, told one after the other: only its shared texts are held, however long the sheet is.
import type { Readable } from 'node:stream';
import { type No, RefusalError, refuse } from '@yimai/kit';
import { type Part, partsOf } from './packed-file.ts';

export interface WorkbookRow {
  readonly row: number;
  readonly cells: readonly unknown[];
}

/** What a workbook keeps beside its sheet; one with more shared texts is saved as CSV. */
const TEXTS_MAX = 96 * 1024 * 1024;
const SMALL_PART = 8 * 1024 * 1024;
const TAG_MAX = 1024 * 1024;
const COLUMNS_MAX = 16_384;

/** Merged cells are refused before any row is told: what they say of each row is a guess. */
export async function* workbookRows(path: string): AsyncGenerator<WorkbookRow> {
  try {
    const parts = await partsOf(path);
    if (parts === null) throw refused(unreadable());
    const book = await bookOf(parts);
    await refuseMerges(book.sheet);
    const texts = book.texts === undefined ? [] : await sharedTexts(book.texts);
    yield* rowsOf(book.sheet, texts, book);
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    throw refused(unreadable());
  }
}

const refused = ({ refusal }: No): RefusalError => new RefusalError(refusal);

const unreadable = (): No =>
  refuse(
    'file-unreadable',
    { zh: '读不出这个文件，请另存为 XLSX 或 CSV', en: 'the file cannot be read; save it as XLSX or CSV' },
    { at: 'file' },
  );

const tooManyTexts = (): No =>
  refuse(
    'file-too-large',
    { zh: '工作簿的文字过多，请另存为 CSV', en: 'the workbook holds too much text; save it as CSV' },
    { at: 'file' },
  );

interface Book {
  readonly sheet: Part;
  readonly texts: Part | undefined;
  /** Which cell styles show a number as a date. */
  readonly isDate: readonly boolean[];
  readonly is1904: boolean;
}

async function bookOf(parts: ReadonlyMap<string, Part>): Promise<Book> {
  const small = async (name: string): Promise<string> => {
    const part = parts.get(name);
    if (part === undefined) return '';
    let text = '';
    for await (const chunk of textsOf(part.open())) {
      text += chunk;
      if (text.length > SMALL_PART) throw refused(unreadable());
    }
    return text;
  };
  const [workbook, links, styles] = [
    await small('xl/workbook.xml'),
    await small('xl/_rels/workbook.xml.rels'),
    await small('xl/styles.xml'),
  ];
  const first = /<(?:\w+:)?sheet\s[^>]*>/.exec(workbook)?.[0] ?? '';
  const id = /\s\w+:id=["']([^"']+)["']/.exec(first)?.[1];
  const link = links.match(/<(?:\w+:)?Relationship\s[^>]*>/g)?.find((one) => attribute(one, 'Id') === id);
  const target = link === undefined ? 'worksheets/sheet1.xml' : attribute(link, 'Target')!;
  const sheet = parts.get(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  if (sheet === undefined) throw refused(unreadable());
  const is1904 = /<(?:\w+:)?workbookPr\s[^>]*date1904=["'](?:1|true)["']/.test(workbook);
  return { sheet, texts: parts.get('xl/sharedStrings.xml'), isDate: dateStyles(styles), is1904 };
}

/** Built-in formats of dates, and written ones that name a year, month or day. */
function dateStyles(styles: string): boolean[] {
  const written = new Map(
    (styles.match(/<(?:\w+:)?numFmt\s[^>]*>/g) ?? []).map((tag) => [
      attribute(tag, 'numFmtId'),
      /[ymd]/i.test((attribute(tag, 'formatCode') ?? '').replace(/&quot;.*?&quot;|\[[^\]]*\]|\\./g, '')),
    ]),
  );
  const formats = /<(?:\w+:)?cellXfs[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  return (formats.match(/<(?:\w+:)?xf\s[^>]*>/g) ?? []).map((tag) => {
    const format = attribute(tag, 'numFmtId') ?? '0';
    const builtIn = Number(format);
    return written.get(format) ?? ((builtIn >= 14 && builtIn <= 22) || (builtIn >= 27 && builtIn <= 58));
  });
}

async function refuseMerges(sheet: Part): Promise<void> {
  let rest = '';
  for await (const text of textsOf(sheet.open())) {
    const seen = rest + text;
    const place = /<(?:\w+:)?mergeCell\s[^>]*ref=["']([^"']+)["']/.exec(seen)?.[1];
    if (place !== undefined)
      throw refused(
        refuse(
          'cells-merged',
          {
            zh: `有合并单元格（${place}），请取消合并后再导入`,
            en: `cells are merged (${place}); unmerge them first`,
          },
          { at: place },
        ),
      );
    rest = seen.slice(-200);
  }
}

async function sharedTexts(part: Part): Promise<readonly string[]> {
  const texts: string[] = [];
  let held = 0;
  let text = '';
  let [isText, isReading] = [false, false];
  for await (const tokens of tokensOf(part.open())) {
    for (const { tag, name, text: told } of tokens) {
      if (tag === null) {
        if (isText && !isReading) text += told;
      } else if (name === 'si') text = '';
      // A reading aid (phonetic text) is no part of what the cell says.
      else if (name === 'rPh') isReading = true;
      else if (name === '/rPh') isReading = false;
      else if (name === 't') isText = !tag.endsWith('/>');
      else if (name === '/t') isText = false;
      else if (name === '/si') {
        held += text.length;
        if (held > TEXTS_MAX) throw refused(tooManyTexts());
        texts.push(text);
      }
    }
  }
  return texts;
}

async function* rowsOf(
  sheet: Part,
  texts: readonly string[],
  book: Pick<Book, 'isDate' | 'is1904'>,
): AsyncGenerator<WorkbookRow> {
  const reader = new SheetReader(texts, book);
  for await (const tokens of tokensOf(sheet.open())) {
    for (const token of tokens) {
      const row = reader.take(token);
      if (row !== null) yield row;
    }
  }
}

class SheetReader {
  readonly #texts: readonly string[];
  readonly #book: Pick<Book, 'isDate' | 'is1904'>;
  #row = 0;
  #column = -1;
  #cells: unknown[] = [];
  #cell = { type: '', style: -1, text: '' };
  #isValue = false;

  constructor(texts: readonly string[], book: Pick<Book, 'isDate' | 'is1904'>) {
    this.#texts = texts;
    this.#book = book;
  }

  /** The row that ended here, or null. */
  take({ tag, name, text }: Token): WorkbookRow | null {
    if (tag === null) {
      if (this.#isValue) this.#cell.text += text;
      return null;
    }
    if (name === 'c') this.#begin(tag);
    else if (name === '/c') this.#end();
    else if (name === 'v' || name === 't') this.#isValue = !tag.endsWith('/>');
    else if (name === '/v' || name === '/t') this.#isValue = false;
    else if (name === 'row') {
      this.#row = Number(attribute(tag, 'r') ?? this.#row + 1);
      this.#column = -1;
      this.#cells = [];
    } else if (name === '/row') {
      return { row: this.#row, cells: Array.from(this.#cells, (one) => one ?? null) };
    }
    return null;
  }

  #begin(tag: string): void {
    const place = attribute(tag, 'r');
    this.#column = place === undefined ? this.#column + 1 : columnOf(place);
    this.#cell = { type: attribute(tag, 't') ?? 'n', style: Number(attribute(tag, 's') ?? -1), text: '' };
  }

  #end(): void {
    const value = cellValue(this.#cell, this.#texts, this.#book);
    if (value !== null && this.#column >= 0 && this.#column < COLUMNS_MAX) this.#cells[this.#column] = value;
  }
}

interface Cell {
  readonly type: string;
  readonly style: number;
  readonly text: string;
}

function cellValue(
  { type, style, text }: Cell,
  texts: readonly string[],
  { isDate, is1904 }: Pick<Book, 'isDate' | 'is1904'>,
): unknown {
  if (text === '') return null;
  if (type === 's') return texts[Number(text)] ?? null;
  if (type === 'inlineStr' || type === 'str') return text;
  if (type === 'd') return text.slice(0, 10);
  if (type === 'b') return text === '1';
  if (type === 'e') return null;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return isDate[style] ? dayOf(number, is1904) : number;
}

/** Days since the sheet's first day; the first calendar counts a 29 February 1900 that never was. */
function dayOf(serial: number, is1904: boolean): string {
  const first = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  return new Date(first + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10);
}

function columnOf(place: string): number {
  let column = 0;
  for (const letter of place) {
    const code = letter.charCodeAt(0);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

interface Token {
  /** The tag as it is written; null for text. */
  readonly tag: string | null;
  /** Without its prefix; `/row` where it ends. */
  readonly name: string;
  readonly text: string;
}

/** Tags and texts of XML as office programs write it, in their order; a chunk may end anywhere. */
async function* tokensOf(stream: Readable): AsyncGenerator<readonly Token[]> {
  let rest = '';
  for await (const chunk of textsOf(stream)) {
    rest += chunk;
    const tokens: Token[] = [];
    let at = 0;
    for (;;) {
      const from = rest.indexOf('<', at);
      const closing = from >= 0 && rest.startsWith('<!--', from) ? '-->' : '>';
      const to = from < 0 ? -1 : rest.indexOf(closing, from);
      if (to < 0) break;
      if (from > at) tokens.push({ tag: null, name: '', text: plain(rest.slice(at, from)) });
      const tag = rest.slice(from, to + closing.length);
      const name = /^<(\/?)(?:[\w.-]+:)?([\w.-]+)/.exec(tag);
      if (name !== null) tokens.push({ tag, name: `${name[1]}${name[2]}`, text: '' });
      at = to + closing.length;
    }
    rest = rest.slice(at);
    if (rest.length > TAG_MAX) throw refused(unreadable());
    yield tokens;
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** Of a tag, without its prefix. */
function attribute(tag: string, name: string): string | undefined {
  const at = tag.indexOf(` ${name}=`);
  if (at < 0) return undefined;
  const quote = tag[at + name.length + 2]!;
  const from = at + name.length + 3;
  return tag.slice(from, tag.indexOf(quote, from));
}

async function* textsOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of stream) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}
