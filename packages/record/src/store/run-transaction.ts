// Opens a Transaction around a body and commits it with its audit; a refusal or a fault leaves nothing.
import type { Uuid } from '@yimai/kit';
import type { Access } from '../types.ts';
import type { StoreDeps, Via } from './deps.ts';
import { Transaction } from './transaction.ts';

export async function runTransaction<T>(
  deps: StoreDeps,
  access: Access,
  options: { readonly via: Via; readonly commandId?: Uuid },
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await deps.entries.ready();
  let wrote = false;
  const value = await deps.database.tx({}, async (run) => {
    const tx = new Transaction(deps, run, access, options.via, deps.clock.now(), options.commandId ?? null);
    const result = await body(tx);
    await tx.finish();
    wrote = tx.wrote;
    return result;
  });
  if (wrote) deps.committed();
  return value;
}
