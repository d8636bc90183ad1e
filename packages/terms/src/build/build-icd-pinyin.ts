// Writes data/*.pinyin.gz: the pinyin of every ICD name, so that start-up need not spell 50,000 names.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ICD_TABLES, parseIcdNames, sourceMark } from '../icd.ts';
import { syllablesOf } from '../pinyin.ts';

for (const table of ICD_TABLES) {
  const rules = new URL(`../../../../rules/icd/${table}.tsv.gz`, import.meta.url);
  const names = gunzipSync(readFileSync(rules)).toString('utf8');
  const lines = parseIcdNames(names).map(({ name }) => syllablesOf(name).join(' '));
  const text = `${[sourceMark(names), ...lines].join('\n')}\n`;
  const target = new URL(`../../data/${table}.pinyin.gz`, import.meta.url);
  writeFileSync(target, gzipSync(text, { level: 9 }));
  process.stdout.write(`${table}: ${lines.length} names\n`);
}
