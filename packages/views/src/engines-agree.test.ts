// Random views over random resources: DuckDB, PostgreSQL and a slow reading in memory must give the same rows, or stop for the
// same reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ok, type Result } from '@yimai/kit';
import { type TestDatabase, testDatabase } from '@yimai/postgres/testing';
import fc from 'fast-check';
import pg from 'pg';
import { compileView } from './compile-view.ts';
import { collectView } from './duckdb/run-view.ts';
import { NaiveStop, naiveRows } from './naive-view.fixture.ts';
import { parseView } from './parse-view.ts';
import { postgresDialect } from './postgres/dialect.ts';
import { runTimeRefusal } from './run-time-refusal.ts';
import type { View } from './view-tree.ts';

const SEED = 20261121;

const word = fc.constantFrom('a', 'b', "o'c", '张', '');
const name = fc.record(
  { family: word, use: fc.constantFrom('official', 'usual'), given: fc.array(word, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const patient = fc.record(
  {
    active: fc.boolean(),
    gender: fc.constantFrom('female', 'male'),
    birthDate: fc.constantFrom('1950', '1950-02', '1950-02-28', '2024-02'),
    multipleBirthInteger: fc.integer({ min: 0, max: 3 }),
    deceasedDateTime: fc.constantFrom('2024-01-01', '2024-01-01T10:00:00+08:00', '2024-01-01T02:00:00Z'),
    name: fc.array(name, { maxLength: 3 }),
    contact: fc.array(fc.record({ name, telecom: fc.array(fc.record({ value: word }), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    generalPractitioner: fc.array(
      fc.constantFrom({ reference: 'Practitioner/1' }, { reference: 'Organization/2' }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const list = fc.constantFrom(
  'name',
  'name.given',
  'contact',
  'contact.name.given',
  'contact.telecom',
  "name.where(use = 'official')",
  'name[1]',
  'unknownElement',
);
const flag = fc.letrec((tie) => ({
  leaf: fc.constantFrom(
    'active',
    "gender = 'female'",
    'multipleBirth.ofType(integer) >= 1',
    'name.family = contact.name.family',
    'birthDate < @1950-02-10',
    'deceased.ofType(dateTime) = @2024-01-01T02:00:00Z',
    "name.exists(family = 'a')",
    'generalPractitioner.getReferenceKey(Practitioner).exists()',
  ),
  both: fc
    .tuple(tie('flag'), fc.constantFrom('and', 'or'), tie('flag'))
    .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
  not: tie('flag').map((inner) => `(${inner}).not()`),
  flag: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('both'), tie('not')),
})).flag as fc.Arbitrary<string>;
const value = fc.oneof(
  flag,
  list.map((path) => `${path}.count()`),
  list.map((path) => `${path}.empty()`),
  fc.constantFrom(
    'name.family.first()',
    'name.family',
    'name.given.last()',
    "name.given.join('-')",
    'birthDate.lowBoundary()',
    'birthDate.highBoundary()',
    'deceased.ofType(dateTime).lowBoundary()',
    'deceased.exists()',
    'multipleBirth.ofType(integer) * 2 + 1',
    'multipleBirth.ofType(integer) / 0',
    "gender & '-' & birthDate",
    '%rowIndex',
  ),
);
const view = fc.record({
  where: fc.array(flag, { maxLength: 1 }),
  top: fc.array(value, { minLength: 1, maxLength: 3 }),
  each: fc.option(fc.tuple(fc.constantFrom('forEach', 'forEachOrNull'), list)),
});

let database: TestDatabase;
let client: pg.Client;
before(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('create table resource (content jsonb not null)');
});
after(async () => {
  await client.end();
  await database.close();
});

test(`[views V1] both engines agree on random views and resources (seed ${SEED})`, async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(patient, { maxLength: 5 }), view, async (patients, shape) => {
      const resources = patients.map((each, index) => ({
        resourceType: 'Patient',
        id: `p${index}`,
        ...each,
      }));
      const definition = {
        resource: 'Patient',
        where: shape.where.map((path) => ({ path })),
        select: [
          {
            column: [
              { name: 'id', path: 'id' },
              ...shape.top.map((path, index) => ({ name: `c${index}`, path })),
            ],
          },
          ...(shape.each === null
            ? []
            : [
                {
                  [shape.each[0]]: shape.each[1],
                  column: [
                    { name: 'n', path: '%rowIndex' },
                    { name: 'has', path: '$this.exists()' },
                  ],
                },
              ]),
        ],
      };
      const { duck, postgres } = await onBoth(viewOf(definition), resources);
      assert.deepEqual(postgres, duck);
      rows += duck.length;
    }),
    { seed: SEED, numRuns: 60 },
  );
  assert.ok(rows > 60, `the random views gave ${rows} rows`);
});

// What each kind of node offers: paths to one value, paths to several, lists to go through.
interface Node {
  readonly one: readonly string[];
  readonly text: readonly string[];
  readonly several: readonly string[];
  readonly lists: readonly (readonly [path: string, to: string])[];
  readonly repeats?: readonly (readonly [paths: readonly string[], to: string])[];
}
const ITEM: Node = {
  one: [
    'answer.count()',
    'item.exists()',
    'answer.value.ofType(integer).first()',
    '%rowIndex',
    "linkId = 'a'",
  ],
  text: [
    'linkId',
    'text',
    'answer.value.ofType(string).first()',
    "linkId & '/' & text",
    "item.linkId.join('-')",
  ],
  several: ['answer.value.ofType(string)', 'item.linkId', 'item.answer.value.ofType(integer)'],
  lists: [
    ['item', 'Item'],
    ['answer', 'Answer'],
    ["item.where(linkId = 'a')", 'Item'],
    ['answer.item', 'Item'],
  ],
  repeats: [
    [['item'], 'Item'],
    [['item', 'answer.item'], 'Item'],
  ],
};
const NODES: Readonly<Record<string, Node>> = {
  Patient: {
    one: [
      'active',
      'multipleBirth.ofType(integer) + %n',
      'name.count()',
      'name.exists(use = %use)',
      'name.given.empty()',
      "active and gender = 'female'",
      'name.family = contact.name.family',
      '(active or name.exists()).not()',
    ],
    text: [
      'id',
      'gender',
      'birthDate',
      'name.family.first()',
      'name.given.last()',
      "name.given.join(',')",
      'name[1].family',
    ],
    several: ['name.family', 'name.given', 'contact.telecom.value', 'name.where(use = %use).given'],
    lists: [
      ['name', 'HumanName'],
      ['contact', 'Contact'],
      ['name.given', 'string'],
      ['contact.telecom', 'ContactPoint'],
      ['name.where(use = %use)', 'HumanName'],
      ['name.first()', 'HumanName'],
      ['contact.name', 'HumanName'],
    ],
  },
  HumanName: {
    one: ['given.count()', '%rowIndex', "family = 'a'", 'use = %use'],
    text: ['family', 'use', 'given.first()', "family & '-' & use"],
    several: ['given'],
    lists: [['given', 'string']],
  },
  Contact: {
    one: ['telecom.exists()', '%rowIndex', 'name.given.count()'],
    text: ['name.family', "name.given.join('/')", 'telecom.value.first()'],
    several: ['telecom.value', 'name.given'],
    lists: [
      ['telecom', 'ContactPoint'],
      ['name', 'HumanName'],
      ['name.given', 'string'],
    ],
  },
  ContactPoint: { one: ['%rowIndex', 'value.exists()'], text: ['value'], several: ['value'], lists: [] },
  string: { one: ['%rowIndex', "$this = 'a'"], text: ['$this'], several: ['$this'], lists: [] },
  QuestionnaireResponse: { ...ITEM, text: ['id', 'status'], several: ['item.linkId'], one: ['item.count()'] },
  Item: ITEM,
  Answer: {
    one: ['value.ofType(integer)', 'item.count()', '%rowIndex'],
    text: ['value.ofType(string)'],
    several: ['item.linkId'],
    lists: [['item', 'Item']],
    repeats: [[['item'], 'Item']],
  },
};

const item = fc.letrec((tie) => ({
  answer: fc.record(
    {
      valueString: fc.option(word, { nil: undefined }),
      item: fc.array(tie('item'), { maxLength: 1, depthIdentifier: 'item' }),
    },
    { requiredKeys: [] },
  ),
  number: fc.record({ valueInteger: fc.integer({ min: 0, max: 9 }) }),
  item: fc.record(
    {
      linkId: word,
      text: word,
      answer: fc.array(
        fc.oneof({ depthIdentifier: 'item', depthSize: 'small' }, tie('number'), tie('answer')),
        {
          maxLength: 2,
        },
      ),
      item: fc.array(tie('item'), { maxLength: 2, depthIdentifier: 'item' }),
    },
    { requiredKeys: [] },
  ),
})).item;
const response = fc.record(
  { status: fc.constantFrom('completed', 'amended'), item: fc.array(item, { maxLength: 2 }) },
  { requiredKeys: [] },
);

/** A select at a node: columns, what goes deeper, a union; names are made by the order in which they come. */
type Make = (next: () => string) => object;
const pickOf = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...(list as [T, ...T[]]));

function selectAt(type: string, depth: number): fc.Arbitrary<Make> {
  const node = NODES[type]!;
  const columns = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: pickOf([...node.one, ...node.text]).map((path) => ({ path })) },
      { weight: 1, arbitrary: pickOf(node.several).map((path) => ({ path, collection: true })) },
      { weight: 1, arbitrary: pickOf(node.several).map((path) => ({ path: `${path}.first()` })) },
    ),
    { minLength: 1, maxLength: 2 },
  );
  const deeper = depth === 0 ? fc.constant([]) : fc.array(stepFrom(type, depth - 1), { maxLength: 2 });
  const union = depth === 0 ? fc.constant(null) : fc.option(unionAt(type), { freq: 2 });
  return fc.tuple(columns, deeper, union).map(([own, selects, all]) => (next) => ({
    column: own.map((column) => ({ ...column, name: next() })),
    ...(selects.length === 0 ? {} : { select: selects.map((make) => make(next)) }),
    ...(all === null ? {} : { unionAll: all(next) }),
  }));
}

function stepFrom(type: string, depth: number): fc.Arbitrary<Make> {
  const { lists, repeats = [] } = NODES[type]!;
  const ways = [
    ...lists.flatMap(([path, to]) => [
      { way: { forEach: path }, to },
      { way: { forEachOrNull: path }, to },
    ]),
    ...repeats.map(([repeat, to]) => ({ way: { repeat }, to })),
  ];
  if (ways.length === 0) return selectAt(type, 0);
  return pickOf(ways).chain(({ way, to }) =>
    selectAt(to, depth).map((make) => (next) => ({ ...way, ...make(next) })),
  );
}

/** Branches of one column each, of the same name and kind. */
function unionAt(type: string): fc.Arbitrary<(next: () => string) => object[]> {
  const { lists, text } = NODES[type]!;
  const here = pickOf(text).map((path) => ({ way: {}, path }));
  const below = lists.map(([list, to]) =>
    fc
      .tuple(fc.constantFrom('forEach', 'forEachOrNull'), pickOf(NODES[to]!.text))
      .map(([way, path]) => ({ way: { [way]: list }, path })),
  );
  return fc.array(fc.oneof(here, ...below), { minLength: 2, maxLength: 3 }).map((branches) => (next) => {
    const name = next();
    return branches.map(({ way, path }) => ({ ...way, column: [{ name, path, type: 'string' }] }));
  });
}

const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  Patient: [
    'active',
    'name.exists()',
    "gender = 'female'",
    'name.where(use = %use).exists()',
    'active.not()',
  ],
  QuestionnaireResponse: [
    'item.exists()',
    "status = 'completed'",
    'item.answer.value.ofType(integer).exists()',
  ],
};
const whole = fc.constantFrom('Patient', 'QuestionnaireResponse').chain((resource) =>
  fc
    .tuple(
      fc.array<object>(resource === 'Patient' ? patient : response, { minLength: 1, maxLength: 4 }),
      fc.array(pickOf(CONDITIONS[resource]!), { maxLength: 2 }),
      selectAt(resource, 2),
      fc.option(stepFrom(resource, 2)),
    )
    .map(([bodies, where, first, second]) => {
      let count = 0;
      const next = (): string => `c${count++}`;
      return {
        resources: bodies.map((body, index) => ({ resourceType: resource, id: `r${index}`, ...body })),
        definition: {
          resource,
          constant: [
            { name: 'use', valueCode: 'official' },
            { name: 'n', valueInteger: 2 },
          ],
          where: where.map((path) => ({ path })),
          select: [first, ...(second === null ? [] : [second])].map((make) => make(next)),
        },
      };
    }),
);

const RUNS = Number(process.env['YIMAI_VIEW_RUNS'] ?? 120);

test(`[views V1] nested, joined and repeated views are what a slow reading in memory gives (seed ${SEED}, ${RUNS} views)`, async () => {
  let [rows, stopped] = [0, 0];
  await fc.assert(
    fc.asyncProperty(whole, async ({ resources, definition }) => {
      const read = viewOf(definition);
      const wanted = slowly(read, JSON.parse(JSON.stringify(resources)) as object[]);
      const { duck, postgres } = await onBoth(read, resources);
      assert.deepEqual(duck, wanted);
      assert.deepEqual(postgres, wanted);
      rows += wanted.length;
      if (wanted[0]?.startsWith('refused')) stopped += 1;
    }),
    { seed: SEED, numRuns: RUNS },
  );
  assert.ok(rows > 2 * RUNS && stopped < RUNS / 3, `${rows} rows, ${stopped} stopped`);
});

function viewOf(definition: object): View {
  const parsed = parseView(definition);
  assert.ok(parsed.ok, JSON.stringify([parsed, definition]));
  return parsed.value;
}

function slowly(view: View, resources: readonly object[]): string[] {
  try {
    return plain(ok(naiveRows(view, resources)));
  } catch (error) {
    if (error instanceof NaiveStop) return [`refused ${error.message}`];
    throw error;
  }
}

async function onBoth(view: View, resources: readonly object[]) {
  const lines = resources.map((resource) => JSON.stringify(resource));
  const duck = plain(await collectView(view, lines));
  await client.query('truncate resource');
  for (const line of lines) await client.query('insert into resource values ($1)', [line]);
  const compiled = compileView(view, postgresDialect, { from: 'resource', content: 'content' });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return { duck, postgres: await onPostgres(compiled.value.sql, compiled.value.params) };
}

async function onPostgres(sql: string, params: readonly (string | number)[]): Promise<string[]> {
  try {
    const { rows } = await client.query(sql, [...params]);
    return plain(ok(rows));
  } catch (error) {
    const refusal = runTimeRefusal(error);
    if (refusal === null) throw error;
    return plain({ ok: false, refusal });
  }
}

// Numbers come as text from one driver and as numbers from the other.
function plain(answer: Result<readonly object[]>): string[] {
  if (!answer.ok) return [`refused ${answer.refusal.code}`];
  const values = (row: object): unknown[] =>
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value,
    ]);
  return answer.value.map((row) => JSON.stringify(values(row))).sort();
}
