// Remembers which files were brought in whole, so that the same file again changes nothing even where another file, or a
// person, has changed its resources since.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findUser, SCRIPT_LOGIN } from '@yimai/record';
import type { Consortium } from '@yimai/server';

interface Entry {
  /** Tells one database from another that is put in its place. */
  readonly house: string;
  readonly sha256: string;
  readonly resources: number;
}

export class Ledger {
  readonly #path: string;
  readonly #house: string;
  readonly #known: ReadonlyMap<string, number>;

  private constructor(path: string, house: string) {
    this.#path = path;
    this.#house = house;
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    this.#known = new Map(
      lines
        .flatMap(readEntry)
        .filter((entry) => entry.house === house)
        .map(({ sha256, resources }) => [sha256, resources]),
    );
  }

  static async open({ dataDir, database }: Consortium): Promise<Ledger> {
    const script = await findUser(database, SCRIPT_LOGIN);
    return new Ledger(join(dataDir, 'imported.ndjson'), script?.id ?? '');
  }

  /** How many resources that file brought; undefined if it was not brought in whole before. */
  resourcesOf(sha256: string): number | undefined {
    return this.#known.get(sha256);
  }

  async add(sha256: string, resources: number): Promise<void> {
    const entry: Entry = { house: this.#house, sha256, resources };
    await appendFile(this.#path, `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
  }
}

// The last line may have been cut off by a kill; its file is then brought in again.
function readEntry(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
