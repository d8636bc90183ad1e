// A process that uses the embedded database of one folder until it is told to end; the crash tests kill it.
// Arguments: folder, then how many times to open, query and close; without a number it stays until SIGTERM.
import pg from 'pg';
import { startEmbedded } from './start.ts';

const [dataDir, turns] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: holder.fixture.ts DIR [TURNS]');

async function visit(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('insert into visit default values');
  await client.end();
}

if (turns === undefined) {
  const db = await startEmbedded({ dataDir, onLog: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify({ pid: db.pid, url: db.url })}\n`);
  const stay = setInterval(() => {}, 1_000);
  process.once('SIGTERM', () => {
    clearInterval(stay);
    void db.stop().then(() => process.exit(0));
  });
} else {
  for (let turn = 0; turn < Number(turns); turn += 1) {
    const db = await startEmbedded({ dataDir });
    await visit(db.url);
    await db.stop();
  }
  process.stdout.write('{}\n');
}
