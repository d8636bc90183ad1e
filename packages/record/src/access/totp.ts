// The second factor (TOTP, RFC 6238): enrolled in two steps, each code good once.
import { ok, type Result, refuse, type Uuid } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { Secret, TOTP } from 'otpauth';
import type { Keyring } from './keyring.ts';
import type { Runner } from './runner.ts';

const STEP_SECONDS = 30;
/** One step before and after: the clocks of telephones differ. */
const WINDOW = 1;

/** Makes a secret that counts only after a first right code; the URI is for the authenticator's camera. */
export async function enrolTotp(
  run: Runner,
  keyring: Keyring,
  user: Uuid,
): Promise<{ uri: string; secret: string }> {
  const secret = new Secret({ size: 20 });
  const { rows } = await run.run<{ login: string }>(sql`update app_user
    set totp_pending = ${keyring.close(`t${secret.base32}`)} where id = ${user} returning login`);
  const uri = new TOTP({
    issuer: 'Yimai',
    label: rows[0]?.login ?? '',
    secret,
    period: STEP_SECONDS,
  }).toString();
  return { uri, secret: secret.base32 };
}

export async function confirmTotp(
  run: Runner,
  keyring: Keyring,
  user: Uuid,
  code: string,
  now: Date,
): Promise<Result<null>> {
  const { rows } = await run.run<{ totp_pending: string | null }>(
    sql`select totp_pending from app_user where id = ${user} for update`,
  );
  const pending = rows[0]?.totp_pending ?? null;
  const step = pending && checkTotp(keyring, pending, code, 0, now);
  if (!step)
    return refuse('totp-wrong', { zh: '动态口令不对', en: 'the code is wrong' }, { at: 'totp', rule: 'A9' });
  await run.run(sql`update app_user set totp_secret = totp_pending, totp_pending = null, totp_step = ${step}
    where id = ${user}`);
  return ok(null);
}

/** The time step of a right code that is later than the last one used; null otherwise. */
export function checkTotp(
  keyring: Keyring,
  sealed: string,
  code: string,
  lastStep: number,
  now: Date,
): number | null {
  const plain = keyring.open(sealed);
  if (plain === null || !/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ secret: Secret.fromBase32(plain.slice(1)), period: STEP_SECONDS });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta;
  return step > lastStep ? step : null;
}
