// The audit's hash chain: each row's hash covers the one before, so that a changed, lost or added row shows.
import { createHash, getHashes } from 'node:crypto';
import type { Sql } from '@yimai/postgres';

/** SM3 where OpenSSL has it; the first byte of each hash says which it is, so that a chain outlives a change. */
const ALGORITHMS = ['sha256', 'sm3'] as const;
const CURRENT = getHashes().includes('sm3') ? 1 : 0;

/** Hash of the row with this canonical body behind `prev` (empty before the first). */
export function chainHash(prev: Buffer, body: string): Buffer {
  return hashWith(CURRENT, prev, body);
}

function hashWith(algorithm: number, prev: Buffer, body: string): Buffer {
  const name = ALGORITHMS[algorithm];
  if (name === undefined) return Buffer.alloc(0);
  const digest = createHash(name).update(prev).update(body, 'utf8').digest();
  return Buffer.concat([Buffer.from([algorithm]), digest]);
}

export interface ChainReport {
  readonly rows: number;
  readonly algorithms: readonly string[];
  /** The first row that does not follow, or null. */
  readonly broken: { readonly seq: number; readonly why: 'gap' | 'hash' | 'columns' | 'tail' } | null;
}

interface ChainRow {
  readonly seq: number;
  readonly at: Date;
  readonly person: string | null;
  readonly org: string | null;
  readonly patient: string | null;
  readonly action: string;
  readonly body: string;
  readonly hash: Buffer;
}

/** The columns by which rows are found say what the body says, which the hash covers. */
function tellsItsBody(row: ChainRow): boolean {
  const body = readBody(row.body);
  return (
    body['at'] === row.at.toISOString() &&
    body['action'] === row.action &&
    (body['user'] ?? null) === row.person &&
    (body['org'] ?? null) === row.org &&
    (body['patient'] ?? null) === row.patient
  );
}

function readBody(text: string): { readonly [key: string]: unknown } {
  try {
    return JSON.parse(text) as { [key: string]: unknown };
  } catch {
    // None of ours: it says nothing that a column could say.
    return {};
  }
}

const PAGE = 5_000;
/** A hash without its algorithm byte is SHA-256. */
const BARE = 32;

/** Walks the chain from its first row to the sequencer's last word. */
export async function verifyChain(run: Sql): Promise<ChainReport> {
  let prev = Buffer.alloc(0) as Buffer;
  let seq = 0;
  const seen = new Set<string>();
  const report = (broken: ChainReport['broken']): ChainReport => ({
    rows: seq,
    algorithms: [...seen],
    broken,
  });
  // Read first: rows that are chained while we walk come after it and are checked all the same.
  const { rows: ends } = await run.text<{ audit_seq: number; audit_hash: Buffer }>(
    'select audit_seq, audit_hash from sequencer',
  );
  for (;;) {
    const { rows } = await run.text<ChainRow>(
      'select seq, at, person, org, patient, action, body, hash from audit where seq > $1 order by seq limit $2',
      [seq, PAGE],
    );
    for (const row of rows) {
      if (row.seq !== seq + 1) return report({ seq: seq + 1, why: 'gap' });
      const algorithm = row.hash.length === BARE ? 0 : (row.hash[0] ?? 255);
      const expected = hashWith(algorithm, prev, row.body);
      const follows = (row.hash.length === BARE ? expected.subarray(1) : expected).equals(row.hash);
      if (!follows) return report({ seq: row.seq, why: 'hash' });
      if (!tellsItsBody(row)) return report({ seq: row.seq, why: 'columns' });
      seen.add(ALGORITHMS[algorithm]!);
      prev = row.hash;
      seq = row.seq;
      if (seq === ends[0]?.audit_seq && !row.hash.equals(ends[0].audit_hash))
        return report({ seq, why: 'tail' });
    }
    if (rows.length < PAGE) break;
  }
  return report(seq < (ends[0]?.audit_seq ?? 0) ? { seq: seq + 1, why: 'tail' } : null);
}
