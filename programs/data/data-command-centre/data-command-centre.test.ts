// Acceptance of the command centre: a visit shows within seconds, a breach opens an order, figures equal the day's count.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, systemClock } from '@yimai/kit';
import { MeasureEngine, parsePeriod } from '@yimai/measures';
import { entry, feedOf, figuresOf, MEASURES, VIEWS } from '@yimai/measures/testing';
import { workList } from '@yimai/runtime';
import { type As, DIRECTOR_A, DIRECTOR_B, OFFICE, smallCounty, testCounty } from '@yimai/runtime/testing';
import { openSnapshot, publishedFolder, ViewWorker } from '@yimai/views';

const house = await testCounty({ after });
await smallCounty(house);
await house.put(
  entry('jintan', { make: 'org', level: 'county', class: 'county' }),
  entry('hospital', { make: 'org', level: 'county', class: 'hospital', parent: 'jintan' }),
  entry('ward', { make: 'org', level: 'department', class: 'department', parent: 'hospital' }),
);
const visit = (number: string, more: object = {}) =>
  entry(`e-${number}`, {
    make: 'encounter',
    org: 'ward',
    patient: `p-${number}`,
    number,
    on: '2026-03-02T09:00:00+08:00',
    ...more,
  });

test('[data-command-centre/1] a new visit shows within seconds, while the day runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-command-'));
  const stop = new AbortController();
  const worker = must(
    await ViewWorker.open({
      folder,
      views: VIEWS,
      source: feedOf(house),
      clock: systemClock,
      pollEveryMs: 100,
    }),
  );
  const running = worker.run(stop.signal);
  const shown = async (): Promise<{ count: number; seq: number }> => {
    const snapshot = await openSnapshot(publishedFolder(folder));
    if (snapshot === null) return { count: 0, seq: 0 };
    const engine = await MeasureEngine.open(snapshot, MEASURES);
    const [value] = await engine.compute(must(parsePeriod('2026-03')), ['hospital'], ['outpatient-volume']);
    const { seq } = snapshot;
    snapshot.close();
    return { count: value?.value ?? 0, seq };
  };
  const until = async (fits: (now: { count: number; seq: number }) => boolean): Promise<number> => {
    const started = performance.now();
    for (let now = await shown(); !fits(now); now = await shown()) {
      assert.ok(performance.now() - started < 90_000, `still ${JSON.stringify(now)}`);
      await sleep(50);
    }
    return performance.now() - started;
  };
  try {
    await house.put(visit('1'));
    // The first one waits until the tables are built; what a busy machine adds to it, it adds to the next one too.
    const first = await until(({ count }) => count === 1);
    await house.put(visit('2', { status: 'in-progress', until: null }), visit('3', { status: 'cancelled' }));
    const next = await until(({ count }) => count === 2);
    assert.ok(next < Math.max(5_000, 3 * first), `within five seconds, not ${next} ms`);
    await house.put(visit('2'));
    await house.record.sequencer.settle();
    const head = house.record.sequencer.head();
    await until(({ seq }) => seq >= head);
    assert.equal((await shown()).count, 2, 'a visit that ends is not a second one');
  } finally {
    stop.abort();
    await running;
    worker.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('[data-command-centre/2] a threshold passed opens one order that the department has to answer', async () => {
  const point = { code: 'waiting-a', department: 'Organization/town-a' };
  await house.apply(OFFICE, 'register.put', { register: 'command-points', entry: point });
  const read = (minutes: number) =>
    house.apply(OFFICE, 'alert.reading', {
      alert: 'command-waiting',
      object: 'waiting-a',
      values: { minutes },
    });
  assert.equal((await read(60)).alert, null, 'the threshold itself is not above it');
  const first = await read(61);
  assert.equal(first.opened, true);
  assert.deepEqual(await read(75), { alert: first.alert, readings: 2, opened: false }, 'no storm of orders');
  const waits = async (as: As) =>
    (
      await workList(house.database, house.actor(as), house.clock.now(), { limit: 9, loop: 'command-order' })
    ).map((one) => one.case);
  assert.deepEqual(await waits(DIRECTOR_A), [first.alert]);
  assert.deepEqual(await waits(DIRECTOR_B), []);
  const answer = (answers: object) => ({ case: first.alert, event: 'answer', answers });
  assert.equal((await house.refuse(DIRECTOR_A, 'loop.act', answer({}))).at, 'payload.answers.feedback');
  assert.equal((await house.refuse(DIRECTOR_B, 'loop.act', answer({ feedback: 'x' }))).code, 'not-your-turn');
  const early = await house.refuse(OFFICE, 'loop.act', { case: first.alert, event: 'confirm' });
  assert.equal(early.code, 'event-not-here', 'an order without an answer is not closed');
  await house.advance(31 * 60_000);
  assert.equal((await house.caseState(first.alert)).positions[0]?.escalated, 1, 'unanswered it climbs');
  await house.apply(DIRECTOR_A, 'loop.act', answer({ feedback: '增开两个诊室' }));
  await house.apply(OFFICE, 'loop.act', { case: first.alert, event: 'confirm' });
  assert.equal((await read(20)).alert, null);
  assert.equal((await read(90)).opened, true, 'a new breach after the old one ended is a new order');
});

test('[data-command-centre/3] the figures equal the statistics at the end of the day and of the year', async () => {
  const busy = Array.from({ length: 240 }, (_, n) =>
    visit(`d${n}`, { on: `2026-03-02T${String(8 + (n % 12)).padStart(2, '0')}:30:00+08:00` }),
  );
  const strange = [
    visit('last-month', { on: '2026-02-28T23:59:00+08:00' }),
    visit('void', { status: 'entered-in-error' }),
    visit('bed', { class: 'IMP' }),
  ];
  await house.put(...busy, ...strange, { ...visit('d0'), id: 'e-d0-again' });
  await house.put(
    ...Array.from({ length: 12 }, (_, month) =>
      [
        ['outpatient-visits', 93_800],
        ['outpatient-income', 1],
        ['discharges', month === 11 ? 3_612 : 3_608],
        ['inpatient-income', 1],
      ].map(([line, value]) => {
        const on = `2024-${String(month + 1).padStart(2, '0')}-01`;
        return entry(`l-${line}-${month}`, { make: 'line', org: 'hospital', line, value, on, reported: on });
      }),
    ).flat(),
    entry('l-early', {
      make: 'line',
      org: 'hospital',
      line: 'discharges',
      value: 9_999,
      on: '2024-01-01',
      reported: '2023-12-01',
    }),
  );
  const figures = await figuresOf(house);
  const screen = await figures.value('outpatient-volume', '2026-03', 'hospital');
  const ids = await figures.cases('outpatient-volume', '2026-03', 'hospital');
  const year = await figures.value('outpatient-cost-per-visit', '2024', 'hospital');
  const beds = await figures.value('inpatient-cost-per-discharge', '2024', 'hospital');
  figures.close();
  const page = await house.record.search(
    house.record.systemAccess(),
    'Encounter',
    'date=ge2026-03-01&date=lt2026-04-01&class=AMB&status=finished,in-progress&_count=1000',
  );
  const statistics = new Set(
    page.matches.map(
      (row) => (JSON.parse(row.content!) as { identifier: [{ value: string }] }).identifier[0].value,
    ),
  );
  assert.equal(statistics.size, 242, 'the plain count over the record: each visit number once');
  assert.equal(screen.value, statistics.size);
  assert.equal(ids.length, statistics.size);
  assert.deepEqual(
    [year.denominator, beds.denominator],
    [1_125_600, 43_300],
    'the year of the monthly statistics',
  );
});
