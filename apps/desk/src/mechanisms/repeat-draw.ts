// Repeats a draw from its published seed in the reader's own browser, so that nobody need believe the server.
import type { DrawRow } from '../contract.ts';

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Null where the browser offers no digest, as on an unencrypted connection to another machine. */
export async function sha256(text: string): Promise<string | null> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) return null;
  return hex(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

export const commitmentOf = (seed: string): Promise<string | null> => sha256(`commitment|${seed}`);

export async function repeats(row: DrawRow): Promise<'same' | 'different' | 'unknown'> {
  const commitment = await commitmentOf(row.seed);
  if (commitment === null) return 'unknown';
  const tickets = await Promise.all(
    row.pool.map(async (id) => ({ id, ticket: (await sha256(`${row.seed}|${id}`)) ?? '' })),
  );
  const order = tickets.sort((a, b) => (a.ticket < b.ticket ? -1 : 1)).map((one) => one.id);
  const chosen = row.chosen.map((one) => one.id);
  const reserves = row.reserves.map((one) => one.id);
  const same =
    commitment === row.commitment &&
    [...chosen, ...reserves].every((id, index) => id === order[index]) &&
    chosen.length > 0;
  return same ? 'same' : 'different';
}
