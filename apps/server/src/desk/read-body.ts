// Reads what a desk page asks, once, at the door.
import { isLocalDate, RefusalError } from '@yimai/kit';

export type Body = Readonly<Record<string, unknown>>;

export function bodyOf(value: unknown): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw bad('', '请求内容应为对象', 'the body is an object');
}

export function textOf(body: Body, key: string, longest = 200): string | undefined {
  const value = body[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && value.length <= longest) return value.trim();
  throw bad(key, '应为文字', 'should be text');
}

export function countOf(body: Body, most: number): number {
  const { count = most } = body;
  if (Number.isInteger(count) && (count as number) >= 1) return Math.min(count as number, most);
  throw bad('count', '应为正整数', 'should be a positive whole number');
}

export function choiceOf<T extends string>(body: Body, key: string, choices: readonly T[], otherwise: T): T {
  const value = body[key] ?? otherwise;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw bad(key, `应为 ${choices.join('、')} 之一`, `should be one of ${choices.join(', ')}`);
}

export function dateOf(body: Body, key: string): string | undefined {
  const value = textOf(body, key, 10);
  if (value === undefined || isLocalDate(value)) return value;
  throw bad(key, '应为日期', 'should be a date');
}

export function bad(at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code: 'bad-parameter', at, detail: { zh, en } });
}

export function notFound(): RefusalError {
  const detail = { zh: '没有找到，或您当前的岗位无权查看', en: 'not found, or your role may not see it' };
  return new RefusalError({ code: 'not-found', detail });
}

export function notPermitted(): RefusalError {
  const detail = { zh: '您当前的岗位无权查看', en: 'your present role may not see this' };
  return new RefusalError({ code: 'not-permitted', detail });
}
