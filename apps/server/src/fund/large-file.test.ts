// Files of settlement lists that are longer than memory should hold: read by blocks, told by row, in by parts, whole or not at all.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, test } from 'node:test';
import { applied, file, HEAD, house, line, post, refused } from './fund.fixture.ts';

const server = await house({ after });
const MEGABYTE = 1024 * 1024;
/** 200 by hand (`YIMAI_TEST_FILE_MB=200`): the bound is the same, and holds for house and sender in one process. */
const SIZE = Number(process.env['YIMAI_TEST_FILE_MB'] ?? 34);
const GROWTH_MAX_MB = 600;

interface Sending {
  readonly path: string;
  readonly head: string;
  readonly last: string;
  readonly size: number;
}

async function send({ path, head, last, size }: Sending) {
  const boundary = 'made-up-boundary';
  const opening = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="lists.csv"\r\ncontent-type: text/csv\r\n\r\n${head}\n`;
  const before = process.memoryUsage().rss;
  let [rows, bytes, most, isOpen] = [0, 0, before, true];
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(opening)),
    pull(controller) {
      most = Math.max(most, process.memoryUsage().rss);
      if (bytes < size * MEGABYTE) {
        const first = rows + 1;
        const lines = Array.from({ length: 4_000 }, (_, index) => `${line(`BIG-${first + index}`)}\n`);
        const block = Buffer.from(lines.join(''));
        rows += lines.length;
        bytes += block.length;
        controller.enqueue(block);
      } else if (isOpen) {
        isOpen = false;
        controller.enqueue(Buffer.from(`${last}\r\n--${boundary}--\r\n`));
        controller.close();
      }
    },
  });
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  const answer = await fetch(`${server.server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    body,
    duplex: 'half',
  } as RequestInit);
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
  const json = (await answer.json()) as any;
  clearInterval(timer);
  return { status: answer.status, json, rows, grownMb: Math.round((most - before) / MEGABYTE) };
}

test(`[server F15] a file of ${SIZE} MB is read in bounded memory; its errors are told by row and column, nothing is imported`, async (t) => {
  const bad = `${line('BIG-1')}\n${line('LAST', { cost: '-1' })}\n`;
  const { status, json, rows, grownMb } = await send({
    path: '/desk/fund/lists/check',
    head: HEAD,
    last: bad,
    size: SIZE,
  });
  assert.equal(status, 200, JSON.stringify(json));
  t.diagnostic(`${rows} rows, ${grownMb} MB more at most`);
  assert.deepEqual([json.rows, json.good, json.bad, json.more], [rows + 2, rows, 2, 0]);
  assert.deepEqual(
    json.problems.map((one: { row: number; column: string; code: string; value: string }) => [
      one.row,
      one.column,
      one.code,
      one.value,
    ]),
    [
      [rows + 2, '结算清单号', 'duplicate-in-file', 'BIG-1'],
      [rows + 3, '总费用', 'amount-negative', '-1'],
      [rows + 3, '个人负担', 'patient-part-above-cost', '2000.00'],
    ],
    'a number is known again however far above it stood',
  );
  assert.ok(grownMb < GROWTH_MAX_MB, `${grownMb} MB more while it came in`);
  const refusal = await send({
    path: '/desk/fund/lists/import',
    head: `${HEAD}\n${line('FIRST', { cost: '-1' })}`,
    last: '',
    size: 3,
  });
  assert.deepEqual([refusal.status >= 400, refusal.json.code], [true, 'rows-with-errors']);
  assert.match(refusal.json.at, /^rows\[2\]\.cost$/);
  assert.equal((await server.fhir('GET', 'Claim?_summary=count')).json.total, 0);
  assert.deepEqual(
    readdirSync(tmpdir()).filter((name) => name.startsWith('yimai-lists-')),
    [],
    'what was kept to read it is removed',
  );
});

const seen = async (): Promise<number> => {
  const { json } = await server.request('GET', '/desk/fund/ledger');
  assert.equal(json.balanced, true);
  return (await post(server, '/desk/fund/board', { year: '2026' })).months[2].stays;
};

test('[server F15] a file that comes in by parts counts when its last part is in, each part once', async () => {
  // A blank row parts a file: what follows keeps its number.
  const parted = (...rows: string[]) => [HEAD, rows[0], '', ...rows.slice(1)].join('\n');
  const wrong = await file(server, '/desk/fund/lists/import', parted(line('P1'), line('P2', { cost: 'x' })));
  assert.deepEqual([wrong.json.code, wrong.json.at], ['rows-with-errors', 'rows[4].cost']);
  assert.equal(await seen(), 0);
  const done = await file(server, '/desk/fund/lists/import', parted(line('P1'), line('P2')));
  assert.deepEqual([done.json.imported, done.json.leftOut], [2, 0]);
  assert.equal(await seen(), 2);
  const twice = await file(server, '/desk/fund/lists/import', parted(line('P1'), line('P2')));
  assert.equal(twice.json.code, 'rows-with-errors', 'every list of it is there already');
  const chosen = await file(
    server,
    '/desk/fund/lists/import?goodRows=1',
    parted(line('P2'), line('P3'), line('P4', { cost: '-1' })),
  );
  assert.deepEqual([chosen.json.imported, chosen.json.leftOut], [1, 2]);
  assert.equal(await seen(), 3);
});

test('[server F15] an import that stopped half-way counts for nothing until it is finished', async () => {
  const before = await seen();
  const batch = 'a'.repeat(64);
  const cells = line('H1').split(',');
  const row = Object.fromEntries(HEAD.split(',').map((column, index) => [column, cells[index]!]));
  const part = { rows: [row], firstRow: 2, batch };
  assert.equal(await refused(server, 'settlement-list.import', part), 'batch-not-open');
  await applied(server, 'settlement-list.begin', { batch });
  await applied(server, 'settlement-list.import', part);
  assert.equal(await seen(), before, 'its lists are there, and nothing is priced or settled with them');
  assert.equal((await applied(server, 'settlement-list.begin', { batch })).resumed, true);
  await applied(server, 'settlement-list.finish', { batch, imported: 1 });
  assert.equal(await seen(), before + 1);
  assert.equal(await refused(server, 'settlement-list.begin', { batch }), 'already-imported');
  assert.equal(
    await refused(server, 'settlement-list.import', { ...part, rows: [{ ...row, id: 'H2' }] }),
    'batch-not-open',
  );
  assert.equal(await refused(server, 'settlement-list.drop', { batch }), 'batch-not-open');
});

test('[server F15] a file that was given up counts for nothing, and another file may bring its lists', async () => {
  const before = await seen();
  const batch = 'd'.repeat(64);
  const cells = line('D1', { cost: '7000.00' }).split(',');
  const row = Object.fromEntries(HEAD.split(',').map((column, index) => [column, cells[index]!]));
  assert.equal(await refused(server, 'settlement-list.drop', { batch }), 'batch-not-open');
  await applied(server, 'settlement-list.begin', { batch });
  await applied(server, 'settlement-list.import', { rows: [row], firstRow: 2, batch });
  const corrected = [HEAD, line('D1', { cost: '9000.00' })].join('\n');
  const barred = await file(server, '/desk/fund/lists/import', corrected);
  assert.equal(barred.json.code, 'rows-with-errors', 'while the file may go on, its lists are there');
  const open = await post(server, '/desk/fund/lists/unfinished', {});
  assert.deepEqual(
    open.files.map((one: { batch: string }) => one.batch),
    [batch],
  );
  await applied(server, 'settlement-list.drop', { batch });
  assert.deepEqual((await post(server, '/desk/fund/lists/unfinished', {})).files, []);
  assert.equal(await seen(), before);
  const imported = await file(server, '/desk/fund/lists/import', corrected);
  assert.equal(imported.json.imported, 1, JSON.stringify(imported.json));
  assert.equal(await seen(), before + 1);
  const shown = await server.request('GET', '/desk/fund/cases/D1');
  assert.equal(shown.json.cost, '9,000.00');
  const twice = await file(server, '/desk/fund/lists/import', corrected);
  assert.equal(twice.json.code, 'rows-with-errors');
});
