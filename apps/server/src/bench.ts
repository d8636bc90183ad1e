// The record under load, each figure beside its floor of the same run: audit, policy, validation and fsync on.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parameterId, rowKey } from '@yimai/fhir';
import { must } from '@yimai/kit';
import { raw, sql } from '@yimai/postgres';
import { assignRole, createUser } from '@yimai/record';
import {
  CLINIC,
  HOSPITAL,
  hospitalPatient,
  organizationTexts,
  postedText,
  resourceId,
  resourceText,
} from './bench-data.ts';
import { bareCopy, bareCreates, barePool, bareReads } from './bench-floor.ts';
import { CLIENTS, type Loader, loaderOf } from './bench-load.ts';
import { memoryFigures } from './bench-memory.ts';
import { profiled } from './bench-profile.ts';
import { withSlowSync } from './bench-slow-sync.ts';
import { type Consortium, openConsortium } from './consortium.ts';
import { startServer } from './start-server.ts';

export { benchActs } from './bench-acts.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly target?: string;
}

const RESOURCES = Number(process.env['YIMAI_BENCH_RESOURCES'] ?? 1_000_000);
const REQUESTS = Number(process.env['YIMAI_BENCH_REQUESTS'] ?? 20_000);
/** Milliseconds added to each sync for the second writing of the write figures. */
const SLOW_SYNC_MS = 5;
const PARTS = process.env['YIMAI_BENCH_PARTS']?.split(',') ?? ['read', 'search', 'create', 'slow', 'memory'];

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
  const server = await startServer(consortium, { port: 0, keepsViews: false, log });
  const figures: Figure[] = [];
  const part = async (name: string, work: () => Promise<Figure[]>) => {
    if (name !== 'import' && !PARTS.includes(name)) return;
    figures.push(...(await profiled(name, work)));
  };
  try {
    await part('import', () => importFigures(consortium));
    await consortium.record.sequencer.settle();
    const doctor = loaderOf(
      server.url,
      await tokenOf(consortium, 'bench-doctor', 'hospital-doctor', HOSPITAL),
    );
    const village = loaderOf(
      server.url,
      await tokenOf(consortium, 'bench-village', 'village-doctor', CLINIC),
    );
    await part('read', () => readFigures(consortium, doctor));
    await part('search', () => searchFigures(doctor, village));
    await part('create', () => createFigures(consortium, doctor));
    await part('slow', () => slowFigures(consortium, doctor));
    await part('memory', memoryFigures);
    return figures;
  } finally {
    await server.close();
    await consortium.close();
    rmSync(dir, { recursive: true, force: true });
    rmSync(`${dir}.key`, { force: true });
  }
}

/** A person with one role of the policy table: every request of theirs is answered under its predicates. */
async function tokenOf(
  { database, policy, accounts, clock }: Consortium,
  login: string,
  role: string,
  org: string,
) {
  const now = clock.now();
  const user = must(await createUser(database, policy, { login, name: login }, now));
  must(await assignRole(database, policy, { user: user.id, role, org }, now));
  return must(await accounts.localToken(login, now)).token;
}

async function bring(
  { record }: Consortium,
  count: number,
  text: (index: number) => string,
): Promise<number> {
  const start = performance.now();
  const importer = record.importer(record.systemAccess(), { via: 'import' });
  for (let index = 0; index < count; index += 1) await importer.add(text(index), index + 1);
  const report = await importer.finish();
  if (report.created !== count)
    throw new Error(`fault: imported ${report.created}, refused ${report.refused}`);
  return count / ((performance.now() - start) / 1000);
}

async function importFigures(consortium: Consortium): Promise<Figure[]> {
  const organizations = organizationTexts();
  await bring(consortium, organizations.length, (index) => organizations[index]!);
  const value = await bring(consortium, RESOURCES, resourceText);
  const lines = Array.from({ length: Math.min(RESOURCES, 200_000) }, (_, index) => resourceText(index));
  const floor = await bareCopy(consortium, lines);
  return [{ name: 'import', value, unit: 'resources/s', floor, target: '>= 1000, ratio >= 0.05' }];
}

/** The write figures once more, with a disk whose syncs take longer. */
async function slowFigures(consortium: Consortium, load: Loader): Promise<Figure[]> {
  const count = Math.min(RESOURCES, 20_000);
  const text = (index: number) =>
    resourceText(index).replaceAll('"bench-', '"slow-').replace('/bench-', '/slow-');
  return withSlowSync(consortium.dataDir, SLOW_SYNC_MS, async () => {
    const value = await bring(consortium, count, text);
    const floor = await bareCopy(
      consortium,
      Array.from({ length: count }, (_, index) => text(index)),
    );
    const imported: Figure = {
      name: 'import',
      value,
      unit: 'resources/s',
      floor,
      target: '>= 1000, ratio >= 0.05',
    };
    const figures = [imported, ...(await createFigures(consortium, load))];
    return figures.map((figure) => ({
      ...figure,
      name: `${figure.name}, ${SLOW_SYNC_MS} ms added to each sync`,
    }));
  });
}

/** Residents of the doctor's hospital, all over the table. */
const somePatient = (turn: number): number => hospitalPatient((turn * 7919) % RESOURCES);

async function readFigures(consortium: Consortium, load: Loader): Promise<Figure[]> {
  const bare = barePool(consortium);
  try {
    const readFloor = await bareReads(
      bare,
      REQUESTS,
      CLIENTS,
      (turn) =>
        sql`select content from resource where id = ${rowKey('Patient', resourceId(somePatient(turn)))}`,
    );
    const read = await warmed(load, (turn) => `Patient/${resourceId(somePatient(turn))}`);
    const param = parameterId('Patient', 'identifier');
    const searchFloor = await bareReads(
      bare,
      REQUESTS,
      CLIENTS,
      (turn) => sql`select r.content from idx_token t join resource r on r.id = t.resource
        where t.param = ${raw(String(param))} and t.value = ${`B${somePatient(turn)}`} and t.system = ${'urn:yimai:bench'}`,
    );
    const search = await warmed(load, (turn) => `Patient?identifier=urn:yimai:bench|B${somePatient(turn)}`);
    return [
      { name: 'read', value: read.perSecond, unit: '/s', floor: readFloor, target: 'ratio >= 0.25' },
      { name: 'read p95', value: read.p95, unit: 'ms' },
      {
        name: 'identifier search',
        value: search.perSecond,
        unit: '/s',
        floor: searchFloor,
        target: 'ratio >= 0.2',
      },
      { name: 'identifier search p95', value: search.p95, unit: 'ms' },
    ];
  } finally {
    await bare.close();
  }
}

async function warmed(load: Loader, path: (turn: number) => string, count = REQUESTS) {
  const requests = gets(path, count);
  await load(requests.slice(0, Math.min(2000, count / 4)));
  return load(requests);
}

const gets = (path: (turn: number) => string, count: number) =>
  Array.from({ length: count }, (_, turn) => ({ method: 'GET', path: `/fhir/R4/${path(turn)}` }));

/** What a clinic that sees one resident in a thousand asks, and chains through an organisation of half the county. */
const NARROW: readonly (readonly [string, (turn: number) => string])[] = [
  ['by code', () => 'Observation?code=8480-6&_count=20'],
  ['by status', () => 'Observation?status=final&_count=20'],
  ['by value', () => 'Observation?value-quantity=gt185&_count=20'],
  ['sorted by date', () => 'Observation?code=8480-6&_sort=-date&_count=20'],
  ['by name', () => 'Observation?subject:Patient.name=测试&_count=20'],
  ['counted', () => 'Observation?code=8480-6&_summary=count'],
  ['without a value', () => 'Observation?value-quantity:missing=true'],
];
const WIDE: readonly (readonly [string, (turn: number) => string])[] = [
  ['of a hub', () => `Observation?subject:Patient.organization=Organization/${HOSPITAL}&_count=20`],
  ['name contains', (turn) => `Patient?name:contains=${somePatient(turn)}&_count=20`],
  ['without a value', () => 'Observation?value-quantity:missing=true'],
  ['counted', () => 'Observation?code=8480-6&_summary=count'],
  ['sorted by date', () => 'Observation?code=8480-6&_sort=-date&_count=20'],
];

/** Some of these ask every row of a type: one client, and no further request after so long. */
const ONE_AT_A_TIME = { clients: 1, budgetMs: 15_000 } as const;

async function searchFigures(doctor: Loader, village: Loader): Promise<Figure[]> {
  const chain = await warmed(
    doctor,
    (turn) => `Observation?subject:Patient.identifier=B${somePatient(turn)}&_count=10`,
    2000,
  );
  const figures: Figure[] = [
    { name: 'chained search p95', value: chain.p95, unit: 'ms', target: '< 20' },
    { name: 'chained search', value: chain.perSecond, unit: '/s' },
  ];
  for (const [who, load, searches] of [
    ['hospital', doctor, WIDE],
    ['village clinic', village, NARROW],
  ] as const) {
    for (const [name, path] of searches) {
      const { p95, count } = await load(gets(path, 8), ONE_AT_A_TIME);
      figures.push({ name: `${who}, ${name}: longest of ${count}`, value: p95, unit: 'ms' });
    }
  }
  return figures;
}

async function createFigures(consortium: Consortium, load: Loader): Promise<Figure[]> {
  const count = Math.min(REQUESTS, 10_000);
  const body = (turn: number) => postedText(turn, RESOURCES);
  const floor = await bareCreates(consortium, count, CLIENTS, body);
  const creates = Array.from({ length: count }, (_, turn) => ({
    method: 'POST',
    path: '/fhir/R4/Observation',
    body: body(turn),
  }));
  await load(creates.slice(0, 500));
  const create = await load(creates);
  return [
    { name: 'create', value: create.perSecond, unit: '/s', floor, target: 'ratio >= 0.3' },
    { name: 'create p95', value: create.p95, unit: 'ms' },
  ];
}
