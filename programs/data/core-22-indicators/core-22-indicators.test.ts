// Acceptance of the co-governed core indicators: 22 defined, one value for both levels, flags returned, history kept.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '@yimai/kit';
import {
  correctionOf,
  definitionOn,
  loadChecks,
  loadCoreList,
  measureCommands,
  parsePeriod,
  qualityFindings,
} from '@yimai/measures';
import {
  COLUMNS,
  entry,
  figureSource,
  figuresOf,
  MEASURES,
  MEASURES_FOLDER,
  QUALITY_FOLDER,
} from '@yimai/measures/testing';
import { storyOf } from '@yimai/runtime';
import { type As, smallCounty, type TestCounty, testCounty } from '@yimai/runtime/testing';

const house: TestCounty = await testCounty(
  { after },
  { start: '2025-02-10T01:00:00Z', handlers: measureCommands(figureSource(() => house)) },
);
await smallCounty(house);
const year = must(parsePeriod('2024'));
const checks = must(loadChecks(QUALITY_FOLDER, COLUMNS));
const CITY: As = { role: 'consortium-office', org: 'city', person: 'clerk' };
const PROVINCE: As = { role: 'bureau-director', org: 'province', person: 'officer' };
const CODER: As = { role: 'coder', org: 'hospital-a', person: 'director-a' };
const OTHER: As = { role: 'coder', org: 'hospital-b', person: 'director-b' };

const org = (id: string, level: string, kind: string, parent?: string) =>
  entry(id, { make: 'org', level, class: kind, parent });
const stay = (id: string, more: object = {}) =>
  entry(id, {
    make: 'settlement',
    org: 'hospital-a',
    insurer: 'city',
    patient: id,
    number: id,
    on: '2024-05-06',
    weight: 1.1,
    days: 8,
    disease: 'J18',
    drg: 'ES2',
    ...more,
  });
await house.put(
  org('city', 'city', 'city'),
  org('hospital-a', 'city', 'hospital', 'city'),
  org('hospital-b', 'city', 'hospital', 'city'),
  // Six: the counts of fewer than five persons are not written down.
  ...['s1', 's1-b', 's1-c'].map((id) => stay(id, { weight: 1.16 })),
  ...['s2', 's2-b', 's2-c'].map((id) => stay(id, { weight: 1.1 })),
  stay('s-other-year', { on: '2023-05-06', weight: 9 }),
  stay('s-cancelled', { status: 'cancelled', weight: 9 }),
  stay('b1', { org: 'hospital-b', weight: 0.9 }),
);

const freeze = { measure: 'case-mix-index', period: '2024', scope: 'hospital-a' };

test('[core-22-indicators/1] 22 definitions with version, numerator, denominator and direction', () => {
  const ids = must(loadCoreList(MEASURES_FOLDER, MEASURES, '2024-12-31'));
  assert.equal(new Set(ids).size, 22);
  for (const id of ids) {
    const definition = definitionOn(MEASURES, id, '2024-12-31' as never);
    assert.ok(definition, id);
    assert.match(definition.version, /\S/, id);
    assert.ok(['up', 'down', 'watch'].includes(definition.direction), id);
    const { formula } = definition;
    const hasBoth =
      (formula.kind === 'parts' && formula.numerator.length > 0 && formula.denominator !== null) ||
      formula.kind === 'change' ||
      formula.kind === 'consumption-index';
    assert.ok(hasBoth, `${id} is a quotient, a change of one, or a ratio of means`);
  }
  assert.deepEqual(must(loadCoreList(MEASURES_FOLDER, MEASURES, '2023-12-31')), [], 'not in force before');
});

test('[core-22-indicators/2] city and province are shown the same value of a hospital, from one report', async () => {
  const stranger = await house.refuse(OTHER, 'measure.freeze', freeze);
  assert.equal(stranger.at, 'payload.scope', 'a hospital does not freeze the figure of another');
  const running = await house.refuse(CITY, 'measure.freeze', { ...freeze, period: '2025' });
  assert.equal(running.code, 'period-running');
  const frozen = await house.apply(CITY, 'measure.freeze', freeze);
  assert.deepEqual(
    [frozen.value.toFixed(2), frozen.numerator.toFixed(2), frozen.denominator],
    ['1.13', '6.78', 6],
  );
  const seen = await Promise.all(
    [CITY, PROVINCE].map(async (as) => {
      const row = await house.record.read(house.access(as), 'MeasureReport', frozen.report);
      return JSON.parse(row!.content!).group[0].measureScore.value;
    }),
  );
  assert.deepEqual(seen, [frozen.value, frozen.value]);
  const byHand = { ...(await house.resource('MeasureReport', frozen.report)), status: 'error' };
  await assert.rejects(
    house.record.transaction(house.record.systemAccess(), { via: 'rest' }, (tx) => tx.update(byHand)),
    (error: { refusal?: { code: string } }) => error.refusal?.code === 'engine-owned',
    'nothing but its own commands writes it',
  );
});

test('[core-22-indicators/3] missing and impossible values are flagged and returned to the hospital', async () => {
  const absent = await house.refuse(CITY, 'measure.freeze', { ...freeze, measure: 'drug-share' });
  assert.equal(absent.code, 'not-collected');
  await house.put(stay('s3', { disease: null }), stay('s4', { days: 999 }), stay('s5', { days: 366 }));
  const figures = await figuresOf(house);
  const found = await qualityFindings(figures.views, checks, year, figures.engine.tree);
  figures.close();
  assert.deepEqual(
    found.map(({ check, owner, rows }) => [check, owner, rows]),
    [
      ['settlement-without-disease', 'hospital-a', ['s3']],
      ['stay-days-impossible', 'hospital-a', ['s4']],
    ],
    'neither the cancelled stay, the other year, nor the edge of 366 days',
  );
  const impossible = correctionOf(found[1]!, '2024');
  const { case: id } = await house.apply(CITY, 'loop.open', impossible);
  assert.equal((await house.refuse(CITY, 'loop.open', impossible)).code, 'correction-open');
  assert.equal((await house.caseState(id)).positions[0]?.owner?.organisation, 'Organization/hospital-a');
  const correct = { case: id, event: 'correct', answers: { done: '住院天数更正为 9 天' } };
  assert.equal((await house.refuse(OTHER, 'loop.act', correct)).code, 'not-your-turn');
  await house.put(stay('s4', { days: 9 }), stay('s3'));
  await house.apply(CODER, 'loop.act', correct);
  const again = await figuresOf(house);
  const left = await qualityFindings(again.views, checks, year, again.engine.tree);
  again.close();
  const accept = (remaining: number) => ({ case: id, event: 'accept', answers: { remaining } });
  assert.equal((await house.refuse(CITY, 'loop.act', accept(1))).code, 'rows-still-wrong');
  await house.apply(CITY, 'loop.act', accept(left.length));
  const story = await storyOf(
    house.database,
    'data-quality-findings',
    'stay-days-impossible|Organization/hospital-a|2024',
  );
  assert.equal(story.at(-1)?.data['status'], 'corrected');
});

test('[core-22-indicators/4] a corrected value keeps its history: every version with its definition and its reason', async () => {
  const again = await house.refuse(CITY, 'measure.freeze', freeze);
  assert.equal(again.code, 'already-frozen');
  assert.equal((await house.refuse(CITY, 'measure.restate', freeze)).code, 'reason-missing');
  const none = { ...freeze, scope: 'hospital-b', reason: '更正' };
  assert.equal((await house.refuse(CITY, 'measure.restate', none)).code, 'not-frozen');
  await house.put(stay('s2', { weight: 1.16 }));
  const before = await figuresOf(house);
  const shown = await before.value('case-mix-index', '2024', 'hospital-a');
  before.close();
  assert.deepEqual([shown.value?.toFixed(2), shown.denominator], ['1.13', 6], 'frozen until it is restated');
  const restated = await house.apply(CITY, 'measure.restate', { ...freeze, reason: '病案更正' });
  assert.equal(restated.version, 2);
  assert.equal(restated.denominator, 9);
  const system = house.record.systemAccess();
  const versions = await Promise.all(
    [1, 2].map(async (version) => {
      const row = await house.record.readVersion(system, 'MeasureReport', restated.report, version);
      return JSON.parse(row!.content!);
    }),
  );
  const extension = (report: { extension: { url: string }[] }, name: string) =>
    report.extension.find(({ url }) => url.endsWith(name)) as Record<string, unknown> | undefined;
  assert.equal(versions[0].group[0].measureScore.value.toFixed(2), '1.13');
  assert.equal(versions[1].group[0].measureScore.value, restated.value);
  assert.equal(extension(versions[0], 'restated-because'), undefined);
  assert.equal(extension(versions[1], 'restated-because')?.['valueString'], '病案更正');
  assert.deepEqual(
    versions.map((report) => extension(report, 'definition-version')?.['valueString']),
    [restated.definition, restated.definition],
  );
  const now = await figuresOf(house);
  assert.equal((await now.value('case-mix-index', '2024', 'hospital-a')).value, restated.value);
  now.close();
});
