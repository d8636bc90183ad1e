// Small readers of YAML values that refuse with the place: file, entry, field.
import { type Refusal, RefusalError } from '@yimai/kit';

export type Fields = Readonly<Record<string, unknown>>;

export function wrongDefinition(at: string, zh: string, en: string, code = 'wrong-definition'): RefusalError {
  const refusal: Refusal = { code, at, rule: 'M2', detail: { zh, en } };
  return new RefusalError(refusal);
}

export function fields(value: unknown, at: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongDefinition(at, '应为键值', 'a mapping is expected here');
  }
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) {
      throw wrongDefinition(
        `${at}.${key}`,
        `不认识的字段，可用：${allowed.join('、')}`,
        `unknown field; known: ${allowed.join(', ')}`,
      );
    }
  }
  return value as Fields;
}

export function text(value: unknown, at: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrongDefinition(at, '应为文字', 'a text is expected here');
}

export function both(value: unknown, at: string): { zh: string; en: string } {
  const pair = fields(value, at, ['zh', 'en']);
  return { zh: text(pair['zh'], `${at}.zh`), en: text(pair['en'], `${at}.en`) };
}

export function list(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongDefinition(at, '应为列表', 'a list is expected here');
}

export function texts(value: unknown, at: string): readonly string[] {
  return list(value, at).map((item, index) => text(item, `${at}[${index}]`));
}

export function oneOf<T extends string>(value: unknown, known: readonly T[], at: string): T {
  const found = known.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw wrongDefinition(at, `应为其中之一：${known.join('、')}`, `expected one of: ${known.join(', ')}`);
}
