// Prints the holiday table of a year by law alone, to be kept in rules/calendar until the year's notice comes.
import { statuteTable } from '@yimai/loops';

const year = Number(process.argv[2]);
if (!Number.isInteger(year) || year < 2025 || year > 2100) {
  process.stderr.write('usage: node scripts/statute-calendar.ts <year from 2025 to 2100>\n');
  process.exit(2);
}
const { source, off } = statuteTable(year);
const lines = [
  `# Public holidays of ${year} by law; to be replaced by the State Council's notice. Other days follow the week.`,
  `year: ${year}`,
  'basis: statute',
  `source: ${source}`,
  'off:',
  ...off.map(({ name, from, to }) => `  - { name: ${name}, from: ${from}, to: ${to} }`),
  'work: []',
];
process.stdout.write(`${lines.join('\n')}\n`);
