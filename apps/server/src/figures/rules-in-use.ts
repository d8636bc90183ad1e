// Which rules the figures go by: those of the product, or, when a file of them is wrong, the last that were right here.
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Refusal, RefusalError } from '@yimai/kit';

const KEPT = 'rules-in-use';
const PARTS = ['views', 'measures', 'quality'];

export interface RulesInUse<T> {
  readonly rules: T;
  /** Folder with `views`, `measures` and `quality`. */
  readonly folder: string;
  /** Why the product's own were not taken; null when they were. */
  readonly refusal: Refusal | null;
}

/** Throws the refusal where nothing was ever right: `load` throws it of a folder with a wrong file. */
export function rulesInUse<T>(
  product: string,
  dataFolder: string,
  load: (folder: string) => T,
): RulesInUse<T> {
  const kept = join(dataFolder, KEPT);
  try {
    return { rules: load(product), folder: product, refusal: null };
  } catch (error) {
    if (!(error instanceof RefusalError) || !existsSync(kept)) throw error;
    return { rules: load(kept), folder: kept, refusal: error.refusal };
  }
}

/** Keeps rules that were right, for the day when a file of the next ones is wrong. */
export function keepRules(product: string, dataFolder: string): void {
  const [kept, next] = [join(dataFolder, KEPT), join(dataFolder, `${KEPT}.${process.pid}`)];
  rmSync(next, { recursive: true, force: true });
  for (const part of PARTS) cpSync(join(product, part), join(next, part), { recursive: true });
  rmSync(kept, { recursive: true, force: true });
  renameSync(next, kept);
}
