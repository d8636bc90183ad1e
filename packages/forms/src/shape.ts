// Reads declarations from unknown data: each shape names what it wants, and every fault is told with its place.
import type { Text } from '@yimai/kit';

/** One thing wrong with a declaration: where, a stable code, and the reason in both languages. */
export interface Issue {
  readonly at: string;
  readonly code: string;
  readonly text: Text;
}

export const issue = (at: string, code: string, zh: string, en: string): Issue => ({
  at,
  code,
  text: { zh, en },
});

/** Adds to `issues` what is wrong with `value` at `at`. */
export type Shape = (value: unknown, at: string, issues: Issue[]) => void;

const wants = (zh: string, en: string, test: (value: unknown) => boolean): Shape => {
  return (value, at, issues) => {
    if (test(value)) return;
    issues.push(
      value === undefined
        ? issue(at, 'missing', `缺少（应为${zh}）`, `is missing (${en})`)
        : issue(at, 'wrong-shape', `应为${zh}`, `should be ${en}`),
    );
  };
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const aText = wants('文字', 'text', (value) => typeof value === 'string' && value !== '');
export const aName = wants(
  '小写连字符名称',
  'a kebab-case name',
  (value) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value),
);
export const aNumber = wants(
  '数字',
  'a number',
  (value) => typeof value === 'number' && Number.isFinite(value),
);
export const aWhole = wants(
  '非负整数',
  'a whole number of 0 or more',
  (value) => Number.isInteger(value) && (value as number) >= 0,
);
export const aFlag = wants('true 或 false', 'true or false', (value) => typeof value === 'boolean');
export const aDate = wants(
  '日期（YYYY-MM-DD）',
  'a date (YYYY-MM-DD)',
  (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
);
export const anything: Shape = (value, at, issues) => {
  if (value === undefined) issues.push(issue(at, 'missing', '缺少', 'is missing'));
};

/** A sentence in both languages: `{zh: …, en: …}`. */
export const aTitle: Shape = (value, at, issues) => {
  const good = isRecord(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';
  if (!good)
    issues.push(
      issue(
        at,
        'title-missing',
        '应为 {zh, en} 两种语言的文字',
        'should be {zh, en}, text in both languages',
      ),
    );
};

export function oneOf(...words: readonly (string | number)[]): Shape {
  return wants(`${words.join('、')} 之一`, `one of ${words.join(', ')}`, (value) =>
    words.includes(value as string),
  );
}

export function listOf(shape: Shape): Shape {
  return (value, at, issues) => {
    if (!Array.isArray(value)) issues.push(issue(at, 'wrong-shape', '应为列表', 'should be a list'));
    else for (const [index, item] of value.entries()) shape(item, `${at}[${index}]`, issues);
  };
}

export function oneOrMany(shape: Shape): Shape {
  return (value, at, issues) =>
    Array.isArray(value) ? listOf(shape)(value, at, issues) : shape(value, at, issues);
}

export function mapOf(shape: Shape): Shape {
  return (value, at, issues) => {
    if (!isRecord(value))
      issues.push(issue(at, 'wrong-shape', '应为“名称: 内容”', 'should be a map of names'));
    else for (const [key, item] of Object.entries(value)) shape(item, `${at}.${key}`, issues);
  };
}

export const optional = (shape: Shape): Shape => {
  return (value, at, issues) => {
    if (value !== undefined) shape(value, at, issues);
  };
};

/** Every key must be known: a misspelt key is an error, not silence. */
export function objectOf(parts: Readonly<Record<string, Shape>>): Shape {
  return (value, at, issues) => {
    if (!isRecord(value)) {
      issues.push(issue(at, 'wrong-shape', '应为对象', 'should be an object'));
      return;
    }
    const place = (key: string) => (at === '' ? key : `${at}.${key}`);
    for (const [key, shape] of Object.entries(parts)) shape(value[key], place(key), issues);
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(parts, key)) {
        issues.push(
          issue(
            place(key),
            'unknown-key',
            `不认识“${key}”`,
            `"${key}" is not known here (${Object.keys(parts).join(', ')})`,
          ),
        );
      }
    }
  };
}

/** The first shape is for values that have the key, the last for the rest. */
export function whichever(byKey: readonly (readonly [string, Shape])[]): Shape {
  return (value, at, issues) => {
    const match = isRecord(value) ? byKey.find(([key]) => Object.hasOwn(value, key)) : undefined;
    if (match) match[1](value, at, issues);
    else {
      const keys = byKey.map(([key]) => key).join(', ');
      issues.push(issue(at, 'wrong-shape', `应含有以下之一：${keys}`, `should hold one of: ${keys}`));
    }
  };
}

export function inspect(value: unknown, shape: Shape): Issue[] {
  const issues: Issue[] = [];
  shape(value, '', issues);
  return issues;
}
