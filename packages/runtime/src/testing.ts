// For tests of the engines and of programmes: a consortium on a throwaway database, people to act, a clock to move.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '@medplum/fhirtypes';
import { rowKey } from '@yimai/fhir';
import { must, SimulatedClock, type Uuid, uuidv7 } from '@yimai/kit';
import type { Actor as LoopActor, LoopState, WorkCalendar } from '@yimai/loops';
import { type Database, migrate, openDatabase, readMigrations } from '@yimai/postgres';
import { testDatabase } from '@yimai/postgres/testing';
import {
  type Access,
  type Actor,
  type CommandAnswer,
  type CommandHandler,
  loadPolicy,
  makeAccess,
  makeProtection,
  openBlobs,
  openKeyring,
  openRecord,
  type Record,
  type Resource,
} from '@yimai/record';
import { stateOf } from './case-task.ts';
import { SYSTEMS } from './context.ts';
import type { DueRunner } from './due-runner.ts';
import { type LoadedProgrammes, loadCalendar, loadProgrammes } from './load.ts';
import type { ReportAnswer } from './report.ts';
import { reportOn } from './report-read.ts';
import { openRuntime, type Runtime } from './runtime.ts';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Who acts: a role at an organisation, as one person. */
export interface As {
  readonly role: string;
  readonly org: string;
  readonly person: string;
}

export interface TestCounty {
  readonly record: Record;
  readonly database: Database;
  readonly clock: SimulatedClock;
  readonly runtime: Runtime;
  readonly due: DueRunner;
  readonly faults: Error[];
  /** Sends a command; the answer as it comes. */
  send(
    as: As,
    type: string,
    payload: unknown,
    more?: { readonly id?: Uuid; readonly ifVersion?: number },
  ): Promise<CommandAnswer>;
  /** Sends a command that must be applied, and gives its result. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads results of any shape and asserts what it reads
  apply(as: As, type: string, payload: unknown): Promise<any>;
  /** Sends a command that must be refused, and gives the refusal. */
  refuse(as: As, type: string, payload: unknown): Promise<{ code: string; at?: string }>;
  caseState(id: string): Promise<LoopState>;
  resource(type: string, id: string): Promise<Resource>;
  put(...resources: readonly Resource[]): Promise<void>;
  /** Moves the clock and fires what has become due. */
  advance(ms: number): Promise<number>;
  actor(as: As): LoopActor;
  /** What this person may read. */
  access(as: As): Access;
  /** The answer of a report as of a day (the last one of its period), over every entry. */
  report(id: string, on: string, from?: string): Promise<ReportAnswer>;
}

interface Finishing {
  after(fn: () => Promise<void>): void;
}

const MIGRATIONS = () => [
  ...readMigrations('record', join(REPOSITORY, 'packages/record/migrations/')),
  ...readMigrations('runtime', join(REPOSITORY, 'packages/runtime/migrations/')),
];

export interface CountyOptions {
  readonly start?: string;
  readonly loaded?: LoadedProgrammes;
  /** The repository's, unless a test has holidays of its own. */
  readonly calendar?: WorkCalendar;
  /** Commands of rooms above the runtime. */
  readonly handlers?: readonly CommandHandler<never>[];
}

/** The programmes of the repository; `YIMAI_PROGRAMS` points a mutation run at an emptied copy. */
export function repositoryProgrammes(): LoadedProgrammes {
  const emptied = process.env['YIMAI_PROGRAMS'];
  // A mutation run empties one programme: others that use its names fall away, and its tests must notice.
  if (emptied !== undefined) return loadProgrammes(emptied);
  const loaded = loadProgrammes(join(REPOSITORY, 'programs'));
  const told = loaded.issues.map(
    (one) => `${one.programme}/${one.file} ${one.at}: ${one.code} ${one.text.en}`,
  );
  if (told.length > 0) throw new Error(`programmes with issues:\n${told.join('\n')}`);
  return loaded;
}

export async function testCounty(t: Finishing, options: CountyOptions = {}): Promise<TestCounty> {
  const place = await testPlace();
  const county = countyOn(t, place, options);
  t.after(() => place.close());
  return county;
}

/** A database with the tables of the runtime, for whoever opens more than one county on it. */
export function testPlace(): ReturnType<typeof testDatabase> {
  const key = createHash('sha256').update(JSON.stringify(MIGRATIONS())).digest('hex').slice(0, 16);
  return testDatabase(undefined, { template: { key: `runtime${key}`, make: migrateCounty } });
}

export async function migrateCounty(ownerUrl: string, schema: string): Promise<void> {
  const now = new Date('2026-01-01T00:00:00Z');
  await migrate({ ownerUrl, schema, appRole: 'yimai_app', migrations: MIGRATIONS(), now });
}

/** The same on a database that is there already and stays. */
export function countyOn(
  t: Finishing,
  place: { readonly appUrl: string; readonly schema: string; readonly dir: string },
  options: CountyOptions = {},
): TestCounty {
  const clock = new SimulatedClock(options.start ?? '2026-03-02T01:00:00Z');
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 12 });
  const runtime = openRuntime(
    options.loaded ?? repositoryProgrammes(),
    options.calendar ?? loadCalendar(join(REPOSITORY, 'rules/calendar')),
  );
  const policy = loadPolicy();
  const faults: Error[] = [];
  const onFault = (error: Error) => void faults.push(error);
  const record = openRecord({
    database,
    clock,
    blobs: openBlobs(join(place.dir, 'blobs')),
    handlers: [...runtime.commands, ...((options.handlers ?? []) as readonly unknown[] as CommandHandler[])],
    checkReferences: false,
    protection: makeProtection(policy, openKeyring(join(place.dir, 'keys.json'), { createIfMissing: true })),
    onFault,
  });
  const due = runtime.dueRunner({ record, database, clock, onFault });
  t.after(async () => {
    await due.stop();
    await record.close();
    await database.close();
  });
  const accessOf = (as: As) => makeAccess(toActor(as), clock.now(), policy);
  const county: TestCounty = {
    record,
    database,
    clock,
    runtime,
    due,
    faults,
    send: (as, type, payload, more = {}) =>
      record.commands.execute(
        {
          id: more.id ?? uuidv7(),
          type,
          occurredAt: clock.now().toISOString(),
          actingAs: { org: as.org, role: as.role },
          payload,
          ...(more.ifVersion === undefined ? {} : { ifVersion: more.ifVersion }),
        },
        async () => ({ ok: true, value: accessOf(as) }),
      ),
    async apply(as, type, payload) {
      const answer = await county.send(as, type, payload);
      if (answer.outcome === 'applied') return answer.result;
      const fault = faults.at(-1);
      throw new Error(`${type} ${answer.outcome}: ${JSON.stringify(answer.refusal)} ${fault?.stack ?? ''}`, {
        cause: fault,
      });
    },
    async refuse(as, type, payload) {
      const answer = await county.send(as, type, payload);
      if (answer.outcome === 'refused' && answer.refusal) return answer.refusal;
      throw new Error(`${type} should be refused, was ${answer.outcome} ${faults.at(-1)?.stack ?? ''}`);
    },
    async caseState(id) {
      return stateOf((await county.resource('Task', id)) as unknown as Task);
    },
    async resource(type, id) {
      const row = await record.read(record.systemAccess(), type, id);
      if (!row?.content) throw new Error(`there is no ${type}/${id}`);
      return JSON.parse(row.content) as Resource;
    },
    async put(...resources) {
      await record.transaction(record.systemAccess(), { via: 'command' }, async (tx) => {
        for (const resource of resources) await tx.update(resource);
      });
    },
    async advance(ms) {
      clock.advanceBy(ms);
      return due.fireDue();
    },
    access: accessOf,
    async report(id, on, from) {
      return must(
        await reportOn(runtime.context, database, {
          report: id,
          on,
          ...(from === undefined ? {} : { from }),
        }),
      );
    },
    actor: (as) => ({
      person: `Practitioner/${as.person}`,
      role: as.role,
      organisation: `Organization/${as.org}`,
    }),
  };
  return county;
}

function toActor(as: As): Actor {
  const org = rowKey('Organization', as.org);
  return {
    user: rowKey('User', `${as.person}`),
    role: as.role,
    org,
    orgs: [org],
    patient: null,
    practitioner: rowKey('Practitioner', as.person),
    rights: [],
    scopes: null,
  };
}

/** Organisations and people that most tests need; every one of them is made up. */
export async function smallCounty(county: TestCounty): Promise<void> {
  const house = (id: string, name: string, parent?: string, office?: string) =>
    ({
      resourceType: 'Organization',
      id,
      name: `${name}（合成）`,
      ...(parent === undefined ? {} : { partOf: { reference: `Organization/${parent}` } }),
      ...(office === undefined ? {} : { identifier: [{ system: SYSTEMS.office, value: office }] }),
    }) as Resource;
  await county.put(
    house('county', '总医院'),
    house('bureau', '卫生健康局', undefined, 'bureau'),
    house('hr-centre', '人力资源中心', 'county', 'hr-centre'),
    house('office', '医共体办公室', 'county', 'consortium-office'),
    house('station', '卫生监督站', 'bureau', 'supervision'),
    house('tcm', '中医医院', 'county'),
    house('town-a', '甲镇卫生院', 'county'),
    house('town-b', '乙镇卫生院', 'county'),
    house('village-a1', '甲一村卫生室', 'town-a'),
  );
  const people = [
    'director-a',
    'director-b',
    'hr',
    'president',
    'officer',
    'expert-1',
    'expert-2',
    'expert-3',
    'inspector-1',
    'inspector-2',
    'clerk',
  ];
  await county.put(
    ...people.map(
      (id) => ({ resourceType: 'Practitioner', id, name: [{ text: `${id}（合成）` }] }) as Resource,
    ),
  );
}

export const DIRECTOR_A: As = { role: 'township-director', org: 'town-a', person: 'director-a' };
export const DIRECTOR_B: As = { role: 'township-director', org: 'town-b', person: 'director-b' };
export const HR: As = { role: 'hr-clerk', org: 'hr-centre', person: 'hr' };
export const PRESIDENT: As = { role: 'consortium-president', org: 'county', person: 'president' };
export const OFFICE: As = { role: 'consortium-office', org: 'office', person: 'clerk' };
export const BUREAU: As = { role: 'bureau-director', org: 'bureau', person: 'officer' };
export const INSPECTOR_1: As = { role: 'inspector', org: 'station', person: 'inspector-1' };
export const INSPECTOR_2: As = { role: 'inspector', org: 'station', person: 'inspector-2' };
export const expert = (n: number): As => ({ role: 'expert', org: 'county', person: `expert-${n}` });
