// SQL as a value, transactions with their settings, and migrations, on a real database.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CopyRows, type ElementType, ListColumn } from './copy-rows.ts';
import { openDatabase } from './database.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { and, or, raw, sql } from './sql.ts';
import { type TestDatabase, testDatabase } from './testing.ts';
import { textArray } from './text-array.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const migration = (name: string, text: string): Migration => ({ name, text, breaking: false });
const THINGS = migration(
  'test/0001_things',
  `create table thing (id int primary key, word text);
   alter table thing enable row level security;
   create policy thing_by_word on thing using (word = current_setting('app.word', true));`,
);

function migrateThings(place: TestDatabase, migrations: readonly Migration[] = [THINGS]) {
  return migrate({
    ownerUrl: place.ownerUrl,
    schema: place.schema,
    appRole: new URL(place.appUrl).username,
    migrations,
    now: NOW,
  });
}

async function things(t: { after(fn: () => Promise<void>): void }, poolSize = 1) {
  const place = await testDatabase();
  await migrateThings(place);
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize });
  t.after(async () => {
    await database.close();
    await place.close();
  });
  return database;
}

test('[postgres P10] values are parameters, fragments nest, an empty choice is false', () => {
  const id = sql`id = ${7}`;
  const { text, params } =
    sql`select * from ${raw('thing')} where ${and([id, sql`word = ${"'; drop"}`])}`.compile();
  assert.equal(text, 'select * from thing where (id = $1) and (word = $2)');
  assert.deepEqual(params, [7, "'; drop"]);
  assert.equal(or([]).compile().text, 'false');
  assert.equal(and([]).compile().text, 'true');
});

test('[postgres P11] a setting holds in its transaction and is gone for the next on the same connection', async (t) => {
  const database = await things(t);
  await database.tx({ 'app.word': 'mine' }, (run) => run.run(sql`insert into thing values (1, ${'mine'})`));
  const count = sql`select count(*)::int as n from thing`;
  assert.deepEqual((await database.read({ 'app.word': 'mine' }, count)).rows, [{ n: 1 }]);
  assert.deepEqual((await database.read({ 'app.word': 'other' }, count)).rows, [{ n: 0 }]);
  assert.deepEqual((await database.read({}, count)).rows, [{ n: 0 }]);
  assert.deepEqual((await database.run(count)).rows, [{ n: 0 }]);
  const quoted = { 'app.word': "it's" } as const;
  assert.deepEqual((await database.read(quoted, sql`select current_setting('app.word') as w`)).rows, [
    { w: "it's" },
  ]);
});

test('[postgres P11] look-ups of one turn share a flight, each under its own settings; one that fails takes none along', async (t) => {
  const database = await things(t);
  const words = ['a', 'b', "it's"];
  for (const [id, word] of words.entries())
    await database.tx({ 'app.word': word }, (run) => run.run(sql`insert into thing values (${id}, ${word})`));
  const seen = sql`select array_agg(word) as words, max(current_setting('app.other', true)) as other from thing`;
  const lookUp = async (settings: Record<string, string>) =>
    (await database.read<{ words: string[] | null }>(settings, seen, { lookUp: true })).rows[0];
  const asked = [
    { 'app.word': 'b', 'app.other': 'x' },
    { 'app.word': 'a' },
    {},
    { 'app.other': 'y' },
    { 'app.word': "it's" },
    { 'app.word': 'b', 'app.other': 'x' },
    { 'app.word': 'none' },
    { 'app.word': 'b' },
    { 'app.word': 'a' },
    { 'app.word': "it's" },
  ];
  const broken = database.read({ 'app.word': 'a' }, sql`select ${'no number'}::int`, { lookUp: true });
  const [failure, ...answers] = await Promise.all([
    broken.catch((error: { code?: string }) => error.code),
    ...asked.map(lookUp),
  ]);
  assert.equal(failure, '22P02');
  for (const [at, settings] of asked.entries()) {
    const word = settings['app.word'];
    const expected = word !== undefined && words.includes(word) ? [word] : null;
    assert.deepEqual(answers[at]?.words ?? null, expected, JSON.stringify(settings));
  }
});

test('[postgres P11] a look-up that is held up holds up none of those asked after it', async (t) => {
  const database = await things(t, 3);
  const lock = sql`select pg_advisory_xact_lock(7)`;
  const order: string[] = [];
  let held: Promise<unknown> = Promise.resolve();
  await database.tx({}, async (run) => {
    await run.run(lock);
    held = database.read({}, lock, { lookUp: true }).then(() => order.push('held'));
    await new Promise((resolve) => setImmediate(resolve));
    const { rows } = await database.read<{ one: number }>({}, sql`select 1 as one`, { lookUp: true });
    order.push(`after ${rows[0]?.one}`);
  });
  await held;
  assert.deepEqual(order, ['after 1', 'held']);
});

test('[postgres P12] a statement that is a transaction by itself is kept whole or not at all', async (t) => {
  const database = await things(t);
  const add = (ids: readonly number[]) =>
    sql`insert into copied (id, bytes) select * from unnest(${ids}::int[], ${ids.map((id) => Buffer.from([id, 255]))}::bytea[])
      returning id, bytes`;
  await database.text('create temporary table copied (id int primary key, bytes bytea)');
  const kept = await database.once<{ id: number; bytes: Buffer }>(add([1, 2]));
  assert.deepEqual(kept, {
    rows: [
      { id: 1, bytes: Buffer.from([1, 255]) },
      { id: 2, bytes: Buffer.from([2, 255]) },
    ],
    rowCount: 2,
  });
  await assert.rejects(database.once(add([3, 1])), { code: '23505' });
  assert.deepEqual(
    (await database.once(sql`select 1 as one`)).rows,
    [{ one: 1 }],
    'the next has a connection',
  );
});

test('[postgres P17] every value of a look-up arrives as it was: long, empty, none, beyond the basic plane', async (t) => {
  const database = await things(t);
  const values = ['', '一脉', '𠮷'.repeat(70_000), 'x'.repeat(300_000), null, '"\\{}'];
  const rows = await Promise.all(
    values.map(async (value) => {
      const found = await database.read<{ v: string | null }>({}, sql`select ${value}::text as v`, {
        lookUp: true,
      });
      return found.rows[0]?.v;
    }),
  );
  assert.deepEqual(rows, values);
});

test('[postgres P12] a failed statement rolls everything back, also when its error was swallowed', async (t) => {
  const database = await things(t);
  const settings = { 'app.word': 'mine' } as const;
  const insert = (id: number) => sql`insert into thing values (${id}, ${'mine'})`;
  await assert.rejects(
    database.tx(settings, async (run) => {
      await run.run(insert(1));
      await run.run(insert(1)).catch(() => {});
    }),
    /its error was swallowed/,
  );
  await assert.rejects(
    database.tx(settings, async (run) => {
      await run.run(insert(2));
      throw new Error('planned');
    }),
    /planned/,
  );
  assert.deepEqual((await database.read(settings, sql`select id from thing`)).rows, []);
});

test('[postgres P12] of statements asked in one turn each has its own answer, and the connection outlives one that fails', async (t) => {
  const database = await things(t);
  const settings = { 'app.word': 'mine' } as const;
  const insert = (id: number) => sql`insert into thing values (${id}, ${'mine'}) returning id`;
  const count = sql`select count(*)::int as n, ${'never parsed before'} as text from thing`;
  const outcomes: string[] = [];
  await assert.rejects(
    database.tx(settings, async (run) => {
      const asked = [
        run.run(insert(1)),
        run.run(sql`update thing set word = 'mine'`),
        run.run(insert(1)),
        run.run(count),
      ];
      for (const one of await Promise.allSettled(asked))
        outcomes.push(
          one.status === 'fulfilled' ? `${one.value.rowCount}` : (one.reason as { code: string }).code,
        );
      await asked[2];
    }),
    { code: '23505' },
  );
  assert.deepEqual(outcomes, ['1', '1', '23505', '25P02']);
  const text = 'never parsed before';
  const again = () => database.tx(settings, (run) => run.run(count));
  assert.deepEqual((await again()).rows, [{ n: 0, text }]);
  assert.deepEqual((await again()).rows, [{ n: 0, text }]);
  const nothing = sql`select id from thing where false`;
  const both = await database.tx(settings, (run) => Promise.all([run.run(nothing), run.run(count)]));
  assert.deepEqual(
    both.map(({ rows }) => rows.length),
    [0, 1],
  );
});

test('[postgres P12] a body that waits only for what stands behind the statement that failed hears why', async (t) => {
  const database = await things(t);
  const settings = { 'app.word': 'mine' } as const;
  const broken = database.tx(settings, async (run) => {
    run.run(sql`select ${'no number'}::int`).catch(() => {});
    await run.run(sql`select 1 as one`);
  });
  await assert.rejects(broken, { code: '22P02' });
});

test('[postgres P12] what a body asks for and does not wait for before it throws is not done', async (t) => {
  const database = await things(t);
  const settings = { 'app.word': 'mine' } as const;
  const insert = (id: number) => sql`insert into thing values (${id}, ${'mine'})`;
  let late: Promise<unknown> = Promise.resolve();
  const broken = database.tx(settings, async (run) => {
    await run.run(insert(1));
    run.run(insert(2)).catch(() => {});
    late = new Promise((resolve) => setTimeout(resolve, 20)).then(() => run.run(insert(3)));
    late.catch(() => {});
    throw new Error('planned');
  });
  await assert.rejects(broken, /planned/);
  await assert.rejects(late, { code: '25P02' });
  assert.deepEqual((await database.read(settings, sql`select id from thing`)).rows, []);
});

test('[postgres P13] processes that migrate at once run each migration once', async (t) => {
  const place = await testDatabase(t);
  const list = [THINGS, migration('test/0002_more', 'create table more (id int);')];
  // Many first starts, each a schema of its own: what one start may find half-made by another shows only now and then.
  for (let round = 0; round < 20; round += 1) {
    const schema = `first_start_${round}`;
    const starts = Array.from({ length: 6 }, () => migrateThings({ ...place, schema }, list));
    const reports = await Promise.allSettled(starts);
    const failed = reports
      .filter((report) => report.status === 'rejected')
      .map((report) => String(report.reason));
    assert.deepEqual(failed, []);
    const applied = reports.flatMap((report) => (report.status === 'fulfilled' ? report.value.applied : []));
    assert.deepEqual(applied.sort(), ['test/0001_things', 'test/0002_more']);
  }
});

test('[postgres P13] a gap in the numbers is a fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-migrations-'));
  try {
    writeFileSync(join(folder, '0001_a.sql'), '--! breaking\nselect 1;');
    assert.deepEqual(
      readMigrations('test', folder).map(({ name, breaking }) => [name, breaking]),
      [['test/0001_a', true]],
    );
    writeFileSync(join(folder, '0003_c.sql'), 'select 1;');
    assert.throws(() => readMigrations('test', folder), /gap before 0003_c/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('[postgres P14] a changed text and an unknown migration are drift; nothing runs twice', async (t) => {
  const place = await testDatabase(t);
  assert.deepEqual(await migrateThings(place), { applied: ['test/0001_things'], drift: [] });
  assert.deepEqual(await migrateThings(place), { applied: [], drift: [] });
  const changed = { ...THINGS, text: `${THINGS.text} ` };
  assert.deepEqual((await migrateThings(place, [changed])).drift, [
    'test/0001_things: its text changed after it ran',
  ]);
  assert.deepEqual((await migrateThings(place, [])).drift, ['test/0001_things: unknown to this version']);
});

test('[postgres P16] a connection that breaks while it is held fails its statement and nothing else', async (t) => {
  const place = await testDatabase();
  await migrateThings(place);
  const open = () => openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 1 });
  const [database, killer] = [open(), open()];
  t.after(async () => {
    await database.close();
    await killer.close();
    await place.close();
  });
  const held = Promise.withResolvers<number>();
  const broken = database.tx({}, async (run) => {
    const { rows } = await run.text<{ pid: number }>('select pg_backend_pid() as pid');
    held.resolve(rows[0]!.pid);
    await run.text('select pg_sleep(30)');
  });
  await Promise.all([
    assert.rejects(broken, { code: '57P01' }),
    killer.text('select pg_terminate_backend($1)', [await held.promise]),
  ]);
  assert.deepEqual((await database.text('select 1 as one')).rows, [{ one: 1 }]);
});

test('[postgres P10] one shape has one text whatever its values, and what stands twice is sent once', () => {
  const list = ['a', 'b'];
  const now = new Date(0);
  const ask = (id: number, again: readonly string[]) =>
    sql`select ${raw('x')} from thing where id = ${id} and word = any(${list}) and ${and([sql`at < ${now}`, sql`at > ${now}`])}
      and word <> all(${again})`.compile();
  const once = ask(1, list);
  const twice = ask(2, ['a', 'b']);
  assert.match(
    once.text,
    /id = \$1 and word = any\(\$2\) and \(at < \$3\) and \(at > \$3\)\s+and word <> all\(\$2\)/,
  );
  assert.deepEqual(once.params, [1, list, now]);
  assert.match(twice.text, /word <> all\(\$4\)/);
  assert.deepEqual(twice.params, [2, list, now, ['a', 'b']]);
  assert.equal(sql`select ${raw('x')}`.compile().text, 'select x');
  assert.equal(sql`select ${raw('y')}`.compile().text, 'select y');
});

const NUMBERS = [
  '0',
  '-0.05',
  '100',
  '9999.5',
  '10000',
  '120000.00001',
  '0.00010',
  '-123456789012345678901.5',
];
const INSTANTS = [
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2026-11-22T08:00:00.123Z',
  '9999-12-31T23:59:59.999Z',
  'infinity',
  '-infinity',
];
const KEY = '0F1e2d3c-4b5a-7968-8796-a5b4c3d2e1f0';

test('[postgres P17] numbers, instants, keys and lists by COPY are those that the same texts give', async (t) => {
  const place = await testDatabase();
  const columns = 'at int, big int8, key uuid, number numeric, instant timestamptz, list text[]';
  await migrateThings(place, [migration('test/0001_row', `create table row (${columns})`)]);
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 1 });
  t.after(async () => {
    await database.close();
    await place.close();
  });
  const rows = NUMBERS.map((number, at) => ({ number, at, instant: INSTANTS[at % INSTANTS.length]! }));
  await database.tx({}, async (run) => {
    const lines = new CopyRows();
    for (const { number, at, instant } of rows)
      lines
        .open(6)
        .int4(at)
        .int8(2 ** 50 + at)
        .uuid(at === 0 ? null : KEY)
        .numeric(number)
        .instant(instant)
        .textArray(textArray(HARD));
    assert.equal(await run.copy('row (at, big, key, number, instant, list)', lines.end()), rows.length);
  });
  const { rows: wrong } = await database.run<{ row: string }>(sql`select row::text as row from row
    join unnest(${rows.map((one) => one.at)}::int[], ${rows.map((one) => one.number)}::text[], ${rows.map((one) => one.instant)}::text[])
      as n(at, number, instant) on n.at = row.at
    where row.number::text <> n.number or row.instant <> n.instant::timestamptz or big <> ${2 ** 50}::int8 + row.at
      or key is distinct from (case when row.at > 0 then ${KEY}::uuid end) or list is distinct from ${textArray(HARD)}::text[]`);
  assert.deepEqual(wrong, []);
  const lists = { int4: [7, null, -7], int8: [2 ** 50, 0], uuid: [KEY, null], text: HARD };
  for (const [type, values] of Object.entries(lists)) {
    // Less room than they need.
    const list = new ListColumn(type as ElementType, 4);
    for (const value of values) {
      if (type === 'int8') list.int8(value as number);
      else if (type === 'int4') list.int4(value as number | null);
      else if (type === 'uuid') list.uuid(value as string | null);
      else list.text(value as string | null);
    }
    const { rows: same } = await database.run<{ equal: boolean }>(
      sql`select ${list.end(values.length)}::${raw(type)}[] = ${type === 'text' ? textArray(HARD) : values}::${raw(type)}[] as equal`,
    );
    assert.deepEqual(same, [{ equal: true }], type);
  }
  assert.throws(() => new CopyRows().numeric('1e5'), /not a plain decimal/);
  assert.throws(() => new CopyRows().instant('tomorrow'), /not an instant/);
});

const HARD = ['', 'null', '\\N', 'a\tb\\c\nd\r', '"{,}"', '测试😀', null];

test('[postgres P17] texts by COPY and in a list come back as they were', async (t) => {
  const place = await testDatabase();
  await migrateThings(place, [migration('test/0001_word', 'create table word (at int, word text)')]);
  const database = openDatabase({ url: place.appUrl, schema: place.schema, poolSize: 1 });
  t.after(async () => {
    await database.close();
    await place.close();
  });
  const words = sql`select word from word order by at`;
  await database.tx({}, async (run) => {
    const lines = new CopyRows();
    for (const [at, word] of HARD.entries()) lines.open(2).int4(at).text(word);
    const copied = run.copy('word (at, word)', lines.end());
    const seen = run.run<{ word: string | null }>(words);
    assert.equal(await copied, HARD.length);
    assert.deepEqual(
      (await seen).rows.map(({ word }) => word),
      HARD,
    );
  });
  for (const list of [HARD, []]) {
    const { rows } = await database.run<{ word: string | null }>(
      sql`select unnest(${textArray(list)}::text[]) as word`,
    );
    assert.deepEqual(
      rows.map(({ word }) => word),
      list,
    );
  }
});

test('[postgres P12] a COPY that fails, or stands behind a statement that failed, takes nothing else along', async (t) => {
  const database = await things(t);
  const settings = { 'app.word': 'mine' } as const;
  await assert.rejects(
    database.tx(settings, async (run) => {
      const failing = run.copy('nowhere (at)', Buffer.from('1\n'));
      const behind = run.copy('nowhere (at)', Buffer.from('2\n'));
      const [first, second] = await Promise.allSettled([failing, behind]);
      assert.deepEqual([first.status, second.status], ['rejected', 'rejected']);
      await failing;
    }),
    { code: '42P01' },
  );
  assert.deepEqual((await database.run(sql`select 1 as n`)).rows, [{ n: 1 }]);
});
