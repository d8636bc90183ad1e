// A file of 200 MB at the door of the import: refused by its size, without being held, and nothing is imported.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HEAD, house, line } from './fund.fixture.ts';

const server = await house({ after });
const MEGABYTE = 1024 * 1024;

test('[server F15] a file of 200 MB is refused by its size while it comes in; the house works on and holds nothing of it', async () => {
  const boundary = 'made-up-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="lists.csv"\r\ncontent-type: text/csv\r\n\r\n${HEAD}\n`;
  const row = `${line('BIG')}\n`;
  const block = Buffer.from(row.repeat(Math.ceil(MEGABYTE / row.length)));
  let sent = 0;
  const before = process.memoryUsage().rss;
  let most = before;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(head));
    },
    pull(controller) {
      most = Math.max(most, process.memoryUsage().rss);
      if (sent >= 200) {
        controller.enqueue(Buffer.from(`\r\n--${boundary}--\r\n`));
        controller.close();
        return;
      }
      controller.enqueue(block);
      sent += 1;
    },
  });
  const sending = fetch(`${server.server.url}/desk/fund/lists/import?goodRows=1`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    body,
    duplex: 'half',
  } as RequestInit);
  const [answer, meanwhile] = await Promise.all([
    sending.then(
      async (reply) => ({ status: reply.status, json: (await reply.json()) as { code: string; at: string } }),
      // The server may close the connection once it has refused.
      () => null,
    ),
    server.request('GET', '/desk/fund/ledger'),
  ]);
  assert.equal(meanwhile.status, 200);
  if (answer !== null) assert.deepEqual([answer.json.code, answer.json.at], ['file-too-large', 'file']);
  assert.ok(
    most - before < 160 * MEGABYTE,
    `${Math.round((most - before) / MEGABYTE)} MB more while it came in`,
  );
  assert.equal((await server.fhir('GET', 'Claim?_summary=count')).json.total, 0);
});
