// Processor time of a piece of work: of this process and of the database's connections. Other work on the machine disturbs
// it less than it does speed.
import { readFileSync } from 'node:fs';
import type { Database } from '@yimai/postgres';

/** Linux counts the time of another process in hundredths of a second. */
const TICK_MS = 10;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** With the milliseconds that it took; without them where the database runs on another machine. */
export async function processorTime<T>(
  database: Database,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number | null }> {
  const own = process.cpuUsage();
  const before = await ticksOf(database);
  const value = await work();
  const after = await ticksOf(database);
  const { user, system } = process.cpuUsage(own);
  if (after.size === 0) return { value, ms: null };
  let ticks = 0;
  for (const [pid, now] of after) ticks += now - (before.get(pid) ?? 0);
  return { value, ms: (user + system) / 1000 + ticks * TICK_MS };
}

async function ticksOf(database: Database): Promise<Map<number, number>> {
  const { rows } = await database.text<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and usename = current_user',
  );
  const ticks = new Map<number, number>();
  for (const { pid } of rows) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (!stat.includes('(postgres')) continue;
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks.set(pid, Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]));
    } catch {
      // The connection has ended, or its process is on another machine.
    }
  }
  return ticks;
}
