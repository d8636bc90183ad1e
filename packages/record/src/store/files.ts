// Binary as its reader: the bytes of a file with a security context are for those who may read that resource, and for
// nobody else, on every way that leads to them.
import { rowKey } from '@yimai/fhir';
import { sql } from '@yimai/postgres';
import type { Access, StoredRow } from '../types.ts';
import { type FileHead, fileHead, moveBlobIn, withoutData } from './content.ts';
import type { StoreDeps } from './deps.ts';
import { auditRead, readCurrent, readVersion } from './read.ts';

/** A version of a Binary (the current one without a number) whose bytes this reader may have, or null. */
export async function readFile(
  deps: StoreDeps,
  access: Access,
  id: string,
  version: number | null,
): Promise<StoredRow | null> {
  const asked = (reader: Access) =>
    version === null
      ? readCurrent(deps, reader, 'Binary', id)
      : readVersion(deps, reader, 'Binary', id, version);
  const row = await asked(deps.systemAccess(deps.clock.now()));
  const verdict = row?.content ? await contextVerdict(deps, access, fileHead(row.content)) : 'own';
  if (!row || verdict === 'own') return asked(access);
  if (verdict === 'closed') return null;
  await auditRead(deps, access, version === null ? 'read' : 'vread', [row]);
  return row;
}

/**
 * The JSON text for this reader: identifiers clear or masked, bytes back in place. A Binary found by search, history or
 * export comes without its bytes where its context is closed, or where there are more of them than `bytesMax`.
 */
export async function contentFor(
  deps: StoreDeps,
  access: Access,
  row: StoredRow,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<string> {
  const open = deps.openFields(row.content ?? '', access.showsClear(row));
  if (row.type !== 'Binary' || open === '') return open;
  const head = fileHead(open);
  if ((await contextVerdict(deps, access, head)) === 'closed') return withoutData(open);
  if (head.blob !== null && (await deps.blobs.size(head.blob)) > bytesMax) return withoutData(open);
  return moveBlobIn(row.type, open, deps.blobs);
}

/** `own`: there is no such resource here, and the labels of the Binary itself decide. */
async function contextVerdict(
  deps: StoreDeps,
  access: Access,
  { context }: FileHead,
): Promise<'open' | 'closed' | 'own'> {
  if (!context) return 'own';
  const { rows } = await deps.database.read<{ open: boolean | null }>(
    deps.systemAccess(deps.clock.now()).settings,
    sql`select (${access.readable('r')}) as open from resource r where r.id = ${rowKey(context.type, context.id)}`,
  );
  if (!rows[0]) return 'own';
  return rows[0].open ? 'open' : 'closed';
}
