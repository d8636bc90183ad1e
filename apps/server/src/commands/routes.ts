// POST /commands: one command or an array of up to 500, each applied by itself and in order.
import { ok, RefusalError, type Result } from '@yimai/kit';
import type { Access } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../http/deps.ts';
import { signedInOf, tokenOf } from '../http/session.ts';

const COMMANDS_MAX = 500;
/** Acts on users, sessions, clients or sight (an emergency look); no other command changes who a token stands for. */
const ABOUT_ACCOUNTS = /^(user|session|client|break-glass)\./;

export function mountCommands(app: FastifyInstance, deps: ServerDeps): void {
  app.post('/commands', { bodyLimit: deps.bodyLimit }, async (request) => {
    const token = tokenOf(request);
    // Refuses a request without a valid session as a whole, before any command is looked at.
    await signedInOf(deps, request);
    const accessFor = async (actingAs: { org: string; role: string }): Promise<Result<Access>> => {
      const now = deps.clock.now();
      const signedIn = await deps.accounts.signedIn(token, now, actingAs);
      return signedIn.ok ? ok(deps.accounts.accessOf(signedIn.value, now)) : signedIn;
    };
    const { body } = request;
    const execute = async (one: unknown) => {
      const answer = await deps.record.commands.execute(one, accessFor);
      // Counts from the next request on.
      if (ABOUT_ACCOUNTS.test(String((one as { type?: unknown } | null)?.type))) deps.accounts.forget();
      return answer;
    };
    if (!Array.isArray(body)) return execute(body);
    if (body.length > COMMANDS_MAX) {
      const detail = {
        zh: `一次至多 ${COMMANDS_MAX} 条命令`,
        en: `at most ${COMMANDS_MAX} commands at a time`,
      };
      throw new RefusalError({ code: 'too-large', at: '', detail });
    }
    const answers = [];
    for (const one of body) answers.push(await execute(one));
    return answers;
  });
}
