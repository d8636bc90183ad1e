// Makes rules/population/surnames.tsv from the published weights: the two hundred most frequent surnames, share in 1/10,000.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const data =
  process.env['YIMAI_TEST_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const lines = readFileSync(join(data, 'population', 'surnames.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const rows = lines
  .map((line) => line.split(','))
  .sort((a, b) => Number(b[1]) - Number(a[1]))
  .slice(0, 200);
const text = rows.map(([surname, , share]) => `${surname}\t${Math.round(Number(share) * 10_000)}`).join('\n');
writeFileSync(new URL('../../../rules/population/surnames.tsv', import.meta.url), `${text}\n`);
