// Whether the second belt is worn: an owner or superuser as application role would pass row-level security unseen.
import { sql } from '@yimai/postgres';
import type { Runner } from './runner.ts';

/** For `yimai doctor` and the start of a server: false means that the policies of 0002 bind nobody on this connection. */
export async function secondBeltHolds(run: Runner): Promise<boolean> {
  const { rows } = await run.run<{ holds: boolean }>(sql`select row_security_active('resource')
    and row_security_active('history') and row_security_active('change') as holds`);
  return rows[0]?.holds === true;
}
