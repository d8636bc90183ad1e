// The link to the next page: everything it needs, sealed, so that it shows nothing of a person and cannot be forged.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ok, type Result } from '@yimai/kit';
import type { Moment } from './moment.ts';
import { no } from './refusals.ts';
import type { Place } from './sql-page.ts';
import type { Blind } from './sql-values.ts';

/** What a page link carries: the search as it was understood, and where it stands. */
export interface PageState {
  readonly path: string;
  readonly query: string;
  readonly place: Place;
  readonly moment: Moment;
  /** The instant of the first page, by which the words of the query were read. */
  readonly now: string;
  readonly total: number | null;
}

export const PAGE_PARAMETER = '_page';
const NONCE = 12;
const TAG = 16;

/** The key follows from that of the blind index: every server of the installation has it, no table holds it. */
function keyOf(blind: Blind): Buffer {
  return createHash('sha256').update(blind('yimai: key of page links, version 2')).digest();
}

export function sealPage(state: PageState, blind: Blind): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(blind), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

export function openPage(link: string, path: string, blind: Blind): Result<PageState> {
  const bytes = Buffer.from(link, 'base64url');
  if (bytes.length <= NONCE + TAG) return no('search-page-invalid', PAGE_PARAMETER);
  const cipher = createDecipheriv('aes-256-gcm', keyOf(blind), bytes.subarray(0, NONCE), {
    authTagLength: TAG,
  });
  cipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  try {
    const text = Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]).toString('utf8');
    const state = JSON.parse(text) as PageState;
    return state.path === path ? ok(state) : no('search-page-invalid', PAGE_PARAMETER);
  } catch {
    // The tag did not fit: cut off, changed, or sealed with another key.
    return no('search-page-invalid', PAGE_PARAMETER);
  }
}
