// A process that posts one clearing and is killed in the middle by the fault test: `node … URL SCHEMA COMMAND COUNT`.
import { SimulatedClock, type Uuid } from '@yimai/kit';
import { openDatabase } from '@yimai/postgres';
import { monthOf, START } from './ledger.fixture.ts';
import { openLedger } from './ledger.ts';

const [url, schema, command, count] = process.argv.slice(2);
const database = openDatabase({ url: url!, schema: schema!, poolSize: 2 });
const ledger = openLedger({ database, clock: new SimulatedClock(START) });
const postings = monthOf(Number(count));
process.stdout.write('ready\n');
await ledger.post({ command: command as Uuid, period: '2026-03', kind: 'month', scope: 'region', postings });
process.stdout.write('posted\n');
await database.close();
