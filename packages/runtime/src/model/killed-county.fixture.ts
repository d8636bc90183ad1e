// Starts, asks, kills and starts again the county process of the model test.
import { type ChildProcess, fork } from 'node:child_process';
import type { Asked } from './county-process.fixture.ts';

export class KilledCounty {
  readonly #dir: string;
  #child: ChildProcess | undefined;
  #database = 0;
  #asked = 0;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  async start(): Promise<void> {
    const child = fork(new URL('./county-process.fixture.ts', import.meta.url), [this.#dir], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#database = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the county did not start (${code})`)));
      child.on('message', (said: { ready?: number; id?: number; value?: unknown; error?: string }) => {
        if (said.ready !== undefined) resolve(said.ready);
        const waiting = this.#waiting.get(said.id ?? -1);
        this.#waiting.delete(said.id ?? -1);
        if (said.error === undefined) waiting?.resolve(said.value);
        else waiting?.reject(new Error(said.error));
      });
    });
  }

  /** Asks; rejects where the county died before it answered. */
  ask<T>(now: number, ask: Asked['ask']): Promise<T> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child?.send({ id, now, ask });
    });
  }

  /** No goodbye: SIGKILL to the application, and before it to the database where that is meant. */
  async kill(what: 'application' | 'database'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (what === 'database') process.kill(this.#database, 'SIGKILL');
    child.kill('SIGKILL');
    await gone;
    for (const { reject } of this.#waiting.values()) reject(new Error('killed'));
    this.#waiting.clear();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await gone;
  }
}
