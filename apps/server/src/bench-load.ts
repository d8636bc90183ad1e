// Runs one load of the benchmark in a client process of its own and refuses a run with failed requests.
import { fork } from 'node:child_process';
import type { Job, Load } from './bench-client.ts';

export type { Load } from './bench-client.ts';
export type Requests = Job['requests'];

export const CLIENTS = 16;

/** Sends the requests of one reader, by sixteen clients and to their end unless told otherwise. */
export type Loader = (
  requests: Requests,
  limits?: { readonly clients: number; readonly budgetMs: number },
) => Promise<Load>;

export const loaderOf =
  (url: string, token: string): Loader =>
  (requests, limits = { clients: CLIENTS, budgetMs: Number.MAX_SAFE_INTEGER }) =>
    runClient({ url, token, requests, ...limits });

function runClient(job: Job): Promise<Load> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./bench-client.ts', import.meta.url), { stdio: 'inherit' });
    child.on('message', (result) => {
      child.kill();
      const load = result as Load;
      if (load.failed > 0) reject(new Error(`fault: ${load.failed} requests failed`));
      else resolve(load);
    });
    child.on('exit', (code) => {
      if (code) reject(new Error(`fault: the load client ended with ${code}`));
    });
    child.on('error', reject);
    child.send(job);
  });
}
