// The thread in which the demo's year is played: a consortium of its own on the same database, on a simulated clock that
// begins a year ago. The server beside it keeps the real time and fires no due times until the year is over.
import { parentPort, workerData } from 'node:worker_threads';
import { playCounty, yearBefore } from '@yimai/county';
import { chinaInstant, localDate, SimulatedClock } from '@yimai/kit';
import { openConsortium } from '@yimai/server';

export interface PlayerOrder {
  readonly dataDir: string;
  readonly schema: string;
  readonly owner: string;
  readonly app: string;
  readonly residents: number;
  readonly until: string;
  /** Weeks that an earlier play has surely delivered. */
  readonly delivered: number;
}

export type Played =
  | { readonly done: number; readonly isComplete: boolean }
  | { readonly line: string }
  | { readonly kept: number };

const order = workerData as PlayerOrder;
const until = localDate(order.until);
const clock = new SimulatedClock(chinaInstant(yearBefore(until)));
const tell = (said: Played) => parentPort?.postMessage(said);
let isStopped = false;
parentPort?.on('message', () => {
  isStopped = true;
});

const house = await openConsortium({
  dataDir: order.dataDir,
  schema: order.schema,
  databaseUrls: { owner: order.owner, app: order.app },
  clock,
  poolSize: 6,
  asynchronousCommit: true,
  log: (level, message, fields) => {
    if (level === 'error') tell({ line: `${message} ${JSON.stringify(fields ?? {})}` });
  },
});
try {
  const { record, database, policy, due } = house;
  const refused = await playCounty(
    {
      record,
      database,
      policy,
      clock,
      fireDue: () => due.fireDue(),
      programmes: house.runtime.context,
    },
    {
      residents: order.residents,
      until,
      delivered: order.delivered,
      stopped: () => isStopped,
      kept: (kept) => tell({ kept }),
      progress: (done, of) => tell({ done: done / of, isComplete: false }),
    },
  );
  for (const { story, type, code, at } of refused.slice(0, 20))
    tell({ line: `${story} ${type}: ${code} ${at}` });
} finally {
  await house.close();
}
tell({ done: isStopped ? 0 : 1, isComplete: !isStopped });
parentPort?.close();
