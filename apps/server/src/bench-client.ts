// The load of the benchmark, in a process of its own: 16 keep-alive connections, each asking as soon as it is answered.
import http from 'node:http';

interface Job {
  readonly url: string;
  readonly token: string;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body?: string }[];
  readonly clients: number;
}

process.on('message', (job: Job) => {
  void run(job).then((result) => process.send!(result));
});

async function run(
  job: Job,
): Promise<{ perSecond: number; p50: number; p95: number; p99: number; failed: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: job.clients });
  const { hostname, port } = new URL(job.url);
  let next = 0;
  let failed = 0;
  const times: number[] = [];
  const ask = (index: number) =>
    new Promise<void>((resolve) => {
      const { method, path, body } = job.requests[index]!;
      const start = performance.now();
      const request = http.request(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: {
            authorization: `Bearer ${job.token}`,
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/fhir+json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => {
          if ((response.statusCode ?? 500) >= 300) failed += 1;
          response.on('data', () => {});
          response.on('end', () => {
            times.push(performance.now() - start);
            resolve();
          });
        },
      );
      request.on('error', () => {
        failed += 1;
        resolve();
      });
      request.end(body);
    });
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: job.clients }, async () => {
      while (next < job.requests.length) {
        const index = next;
        next += 1;
        await ask(index);
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: job.requests.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), failed };
}
