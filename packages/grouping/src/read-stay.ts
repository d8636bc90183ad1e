// Parses one unknown value into a stay. A value that is not a record of the format is refused with the place.
//
// Nullable data (gender, age, ageDays, weight) may be absent, as writers of JSON drop nulls: the input check of the scheme
// answers for them. dept, los and leavingType may be absent too: most schemes never ask. id, dx and proc must be there.
import { ok, type Result, refuse } from '@yimai/kit';
import type { Stay } from './types.ts';

const RULE = 'G9';

export function readStay(value: unknown): Result<Stay> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(
      'not-an-object',
      { zh: '不是一条记录（JSON 对象）', en: 'not a record (a JSON object)' },
      { rule: RULE },
    );
  }
  const stay = value as Stay;
  if (typeof stay.id !== 'string') return wrong('id', stay.id, '文本', 'a text');
  if (!isTextOrAbsent(stay.gender)) return wrong('gender', stay.gender, '文本或 null', 'a text or null');
  if (!isNumberOrAbsent(stay.age)) return wrong('age', stay.age, '数或 null', 'a number or null');
  if (!isNumberOrAbsent(stay.ageDays)) return wrong('ageDays', stay.ageDays, '数或 null', 'a number or null');
  if (!isNumberOrAbsent(stay.weight)) return wrong('weight', stay.weight, '数或 null', 'a number or null');
  if (!isTextOrAbsent(stay.dept)) return wrong('dept', stay.dept, '文本', 'a text');
  if (!isNumberOrAbsent(stay.los)) return wrong('los', stay.los, '数', 'a number');
  if (!isTextOrAbsent(stay.leavingType)) return wrong('leavingType', stay.leavingType, '文本', 'a text');
  if (!isNumberOrAbsent(stay.icuHours)) return wrong('icuHours', stay.icuHours, '数', 'a number');
  const badDx = wrongCode(stay.dx);
  if (badDx !== null) return wrong(`dx${badDx}`, stay.dx, '文本数组', 'an array of texts');
  const badProc = wrongCode(stay.proc);
  if (badProc !== null) return wrong(`proc${badProc}`, stay.proc, '文本数组', 'an array of texts');
  return ok(stay);
}

function isTextOrAbsent(value: unknown): boolean {
  return typeof value === 'string' || value === null || value === undefined;
}

function isNumberOrAbsent(value: unknown): boolean {
  return Number.isFinite(value) || value === null || value === undefined;
}

/** Null when `codes` is an array of texts; else where it is not: '' for the whole, '[2]' for its third entry. */
function wrongCode(codes: unknown): string | null {
  if (!Array.isArray(codes)) return '';
  for (let index = 0; index < codes.length; index += 1) {
    if (typeof codes[index] !== 'string') return `[${index}]`;
  }
  return null;
}

function wrong(at: string, value: unknown, zh: string, en: string): Result<Stay> {
  if (value === undefined) {
    return refuse('field-missing', { zh: `缺少 ${at}`, en: `${at} is missing` }, { at, rule: RULE });
  }
  return refuse('field-wrong-type', { zh: `${at} 应为${zh}`, en: `${at} must be ${en}` }, { at, rule: RULE });
}
