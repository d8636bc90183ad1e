// Empties one programme's declaration at a time and runs its tests: a test that still passes proves nothing.
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { parse, stringify } from 'yaml';
import { root } from '../repository.ts';

export interface Mutation {
  readonly programme: string;
  readonly tests: number;
  /** Titles that passed although nothing was declared. */
  readonly survived: readonly string[];
}

const TAG = /\[[a-z0-9-]+\/\d+\]/g;
const HEAD = ['id', 'domain', 'version', 'title', 'source'];

export async function mutateProgrammes(
  ids: readonly string[],
  say: (line: string) => void,
): Promise<Mutation[]> {
  const all = globSync('programs/*/*/programme.yaml', { cwd: root })
    .map((file) => file.split('/').slice(1, 3).join('/'))
    .sort();
  const wanted = all.filter(
    (name) => ids.length === 0 || ids.includes(name.split('/')[1]!) || ids.includes(name),
  );
  const done: Mutation[] = [];
  for (const programme of wanted) {
    const mutation = await mutateOne(programme);
    say(`${mutation.survived.length === 0 ? 'ok      ' : 'SURVIVED'} ${programme} (${mutation.tests} tests)`);
    for (const title of mutation.survived) say(`         ${title}`);
    done.push(mutation);
  }
  return done;
}

async function mutateOne(programme: string): Promise<Mutation> {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-mutation-'));
  try {
    cpSync(join(root, 'programs'), folder, { recursive: true });
    const file = join(folder, programme, 'programme.yaml');
    const declared = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, stringify(Object.fromEntries(HEAD.map((key) => [key, declared[key]]))));
    for (const part of ['forms', 'loops'])
      rmSync(join(folder, programme, part), { recursive: true, force: true });
    const measures = (declared['measures'] ?? []) as readonly string[];
    return await runTests(programme, folder, measures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runTests(programme: string, programs: string, measures: readonly string[]): Promise<Mutation> {
  const [, id] = programme.split('/');
  const files = globSync(`programs/${programme}/*.test.ts`, { cwd: root }).map((file) => join(root, file));
  process.env['YIMAI_PROGRAMS'] = programs;
  process.env['YIMAI_WITHOUT_MEASURES'] = measures.join(' ');
  // Counted from the text: a file whose set-up already fails reports none of its tests one by one.
  const tags = new Set(
    files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(TAG)].map(([tag]) => tag)),
  );
  const own = [...tags].filter((tag) => tag.startsWith(`[${id}/`));
  const survived: string[] = [];
  const stream = run({ files, concurrency: 1, timeout: 300_000 });
  const counts = (name: string) => name.includes(`[${id}/`);
  stream.on('test:pass', ({ name, skip, todo }) => {
    if (!counts(name) || skip !== undefined || todo !== undefined) return;
    survived.push(name);
  });
  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve);
    stream.on('error', reject);
    stream.resume();
  });
  delete process.env['YIMAI_PROGRAMS'];
  delete process.env['YIMAI_WITHOUT_MEASURES'];
  return { programme, tests: own.length, survived };
}
