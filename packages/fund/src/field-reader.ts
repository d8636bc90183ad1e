// Reads one written rule set field by field; the first departure stops it with the place and the reason.
import { type Fen, isLocalDate, type LocalDate, parseYuan, RefusalError, refuse } from '@yimai/kit';
import { type E4, parseE4 } from './decimal.ts';
import type { Row, Threshold } from './rule-set.ts';

type Json = { readonly [key: string]: unknown };

export class FieldReader {
  readonly #value: Json;
  readonly at: string;
  readonly #used = new Set<string>();

  constructor(value: unknown, at: string) {
    this.at = at;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      wrong(at, '应为键值表', 'expected a table of keys and values');
    }
    this.#value = value as Json;
  }

  /** An optional key; written as null it is as good as absent. */
  has(key: string): boolean {
    this.#used.add(key);
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  text(key: string): string {
    const value = this.#take(key);
    if (typeof value !== 'string' || value.trim() === '')
      return wrong(this.#place(key), '应为文本', 'expected a text');
    return value;
  }

  oneOf<const T extends readonly string[]>(key: string, list: T): T[number] {
    const value = this.text(key);
    if (list.includes(value)) return value;
    return wrong(this.#place(key), `应为 ${list.join('、')} 之一`, `expected one of ${list.join(', ')}`);
  }

  integer(key: string): number {
    const value = this.#take(key);
    if (!Number.isSafeInteger(value)) return wrong(this.#place(key), '应为整数', 'expected a whole number');
    return value as number;
  }

  date(key: string): LocalDate {
    const value = this.text(key);
    return isLocalDate(value) ? value : wrong(this.#place(key), '应为日期', 'expected a date');
  }

  /** Numbers are written as texts, so that no reader turns them into binary fractions. */
  decimal(key: string): E4 {
    const parsed = parseE4(this.text(key));
    return parsed.ok
      ? parsed.value
      : wrong(this.#place(key), '应为至多四位小数', 'expected at most four decimals');
  }

  /** A part of a whole: 0 to 1, both included. */
  share(key: string): E4 {
    const value = this.decimal(key);
    if (value < 0n || value > 10_000n) return wrong(this.#place(key), '应在 0 与 1 之间', 'expected 0 to 1');
    return value;
  }

  yuan(key: string): Fen {
    const parsed = parseYuan(this.text(key));
    if (!parsed.ok) return wrong(this.#place(key), '应为金额（元）', 'expected an amount in yuan');
    if (parsed.value < 0n) return wrong(this.#place(key), '金额不能为负', 'an amount cannot be negative');
    return parsed.value;
  }

  /** A limit with its edge rule, written beside it as `edge: included` or `edge: excluded`. */
  threshold(key: string): Threshold {
    return {
      value: this.decimal(key),
      includesEdge: this.oneOf('edge', ['included', 'excluded']) === 'included',
    };
  }

  row(): Row {
    return { id: this.text('id'), source: this.text('source') };
  }

  inner(key: string): FieldReader {
    return new FieldReader(this.#take(key), this.#place(key));
  }

  list<T>(key: string, read: (entry: FieldReader) => T): T[] {
    const value = this.#take(key);
    if (!Array.isArray(value)) return wrong(this.#place(key), '应为列表', 'expected a list');
    return value.map((entry, index) => {
      const reader = new FieldReader(entry, `${this.#place(key)}[${index}]`);
      const made = read(reader);
      reader.end();
      return made;
    });
  }

  texts(key: string): string[] {
    const value = this.#take(key);
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
      return wrong(this.#place(key), '应为文本列表', 'expected a list of texts');
    }
    return value as string[];
  }

  keys(): string[] {
    return Object.keys(this.#value);
  }

  /** Reads an inner table and makes sure that it held nothing else. */
  table<T>(key: string, read: (entry: FieldReader) => T): T {
    const reader = this.inner(key);
    const made = read(reader);
    reader.end();
    return made;
  }

  /** A key that nobody asked for is a spelling mistake, not a remark. */
  end(): void {
    const unknown = Object.keys(this.#value).find((key) => !this.#used.has(key));
    if (unknown !== undefined) wrong(this.#place(unknown), '未知的键', 'an unknown key');
  }

  #take(key: string): unknown {
    this.#used.add(key);
    const value = this.#value[key];
    if (value === undefined || value === null)
      return wrong(this.#place(key), '缺少此值', 'the value is missing');
    return value;
  }

  #place(key: string): string {
    return this.at === '' ? key : `${this.at}.${key}`;
  }
}

export function wrong(at: string, zh: string, en: string): never {
  const detail = { zh: `规则 ${at}：${zh}`, en: `rule ${at}: ${en}` };
  throw new RefusalError(refuse('rule-set-invalid', detail, { at, rule: 'F1' }).refusal);
}
