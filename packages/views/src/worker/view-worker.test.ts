// The worker on a real file: batches, deletions, problems, snapshots, ownership, and kills at random moments.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { must, systemClock } from '@yimai/kit';
import type { Change, ChangeSource } from './change-source.ts';
import { ENCOUNTER_VIEWS } from './kill-child.ts';
import { openSnapshot, type Snapshot } from './snapshots.ts';
import { syntheticFeed } from './synthetic-feed.ts';
import { type NamedView, readNamedView } from './view-set.ts';
import { publishedFolder, ViewWorker } from './view-worker.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-views-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function feedOf(changes: readonly Change[]): ChangeSource {
  return {
    changesSince: (seq, limit) =>
      Promise.resolve(changes.filter((change) => change.seq > seq).slice(0, limit)),
  };
}

async function openWorker(
  folder: string,
  source: ChangeSource,
  views: readonly NamedView[] = ENCOUNTER_VIEWS,
  batchSize = 500,
): Promise<ViewWorker> {
  return must(await ViewWorker.open({ folder, views, source, clock: systemClock, batchSize }));
}

async function rowsOf(snapshot: Snapshot, table: string): Promise<string[]> {
  const reader = await snapshot.connection.runAndReadAll(`select * from "${table}"`);
  return reader
    .getRowsJson()
    .map((row) => JSON.stringify(row))
    .sort();
}

async function published(folder: string): Promise<Snapshot> {
  const snapshot = await openSnapshot(publishedFolder(folder));
  assert.ok(snapshot, 'a snapshot was published');
  return snapshot;
}

async function tables(folder: string): Promise<Record<string, string[]>> {
  const snapshot = await published(folder);
  const result: Record<string, string[]> = {};
  for (const { name } of ENCOUNTER_VIEWS) result[name] = await rowsOf(snapshot, name);
  result['view_problem'] = await rowsOf(snapshot, 'view_problem');
  snapshot.close();
  return result;
}

const encounter = (id: string, more: object = {}): object => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  ...more,
});

test('[views V12] rows follow creation, change and deletion; other types and encrypted values stay out', async (t) => {
  const folder = folderFor(t);
  const change = (seq: number, id: string, op: Change['op'], content: object | string | null): Change => ({
    seq,
    type: 'Encounter',
    id,
    version: op === 'create' ? 1 : 2,
    op,
    content,
  });
  const first = [
    change(1, 'a', 'create', encounter('a')),
    change(2, 'b', 'create', JSON.stringify(encounter('b', { status: 'enc:v1:AAAA' }))),
    change(3, 'c', 'create', encounter('c')),
    { ...change(4, 'a', 'create', { resourceType: 'Patient', id: 'a' }), type: 'Patient' },
  ];
  const worker = await openWorker(
    folder,
    feedOf([
      ...first,
      change(5, 'a', 'update', encounter('a', { status: 'cancelled' })),
      change(6, 'c', 'delete', null),
    ]),
  );
  await worker.catchUp();
  assert.equal(worker.seq, 6);
  worker.close();
  const { stay } = await tables(folder);
  assert.deepEqual(
    stay?.map((row) => JSON.parse(row).slice(0, 3)),
    [
      ['a', 'cancelled', 'AMB'],
      ['b', null, 'AMB'],
    ],
  );
});

test('[views V16] instants of other zones are kept in China time; dates stay', async (t) => {
  const folder = folderFor(t);
  const starts = [
    '2025-12-31T16:30:00Z',
    '2026-01-01T08:00:00+08:00',
    '2025-12-31',
    '2025-12-31T23:59:59.500-01:00',
  ];
  const changes = starts.map((start, index): Change => {
    const content = encounter(`t${index}`, { period: { start } });
    return { seq: index + 1, type: 'Encounter', id: `t${index}`, version: 1, op: 'create', content };
  });
  const worker = await openWorker(folder, feedOf(changes));
  await worker.catchUp();
  worker.close();
  const { stay } = await tables(folder);
  assert.deepEqual(
    stay?.map((row) => JSON.parse(row)[5]),
    ['2026-01-01T00:30:00+08:00', starts[1], starts[2], '2026-01-01T08:59:59+08:00'],
  );
});

test('[views V13] a resource that stops a view is left out and listed; its repair brings it back', async (t) => {
  const folder = folderFor(t);
  const wrong = encounter('x', {
    serviceProvider: [{ reference: 'Organization/1' }],
    reasonCode: [{ text: 'a' }, { text: 'b' }],
  });
  const changes: Change[] = Array.from({ length: 9 }, (_, index) => ({
    seq: index + 1,
    type: 'Encounter',
    id: index === 4 ? 'x' : `g${index}`,
    version: 1,
    op: 'create',
    content: index === 4 ? wrong : encounter(`g${index}`, { reasonCode: [{ text: 'a' }] }),
  }));
  const worker = await openWorker(folder, feedOf(changes));
  await worker.catchUp();
  let now = await tables(folder);
  assert.equal(now['stay']?.length, 8);
  assert.deepEqual(now['view_problem'], [JSON.stringify(['stay', 'x', 'more-than-one-value', 'reason'])]);
  changes.push({ ...changes[4]!, seq: 10, version: 2, op: 'update', content: encounter('x') });
  await worker.catchUp();
  now = await tables(folder);
  assert.deepEqual([now['stay']?.length, now['view_problem']], [9, []]);
  worker.close();
});

test('[views V14] a reader keeps its snapshot while newer ones are published; two are kept', async (t) => {
  const folder = folderFor(t);
  let length = 100;
  const source: ChangeSource = {
    changesSince: (seq, limit) => syntheticFeed(length).changesSince(seq, limit),
  };
  const worker = await openWorker(folder, source);
  await worker.catchUp();
  const early = await published(folder);
  const before = await rowsOf(early, 'stay');
  for (length of [200, 300, 400]) await worker.catchUp();
  const late = await published(folder);
  assert.deepEqual([early.seq, late.seq], [100, 400]);
  assert.deepEqual(await rowsOf(early, 'stay'), before);
  assert.ok((await rowsOf(late, 'stay')).length > before.length);
  assert.equal(readdirSync(publishedFolder(folder)).filter((file) => file.endsWith('.duckdb')).length, 2);
  early.close();
  late.close();
  worker.close();
});

test('[views V14] a folder has one owner; nothing is published before the first catching up', async (t) => {
  const folder = folderFor(t);
  const worker = await openWorker(folder, syntheticFeed(10));
  const options = { folder, views: ENCOUNTER_VIEWS, source: syntheticFeed(10), clock: systemClock };
  const second = await ViewWorker.open(options);
  assert.equal(second.ok ? '' : second.refusal.code, 'views-owned');
  assert.equal(await openSnapshot(publishedFolder(folder)), null);
  worker.close();
  const third = must(await ViewWorker.open(options));
  third.close();
});

test('[views V15] a changed definition rebuilds its view from the start of the feed; the others stay', async (t) => {
  const folder = folderFor(t);
  let asked: number[] = [];
  const feed = syntheticFeed(300);
  const source: ChangeSource = {
    changesSince: (seq, limit) => {
      asked.push(seq);
      return feed.changesSince(seq, limit);
    },
  };
  const worker = await openWorker(folder, source);
  await worker.catchUp();
  worker.close();
  const before = await tables(folder);
  asked = [];
  const changed = must(
    readNamedView(
      JSON.stringify({
        name: 'stay',
        resource: 'Encounter',
        select: [{ column: [{ name: 'id', path: 'id' }] }],
      }),
    ),
  );
  const again = await openWorker(folder, source, [changed, ENCOUNTER_VIEWS[1]!]);
  assert.equal(again.seq, 0);
  await again.catchUp();
  again.close();
  const after = await tables(folder);
  assert.equal(asked[0], 0);
  assert.ok(after['diagnosis']!.length > 0);
  assert.deepEqual(after['diagnosis'], before['diagnosis']);
  assert.equal(after['stay']?.length, before['stay']?.length);
  assert.equal(JSON.parse(after['stay']![0]!).length, 2);
});

/** The soak kills twenty times. */
const KILLS = Number(process.env['YIMAI_KILLS'] ?? 3);

test(`[views V12] killed ${KILLS} times while resources stream in, the views equal a rebuild`, {
  timeout: 300_000,
}, async (t) => {
  const length = 30_000;
  const folder = folderFor(t);
  const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
  let kills = 0;
  let seed = 20_261_121;
  while (kills < KILLS) {
    const running = spawn(process.execPath, [child, folder, String(length)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(running, 'exit');
    await Promise.race([once(running.stdout, 'data'), exit]);
    seed = (seed * 48_271) % 2_147_483_647;
    await sleep(seed % 400);
    running.kill('SIGKILL');
    const [code] = (await exit) as [number | null];
    assert.notEqual(code, 1, 'the worker fails only by being killed');
    kills += 1;
  }
  const worker = await openWorker(folder, syntheticFeed(length));
  const reached = worker.seq;
  await worker.catchUp();
  worker.close();
  const rebuilt = folderFor(t);
  const fresh = await openWorker(rebuilt, syntheticFeed(length), ENCOUNTER_VIEWS, 5_000);
  await fresh.catchUp();
  fresh.close();
  t.diagnostic(`position after ${KILLS} kills: ${reached} of ${length}`);
  assert.ok(reached > 0, 'the killed runs got somewhere');
  assert.deepEqual(await tables(folder), await tables(rebuilt));
  assert.ok(existsSync(join(folder, 'worker.duckdb')));
});
