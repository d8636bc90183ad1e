// How fast figures are: a county-year of five million view rows, all measures for all scopes, one tile, one drill.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { must } from '@yimai/kit';
import { MeasureEngine } from './engine.ts';
import { definitionOn } from './load-measures.ts';
import { parsePeriod } from './period.ts';
import { MEASURES, VIEWS } from './testing/rules.ts';

export interface BenchFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without anything of ours around it. */
  readonly floor?: number;
  readonly ratio?: number;
  readonly target?: string;
}

const ENCOUNTERS = 3_600_000;
const SETTLEMENTS = 900_000;
const TASKS = 450_000;
const LINES = 50_000;

/** Builds the data in a folder of its own and removes it; about 15 s on two cores. */
export async function benchMeasures(): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-bench-measures-'));
  try {
    const file = join(folder, 'views.duckdb');
    await makeCounty(file);
    return await measure(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(file: string): Promise<BenchFigure[]> {
  const options = { access_mode: 'READ_ONLY', threads: '2', memory_limit: '1GB' };
  const instance = await DuckDBInstance.create(file, options);
  const connection = await instance.connect();
  const period = must(parsePeriod('2025'));
  const coldAt = performance.now();
  const engine = await MeasureEngine.open({ connection, seq: 1 }, MEASURES);
  const scopes = engine.allScopes();
  const values = await engine.compute(period, scopes);
  const allMs = performance.now() - coldAt;
  const memoryMb = process.memoryUsage.rss() / 2 ** 20;

  const floorAt = performance.now();
  for (const sql of FLOOR) await connection.runAndReadAll(sql);
  const floorMs = performance.now() - floorAt;

  const prepareAt = performance.now();
  const tile = await MeasureEngine.open({ connection, seq: 1 }, MEASURES);
  await tile.warmUp();
  const prepareMs = performance.now() - prepareAt;
  const coldTileAt = performance.now();
  await tile.trend('primary-visit-share', MONTHS, 'county');
  const coldTileMs = performance.now() - coldTileAt;
  const tileAt = performance.now();
  await tile.trend('tcm-visit-share', MONTHS, 'county');
  const tileMs = performance.now() - tileAt;

  const drillAt = performance.now();
  const definition = definitionOn(MEASURES, 'primary-visit-share', '2025-12-31' as never)!;
  await tile.cases(definition, period, 'county', 'numerator', { after: null, limit: 50 });
  const drillMs = performance.now() - drillAt;
  connection.closeSync();
  instance.closeSync();
  return [
    {
      name: `all ${MEASURES.definitions.length} measures for ${scopes.length} scopes (${values.length} values), 5 M rows, cold`,
      value: Math.round(allMs),
      unit: 'ms',
      floor: Math.round(floorMs),
      ratio: Math.round((allMs / floorMs) * 10) / 10,
      target: '< 10000',
    },
    { name: 'memory of the process after that', value: Math.round(memoryMb), unit: 'MB', target: '< 2048' },
    {
      name: 'preparing a new snapshot before it is put in service',
      value: Math.round(prepareMs),
      unit: 'ms',
    },
    {
      name: 'first tile of a prepared snapshot with its trend of twelve months',
      value: Math.round(coldTileMs),
      unit: 'ms',
      target: '< 300',
    },
    { name: 'next tile with its trend', value: Math.round(tileMs), unit: 'ms', target: '< 300' },
    { name: 'drill to the first 50 cases', value: Math.round(drillMs), unit: 'ms', target: '< 500' },
  ];
}

const MONTHS = Array.from({ length: 12 }, (_, index) =>
  must(parsePeriod(`2025-${String(index + 1).padStart(2, '0')}`)),
);

// One scan of the columns that the measures read, grouped by organisation: what any engine has to do at least.
const FLOOR = [
  `select org, count(*), count(class), count(status), count(kind), count(disposition), count(priority), count(number),
    min(started_at), max(ended_at) from encounter group by 1`,
  `select org, count(*), sum(total_yuan), sum(fund_yuan), sum(weight), sum(stay_days), count(setting), count(risk),
    count(surgery_level), count(drg), count(patient), count(number), min(ended_at) from settlement group by 1`,
  'select org, count(*), count(kind), count(outcome), count(patient), count(number), min(done_at), max(opened_at) from task group by 1',
  'select org, line, sum(value) from reported_line group by all',
];

async function makeCounty(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  for (const view of VIEWS) {
    const columns = view.compiled.columns.map((column) => `"${column.name}" ${column.sqlType}`);
    await connection.run(`create table "${view.name}" (resource_id varchar not null, ${columns.join(', ')})`);
  }
  for (const sql of COUNTY) await connection.run(sql);
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
}

const DAY = `strftime(date '2024-07-01' + cast(i % 549 as integer), '%Y-%m-%d') || 'T09:30:00+08:00'`;
const ORG = `case when i % 10 < 4 then 'v' || (i % 87) when i % 10 < 6 then 't' || (i % 8) else 'd' || (i % 30) end`;

const COUNTY = [
  `insert into organisation by name select 'county' as resource_id, 'county' as level, 'county' as class, true as active`,
  `insert into organisation by name select 'h' || i as resource_id, 'county' as level, 'hospital' as class, '3A' as grade,
    'county' as parent, true as active from range(3) r(i)`,
  `insert into organisation by name select 'd' || i as resource_id, 'department' as level, 'h' || (i % 3) as parent,
    true as active from range(30) r(i)`,
  `insert into organisation by name select 't' || i as resource_id, 'township' as level, 'township-hospital' as class,
    'county' as parent, true as active from range(8) r(i)`,
  `insert into organisation by name select 'v' || i as resource_id, 'village' as level, 'village-clinic' as class,
    't' || (i % 8) as parent, true as active from range(87) r(i)`,
  `insert into encounter by name select 'e' || i as resource_id, 'N' || i as number, 'finished' as status,
    case when i % 12 = 0 then 'IMP' else 'AMB' end as class, 'p' || (i * 7919 % 300000) as patient, ${ORG} as org,
    case when i % 9 = 0 then 'tcm' end as kind, case when i % 40 = 0 then 'critical' end as priority,
    case when i % 97 = 0 then '5' else '1' end as disposition, ${DAY} as started_at, ${DAY} as ended_at
    from range(${ENCOUNTERS}) r(i)`,
  `insert into settlement by name select 's' || i as resource_id, 'S' || i as number, 'active' as status,
    'complete' as outcome, case when i % 5 = 0 then 'inpatient' else 'outpatient' end as setting,
    'p' || (i * 7919 % 300000) as patient, 'county' as insurer, ${ORG} as org, ${DAY} as started_at, ${DAY} as ended_at,
    'I' || (10 + i % 60) as disease, 'DRG' || (i % 700) as drg, 50.0 + i % 20000 as total_yuan, 30.0 + i % 9000 as fund_yuan,
    0.2 + (i % 300) / 100.0 as weight, 1 + i % 20 as stay_days, case when i % 3 = 0 then 1 + i % 4 end as surgery_level,
    case when i % 4 = 0 then 'low' else 'high' end as risk, case when i % 90 = 0 then '5' else '1' end as disposition
    from range(${SETTLEMENTS}) r(i)`,
  `insert into task by name select 'k' || i as resource_id, 'T' || i as number,
    case when i % 11 = 0 then 'in-progress' else 'completed' end as status,
    ['referral-up','referral-down','screening','patrol-visit','remote-ecg','recognition','chronic-review'][1 + i % 7] as kind,
    ['referred','received','recognised','to-norm'][1 + i % 4] as outcome, 'p' || (i * 7919 % 300000) as patient,
    ${ORG} as requester, ${ORG} as org, ${DAY} as opened_at, ${DAY} as done_at from range(${TASKS}) r(i)`,
  `insert into reported_line by name select 'm' || i as resource_id, 'complete' as status, 'h' || (i % 3) as org,
    ${DAY} as reported_at, ${DAY} as started_at, ${DAY} as ended_at,
    ['medical-income','medical-service-income','drug-income','total-expense','personnel-cost','bed-days'][1 + i % 6] as line,
    1000.0 + i % 777 as value from range(${LINES}) r(i)`,
];

if (process.argv[1] === import.meta.filename) {
  for (const figure of await benchMeasures()) console.log(JSON.stringify(figure));
}
