// The database goes away under a running server and comes back: requests are told to come again, the log says it once.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RefusalError } from '@yimai/kit';
import { type Fragment, openDatabase, raw, sql } from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import { openConsortium } from './consortium.ts';
import { type TestServer, testServer } from './server.fixture.ts';

/** A door in front of the database's socket that can be shut. */
class Door {
  readonly folder = mkdtempSync(join(tmpdir(), 'yimai-door-'));
  #server: Server | null = null;
  readonly #open = new Set<Socket>();

  /** The URL that leads through the door. */
  url(url: string): string {
    const parsed = new URL(url);
    const behind = `${parsed.searchParams.get('host')}/.s.PGSQL.${parsed.searchParams.get('port') ?? '5432'}`;
    this.#behind = behind;
    parsed.searchParams.set('host', this.folder);
    return parsed.href;
  }
  #behind = '';

  async unlock(): Promise<void> {
    const path = join(this.folder, this.#behind.split('/').at(-1)!);
    this.#server = createServer((socket) => {
      const inner = connect(this.#behind);
      for (const [one, other] of [
        [socket, inner],
        [inner, socket],
      ] as const) {
        this.#open.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((done) => this.#server!.listen(path, done));
  }

  async lock(): Promise<void> {
    const closed = new Promise((done) => this.#server?.close(done));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}

/** The database goes away while a command is being applied: nothing of it stays, and the same id applies it once. */
async function brokenOffMidway({ consortium, request, logged }: TestServer, door: Door): Promise<void> {
  const command = {
    id: '0193c1a0-0000-7000-8000-00000000000a',
    type: 'user.create',
    occurredAt: consortium.clock.now().toISOString(),
    actingAs: { org: 'consortium', role: 'script' },
    payload: { login: 'midway', name: '甲（合成）' },
  };
  const send = () => request('POST', '/commands', command, { 'content-type': 'application/json' });
  const back = () => logged.filter((line) => line.includes('database is back')).length;
  const before = back();
  // Holds what the command will write to, so that it stands in its transaction when the door shuts.
  const held = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const holding = consortium.database
    .tx({ 'app.reach': 'all' }, async (run) => {
      await run.run(sql`lock table app_user in exclusive mode`);
      held.resolve();
      await letGo.promise;
    })
    .catch(() => {});
  await held.promise;
  const first = send();
  await sleep(500);
  await door.lock();
  letGo.resolve();
  await holding;
  const broken = await first;
  assert.ok(broken.status === 503 || broken.json.outcome === 'fault', broken.text);
  await door.unlock();
  for (let tries = 0; tries < 50 && back() === before; tries += 1) await sleep(100);
  const again = await send();
  assert.equal(again.json.outcome, 'applied', again.text);
  assert.deepEqual((await send()).json, again.json);
  const { rows } = await consortium.database.tx({ 'app.reach': 'all' }, (run) =>
    run.run<{ users: number }>(sql`select count(*)::int as users from app_user where login = 'midway'`),
  );
  assert.equal(rows[0]!.users, 1);
}

test('[server A9] without its database the server answers 503 with Retry-After, says so once, and works on when it is back', async (t) => {
  const door = new Door();
  mkdirSync(door.folder, { recursive: true });
  t.after(async () => rmSync(door.folder, { recursive: true, force: true }));
  const server = await testServer(t, { through: door });
  const { fhir, request, logged } = server;
  t.after(() => door.lock());
  assert.equal((await fhir('GET', 'Patient')).status, 200);
  await door.lock();
  for (let round = 0; round < 5; round += 1) {
    const answer = await fhir('POST', 'Patient', { resourceType: 'Patient' });
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.headers.get('retry-after')!, /^\d+$/);
    assert.deepEqual(
      [answer.json.resourceType, answer.json.issue[0].code],
      ['OperationOutcome', 'transient'],
    );
  }
  assert.equal((await request('GET', '/auth/me')).status, 503);
  assert.match((await request('GET', '/metrics')).text, /^yimai_database_up 0$/m);
  // The workers in the background have looked several times by now.
  await sleep(1500);
  const said = logged.filter((line) => /^(warn|error)/.test(line));
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0]!, /database is away/);
  await door.unlock();
  for (let tries = 0; tries < 50 && !logged.some((line) => line.includes('database is back')); tries += 1)
    await sleep(100);
  assert.equal((await fhir('POST', 'Patient', { resourceType: 'Patient' })).status, 201);
  assert.equal(logged.filter((line) => line.includes('database is back')).length, 1);

  await brokenOffMidway(server, door);

  // The metrics speak of classes and states only, and to this machine only.
  const metrics = await request('GET', '/metrics', undefined, { authorization: '' });
  assert.match(metrics.headers.get('content-type')!, /^application\/openmetrics-text/);
  assert.match(metrics.text, /^yimai_database_up 1$/m);
  assert.match(metrics.text, /^yimai_http_requests_total\{route="fhir-write",status="2xx"\} 1$/m);
  assert.match(metrics.text, /^yimai_http_request_seconds_bucket\{route="fhir-write",le="\+Inf"\} \d+$/m);
  const gauges = [
    'feed_head',
    'sequencer_lag_seconds',
    'due_lag_seconds',
    'audit_chain_head',
    'database_size_bytes',
  ];
  for (const name of gauges) assert.match(metrics.text, new RegExp(`^yimai_${name} \\d`, 'm'), name);
  assert.ok(metrics.text.endsWith('# EOF\n'));
  const forwarded = { authorization: '', 'x-forwarded-for': '203.0.113.7' };
  assert.equal((await request('GET', '/metrics', undefined, forwarded)).status, 401);
});

test('[server A9] a full disk refuses what would be written with 507, keeps nothing of it, and still reads', async (t) => {
  const { consortium, fhir, request, logged } = await testServer(t);
  const asOwner = async (statement: Fragment) => {
    const owner = openDatabase({ url: consortium.ownerUrl, schema: consortium.schema, poolSize: 1 });
    await owner.run(statement).finally(() => owner.close());
  };
  // What PostgreSQL says when it can write no more; the row that it says it of is not repeated.
  await asOwner(sql`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: %', new::text using errcode = '53100'; end $$`);
  for (const table of ['resource', 'command'])
    await asOwner(
      sql`create trigger no_room before insert on ${raw(table)} for each row execute function no_room()`,
    );
  const patient = { resourceType: 'Patient', id: 'p', birthDate: '1980-01-01' };
  const refused = await fhir('PUT', 'Patient/p', patient);
  assert.deepEqual([refused.status, refused.json.issue[0].code], [507, 'no-store'], refused.text);
  const command = { id: '0193c1a0-0000-7000-8000-00000000000b', type: 'user.create' };
  const rest = {
    occurredAt: consortium.clock.now().toISOString(),
    payload: { login: 'late', name: '乙（合成）' },
  };
  const by = { actingAs: { org: 'consortium', role: 'script' } };
  const json = { 'content-type': 'application/json' };
  const send = () => request('POST', '/commands', { ...command, ...rest, ...by }, json);
  const full = await send();
  assert.ok(full.status === 507 || full.json.outcome === 'fault', full.text);
  assert.equal((await fhir('GET', 'Patient/p')).status, 404);
  assert.equal((await fhir('GET', 'Patient')).status, 200);
  assert.doesNotMatch(logged.join('\n') + refused.text, /1980-01-01/);
  await asOwner(sql`drop function no_room cascade`);
  assert.equal((await fhir('PUT', 'Patient/p', patient)).status, 201);
  assert.equal((await send()).json.outcome, 'applied');
});

test('[server A10] a database role that row-level security does not bind is not worked with', async (t) => {
  const place = await testDatabase(t);
  const opening = openConsortium({
    dataDir: join(place.dir, 'data'),
    databaseUrls: { owner: place.ownerUrl, app: place.ownerUrl },
    keyFile: join(place.dir, 'keys.json'),
    log: () => {},
  });
  await assert.rejects(opening, (error: RefusalError) => {
    assert.deepEqual([error.refusal.code, error.refusal.at], ['row-security-open', 'DATABASE_URL']);
    return true;
  });
});
