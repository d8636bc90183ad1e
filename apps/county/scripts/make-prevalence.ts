// Makes rules/population/prevalence.tsv: share of people with a disease and share of them who know, by sex and age.
//
// COPD has published rates by sex and age. Hypertension and diabetes are published for all adults only: an age slope
// (an assumption, GRADIENT) is scaled so that the county's adults come out at the published rate. Diseases without a
// published row in the data have assumed rates and say so in the last column.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const data =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const BANDS: readonly (readonly [from: number, to: number, people: number])[] = [
  [18, 34, 19.6],
  [35, 44, 14],
  [45, 54, 16],
  [55, 64, 14],
  [65, 74, 8.5],
  [75, 120, 7],
];
const GRADIENT: Readonly<Record<string, readonly number[]>> = {
  hypertension: [0.18, 0.6, 1.1, 1.6, 2, 2.1],
  diabetes: [0.25, 0.7, 1.15, 1.6, 1.9, 1.8],
};
const ASSUMED: readonly (readonly [code: string, men: readonly number[], women: readonly number[]])[] = [
  ['stroke', [0.1, 0.4, 1.5, 3.5, 6, 8], [0.1, 0.3, 1, 2.5, 4.5, 6.5]],
  ['coronary', [0.1, 0.5, 2, 5, 9, 12], [0.1, 0.3, 1.5, 4, 8, 11]],
  ['kidney', [1, 2, 3, 5, 8, 11], [1.2, 2.4, 3.5, 5.5, 9, 12]],
  ['cancer', [0.05, 0.2, 0.6, 1.3, 2, 2.2], [0.1, 0.4, 0.8, 1.1, 1.4, 1.5]],
  ['psychosis', [0.5, 0.6, 0.6, 0.5, 0.4, 0.3], [0.5, 0.6, 0.6, 0.5, 0.4, 0.3]],
];

interface Published {
  readonly condition: string;
  readonly measure: string;
  readonly year: string;
  readonly sex: string;
  readonly age: string;
  readonly area: string;
  readonly percent: number;
  readonly source: string;
}

const published: Published[] = readFileSync(
  join(data, 'population', 'chronic-disease-prevalence.csv'),
  'utf8',
)
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const cells = [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? '');
    const [condition, , measure, year, , sex, age, area, percent, source] = cells;
    return {
      condition: condition!,
      measure: measure!,
      year: year!,
      sex: sex!,
      age: age!,
      area: area!,
      percent: Number(percent),
      source: source!,
    };
  });

function find(
  condition: string,
  measure: string,
  year: string,
  age: string,
  sex = 'all',
  area = 'all',
): Published {
  const row = published.find(
    (one) =>
      one.condition === condition &&
      one.measure.startsWith(measure) &&
      one.year === year &&
      one.age === age &&
      one.sex === sex &&
      one.area === area,
  );
  if (!row) throw new Error(`no published row ${condition} ${measure} ${year} ${age} ${sex}`);
  return row;
}

const lines = ['disease\tsex\tage_from\tage_to\tpercent\tknown_percent\tsource'];
const add = (
  disease: string,
  sex: string,
  [from, to]: readonly number[],
  percent: number,
  known: number,
  source: string,
) => lines.push([disease, sex, from, to, percent.toFixed(2), known, source].join('\t'));

function scaled(disease: 'hypertension' | 'diabetes', adults: Published, known: Published): void {
  const men = find(adults.condition, 'prevalence', '2012', '18+', 'male').percent;
  const women = find(adults.condition, 'prevalence', '2012', '18+', 'female').percent;
  const slope = GRADIENT[disease]!;
  const people = BANDS.reduce((sum, band) => sum + band[2], 0);
  const mean = BANDS.reduce((sum, band, index) => sum + band[2] * slope[index]!, 0) / people;
  for (const [sex, share] of [
    ['male', men],
    ['female', women],
  ] as const) {
    const factor = ((adults.percent / mean) * share * 2) / (men + women);
    for (const [index, band] of BANDS.entries())
      add(
        disease,
        sex,
        band,
        slope[index]! * factor,
        known.percent,
        `${adults.source}; age slope assumed; known: ${known.source}`,
      );
  }
}

scaled(
  'hypertension',
  find('Hypertension', 'crude prevalence', '2012-2015', '18+'),
  find('Hypertension', 'awareness among cases', '2016', '35+', 'all', 'rural'),
);
scaled(
  'diabetes',
  find('Diabetes', 'prevalence', '2018', '18+'),
  find('Diabetes', 'awareness among cases', '2018', '18+'),
);
for (const sex of ['male', 'female']) {
  for (const age of ['40-49', '50-59', '60-69', '70+']) {
    const row = find('COPD', 'prevalence', '2014', age, sex);
    const from = Number.parseInt(age, 10);
    add(
      'copd',
      sex,
      [from, age.endsWith('+') ? 120 : from + 9],
      row.percent,
      12,
      `${row.source}; known share assumed`,
    );
  }
}
for (const [disease, men, women] of ASSUMED) {
  for (const [index, band] of BANDS.entries()) {
    add(disease, 'male', band, men[index]!, 90, 'assumed, no published row at hand');
    add(disease, 'female', band, women[index]!, 90, 'assumed, no published row at hand');
  }
}
writeFileSync(new URL('../../../rules/population/prevalence.tsv', import.meta.url), `${lines.join('\n')}\n`);
