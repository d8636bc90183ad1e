// Passwords as argon2id texts in the usual `$argon2id$…` form; checking takes the same time for users that do not exist.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's second choice: 19 MiB, two passes; about 25 ms here, and sixteen sign-ins at once fit into memory. */
export const PASSWORD_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

const TAG_BYTES = 32;

export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, cost, TAG_BYTES);
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=${cost.lanes}$${text(salt)}$${text(tag)}`;
}

const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
let decoy: Promise<string> | undefined;

/** False for a wrong password and for none at all; with `stored` null the work is done all the same. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const match = FORM.exec(stored ?? (await decoy));
  if (!match) return false;
  const [, memory, passes, lanes, salt, tag] = match;
  const expected = Buffer.from(tag!, 'base64');
  const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const given = await derive(password, Buffer.from(salt!, 'base64'), cost, expected.length);
  return timingSafeEqual(given, expected) && stored !== null;
}

// Characters that look alike but are typed differently (full width, composed accents) count as the same password.
function derive(password: string, salt: Buffer, cost: PasswordCost, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parameters = {
      message: Buffer.from(password.normalize('NFKC'), 'utf8'),
      nonce: salt,
      parallelism: cost.lanes,
      tagLength: length,
      memory: cost.memoryKiB,
      passes: cost.passes,
    };
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(Buffer.from(key))));
  });
}
