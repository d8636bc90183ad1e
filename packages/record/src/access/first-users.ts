// What a fresh house starts with: an administrator without a password, and the script user of this machine.
import { must, type Uuid } from '@yimai/kit';
import { headOfTree } from './head-of-tree.ts';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';
import { assignRole, createUser, findUser } from './users.ts';

export const ADMINISTRATOR_LOGIN = 'administrator';
export const SCRIPT_LOGIN = 'script';

/** Idempotent: run at each start. Neither user has a password; the administrator gets one by `yimai user`. */
export async function ensureFirstUsers(run: Runner, policy: Policy, now: Date): Promise<void> {
  await ensure(run, policy, ADMINISTRATOR_LOGIN, '系统管理员', 'administrator', now);
  await ensure(run, policy, SCRIPT_LOGIN, '本机脚本', 'script', now);
}

async function ensure(
  run: Runner,
  policy: Policy,
  login: string,
  name: string,
  role: string,
  now: Date,
): Promise<void> {
  if (await findUser(run, login)) return;
  const user = must(await createUser(run, policy, { login, name }, now));
  must(await assignRole(run, policy, { user: user.id as Uuid, role, org: await headOfTree(run) }, now));
}
