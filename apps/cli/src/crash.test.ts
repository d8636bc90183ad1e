// Kills the server and the database in the middle of writes, again and again: what was acknowledged is there after the
// next start, what was not is there whole or not at all. `YIMAI_KILLS` and `YIMAI_SEED` lengthen and vary it (the soak).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, testPlace } from './cli.fixture.ts';
import { runningServer } from './processes.fixture.ts';

const KILLS = Number(process.env['YIMAI_KILLS'] ?? 3);
const SEED = Number(process.env['YIMAI_SEED'] ?? 20_261_121);
const WRITERS = 8;

/** Two resources in one transaction: both or neither. */
function pair(id: string): string {
  const tag = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }];
  const entry = (url: string, resource: object) => ({ request: { method: 'PUT', url }, resource });
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry(`Patient/${id}`, { resourceType: 'Patient', id, meta: { tag }, name: [{ text: `虚构${id}` }] }),
      entry(`Observation/${id}`, {
        resourceType: 'Observation',
        id,
        meta: { tag },
        status: 'final',
        code: { text: '体温' },
        subject: { reference: `Patient/${id}` },
      }),
    ],
  });
}

const KINDS = ['the application', 'the database', 'both'] as const;

test(`[cli C9] kill -9 during writes, ${KILLS} times, seed ${SEED}: all acknowledged there, nothing half`, async (t) => {
  const place = testPlace(t);
  const random = seeded(SEED);
  const acknowledged: string[] = [];
  const tried: string[] = [];
  let server = await place.serve();
  const token = await place.token();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const kind = KINDS[kill % KINDS.length]!;
    const writing = { on: true };
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let turn = 0; writing.on; turn += 1) {
        const id = `k${kill}-w${writer}-${turn}`;
        tried.push(id);
        if (await write(server, token, id)) acknowledged.push(id);
        else await sleep(20);
      }
    });
    t.after(() => {
      writing.on = false;
    });
    await sleep(300 + random() * 900);
    const before = acknowledged.length;
    const ended = new Promise((resolve) => server.child.once('exit', resolve));
    if (kind !== 'the application') process.kill(runningServer(place.data)!, 'SIGKILL');
    if (kind !== 'the database') server.child.kill('SIGKILL');
    else
      await untilWritten(() => acknowledged.length > before, `the server works on after the kill of ${kind}`);
    writing.on = false;
    await Promise.all(writers);
    if (kind === 'the database') await server.end();
    else await ended;
    server = await place.serve();
  }
  assert.ok(acknowledged.length > KILLS, `only ${acknowledged.length} writes were acknowledged`);
  const [patients, observations] = [await idsOf('Patient'), await idsOf('Observation')];
  assert.deepEqual(
    acknowledged.filter((id) => !patients.has(id)),
    [],
    'acknowledged writes are there',
  );
  assert.deepEqual(
    tried.filter((id) => patients.has(id) !== observations.has(id)),
    [],
    'nothing is half there',
  );
  const doctor = await place.yimai(['doctor']);
  assert.deepEqual(
    doctor.results.filter(({ ok }) => ok !== true),
    [],
    doctor.stderr,
  );
  await server.end();

  async function idsOf(type: string): Promise<Set<unknown>> {
    const exported = await place.yimai(['export', '--types', type]);
    return new Set(exported.results.map(({ id }) => id));
  }
});

/** True only when the server said that it is done. */
async function write(server: Running, token: string, id: string): Promise<boolean> {
  try {
    const response = await fetch(server.fhir, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      body: pair(id),
      signal: AbortSignal.timeout(20_000),
    });
    await response.text();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function untilWritten(is: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!is()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
