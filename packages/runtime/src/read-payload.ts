// Reads command payloads once, at the door: each helper names the element that is missing or of the wrong kind.

import { isLocalDate, type No, ok, type Result, refuse } from '@yimai/kit';
import type { CaseData, FieldValue } from '@yimai/loops';

export type Payload = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (at: string, zh: string, en: string): No => refuse('payload-invalid', { zh, en }, { at });

/** Refuses keys that nobody reads, so that a misspelt one is not silence. */
export function onlyKeys(payload: unknown, keys: readonly string[]): Result<Payload> {
  if (!isObject(payload)) return wrong('payload', '内容应为对象', 'the payload is an object');
  const stranger = Object.keys(payload).find((key) => !keys.includes(key));
  if (stranger === undefined) return ok(payload);
  return wrong(`payload.${stranger.slice(0, 64)}`, '未知字段', 'unknown field');
}

export function text(payload: Payload, key: string): Result<string> {
  const value = payload[key];
  if (typeof value === 'string' && value !== '' && value.length <= 10_000) return ok(value);
  return wrong(`payload.${key}`, `缺少“${key}”`, `"${key}" is missing`);
}

export function optionalText(payload: Payload, key: string): Result<string | undefined> {
  return payload[key] === undefined ? ok(undefined) : text(payload, key);
}

export function date(payload: Payload, key: string): Result<string> {
  const value = payload[key];
  return isLocalDate(value)
    ? ok(value)
    : wrong(`payload.${key}`, `“${key}”应为存在的日期`, `"${key}" should be a date that exists`);
}

export function optionalDate(payload: Payload, key: string): Result<string | undefined> {
  return payload[key] === undefined ? ok(undefined) : date(payload, key);
}

export function whole(payload: Payload, key: string, least = 0): Result<number> {
  const value = payload[key];
  if (Number.isSafeInteger(value) && (value as number) >= least) return ok(value as number);
  return wrong(
    `payload.${key}`,
    `“${key}”应为不小于 ${least} 的整数`,
    `"${key}" is a whole number of at least ${least}`,
  );
}

const isScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));

/** Answers and entries: a flat map of scalars and lists of scalars. */
export function data(payload: Payload, key: string): Result<CaseData> {
  const value = payload[key];
  if (value === undefined) return ok({});
  if (!isObject(value)) return wrong(`payload.${key}`, `“${key}”应为对象`, `"${key}" is an object`);
  for (const [name, one] of Object.entries(value)) {
    if (isScalar(one) || (Array.isArray(one) && one.every((item) => item !== null && isScalar(item))))
      continue;
    return wrong(
      `payload.${key}.${name}`,
      '应为文字、数字、是否或其列表',
      'should be text, number, yes/no or a list of them',
    );
  }
  return ok(value as Record<string, FieldValue>);
}

export function list(payload: Payload, key: string, most: number): Result<readonly unknown[]> {
  const value = payload[key];
  if (Array.isArray(value) && value.length > 0 && value.length <= most) return ok(value);
  return wrong(
    `payload.${key}`,
    `“${key}”应为 1 至 ${most} 项的列表`,
    `"${key}" is a list of 1 to ${most} items`,
  );
}

export function texts(payload: Payload, key: string): Result<readonly string[]> {
  const value = payload[key];
  if (value === undefined) return ok([]);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return ok(value as string[]);
  return wrong(`payload.${key}`, `“${key}”应为文字列表`, `"${key}" is a list of texts`);
}

/** All good, or the first refusal. */
export function all<T extends Readonly<Record<string, Result<unknown>>>>(
  parts: T,
): Result<{ [K in keyof T]: T[K] extends Result<infer V> ? V : never }> {
  const values: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (!part.ok) return part;
    values[name] = part.value;
  }
  return ok(values as { [K in keyof T]: T[K] extends Result<infer V> ? V : never });
}
