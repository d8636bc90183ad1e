// Makes the skeleton of a programme: a declaration that loads, and one test to do for each must statement.
// Usage: npm run program:new -- <domain>/<id>
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from './mission/catalogue.ts';
import { root } from './repository.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const [name = ''] = process.argv.slice(2);
const match = /^(gov|fund|ops|hr|net|pop|care|insp|emg|exp|qual|data)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(
  name,
);
if (!match) {
  say('usage: npm run program:new -- <domain>/<id>   for example hr/retired-doctor-director');
  process.exit(2);
}
const [, domain, id] = match;
const folder = join(root, 'programs', domain!, id!);
if (existsSync(folder)) {
  say(`programs/${name} is there already (已存在)`);
  process.exit(1);
}
const entry = readCatalogue().entries.find((one) => one.id === id);
if (entry && entry.domain !== domain) {
  say(`"${id}" belongs to the domain ${entry.domain}`);
  process.exit(2);
}
const zh = entry?.title.zh ?? '（中文名称）';
const en = entry?.title.en ?? '(English name)';
const must = entry?.must ?? [{ n: 1, statement: 'what must hold' }];

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'programme.yaml'), declaration());
writeFileSync(join(folder, `${id}.test.ts`), tests());
say(`programs/${name}/programme.yaml`);
say(`programs/${name}/${id}.test.ts   (${must.length} tests to do)`);
say('Next: docs/guides/add-a-programme.md');

function declaration(): string {
  return `# ${en}.
id: ${id}
domain: ${domain}
version: 1
title: { zh: ${JSON.stringify(zh)}, en: ${JSON.stringify(en)} }
source: ${JSON.stringify(entry?.sources.join('; ') ?? 'the document that asks for it')}
registers:
  - id: ${id}
    title: { zh: ${JSON.stringify(zh)}, en: ${JSON.stringify(en)} }
    key: [name]
    by: [consortium-office]
    fields:
      name: { type: text, title: { zh: 名称, en: Name }, required: true }
`;
}

function tests(): string {
  const todo = must
    .map(({ n, statement }) => `test.todo(${JSON.stringify(`[${id}/${n}] ${statement}`)});`)
    .join('\n');
  return `// Acceptance of ${id}: each must statement of the catalogue as a test that drives commands.
import { test } from 'node:test';

${todo}
`;
}
