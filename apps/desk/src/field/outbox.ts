// Work done where there may be no network: kept on this device, sent in order as soon as possible, applied exactly once.
import { post, Refused, Unreachable } from '../api/client.ts';
import { uuidv7 } from '../api/uuid.ts';
import type { CommandAnswer, Text } from '../contract.ts';
import { allKept, drop, keep } from '../form/device-store.ts';
import { forgetFile, forgetOldFiles, sendKept } from '../form/kept-files.ts';

export interface OutboxCommand {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly subject?: string;
  readonly ifVersion?: number;
  /** May be refused without harm, such as making a list that stands already. */
  readonly optional?: boolean;
}

/** An object of a register, or a case. */
type JobPlace =
  | { readonly register: string; readonly key: string; readonly name: string }
  | { readonly case: string; readonly name: string };

export interface Job {
  readonly id: string;
  readonly user: string;
  readonly acting: { readonly org: string; readonly role: string };
  readonly at: string;
  readonly title: Text;
  /** Where the work was done, to go back to it. */
  readonly place: JobPlace;
  readonly commands: readonly OutboxCommand[];
  readonly files: readonly string[];
  readonly state: 'waiting' | 'refused';
  readonly why: Text | null;
  /** Where the form's draft is kept while the work may still be refused. */
  readonly draft: { readonly key: string; readonly answers: Readonly<Record<string, unknown>> } | null;
}

export interface OutboxState {
  readonly jobs: readonly Job[];
  readonly sending: boolean;
}

const AGAIN_MS = 15_000;
const listeners = new Set<() => void>();
const done = new Set<(job: Job, answers: readonly CommandAnswer[]) => void>();
let state: OutboxState = { jobs: [], sending: false };
let user: string | null = null;
let timer: ReturnType<typeof setTimeout> | null = null;

const change = (next: Partial<OutboxState>): void => {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
};

export const outboxState = (): OutboxState => state;
export function onOutbox(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function onSent(listener: (job: Job, answers: readonly CommandAnswer[]) => void): () => void {
  done.add(listener);
  return () => done.delete(listener);
}

/** Shows and sends the work of this person only; what another left on a shared device stays theirs. */
export async function openOutbox(person: string): Promise<void> {
  user = person;
  const jobs = await allKept<Job>('jobs').catch(() => []);
  change({ jobs: jobs.filter((job) => job.user === person).sort((a, b) => (a.at < b.at ? -1 : 1)) });
  const waiting = jobs.flatMap((job) => job.files);
  void forgetOldFiles(Date.now(), waiting).catch(() => undefined);
  void flush();
}

export async function putInOutbox(job: Omit<Job, 'id' | 'at' | 'state' | 'why'>): Promise<Job> {
  const whole: Job = { ...job, id: uuidv7(), at: new Date().toISOString(), state: 'waiting', why: null };
  await keep('jobs', whole);
  change({ jobs: [...state.jobs, whole] });
  return whole;
}

/** Gives a piece of work up: it and its photos leave the device. */
export async function dropJob(job: Job): Promise<void> {
  await drop('jobs', job.id);
  for (const url of job.files) await forgetFile(url);
  change({ jobs: state.jobs.filter((each) => each.id !== job.id) });
}

/** Takes a refused piece of work out, its photos kept for the form it goes back to. */
export async function takeBack(job: Job): Promise<void> {
  await drop('jobs', job.id);
  change({ jobs: state.jobs.filter((each) => each.id !== job.id) });
}

/** Sends what waits, one after the other; whoever is sending already goes on alone. */
export async function flush(): Promise<void> {
  if (timer) clearTimeout(timer);
  timer = null;
  if (state.sending || user === null) return;
  if (!state.jobs.some((job) => job.state === 'waiting')) return;
  change({ sending: true });
  try {
    // Two windows of one device do not send the same work side by side.
    if ('locks' in navigator) await navigator.locks.request('yimai-outbox', sendAll);
    else await sendAll();
  } finally {
    change({ sending: false });
  }
  if (state.jobs.some((job) => job.state === 'waiting')) timer = setTimeout(() => void flush(), AGAIN_MS);
}

async function sendAll(): Promise<void> {
  for (const job of state.jobs) {
    if (job.state !== 'waiting') continue;
    if (!(await sendJob(job))) return;
  }
}

/** True when the next may be tried; false when there is no way to the server now. */
async function sendJob(job: Job): Promise<boolean> {
  try {
    await sendKept(job.files);
    const envelopes = job.commands.map(({ optional: _, ...command }) => ({
      ...command,
      occurredAt: job.at,
      actingAs: job.acting,
    }));
    const answer = await post<CommandAnswer[] | { answers: CommandAnswer[] } | CommandAnswer>(
      '/commands',
      envelopes,
    );
    const answers = Array.isArray(answer) ? answer : 'answers' in answer ? answer.answers : [answer];
    const bad = answers.find((each, index) => each.outcome !== 'applied' && !job.commands[index]?.optional);
    if (bad?.outcome === 'fault') return false;
    if (bad) await refuse(job, bad.refusal?.detail ?? { zh: bad.outcome, en: bad.outcome });
    else await finish(job, answers);
    return true;
  } catch (cause) {
    if (cause instanceof Unreachable) return false;
    if (!(cause instanceof Refused) || cause.status === 401 || cause.status === 429 || cause.status >= 500)
      return false;
    await refuse(job, cause.detail ?? { zh: cause.code, en: cause.code });
    return true;
  }
}

async function finish(job: Job, answers: readonly CommandAnswer[]): Promise<void> {
  await drop('jobs', job.id);
  for (const url of job.files) await forgetFile(url);
  change({ jobs: state.jobs.filter((each) => each.id !== job.id) });
  for (const listener of done) listener(job, answers);
}

async function refuse(job: Job, why: Text): Promise<void> {
  const refused: Job = { ...job, state: 'refused', why };
  await keep('jobs', refused);
  change({ jobs: state.jobs.map((each) => (each.id === job.id ? refused : each)) });
}

addEventListener('online', () => void flush());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void flush();
});
