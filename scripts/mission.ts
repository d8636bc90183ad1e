// Prints how far the mission is: which entries exist and which must statements the last test run has shown.
// Usage: npm run mission [-- --missing] [-- --json] [-- --mutate [ID ...]]
import { startTestCluster } from '@yimai/postgres/testing';
import { readCatalogue } from './mission/catalogue.ts';
import { mutateProgrammes } from './mission/mutate.ts';
import { type EntryStatus, lastReport, missionStatus } from './mission/status.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
const known = ['--missing', '--json', '--mutate'];
const strange = args.find((arg) => arg.startsWith('--') && !known.includes(arg));
if (strange !== undefined) {
  say(`unknown option ${strange}; there are ${known.join(', ')}`);
  process.exit(2);
}

if (args.includes('--mutate')) {
  const cluster = await startTestCluster();
  process.env['YIMAI_TEST_PG'] = cluster.dir;
  const mutations = await mutateProgrammes(
    args.filter((arg) => !arg.startsWith('--')),
    say,
  );
  await cluster.stop();
  const survived = mutations.reduce((sum, one) => sum + one.survived.length, 0);
  const tests = mutations.reduce((sum, one) => sum + one.tests, 0);
  say(
    `${mutations.length} programmes emptied, ${tests} tests, ${tests - survived} noticed, ${survived} survived`,
  );
  process.exit(survived > 0 ? 1 : 0);
}

const report = lastReport();
const status = missionStatus(readCatalogue(), report?.tests ?? []);
if (args.includes('--json')) say(JSON.stringify(status.map(plain)));
else {
  if (report) say(`last test run ${report.finishedAt}`);
  else say('There is no report of a test run yet: run npm test first. (尚无测试报告，请先运行 npm test)');
  printDomains(status);
  if (args.includes('--missing')) printMissing(status);
}

function plain({ entry, exists, statements }: EntryStatus) {
  return {
    id: entry.id,
    domain: entry.domain,
    exists,
    must: statements.map(({ n, status: one }) => ({ n, status: one })),
  };
}

function printDomains(all: readonly EntryStatus[]): void {
  const domains = [...new Set(all.map((one) => one.entry.domain))];
  say(`${'domain'.padEnd(8)}${'entries'.padStart(12)}${'must passed'.padStart(14)}${'failed'.padStart(9)}`);
  for (const domain of domains)
    printRow(
      domain,
      all.filter((one) => one.entry.domain === domain),
    );
  printRow('total', all);
}

function printRow(name: string, rows: readonly EntryStatus[]): void {
  const statements = rows.flatMap((row) => row.statements);
  const count = (status: string) => statements.filter((one) => one.status === status).length;
  const exist = `${rows.filter((row) => row.exists).length} of ${rows.length}`;
  say(
    `${name.padEnd(8)}${exist.padStart(12)}${`${count('passed')} of ${statements.length}`.padStart(14)}${String(count('failed')).padStart(9)}`,
  );
}

function printMissing(all: readonly EntryStatus[]): void {
  for (const { entry, exists, statements } of all) {
    if (!exists) continue;
    for (const one of statements) {
      if (one.status !== 'passed') say(`${one.status.padEnd(8)} [${entry.id}/${one.n}] ${one.statement}`);
    }
  }
}
