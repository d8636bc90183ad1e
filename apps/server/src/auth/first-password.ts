// The first password of a fresh house: while nobody can sign in, whoever reads the code that this start prints gives the
// administrator a password at the desk. Afterwards, or after too many wrong codes, the door is shut.
import { randomInt, timingSafeEqual } from 'node:crypto';
import { must, RefusalError } from '@yimai/kit';
import { ADMINISTRATOR_LOGIN } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../http/deps.ts';

/** What the terminal shows at the start of a house that nobody can sign in to. */
export interface FirstStart {
  readonly login: string;
  readonly code: string;
}

const TRIES = 10;
const DIGITS = 8;

/** Null when somebody has a password already. */
export async function mountFirstPassword(app: FastifyInstance, deps: ServerDeps): Promise<FirstStart | null> {
  const code = (await deps.accounts.isFresh()) ? newCode() : null;
  let tries = TRIES;
  app.post('/auth/first-password', { bodyLimit: 2_000 }, async (request) => {
    const given = (request.body ?? {}) as { code?: unknown; password?: unknown };
    if (code === null || tries === 0 || !(await deps.accounts.isFresh())) throw shut();
    tries -= 1;
    if (typeof given.code !== 'string' || !isSame(given.code, code)) throw wrongCode();
    tries += 1;
    const password = typeof given.password === 'string' ? given.password : '';
    must(await deps.accounts.setFirstPassword(password, deps.clock.now()));
    return { login: ADMINISTRATOR_LOGIN };
  });
  return code === null ? null : { login: ADMINISTRATOR_LOGIN, code };
}

function newCode(): string {
  const digits = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

function isSame(given: string, code: string): boolean {
  const [a, b] = [given, code].map((text) =>
    Buffer.from(text.replaceAll(/\D/g, '').padEnd(DIGITS).slice(0, 32)),
  );
  return a!.length === b!.length && timingSafeEqual(a!, b!);
}

function shut(): RefusalError {
  const detail = {
    zh: '首次启动码已失效，请用已有账号登录，或重新启动服务',
    en: 'the first-start code is no longer valid; sign in, or start the server again',
  };
  return new RefusalError({ code: 'first-start-over', at: 'code', detail });
}

function wrongCode(): RefusalError {
  const detail = {
    zh: '首次启动码不对，请看启动服务的窗口',
    en: 'wrong first-start code; look at the window in which the server was started',
  };
  return new RefusalError({ code: 'first-start-code-wrong', at: 'code', detail });
}
