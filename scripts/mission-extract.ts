// Makes docs/mission/catalogue.json from the mission's reference pages, where they lie beside the repository.
// Usage: node scripts/run.mjs scripts/mission-extract.ts [FOLDER]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cataloguePath, type Entry } from './mission/catalogue.ts';
import { root } from './repository.ts';

const folder = process.argv[2] ?? join(root, '..', 'shared', 'mission');
const overview = readFileSync(join(folder, 'README.md'), 'utf8');
const seeds = new Map(
  [...overview.matchAll(/^\| `(\d{3}_[0-9a-f]+\.txt)` \| ([^|]+) \|$/gm)].map((match) => [
    match[1]!,
    seedName(match[2]!),
  ]),
);

const entries = readdirSync(folder)
  .filter((file) => /^(0[1-9]|1[0-2])-[a-z]+\.md$/.test(file))
  .sort()
  .flatMap((file) =>
    readDomain(file.replace(/^\d+-/, '').replace('.md', ''), readFileSync(join(folder, file), 'utf8')),
  );

const statements = entries.reduce((sum, entry) => sum + entry.must.length, 0);
const about = `${entries.length} entries and ${statements} must statements, from five seeds (newspaper pages and a bulletin, 2020 to 2026)`;
writeFileSync(cataloguePath, `${JSON.stringify({ about, entries }, null, 1)}\n`);
process.stdout.write(`${about}\n`);

/** `newspaper page, 2025-06-25: 太原 (…) + …` -> the part before the list of places. */
function seedName(description: string): string {
  return description.split(':')[0]!.trim();
}

function readDomain(domain: string, text: string): Entry[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => readEntry(domain, section));
}

function readEntry(domain: string, section: string): Entry {
  const [heading = ''] = section.split('\n');
  const [id = '', zh = '', en = ''] = heading.split(' · ').map((part) => part.trim());
  const line = (name: string) => new RegExp(`^- \\*\\*${name}\\*\\* (.*)$`, 'm').exec(section)?.[1] ?? '';
  const sources = new Set(
    [...line('src').matchAll(/\d{3}_[0-9a-f]+\.txt/g)].map((match) => seeds.get(match[0]) ?? 'unknown seed'),
  );
  return {
    id: id.replaceAll('`', ''),
    domain,
    title: { zh, en },
    depth: /\*\*depth\*\* ([ABC])/.exec(section)?.[1] ?? '',
    sources: [...sources],
    must: readStatements(line('must')),
  };
}

/** `(1) …; (2) …`: a number counts only where it is the next one, for a statement may hold brackets of its own. */
function readStatements(text: string): Entry['must'] {
  const starts: number[] = [];
  for (let n = 1, at = text.indexOf('(1)'); at >= 0; n += 1, at = text.indexOf(`(${n})`, at + 3))
    starts.push(at);
  return starts.map((start, index) => ({
    n: index + 1,
    statement: text
      .slice(start + String(`(${index + 1})`).length, starts[index + 1] ?? text.length)
      .trim()
      .replace(/;$/, ''),
  }));
}
