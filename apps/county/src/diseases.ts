// Which long diseases a resident has and knows of, by published prevalence (rules/population/prevalence.tsv).
import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

export const DISEASES = [
  'hypertension',
  'diabetes',
  'copd',
  'stroke',
  'coronary',
  'kidney',
  'cancer',
  'psychosis',
] as const;
export type Disease = (typeof DISEASES)[number];

/** The code that stands in the problem list, and the programme that looks after such people (null: none). */
export const DISEASE_FACTS: Readonly<
  Record<Disease, { readonly code: string; readonly name: string; readonly programme: string | null }>
> = {
  hypertension: { code: 'I10.x00x002', name: '高血压', programme: 'hypertension' },
  diabetes: { code: 'E11.900', name: '2型糖尿病', programme: 'diabetes' },
  copd: { code: 'J44.900', name: '慢性阻塞性肺病', programme: 'copd' },
  stroke: { code: 'I69.300', name: '脑梗死后遗症', programme: null },
  coronary: { code: 'I25.103', name: '冠状动脉粥样硬化性心脏病', programme: null },
  kidney: { code: 'N18.900', name: '慢性肾脏病，未特指', programme: null },
  cancer: { code: 'C34.900', name: '支气管或肺恶性肿瘤', programme: null },
  psychosis: { code: 'F20.000', name: '偏执型精神分裂症', programme: 'psychosis' },
};
const CANCERS: readonly (readonly [sex: 'male' | 'female' | null, code: string, name: string])[] = [
  [null, 'C34.900', '支气管或肺恶性肿瘤'],
  [null, 'C16.900', '胃恶性肿瘤'],
  [null, 'C18.200', '升结肠恶性肿瘤'],
  [null, 'C22.000', '肝细胞癌'],
  ['female', 'C50.900', '乳房恶性肿瘤'],
];

interface Row {
  readonly disease: Disease;
  readonly sex: string;
  readonly from: number;
  readonly to: number;
  /** Share of people who have it and know. */
  readonly share: number;
}

let rows: readonly Row[] | undefined;

function prevalence(): readonly Row[] {
  rows ??= readFileSync(new URL('../../../rules/population/prevalence.tsv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [disease, sex, from, to, percent, known] = line.split('\t');
      return {
        disease: disease as Disease,
        sex: sex!,
        from: Number(from),
        to: Number(to),
        share: (Number(percent) / 100) * (Number(known) / 100),
      };
    });
  return rows;
}

export function diseasesOf(random: Random, sex: 'male' | 'female', age: number): Disease[] {
  const found: Disease[] = [];
  for (const row of prevalence()) {
    if (row.sex !== sex || age < row.from || age > row.to) continue;
    // Who has high blood pressure has diabetes and heart disease more often; the mean over all stays about as published.
    const together = found.includes('hypertension') ? 1.8 : 0.85;
    if (random.chance(row.share * (row.disease === 'hypertension' ? 1 : together))) found.push(row.disease);
  }
  return found;
}

export function cancerOf(random: Random, sex: 'male' | 'female'): readonly [code: string, name: string] {
  const [, code, name] = random.pick(CANCERS.filter(([of]) => of === null || of === sex));
  return [code, name];
}
