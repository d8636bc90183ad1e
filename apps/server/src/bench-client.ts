// The load of the benchmark, in a process of its own: keep-alive connections, each asking as soon as it is answered. It
// speaks just enough HTTP, so that the client takes as little as it can of the cores that the server is measured on.
import net from 'node:net';

export interface Job {
  readonly url: string;
  readonly token: string;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body?: string }[];
  readonly clients: number;
  /** No request begins later than this. */
  readonly budgetMs?: number;
}

export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failed: number;
  readonly count: number;
}

process.on('message', (job: Job) => {
  void run(job).then((result) => process.send!(result));
});

async function run(job: Job): Promise<Load> {
  const { hostname, port } = new URL(job.url);
  const texts = job.requests.map((request) => Buffer.from(requestText(job, request)));
  const times: number[] = [];
  const budget = job.budgetMs ?? Number.POSITIVE_INFINITY;
  const begin = performance.now();
  let next = 0;
  let failed = 0;
  const client = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect(Number(port), hostname);
      socket.setNoDelay(true);
      const answer = new Answers();
      let start = 0;
      const ask = () => {
        const text = texts[next];
        next += 1;
        if (text === undefined || performance.now() - begin > budget) {
          socket.destroy();
          resolve();
          return;
        }
        start = performance.now();
        socket.write(text);
      };
      socket.on('connect', ask);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        const status = answer.take(chunk);
        if (status === null) return;
        times.push(performance.now() - start);
        if (status >= 300) failed += 1;
        ask();
      });
    });
  await Promise.all(Array.from({ length: job.clients }, client));
  const seconds = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const count = times.length;
  return { perSecond: count / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), failed, count };
}

function requestText(job: Job, { method, path, body }: Job['requests'][number]): string {
  const head = [
    `${method} ${encodeURI(path)} HTTP/1.1`,
    `host: ${new URL(job.url).host}`,
    `authorization: Bearer ${job.token}`,
    'accept: application/fhir+json',
  ];
  if (body !== undefined)
    head.push(`content-type: ${typeOf(path)}`, `content-length: ${Buffer.byteLength(body)}`);
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

const typeOf = (path: string): string =>
  path === '/commands' ? 'application/json' : 'application/fhir+json';

/** Finds the end of an answer by its Content-Length; one answer is under way at a time. */
class Answers {
  #head = '';
  #left = -1;
  #status = 0;

  /** The status once the whole answer has come. */
  take(chunk: Buffer): number | null {
    if (this.#left < 0) {
      this.#head += chunk.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return null;
      const length = /\r\ncontent-length: (\d+)/i.exec(this.#head.slice(0, end))?.[1];
      this.#status = Number(this.#head.slice(9, 12));
      if (length === undefined && this.#status !== 204 && this.#status !== 304)
        throw new Error('fault: an answer without a length');
      this.#left = Number(length ?? 0) - (this.#head.length - end - 4);
    } else this.#left -= chunk.length;
    if (this.#left > 0) return null;
    this.#head = '';
    this.#left = -1;
    return this.#status;
  }
}
