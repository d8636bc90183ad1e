// Answers made up from a declaration: what a form or a register asks for, in words that say they are synthetic.
import { type FormDeclaration, fill, type ItemDeclaration, loadForm, type Value } from '@yimai/forms';
import { addDays, type LocalDate } from '@yimai/kit';
import type { CaseData, FieldDeclaration } from '@yimai/loops';
import { experts } from '../people.ts';
import type { Random } from '../random.ts';
import { OBJECT_CODES } from './inspections.ts';

type Field = FieldDeclaration & { readonly required?: boolean };

/** What is known where something is made up. */
export interface Ground {
  readonly random: Random;
  readonly day: LocalDate;
  /** Counts what is made, so that no two things have one name. */
  readonly nth: number;
  readonly topic: string;
  readonly resident: string;
}

const HOUSES = ['county-hospital', 'tcm-hospital', 'maternal-hospital'];
const TOWNS = Array.from({ length: 8 }, (_, index) => `township-${index + 1}`);
const PHRASES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/原因|依据|理由/, ['近一年数据显示需求集中', '群众反映较多，须尽快解决', '上级文件要求按期完成']],
  [/意见|评价|结论/, ['同意，按计划推进', '基本符合要求，限期补齐材料', '达到目标，可以推广']],
  [/措施|计划|方案|目标/, ['每月调度一次，季度末核验', '明确责任人和完成时限', '先试点后推开']],
  [/结果|情况|内容|说明|发现|问题/, ['已按时完成，材料齐全', '现场核查一处待改进', '各单位进展基本一致']],
  [/村/, ['上湾村', '东坪村', '南塘村']],
  [/病种|疾病/, ['高血压', '糖尿病', '冠心病']],
  [/专业|专科|科室/, ['心血管内科', '儿科', '康复医学科']],
];

/** Things of a kind, told apart: six rows of a register have six of them. */
const NAMED: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /科目/,
    ['批量伤员转运', '突发中毒救援', '停电停氧处置', '传染病暴发处置', '群体性食物中毒', '新生儿窒息复苏'],
  ],
  [
    /议题/,
    ['基层用药衔接', '村医养老保障', '编制周转使用', '医保支付方式', '信息互联互通', '托育与养老结合'],
  ],
  [
    /草案/,
    [
      '老旧小区改造方案',
      '河道治理规划',
      '校园食堂管理办法',
      '工业园区扩建方案',
      '公厕改建计划',
      '禁烟场所规定',
    ],
  ],
  [/课程|培训班/, ['心肺复苏', '创伤止血包扎', '气道异物梗阻', '溺水急救', '烫伤处理', '中暑急救']],
];

export function inventedText(title: string, ground: Ground): string {
  const { random, nth, topic } = ground;
  if (/编号|文号|号$/.test(title)) return `99-${ground.day.slice(0, 4)}-${String(nth).padStart(3, '0')}`;
  if (/电话/.test(title)) return '00000000000';
  if (/年度|年份/.test(title)) return ground.day.slice(0, 4);
  const named = NAMED.find(([pattern]) => pattern.test(title))?.[1];
  if (named) return `${named[nth % named.length]}（合成）`;
  const phrases = PHRASES.find(([pattern]) => pattern.test(title))?.[1];
  if (phrases) return `${random.pick(phrases)}（合成）`;
  // Two fields of one thing are not called the same.
  return /名称|标题|题目|事项|项目|主题/.test(title) ? `${topic}${nth}（合成）` : `${title}${nth}（合成）`;
}

/** A value for a field of a loop or register; undefined where nothing can be made up. */
export function inventedField(id: string, field: Field, ground: Ground): CaseData[string] | undefined {
  const { random, day } = ground;
  if (field.codes) {
    const code = random.pick(Object.keys(field.codes));
    return field.type === 'list' ? [code] : code;
  }
  switch (field.type) {
    case 'number':
      return inventedNumber(id, ground);
    case 'yes-no':
      return random.chance(0.85);
    case 'date':
      return /to|end|until|due/.test(id) ? addDays(day, 60) : day;
    case 'organisation':
      return `Organization/${random.pick(random.chance(0.5) ? TOWNS : HOUSES)}`;
    case 'person':
      return `Practitioner/${random.pick(experts()).practitioner}`;
    case 'list':
      return [inventedText(field.title.zh, ground)];
    case 'reference':
      if (/resident|patient/.test(id)) return ground.resident;
      return /object/.test(id) ? random.pick(OBJECT_CODES) : undefined;
    default:
      return /object/.test(id) ? random.pick(OBJECT_CODES) : inventedText(field.title.zh, ground);
  }
}

function inventedNumber(id: string, { random, day, nth }: Ground): number {
  if (/year/.test(id)) return Number(day.slice(0, 4));
  if (/month/.test(id)) return Number(day.slice(5, 7));
  if (/rating|grade/.test(id)) return random.between(3, 5);
  if (/remaining/.test(id)) return 0;
  if (/share|rate|percent/.test(id)) return random.between(70, 98);
  return random.between(1, 12) + nth;
}

/** Answers to the questions of a form that are open; null where it asks for a picture or another file. */
export function inventedAnswers(declaration: FormDeclaration, ground: Ground): CaseData | null {
  const { form } = loadForm(declaration);
  if (!form) return null;
  let answers: Record<string, Value> = {};
  // What one answer opens is answered in the next round.
  for (let round = 0; round < 3; round += 1) {
    const enabled = fill(form, answers, { draft: true }).enabled;
    const open = itemsOf(declaration.items).filter(
      (item) => item.calculate === undefined && enabled.has(item.id) && item.type !== 'group',
    );
    if (open.some((item) => item.required && FILES.has(item.type))) return null;
    answers = Object.fromEntries(
      open.flatMap((item) => {
        const known = answers[item.id] ?? inventedItem(item, ground);
        return known === undefined ? [] : [[item.id, known]];
      }),
    );
  }
  return answers as CaseData;
}

const FILES = new Set(['photo', 'file', 'signature']);

const itemsOf = (items: readonly ItemDeclaration[]): ItemDeclaration[] =>
  items.flatMap((item) => [item, ...itemsOf(item.items ?? [])]);

function inventedItem(item: ItemDeclaration, ground: Ground): Value | undefined {
  const { random, day } = ground;
  const low = typeof item.min === 'number' ? item.min : 1;
  const high = typeof item.max === 'number' ? item.max : low + 20;
  switch (item.type) {
    case 'choice':
      return item.options ? random.pick(item.options).code : undefined;
    case 'choices':
      return item.options ? [random.pick(item.options).code] : undefined;
    case 'yes-no':
      return random.chance(0.85);
    case 'whole':
    case 'number':
      if (/year/.test(item.id)) return Number(day.slice(0, 4));
      return Math.round(random.between(Math.ceil(low + (high - low) * 0.6), Math.floor(high)));
    case 'date':
      return day;
    case 'reference':
      return `Organization/${random.pick(TOWNS)}`;
    case 'text':
      if (/resident|patient/.test(item.id)) return ground.resident;
      return /object/.test(item.id) ? random.pick(OBJECT_CODES) : inventedText(item.text.zh, ground);
    default:
      return undefined;
  }
}
