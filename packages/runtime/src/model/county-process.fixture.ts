// A county in a process of its own, so that a test can kill it: opens the embedded database in the given folder and does
// what the messages say. Its clock stands where the last message put it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '@yimai/postgres';
import { startEmbedded } from '@yimai/postgres/embedded';
import { countyOn, migrateCounty, smallCounty } from '../testing.ts';

export interface Asked {
  readonly id: number;
  readonly now: number;
  readonly ask:
    | {
        readonly do: 'send';
        readonly as: { role: string; org: string; person: string };
        readonly command: string;
        readonly type: string;
        readonly payload: unknown;
      }
    | { readonly do: 'fire' }
    | { readonly do: 'states' }
    | { readonly do: 'next' };
}

const [dir] = process.argv.slice(2);
if (!dir || !process.send) throw new Error('fault: started by the model test only');
const embedded = await startEmbedded({ dataDir: dir });
const place = { appUrl: embedded.appUrl, schema: 'county', dir };
const isNew = !existsSync(join(dir, 'keys.json'));
if (isNew) await migrateCounty(embedded.url, 'county');
const county = countyOn({ after: () => {} }, place);
if (isNew) await smallCounty(county);

async function answer({ now, ask }: Asked): Promise<unknown> {
  const ahead = now - county.clock.now().getTime();
  if (ahead > 0) county.clock.advanceBy(ahead);
  if (ask.do === 'send') {
    const answered = await county.send(ask.as, ask.type, ask.payload, { id: ask.command as never });
    return { ...answered, fault: answered.outcome === 'fault' ? county.faults.at(-1)?.stack : undefined };
  }
  if (ask.do === 'fire') {
    const before = county.faults.length;
    const fired = await county.due.fireDue();
    return { fired, faults: county.faults.slice(before).map((error) => error.message) };
  }
  if (ask.do === 'next') {
    const { rows } = await county.database.run<{ at: Date; id: string }>(
      sql`select at, id from due_time order by at, id limit 1`,
    );
    return rows[0] ? rows[0].at.getTime() : null;
  }
  const { rows } = await county.database.run<{ id: string; parent: string | null; times: string[] | null }>(
    sql`select c.id, c.parent, (select array_agg(key || '|' || (extract(epoch from at) * 1000)::bigint) from due_time d
      where d.target = c.id) as times from loop_case c order by c.id`,
  );
  return Promise.all(rows.map(async (row) => ({ ...row, state: await county.caseState(row.id) })));
}

process.on('message', (asked: Asked) => {
  answer(asked).then(
    (value) => process.send!({ id: asked.id, value }),
    (error: Error) => process.send!({ id: asked.id, error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: embedded.pid });
