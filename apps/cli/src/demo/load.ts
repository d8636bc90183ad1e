// Loads the fictional county once: houses and sign-ins at once, then the year in a thread of its own while people are
// already signed in. Broken off, it goes on where it stopped, because every id follows from its source.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEMO_PASSWORD, places, prepareCounty, staffUsers } from '@yimai/county';
import { chinaDate } from '@yimai/kit';
import type { Consortium, ServerOptions } from '@yimai/server';
import type { Io } from '../io.ts';
import type { Played, PlayerOrder } from './player.ts';
import { progressBar } from './progress.ts';

export type SignIns = NonNullable<ServerOptions['demoSignIns']>;

const TITLE = { zh: '演示县的一年', en: 'a year of the demo county' };
const PLAYING = { zh: '正在播放演示县的一年', en: 'the year of the demo county is being played' };

const STOP_WITHIN_MS = 500;

/** What a broken-off play was given, so that taking it up plays the same year. */
interface Begun {
  readonly residents: number;
  readonly until: string;
  /** Weeks that were delivered when it broke off. */
  readonly delivered?: number;
}

export interface PlayedYear {
  readonly isComplete: boolean;
  loading(): { readonly done: number; readonly text: typeof PLAYING } | null;
  /** Begins; resolves at the end of the year or when stopped. */
  play(): Promise<void>;
  stop(): void;
}

/** Organisations, staff and sign-ins; the year that follows is played by the caller. */
export async function prepareDemo(house: Consortium, io: Io, residents: number): Promise<PlayedYear> {
  const marks = { loaded: markOf(house, 'demo-loaded.json'), begun: markOf(house, 'demo-begun.json') };
  // The mark is written last: a load that was broken off is done again.
  if (existsSync(marks.loaded)) return yearIsOver;
  const begun: Begun = existsSync(marks.begun)
    ? (JSON.parse(readFileSync(marks.begun, 'utf8')) as Begun)
    : { residents, until: chinaDate(house.clock.now()) };
  writeMark(marks.begun, begun);
  io.say({ zh: '正在装载演示数据（人员均为虚构）', en: 'loading the demo data (all persons are synthetic)' });
  await prepareCounty(house);
  const { residents: people, until } = begun;
  return player(house, io, begun, {
    kept: (delivered) => writeMark(marks.begun, { ...begun, delivered }),
    completed: () => writeMark(marks.loaded, { loadedAt: house.clock.now(), residents: people, until }),
  });
}

interface Marks {
  kept(weeks: number): void;
  completed(): void;
}

const yearIsOver: PlayedYear = {
  isComplete: true,
  loading: () => null,
  play: () => Promise.resolve(),
  stop: () => undefined,
};

function player(house: Consortium, io: Io, begun: Begun, marks: Marks): PlayedYear {
  const { dataDir, schema, ownerUrl, appUrl } = house;
  const order: PlayerOrder = {
    dataDir,
    schema,
    owner: ownerUrl,
    app: appUrl,
    ...begun,
    delivered: begun.delivered ?? 0,
  };
  let kept = order.delivered;
  const bar = progressBar(io, TITLE[io.language], 1);
  let worker: Worker | undefined;
  let done = 0;
  let isOver = false;
  let stopped = false;
  return {
    get isComplete() {
      return isOver;
    },
    loading: () => (isOver ? null : { done, text: PLAYING }),
    play() {
      if (stopped) return Promise.resolve();
      const playing = new Worker(new URL('./player.ts', import.meta.url), { workerData: order });
      worker = playing;
      return new Promise((resolve, reject) => {
        playing.on('message', (said: Played) => {
          if ('line' in said) {
            io.line(said.line);
            return;
          }
          if ('kept' in said) {
            // A play taken up passes the weeks of the one before it again.
            if (said.kept > kept) marks.kept(said.kept);
            kept = Math.max(kept, said.kept);
            return;
          }
          done = said.done;
          bar(done);
          if (!said.isComplete) return;
          isOver = true;
          marks.completed();
        });
        playing.on('error', reject);
        playing.on('exit', () => resolve());
      });
    },
    stop() {
      stopped = true;
      worker?.postMessage('stop');
      // An act under way may take long; what it had not committed is played again at the next start.
      setTimeout(() => void worker?.terminate(), STOP_WITHIN_MS).unref();
    },
  };
}

const markOf = (house: Consortium, name: string) => join(house.dataDir, name);

function writeMark(path: string, value: object): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** What is printed and shown on the sign-in page. */
export async function demoSignIns(house: Consortium): Promise<SignIns> {
  if (!(await house.accounts.hasDemoUsers())) return [];
  const orgs = new Map(places().map(({ id, name }) => [id, name]));
  return staffUsers().map(({ login, name, role, org }) => ({
    login,
    password: DEMO_PASSWORD,
    name,
    role: house.policy.roles.get(role)?.name ?? { zh: role, en: role },
    org: orgs.get(org) ?? org,
  }));
}
