// The smaller mechanisms in the year: reserves received and rotated, operating agreements signed and soon to be renewed,
// draws from a published seed, recurring work done and missed, days of machines booked.
import { addDays, addMonths, chinaInstant, type LocalDate } from '@yimai/kit';
import type { RuntimeContext } from '@yimai/runtime';
import { type Chair, chair, directorOf } from '../people.ts';
import { type Random, seeded } from '../random.ts';
import { FIRST_VILLAGE_DOCTORS } from './first-rows.ts';
import { OBJECT_CODES } from './inspections.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const TOWNSHIPS = Array.from({ length: 8 }, (_, nth) => `township-${nth + 1}`);
const director = (township: string): Chair =>
  township === 'township-1' ? seat('township') : directorOf(township);

export function addMechanisms(stage: Stage, script: Script, context: RuntimeContext): void {
  const random = seeded(8_301).fork('mechanisms');
  if (context.stocks.has('institution-reserve')) {
    script.add(chinaInstant(addDays(stage.begins, 12), '09:20'), reserves(stage, random.fork('reserves')));
    for (let quarter = 1; quarter <= 4; quarter += 1)
      script.add(chinaInstant(addDays(stage.begins, 88 * quarter), '09:40'), issues(stage, quarter));
  }
  if (context.agreements.has('operating-agreement'))
    for (const [nth, township] of TOWNSHIPS.entries())
      script.add(chinaInstant(addDays(stage.begins, 15 + nth * 6), '10:05'), agreement(stage, nth, township));
  if (context.draws.has('special-action-draw'))
    for (const nth of [1, 2, 3])
      script.add(chinaInstant(addDays(stage.until, -290 + nth * 90), '08:50'), objectsDrawn(stage, nth));
  if (context.draws.has('impact-draw'))
    script.add(chinaInstant(addDays(stage.until, -64), '15:20'), expertsDrawn(stage));
  if (context.recurring.has('village-duty'))
    for (let week = 9; week >= 1; week -= 1)
      script.add(chinaInstant(addDays(stage.until, -7 * week), '08:10'), duties(stage, week));
  if (context.recurring.has('monthly-clearing'))
    script.add(chinaInstant(addDays(stage.until, -3), '08:15'), clearing(stage));
  if (context.pools.has('equipment-days'))
    script.add(chinaInstant(addDays(stage.until, -5), '11:00'), machineDays(stage));
}

interface Store {
  readonly stock: string;
  readonly keeper: Chair;
  /** Item with what is brought in of it. */
  readonly items: readonly (readonly [item: string, quantity: number])[];
}

const STORES: readonly Store[] = [
  {
    stock: 'city-reserve',
    keeper: seat('director'),
    items: [
      ['mask-n95', 26_000],
      ['gown', 4_400],
      ['ventilator-circuit', 220],
    ],
  },
  {
    stock: 'emergency-reserve',
    keeper: seat('office'),
    items: [
      ['mask-n95', 2_600],
      ['gown', 360],
      ['ventilator-circuit', 36],
    ],
  },
  {
    stock: 'institution-reserve',
    keeper: seat('pharmacist'),
    items: [
      ['mask-n95', 640],
      ['gown', 90],
    ],
  },
  ...TOWNSHIPS.map((township) => ({
    stock: 'institution-reserve',
    keeper: director(township),
    items: [
      ['mask-n95', 320],
      ['gown', 48],
    ] as const,
  })),
];

/** Each store gets an older and a newer lot; a few of the older ones near their end today, two are past it. */
async function* reserves(stage: Stage, random: Random): Story {
  for (const [nth, { stock, keeper, items }] of STORES.entries()) {
    for (const [item, quantity] of items) {
      const older = Math.round(quantity * 0.4);
      const left = [-20, 45, 70, 180][nth % 4]! + random.between(0, 12);
      for (const [lot, expiry, count] of [
        ['A', addDays(stage.until, left), older],
        ['B', addDays(stage.until, 420 + random.between(0, 200)), quantity - older],
      ] as const)
        await stage.send(`reserve-${nth}-${item}`, keeper, 'stock.receive', {
          stock,
          store: `Organization/${keeper.org}`,
          item,
          lot: `${expiry.slice(0, 4)}${String(nth + 1).padStart(2, '0')}${lot}`,
          expiry,
          quantity: count,
        });
    }
    yield chinaInstant(addDays(stage.begins, 12), '09:30');
  }
}

/** Daily use, booked out once a quarter: what expires first goes first. */
async function* issues(stage: Stage, quarter: number): Story {
  for (const [nth, { stock, keeper }] of STORES.entries()) {
    if (stock === 'city-reserve') continue;
    const quantity = stock === 'emergency-reserve' ? 180 : 24;
    await stage.send(`issue-${quarter}-${nth}`, keeper, 'stock.issue', {
      stock,
      store: `Organization/${keeper.org}`,
      item: 'mask-n95',
      quantity,
    });
  }
  yield* [];
}

/** Township 1's own signature is still missing, another's operator has not signed, one ends within its renewal time. */
async function* agreement(stage: Stage, nth: number, township: string): Story {
  const name = `operating-${township}`;
  const from = addDays(stage.begins, 30);
  const to = nth === 3 ? addDays(stage.until, 50) : addDays(addMonths(from, 36), -1);
  const drafted = await stage.send(name, seat('office'), 'agreement.draft', {
    agreement: 'operating-agreement',
    parties: { owner: `Organization/${township}`, operator: 'Organization/consortium' },
    from,
    to,
  });
  if (!drafted) return;
  const id = drafted['agreement'];
  yield chinaInstant(addDays(from, -8), '10:30');
  if (nth !== 0) await stage.send(name, director(township), 'agreement.sign', { id });
  yield chinaInstant(addDays(from, -3), '16:00');
  if (nth !== 6) await stage.send(name, seat('president'), 'agreement.sign', { id });
  if (nth === 0 || nth === 6) return;
  for (const [step, duty] of ['management', 'technology', 'brand'].slice(0, 1 + (nth % 3)).entries()) {
    yield chinaInstant(addDays(from, 60 + step * 45), '16:00');
    await stage.send(name, seat('president'), 'agreement.fulfil', { id, duty, count: 1 });
  }
}

/** Objects of a special action; the seed is published with the result, so that anybody may draw again. */
async function* objectsDrawn(stage: Stage, nth: number): Story {
  await stage.send(`draw-objects-${nth}`, seat('inspector'), 'draw.make', {
    draw: 'special-action-draw',
    seed: `栖云县专项行动 ${stage.until.slice(0, 4)} 第 ${nth} 次`,
    ...(nth === 1 ? { field: 'lodging' } : {}),
    count: 8,
    reserves: 2,
    conflicts: [],
    exclude: [],
  });
  yield* [];
}

async function* expertsDrawn(stage: Stage): Story {
  await stage.send(
    'draw-experts',
    seat('office'),
    'draw.make',
    {
      draw: 'impact-draw',
      seed: `健康影响评估 ${stage.until.slice(0, 4)} 第 1 次`,
      count: 2,
      conflicts: [],
      exclude: [],
    },
    'may-refuse',
  );
  yield* [];
}

/** The weekly day of each first village doctor; every seventh was missed. */
async function* duties(stage: Stage, week: number): Story {
  const name = `duty-${week}`;
  const on = addDays(stage.until, -7 * week);
  const hr = seat('hr');
  if (!(await stage.send(name, hr, 'recurring.generate', { plan: 'village-duty', on }))) return;
  yield chinaInstant(addDays(on, 0), '17:40');
  for (const [nth, { village }] of FIRST_VILLAGE_DOCTORS.entries()) {
    if ((week * 3 + nth) % 11 === 4) continue;
    const work = { plan: 'village-duty', object: village, on, answers: {} };
    await stage.send(`${name}-${nth}`, hr, 'recurring.done', work);
  }
}

/** This month's clearing of the inspected objects, begun a few days ago. */
async function* clearing(stage: Stage): Story {
  const plan = 'monthly-clearing';
  const on = addDays(stage.until, -3);
  if (!(await stage.send('clearing', seat('inspector'), 'recurring.generate', { plan, on }))) return;
  yield chinaInstant(on, '16:30');
  for (const [nth, object] of OBJECT_CODES.entries()) {
    const as = nth % 3 === 0 ? seat('inspector') : chair(`inspector-${2 + (nth % 3)}`);
    const answers = {
      problem: nth % 13 === 5,
      households: 1,
      ...(nth % 13 === 5 ? { what: '消毒记录不全（合成）' } : {}),
    };
    await stage.send(`clearing-${nth}`, as, 'recurring.done', { plan, object, on, answers });
  }
}

const MACHINES = ['移动数字 X 线车', '便携式彩超', '动态心电分析仪', '眼底照相机'];

async function* machineDays(stage: Stage): Story {
  for (const [nth, name] of MACHINES.entries())
    yield* booked(stage, seat('office'), {
      pool: 'equipment-days',
      unit: `machine-${nth + 1}`,
      title: `${name}（虚构）`,
      days: [nth * 2, nth * 2 + 3],
      first: nth * 2,
    });
}

interface Booked {
  readonly pool: string;
  readonly unit: string;
  readonly title: string;
  /** Days from today that are taken, by one township after another. */
  readonly days: readonly number[];
  readonly first: number;
}

async function* booked(stage: Stage, as: Chair, { pool, unit, title, days, first }: Booked): Story {
  const name = `${pool}-${unit}`;
  await stage.send(name, as, 'pool.unit', { pool, unit, title, capacity: 1, tags: [] });
  for (const [nth, day] of days.entries()) {
    const on: LocalDate = addDays(stage.until, day);
    await stage.send(name, as, 'pool.book', {
      pool,
      unit,
      holder: `Organization/${TOWNSHIPS[(first + nth) % TOWNSHIPS.length]}`,
      from: on,
      to: on,
      facts: {},
    });
  }
  yield* [];
}
