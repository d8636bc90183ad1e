// The record under load, each figure beside its floor of the same run: audit, policy, validation and fsync on.
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parameterId, rowKey } from '@yimai/fhir';
import { must } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { SCRIPT_LOGIN } from '@yimai/record';
import { from as copyFrom } from 'pg-copy-streams';
import { bareCreates } from './bench-floor.ts';
import { type Consortium, openConsortium } from './consortium.ts';
import { startServer } from './start-server.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly ratio?: number;
  readonly target?: string;
}

const RESOURCES = Number(process.env['YIMAI_BENCH_RESOURCES'] ?? 1_000_000);
const REQUESTS = Number(process.env['YIMAI_BENCH_REQUESTS'] ?? 20_000);
const CLIENTS = 16;

export async function benchRecord(): Promise<Figure[]> {
  // Directly below the temporary folder: the database's own user must be able to reach it.
  const dir = join(tmpdir(), `yimai-bench-${process.pid}`);
  const log = (level: string, message: string, fields?: object) => {
    if (level === 'error') process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  };
  const consortium = await openConsortium({
    dataDir: join(dir, 'data'),
    keyFile: join(dir, 'keys.json'),
    log,
  });
  const server = await startServer(consortium, { port: 0, log });
  const { token } = must(await consortium.accounts.localToken(SCRIPT_LOGIN, consortium.clock.now()));
  const figures: Figure[] = [];
  const load = (requests: Job['requests']) =>
    runClient({ url: server.url, token, requests, clients: CLIENTS });
  try {
    figures.push(...(await importFigures(consortium)));
    await consortium.record.sequencer.settle();
    figures.push(...(await readFigures(consortium, load)));
    figures.push(...(await createFigures(consortium, load)));
    return figures;
  } finally {
    await server.close();
    await consortium.close();
    rmSync(dir, { recursive: true, force: true });
    rmSync(`${dir}.key`, { force: true });
  }
}

interface Job {
  readonly url: string;
  readonly token: string;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body?: string }[];
  readonly clients: number;
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failed: number;
}

function runClient(job: Job): Promise<Load> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./bench-client.ts', import.meta.url), { stdio: 'inherit' });
    child.on('message', (result) => {
      child.kill();
      const load = result as Load;
      if (load.failed > 0) reject(new Error(`fault: ${load.failed} requests failed`));
      else resolve(load);
    });
    child.on('error', reject);
    child.send(job);
  });
}

const PATIENTS_SHARE = 5;
const patientId = (index: number) => `bench-${index}`;

function resourceText(index: number): string {
  if (index % PATIENTS_SHARE === 0) {
    return JSON.stringify({
      resourceType: 'Patient',
      id: patientId(index),
      identifier: [{ system: 'urn:yimai:bench', value: `B${index}` }],
      name: [{ text: `测试${index}`, family: '测', given: [`试${index}`] }],
      gender: index % 2 === 0 ? 'female' : 'male',
      birthDate: `${1930 + (index % 80)}-0${1 + (index % 9)}-1${index % 10}`,
      address: [{ text: '合成县合成镇', district: '合成县' }],
    });
  }
  return JSON.stringify({
    resourceType: 'Observation',
    id: patientId(index),
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: '收缩压' }] },
    subject: { reference: `Patient/${patientId(index - (index % PATIENTS_SHARE))}` },
    effectiveDateTime: `2026-0${1 + (index % 9)}-1${index % 10}T08:00:00+08:00`,
    valueQuantity: {
      value: 100 + (index % 90),
      unit: 'mmHg',
      system: 'http://unitsofmeasure.org',
      code: 'mm[Hg]',
    },
  });
}

async function importFigures(consortium: Consortium): Promise<Figure[]> {
  const { record } = consortium;
  const importer = record.importer(record.systemAccess(), { via: 'import' });
  const start = performance.now();
  for (let index = 0; index < RESOURCES; index += 1) await importer.add(resourceText(index), index + 1);
  const report = await importer.finish();
  const perSecond = RESOURCES / ((performance.now() - start) / 1000);
  if (report.created !== RESOURCES)
    throw new Error(`fault: imported ${report.created}, refused ${report.refused}`);
  const floor = await copyFloor(consortium);
  return [
    {
      name: 'import',
      value: perSecond,
      unit: 'resources/s',
      floor,
      ratio: perSecond / floor,
      target: '>= 1000, ratio >= 0.05',
    },
  ];
}

/** COPY of the same bytes into a table of one column. */
async function copyFloor(consortium: Consortium): Promise<number> {
  const client = await consortium.database.connect();
  const owner = new (await import('pg')).default.Client({ connectionString: consortium.ownerUrl });
  await owner.connect();
  await owner.query(`create table ${consortium.schema}.copy_floor (content text)`);
  await owner.query(`grant insert on ${consortium.schema}.copy_floor to public`);
  const count = Math.min(RESOURCES, 200_000);
  const start = performance.now();
  const stream = client.query(copyFrom('copy copy_floor from stdin'));
  for (let from = 0; from < count; from += 1000) {
    let text = '';
    for (let index = from; index < from + 1000; index += 1) text += `${resourceText(index)}\n`;
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));
  const perSecond = count / ((performance.now() - start) / 1000);
  await client.end();
  await owner.query(`drop table ${consortium.schema}.copy_floor`);
  await owner.end();
  return perSecond;
}

async function readFigures(
  consortium: Consortium,
  load: (requests: Job['requests']) => Promise<Load>,
): Promise<Figure[]> {
  const pick = (turn: number) => (turn * 7919) % RESOURCES;
  const pickPatient = (turn: number) => pick(turn) - (pick(turn) % PATIENTS_SHARE);
  const readFloor = await bareReads(
    consortium,
    (turn) => sql`select content from resource where id = ${rowKey('Patient', patientId(pickPatient(turn)))}`,
  );
  const warm = (requests: Job['requests']) => load(requests.slice(0, 2000));
  const reads = Array.from({ length: REQUESTS }, (_, turn) => ({
    method: 'GET',
    path: `/fhir/R4/Patient/${patientId(pickPatient(turn))}`,
  }));
  await warm(reads);
  const read = await load(reads);
  const param = parameterId('Patient', 'identifier');
  const searchFloor = await bareReads(
    consortium,
    (turn) => sql`select r.content from idx_token t join resource r on r.id = t.resource
      where t.param = ${param} and t.value = ${`B${pickPatient(turn)}`} and t.system = ${'urn:yimai:bench'}`,
  );
  const searches = Array.from({ length: REQUESTS }, (_, turn) => ({
    method: 'GET',
    path: `/fhir/R4/Patient?identifier=urn:yimai:bench|B${pickPatient(turn)}`,
  }));
  await warm(searches);
  const search = await load(searches);
  const chains = Array.from({ length: 2000 }, (_, turn) => ({
    method: 'GET',
    path: `/fhir/R4/Observation?subject:Patient.identifier=B${pickPatient(turn)}&_count=10`,
  }));
  const chain = await load(chains);
  return [
    {
      name: 'read',
      value: read.perSecond,
      unit: '/s',
      floor: readFloor,
      ratio: read.perSecond / readFloor,
      target: 'ratio >= 0.25',
    },
    {
      name: 'identifier search',
      value: search.perSecond,
      unit: '/s',
      floor: searchFloor,
      ratio: search.perSecond / searchFloor,
      target: 'ratio >= 0.2',
    },
    { name: 'chained search p95', value: chain.p95, unit: 'ms', target: '< 20' },
  ];
}

async function bareReads(
  consortium: Consortium,
  fragment: (turn: number) => ReturnType<typeof sql>,
): Promise<number> {
  let turn = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (turn < REQUESTS) {
        turn += 1;
        await consortium.database.tx({ 'app.reach': 'all' }, (run) => run.run(fragment(turn)));
      }
    }),
  );
  return REQUESTS / ((performance.now() - start) / 1000);
}

async function createFigures(
  consortium: Consortium,
  load: (requests: Job['requests']) => Promise<Load>,
): Promise<Figure[]> {
  const count = Math.min(REQUESTS, 10_000);
  const body = (turn: number) => resourceText(turn * PATIENTS_SHARE + 1).replace(/"id":"[^"]*",/, '');
  const floor = await bareCreates(consortium, count, body, CLIENTS);
  const creates = Array.from({ length: count }, (_, turn) => ({
    method: 'POST',
    path: '/fhir/R4/Observation',
    body: body(turn),
  }));
  await load(creates.slice(0, 500));
  const create = await load(creates);
  return [
    {
      name: 'create',
      value: create.perSecond,
      unit: '/s',
      floor,
      ratio: create.perSecond / floor,
      target: 'ratio >= 0.3',
    },
    { name: 'create p95', value: create.p95, unit: 'ms' },
  ];
}
