// Reads the rules of a scheme file (neutral or compact: both write rules alike) and refuses what the format does not know.
import { RefusalError, refuse } from '@yimai/kit';
import {
  COMPARISONS,
  type Codes,
  type DrgRule,
  LIST_TESTS,
  type Mdc,
  NUMBER_FIELDS,
  type Predicate,
  type SchemeRules,
  type Site,
  type Step,
  TEXT_FIELDS,
} from './types.ts';

export type Json = { readonly [key: string]: unknown };

/** Throws a `RefusalError` (`scheme-invalid`, with the place) where the file departs from the format. */
export function readRules(file: Json): SchemeRules {
  const options = readObject(file['options'] ?? {}, 'options');
  const results = readObject(file['results'], 'results');
  return {
    scheme: readText(file['scheme'], 'scheme'),
    title: file['title'] === undefined ? '' : readText(file['title'], 'title'),
    retrySecondaryProcedures: readBoolean(
      options['retrySecondaryProcedures'] ?? false,
      'options.retrySecondaryProcedures',
    ),
    results: {
      checkFailed: readCodes(results['checkFailed'], 'results.checkFailed'),
      ungrouped: readCodes(results['ungrouped'], 'results.ungrouped'),
    },
    mdcs: readArray(file['mdcs'], 'mdcs').map((mdc, index) => readMdc(mdc, `mdcs[${index}]`)),
    drgNames: readNames(file['drgNames'] ?? {}),
  };
}

function readMdc(value: unknown, at: string): Mdc {
  const mdc = readObject(value, at);
  return {
    mdc: readText(mdc['mdc'], `${at}.mdc`),
    when: readPredicate(mdc['when'], `${at}.when`),
    steps: readArray(mdc['steps'], `${at}.steps`).map((step, index) =>
      readStep(step, `${at}.steps[${index}]`),
    ),
  };
}

function readStep(value: unknown, at: string): Step {
  const step = readObject(value, at);
  const when = readPredicate(step['when'], `${at}.when`);
  if ('ambiguous' in step) {
    return { kind: 'ambiguous', drg: readText(step['ambiguous'], `${at}.ambiguous`), when };
  }
  const adrg = readText(step['adrg'], `${at}.adrg`);
  const rule = step['rule'] === undefined ? adrg : readText(step['rule'], `${at}.rule`);
  const drgs = readArray(step['drgs'], `${at}.drgs`).map((drg, index) =>
    readDrg(drg, `${at}.drgs[${index}]`),
  );
  return { kind: 'adrg', adrg, rule, when, drgs };
}

function readDrg(value: unknown, at: string): DrgRule {
  const rule = readObject(value, at);
  return { drg: readText(rule['drg'], `${at}.drg`), when: readPredicate(rule['when'], `${at}.when`) };
}

function readPredicate(value: unknown, at: string): Predicate {
  if (typeof value === 'boolean') return { kind: 'constant', value };
  const object = readObject(value, at);
  const keys = Object.keys(object);
  if (keys.length !== 1) return invalid(at, '条件必须恰有一个键', 'a condition has exactly one key');
  const key = keys[0]!;
  const body = object[key];
  const inside = `${at}.${key}`;
  if (isOneOf(LIST_TESTS, key)) return { kind: 'list', test: key, list: readText(body, inside) };
  switch (key) {
    case 'all':
    case 'any':
      return {
        kind: key,
        parts: readArray(body, inside).map((part, index) => readPredicate(part, `${inside}[${index}]`)),
      };
    case 'not':
      return { kind: 'not', part: readPredicate(body, inside) };
    case 'anyDxPrefix':
      return { kind: 'prefix', prefixes: readTexts(body, inside) };
    case 'hasMcc':
    case 'hasCc':
      if (body !== true) return invalid(inside, '只能写 true', 'only true may stand here');
      return { kind: 'complication', level: key === 'hasMcc' ? 'mcc' : 'cc' };
    case 'in':
      return readMembership(readArray(body, inside), inside);
    case 'cmp':
      return readComparison(readArray(body, inside), inside);
    case 'distinctSites':
      return readSites(readObject(body, inside), inside);
    default:
      return invalid(at, `格式中没有条件“${key}”`, `the format has no condition "${key}"`);
  }
}

function readMembership(body: readonly unknown[], at: string): Predicate {
  const [field, values] = body;
  if (body.length !== 2 || !isOneOf(TEXT_FIELDS, field)) {
    return invalid(at, '应为 [字段, [值…]]', 'expected [field, [values]]');
  }
  return { kind: 'in', field, values: readTexts(values, `${at}[1]`) };
}

function readComparison(body: readonly unknown[], at: string): Predicate {
  const [field, op, bound] = body;
  if (
    body.length !== 3 ||
    !isOneOf(NUMBER_FIELDS, field) ||
    !isOneOf(COMPARISONS, op) ||
    typeof bound !== 'number'
  ) {
    return invalid(at, '应为 [字段, 比较符, 数]', 'expected [field, operator, number]');
  }
  return { kind: 'cmp', field, op, bound };
}

function readSites(body: Json, at: string): Predicate {
  const min = body['min'];
  if (typeof min !== 'number') return invalid(`${at}.min`, '应为数', 'expected a number');
  const sites = readArray(body['sites'], `${at}.sites`).map((entry, index): Site => {
    const site = readObject(entry, `${at}.sites[${index}]`);
    return {
      site: readText(site['site'], `${at}.sites[${index}].site`),
      dx: readText(site['dx'], `${at}.sites[${index}].dx`),
    };
  });
  return { kind: 'sites', min, sites };
}

function readCodes(value: unknown, at: string): Codes {
  const codes = readObject(value, at);
  return {
    mdc: readText(codes['mdc'], `${at}.mdc`),
    adrg: readText(codes['adrg'], `${at}.adrg`),
    drg: readText(codes['drg'], `${at}.drg`),
  };
}

function readNames(value: unknown): Record<string, string> {
  const names: Record<string, string> = Object.create(null);
  for (const [drg, name] of Object.entries(readObject(value, 'drgNames'))) {
    names[drg] = readText(name, `drgNames.${drg}`);
  }
  return names;
}

export function readObject(value: unknown, at: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid(at, '应为对象', 'expected an object');
  }
  return value as Json;
}

export function readArray(value: unknown, at: string): readonly unknown[] {
  return Array.isArray(value) ? value : invalid(at, '应为数组', 'expected an array');
}

export function readText(value: unknown, at: string): string {
  return typeof value === 'string' ? value : invalid(at, '应为文本', 'expected a text');
}

function readTexts(value: unknown, at: string): readonly string[] {
  return readArray(value, at).map((text, index) => readText(text, `${at}[${index}]`));
}

function readBoolean(value: unknown, at: string): boolean {
  return typeof value === 'boolean' ? value : invalid(at, '应为 true 或 false', 'expected true or false');
}

export function invalid(at: string, zh: string, en: string): never {
  throw new RefusalError(
    refuse('scheme-invalid', { zh: `分组方案 ${at}：${zh}`, en: `scheme ${at}: ${en}` }, { at, rule: 'G2' })
      .refusal,
  );
}

function isOneOf<const T extends readonly string[]>(list: T, value: unknown): value is T[number] {
  return typeof value === 'string' && (list as readonly string[]).includes(value);
}
