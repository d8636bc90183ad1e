// Pages of one search while others write: whatever the order asked for, they show what matched when the first was made.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { rowKey } from '@yimai/fhir';
import { ChainEnd } from '../store/audit-buffer.ts';
import { openSequencer } from '../store/sequencer.ts';
import type { Resource } from '../types.ts';
import { NOW, type TestRecord, testRecord } from './record.fixture.ts';

/** A writer's act, between two ticks of the test's own count of events. */
interface Act {
  readonly key: string;
  readonly from: number;
  to: number;
  readonly version: number;
  readonly at: number;
  readonly resource: Resource | null;
}
type World = ReadonlyMap<string, Act>;

interface Random {
  next(below: number): number;
  pick<T>(of: readonly T[]): T;
}

function random(seed: number): Random {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { next, pick: (of) => of[next(of.length)]! };
}

const DAYS = ['2026-01-02', '2026-02-03', '2026-03-04'];
const CODES = ['a', 'b', 'c'];

function observation(id: string, patients: readonly string[], r: Random): Resource {
  return {
    resourceType: 'Observation',
    id,
    status: r.pick(['final', 'final', 'amended']),
    code: { coding: [{ code: r.pick(CODES) }] },
    subject: { reference: `Patient/${r.pick(patients)}` },
    ...(r.next(4) === 0 ? {} : { effectiveDateTime: r.pick(DAYS) }),
    valueQuantity: { value: r.next(5) },
  };
}

const patient = (id: string, r: Random): Resource => ({
  resourceType: 'Patient',
  id,
  gender: r.pick(['male', 'female']),
  name: [{ family: r.pick(['ann', 'bea', 'cyd']) }],
  ...(r.next(4) === 0 ? {} : { birthDate: r.pick(DAYS) }),
});

type Key = (act: Act) => string | number | null;
interface Case {
  readonly query: string;
  /** Null: any resource of the type. */
  readonly holds: ((resource: Resource, world: World) => boolean) | null;
  readonly order: readonly (readonly [key: Key, direction: 1 | -1])[];
}

const of =
  (name: string): Key =>
  ({ resource }) =>
    (resource?.[name] as string | undefined) ?? null;
const date = of('effectiveDateTime');
const code: Key = ({ resource }) => (resource!['code'] as { coding: [{ code: string }] }).coding[0].code;
const amount: Key = ({ resource }) => (resource!['valueQuantity'] as { value: number }).value;
const family: Key = ({ resource }) => (resource!['name'] as [{ family: string }])[0].family;
const written: Key = ({ at }) => at;
const subjectOf = (resource: Resource, world: World): Resource | null =>
  world.get((resource['subject'] as { reference: string }).reference)?.resource ?? null;

const CASES: readonly Case[] = [
  { query: 'Observation?_sort=date', holds: null, order: [[date, 1]] },
  { query: 'Observation?_sort=-date', holds: null, order: [[date, -1]] },
  {
    query: 'Observation?_sort=value-quantity,-_lastUpdated',
    holds: null,
    order: [
      [amount, 1],
      [written, -1],
    ],
  },
  {
    query: 'Observation?_sort=code,-date&status=final',
    holds: ({ status }) => status === 'final',
    order: [
      [code, 1],
      [date, -1],
    ],
  },
  { query: 'Observation?status=final', holds: ({ status }) => status === 'final', order: [[written, -1]] },
  {
    query: 'Observation?_sort=-_id&date:missing=false&status:not=amended',
    holds: ({ status, effectiveDateTime }) => status === 'final' && effectiveDateTime !== undefined,
    order: [[of('id'), -1]],
  },
  {
    query: 'Observation?_sort=-code&subject:Patient.gender=male',
    holds: (resource, world) => subjectOf(resource, world)?.['gender'] === 'male',
    order: [[code, -1]],
  },
  {
    query: 'Patient?_sort=family,-birthdate&gender=male',
    holds: ({ gender }) => gender === 'male',
    order: [
      [family, 1],
      [of('birthDate'), -1],
    ],
  },
  {
    query: 'Patient?_sort=birthdate&_has:Observation:subject:code=a',
    holds: (resource, world) =>
      [...world.values()].some(
        (act) =>
          act.resource?.resourceType === 'Observation' &&
          code(act) === 'a' &&
          subjectOf(act.resource, world) === resource,
      ),
    order: [[of('birthDate'), 1]],
  },
];

const TYPES = { Observation: 24, Patient: 9 } as const;

/** What a plain reading of a world answers, as `id/version`. */
function answer({ query, holds, order }: Case, world: World): string[] {
  const type = query.split('?')[0]!;
  const rows = [...world.values()].filter(
    ({ resource }) => resource?.resourceType === type && (holds?.(resource, world) ?? true),
  );
  const sorted = rows.toSorted((a, b) => {
    for (const [key, direction] of order) {
      const [one, other] = [key(a), key(b)];
      if (one === other) continue;
      if (one === null || other === null) return one === null ? 1 : -1;
      return (one < other ? -1 : 1) * direction;
    }
    return rowKey(type, a.resource!.id!) < rowKey(type, b.resource!.id!) ? -1 : 1;
  });
  return sorted.map(({ resource, version }) => `${resource!.id}/${version}`);
}

/** Every world that the first page may have seen: what was being written meanwhile may have been there or not. */
function* worlds(acts: readonly (readonly Act[])[], from: number, to: number): Generator<World> {
  const ways = acts.map((own) => {
    const sure = own.filter((act) => act.to < from).length;
    const may = own.filter((act) => act.from < to).length;
    return Array.from({ length: may - sure + 1 }, (_, more) => own.slice(0, sure + more));
  });
  const choices = ways.reduce<(readonly Act[])[]>(
    (all, own) => all.flatMap((some) => own.map((next) => [...some, ...next])),
    [[]],
  );
  for (const choice of choices) {
    const world = new Map<string, Act>();
    for (const act of choice) world.set(act.key, act);
    yield world;
  }
}

describe('paging beside writers', () => {
  let record: TestRecord;
  const closing: (() => Promise<void>)[] = [];
  before(async () => {
    record = await testRecord({ after: (fn) => closing.push(fn) });
  });
  after(async () => {
    for (const close of closing) await close();
  });

  let tick = 0;
  const versions = new Map<string, number>();
  const log: Act[][] = [[], [], []];

  /** Writes or takes away one of the resources that are this writer's own. */
  async function act(writer: number, r: Random): Promise<void> {
    const type = r.next(3) === 0 ? 'Patient' : 'Observation';
    const id = `${type === 'Patient' ? 'p' : 'o'}${r.next(TYPES[type] / log.length) * log.length + writer}`;
    const key = `${type}/${id}`;
    const last = log[writer]!.findLast((one) => one.key === key);
    const patients = Array.from({ length: TYPES.Patient }, (_, at) => `p${at}`);
    const gone = last?.resource && r.next(5) === 0;
    const resource = gone ? null : type === 'Patient' ? patient(id, r) : observation(id, patients, r);
    const version = (versions.get(key) ?? 0) + 1;
    // The times of writers say nothing of who was first.
    const at = NOW.getTime() - r.next(3) * 60_000;
    tick += 1;
    const entry: Act = { key, from: tick, to: Number.POSITIVE_INFINITY, version, at, resource };
    versions.set(key, version);
    log[writer]!.push(entry);
    if (resource) await record.put(resource, { at: new Date(at) });
    else await record.remove(type, id, new Date(at));
    tick += 1;
    entry.to = tick;
  }

  for (const [at, one] of CASES.entries()) {
    const seed = at * 7 + 1;
    it(`[record R-S60] ${one.query}: each row that matched then, once, in its order (seed ${seed})`, async () => {
      const r = random(seed);
      const sequencer = openSequencer(record.database, new ChainEnd(), (error) => {
        throw error;
      });
      for (let writer = 0; writer < log.length; writer += 1)
        for (let count = 0; count < 6; count += 1) await act(writer, r);
      let reading = true;
      const writers = log.map(async (_, writer) => {
        const own = random(seed * 31 + writer);
        for (let count = 0; count < 12 && reading; count += 1) {
          for (let wait = own.next(3); wait > 0; wait -= 1) await turn();
          await act(writer, own);
        }
      });
      const numbering = (async () => {
        for (let count = 0; count < 3; count += 1) await sequencer.settle();
      })();
      const [type = '', query = ''] = one.query.split('?');
      const from = ++tick;
      let page = await record.page(type, `${query}&_count=3`);
      const to = ++tick;
      const seen: string[] = [];
      for (;;) {
        seen.push(...page.matches.map((row) => `${row.fhirId}/${row.version}`));
        if (!page.next) break;
        page = await record.page(type, page.next.split('?')[1]!);
      }
      reading = false;
      await Promise.all([...writers, numbering]);
      await sequencer.settle();
      const possible = [...worlds(log, from, to)].map((world) => answer(one, world));
      assert.ok(
        possible.some((list) => list.join() === seen.join()),
        `saw ${seen.join(' ')}, which is none of\n${possible.map((list) => list.join(' ')).join('\n')}`,
      );
    });
  }
});
