// Says why a predicate holds or does not hold for a stay: the codes and table rows that decided, in both languages.
import { assertNever, type Text } from '@yimai/kit';
import type { CompiledScheme } from './compile.ts';
import { holdsOnStay, numberOf } from './condition.ts';
import type { CodeNames, Evidence, ListTest, Predicate, Stay } from './types.ts';

/** What the trail reads: a stay (on a retry with one procedure), its scheme, and names where there are any. */
export interface Inquiry {
  readonly stay: Stay;
  readonly scheme: CompiledScheme;
  readonly names: CodeNames | undefined;
  readonly positionOf: (code: string) => number;
  readonly complications: readonly Complication[];
}

export interface Explanation {
  readonly holds: boolean;
  readonly because: readonly Evidence[];
}

/** Another diagnosis that stands in a CC or MCC table, counted or excluded by the principal diagnosis. */
export interface Complication {
  readonly level: 'mcc' | 'cc';
  readonly code: string;
  readonly table: string;
  readonly row: string;
  /** The row of the principal diagnosis in the same table, where that excludes the code. */
  readonly excludedBy: string | null;
}

const ROLE: Readonly<Record<ListTest, Text>> = {
  mainDx: { zh: '主要诊断', en: 'principal diagnosis' },
  otherDx: { zh: '其他诊断', en: 'other diagnosis' },
  anyDx: { zh: '诊断', en: 'diagnosis' },
  mainProc: { zh: '主要手术操作', en: 'main procedure' },
  otherProc: { zh: '其他手术操作', en: 'other procedure' },
  anyProc: { zh: '手术操作', en: 'procedure' },
};

const FIELD: Readonly<Record<string, Text>> = {
  age: { zh: '年龄（岁）', en: 'age in years' },
  ageDays: { zh: '年龄（天）', en: 'age in days' },
  weight: { zh: '体重（克）', en: 'weight in grams' },
  los: { zh: '住院天数', en: 'days in hospital' },
  icuHours: { zh: '重症监护小时数', en: 'hours in intensive care' },
  gender: { zh: '性别', en: 'gender' },
  dept: { zh: '科室', en: 'department' },
  leavingType: { zh: '离院方式', en: 'way of leaving' },
};

export function explain(predicate: Predicate, inquiry: Inquiry): Explanation {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value
        ? holds({ zh: '无附加条件', en: 'no further condition' })
        : fails({ zh: '规则表为空，永不成立', en: 'the rule has an empty table and never holds' });
    case 'all': {
      const parts = predicate.parts.map((part) => explain(part, inquiry));
      const failed = parts.filter((part) => !part.holds);
      return {
        holds: failed.length === 0,
        because: (failed.length === 0 ? parts : failed).flatMap((part) => part.because),
      };
    }
    case 'any': {
      const parts = predicate.parts.map((part) => explain(part, inquiry));
      const met = parts.find((part) => part.holds);
      return met ?? { holds: false, because: parts.flatMap((part) => part.because) };
    }
    case 'not': {
      const part = explain(predicate.part, inquiry);
      const because = part.because.map((evidence) => ({
        ...evidence,
        zh: `按“非”判断：${evidence.zh}`,
        en: `tested for "not": ${evidence.en}`,
      }));
      return { holds: !part.holds, because };
    }
    case 'list':
      return explainList(predicate.test, predicate.list, inquiry);
    case 'complication':
      return explainComplication(predicate.level, inquiry);
    case 'prefix':
      return explainPrefix(predicate.prefixes, inquiry);
    case 'in':
    case 'cmp': {
      const met = holdsOnStay(predicate, inquiry.stay);
      return { holds: met, because: [fieldEvidence(predicate, inquiry.stay, met)] };
    }
    case 'sites':
      return explainSites(predicate, inquiry);
    default:
      return assertNever(predicate);
  }
}

/** The complications of a stay, in the order of its diagnoses. Every one is looked at: the trail shows them all. */
export function complicationsOf(
  stay: Stay,
  scheme: CompiledScheme,
  positionOf: (code: string) => number,
): Complication[] {
  const { mcc, cc, exclusion } = scheme.tables;
  const principal = positionOf(stay.dx[0] ?? '');
  const principalTable = [...exclusion].findLast(([, codes]) => rowIn(codes, principal) > 0)?.[0];
  const found: Complication[] = [];
  for (const code of new Set(stay.dx.slice(1))) {
    const position = positionOf(code);
    for (const [level, tables] of [
      ['mcc', mcc],
      ['cc', cc],
    ] as const) {
      for (const [table, codes] of tables) {
        const row = rowIn(codes, position);
        if (row === 0) continue;
        const excluding = table === principalTable ? exclusion.get(table)! : null;
        found.push({
          level,
          code,
          table,
          row: `${level}/${table}:${row}`,
          excludedBy: excluding === null ? null : `exclusion/${table}:${rowIn(excluding, principal)}`,
        });
      }
    }
  }
  return found;
}

export function nameOf(
  code: string,
  kind: 'diagnosis' | 'procedure',
  names: CodeNames | undefined,
): string | undefined {
  return kind === 'diagnosis' ? names?.diagnosis(code) : names?.procedure(code);
}

/** `N17.900 急性肾衰竭` where the name is known, else the code alone. */
export function named(code: string, name: string | undefined): string {
  return name === undefined ? code : `${code} ${name}`;
}

function explainList(test: ListTest, list: string, inquiry: Inquiry): Explanation {
  const codes = codesOf(test, inquiry.stay);
  const rows = inquiry.scheme.tables.lists.get(list)!;
  const role = ROLE[test];
  for (const code of codes) {
    const row = rowIn(rows, inquiry.positionOf(code));
    if (row === 0) continue;
    const name = nameOf(code, test.endsWith('Dx') ? 'diagnosis' : 'procedure', inquiry.names);
    const label = named(code, name);
    return holds({
      code,
      ...(name === undefined ? {} : { name }),
      row: `${list}:${row}`,
      zh: `${role.zh} ${label} 在表 ${list} 第 ${row} 行`,
      en: `${role.en} ${label} is row ${row} of table ${list}`,
    });
  }
  return fails({
    zh: codes.length === 0 ? `没有${role.zh}` : `${role.zh}不在表 ${list} 中`,
    en: codes.length === 0 ? `there is no ${role.en}` : `no ${role.en} is in table ${list}`,
  });
}

function codesOf(test: ListTest, { dx, proc }: Stay): readonly string[] {
  switch (test) {
    case 'mainDx':
      return dx.slice(0, 1);
    case 'otherDx':
      return dx.slice(1);
    case 'anyDx':
      return dx;
    case 'mainProc':
      return proc.slice(0, 1);
    case 'otherProc':
      return proc.slice(1);
    case 'anyProc':
      return proc;
    default:
      return assertNever(test);
  }
}

function explainComplication(level: 'mcc' | 'cc', inquiry: Inquiry): Explanation {
  const label = level.toUpperCase();
  const ofLevel = inquiry.complications.filter((complication) => complication.level === level);
  const counted = ofLevel.find((complication) => complication.excludedBy === null);
  if (counted !== undefined) {
    const name = nameOf(counted.code, 'diagnosis', inquiry.names);
    return holds({
      code: counted.code,
      ...(name === undefined ? {} : { name }),
      row: counted.row,
      zh: `其他诊断 ${named(counted.code, name)} 是 ${label}（${counted.row}），未被排除`,
      en: `other diagnosis ${named(counted.code, name)} is a ${label} (${counted.row}) and not excluded`,
    });
  }
  if (ofLevel.length > 0) {
    return fails({
      zh: `${label} 均被主要诊断排除`,
      en: `every ${label} is excluded by the principal diagnosis`,
    });
  }
  return fails({ zh: `其他诊断中没有 ${label}`, en: `there is no ${label} among the other diagnoses` });
}

function explainPrefix(prefixes: readonly string[], inquiry: Inquiry): Explanation {
  const listed = prefixes.join('、');
  for (const code of inquiry.stay.dx) {
    const prefix = prefixes.find((start) => code.startsWith(start));
    if (prefix === undefined) continue;
    const name = nameOf(code, 'diagnosis', inquiry.names);
    return holds({
      code,
      ...(name === undefined ? {} : { name }),
      zh: `诊断 ${named(code, name)} 以 ${prefix} 开头`,
      en: `diagnosis ${named(code, name)} starts with ${prefix}`,
    });
  }
  return fails({ zh: `没有诊断以 ${listed} 开头`, en: `no diagnosis starts with ${prefixes.join(', ')}` });
}

function fieldEvidence(
  predicate: Extract<Predicate, { kind: 'in' | 'cmp' }>,
  stay: Stay,
  met: boolean,
): Evidence {
  const field = FIELD[predicate.field]!;
  const value = predicate.kind === 'cmp' ? numberOf(stay, predicate.field) : stay[predicate.field];
  const rule =
    predicate.kind === 'cmp' ? `${predicate.op} ${predicate.bound}` : `∈ {${predicate.values.join(', ')}}`;
  return {
    zh: `${field.zh}为 ${value ?? '空'}，${met ? '符合' : '不符合'} ${rule}`,
    en: `${field.en} is ${value ?? 'empty'}, which ${met ? 'meets' : 'does not meet'} ${rule}`,
  };
}

function explainSites(predicate: Extract<Predicate, { kind: 'sites' }>, inquiry: Inquiry): Explanation {
  const hits = new Map<string, readonly Evidence[]>();
  for (const { site, dx } of predicate.sites) {
    const found = explainList('anyDx', dx, inquiry);
    if (!found.holds || hits.has(site)) continue;
    const placed = found.because.map((evidence) => ({
      ...evidence,
      zh: `${site}：${evidence.zh}`,
      en: `${site}: ${evidence.en}`,
    }));
    hits.set(site, placed);
  }
  const count: Evidence = {
    zh: `诊断涉及 ${hits.size} 个部位，规则要求至少 ${predicate.min} 个`,
    en: `the diagnoses fall into ${hits.size} sites, the rule asks for ${predicate.min}`,
  };
  return { holds: hits.size >= predicate.min, because: [count, ...[...hits.values()].flat()] };
}

/** The row (from 1) of a code in a list of ascending positions, 0 when it is not there. */
function rowIn(positions: Int32Array, position: number): number {
  if (position < 0) return 0;
  let low = 0;
  let high = positions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = positions[middle]!;
    if (found === position) return middle + 1;
    if (found < position) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

function holds(evidence: Evidence): Explanation {
  return { holds: true, because: [evidence] };
}

function fails(evidence: Evidence): Explanation {
  return { holds: false, because: [evidence] };
}
