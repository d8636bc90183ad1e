// Session tokens: random, opaque, kept only as a hash, so that a copy of the database signs nobody in.
import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'ym_';

export function newToken(): { token: string; hash: Buffer } {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

/** The token has 256 random bits, so a plain hash is enough; it is looked up by that hash. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Ours, or one of the OpenID provider inside (43 letters of chance, without our prefix). */
export const looksLikeToken = (text: string): boolean => /^(?:ym_)?[A-Za-z0-9_-]{43}$/.test(text);
