// Visiting experts: a month's days at a township hospital, each given to an expert, residents booked for it, what was
// done logged; of the days to come one has no expert yet, and one expert could not come.
import { addDays, chinaInstant, type LocalDate } from '@yimai/kit';
import { stateOf } from '@yimai/runtime';
import { experts } from '../people.ts';
import { seeded } from '../random.ts';
import type { Resident } from '../residents.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

/** Experts who visit; the first ones of the second batch have their postings elsewhere. */
const VISITING = 8;
const SLOTS = 6;
/** Weeks from today on which the month's clinics lie, township by township. */
const MONTHS: readonly (readonly [from: number, weeks: readonly number[]])[] = [
  [-44, [0, 1, 2, 3]],
  [-30, [0, 1, 2, 3]],
  [-16, [0, 1, 2, 3]],
  [-9, [2, 3, 4]],
];

const visitor = (nth: number) => experts()[20 + (nth % VISITING)]!;

export function addVisiting(stage: Stage, script: Script, people: readonly Resident[]): void {
  if (!stage.knows('visiting-month') || !stage.knows('visiting-experts')) return;
  script.add(chinaInstant(addDays(stage.until, MONTHS[0]![0] - 8), '09:00'), register(stage));
  const adults = people.filter((one) => one.age >= 18 && one.birth < stage.begins).slice(0, 400);
  for (const [nth, [from, weeks]] of MONTHS.entries()) {
    const first = addDays(stage.until, from);
    script.add(
      chinaInstant(addDays(first, -7), `09:${20 + nth}`),
      month(
        stage,
        nth,
        weeks.map((week) => addDays(first, 7 * week)),
        adults,
      ),
    );
  }
}

async function* register(stage: Stage): Story {
  await stage.send('visiting', seat('office'), 'register.import', {
    register: 'visiting-experts',
    rows: Array.from({ length: VISITING }, (_, nth) => {
      const one = visitor(nth);
      return {
        person: `Practitioner/${one.practitioner}`,
        name: one.name,
        specialty: one.specialty,
        home: HOMES[one.home] ?? one.home,
      };
    }),
  });
  for (let nth = 0; nth < VISITING; nth += 1) {
    const one = visitor(nth);
    await stage.send('visiting', seat('office'), 'pool.unit', {
      pool: 'visiting-expert-days',
      unit: `Practitioner/${one.practitioner}`,
      title: `${one.name}（${one.specialty}）`,
      capacity: 1,
      tags: [],
    });
  }
  yield* [];
}

const HOMES: Readonly<Record<string, string>> = {
  'county-hospital': '栖云县人民医院',
  'tcm-hospital': '栖云县中医医院',
  'maternal-hospital': '栖云县妇幼保健院',
};

interface Planned {
  readonly name: string;
  readonly on: LocalDate;
  readonly id: string;
  readonly booked: readonly string[];
}

async function* month(
  stage: Stage,
  nth: number,
  days: readonly LocalDate[],
  adults: readonly Resident[],
): Story {
  const opened = await stage.send(`visiting-${nth}`, seat('office'), 'loop.open', {
    loop: 'visiting-month',
    answers: { month: days[0]!.slice(0, 7), place: `Organization/township-${1 + nth}`, days },
  });
  if (!opened) return;
  const cases = await dated(stage, String(opened['case']));
  const planned: Planned[] = [];
  for (const [at, on] of days.entries()) {
    const id = cases.get(on);
    // The last of the days to come still waits for an expert.
    if (id === undefined || (nth === MONTHS.length - 1 && at === days.length - 1)) continue;
    planned.push(await plan(stage, { name: `visiting-${nth}-${at}`, nth: nth * 4 + at, on, id }, adults));
  }
  for (const one of planned) {
    if (one.on >= stage.until) return;
    yield chinaInstant(one.on, '17:20');
    await over(stage, one);
  }
}

/** Each day of the month with the case that was opened for it. */
async function dated(stage: Stage, parent: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { id } of await stage.children(parent)) {
    const task = await stage.read('Task', id);
    if (!task) continue;
    const { data } = stateOf(task.resource as unknown as Parameters<typeof stateOf>[0]);
    found.set(String(data['day']), id);
  }
  return found;
}

interface Day {
  readonly name: string;
  readonly nth: number;
  readonly on: LocalDate;
  readonly id: string;
}

/** An expert for the day, places for residents, and those who booked; every seventh expert falls out and is replaced. */
async function plan(stage: Stage, { name, nth, on, id }: Day, adults: readonly Resident[]): Promise<Planned> {
  const office = seat('office');
  const act = (event: string, answers: object, why?: string) =>
    stage.send(name, office, 'loop.act', {
      case: id,
      event,
      answers,
      ...(why === undefined ? {} : { reason: why }),
    });
  if (nth % 7 === 5) {
    await act('assign', { expert: `Practitioner/${visitor(nth + 3).practitioner}` });
    await act('vacate', {}, '当日临时承担急诊手术（合成）');
  }
  const one = visitor(nth);
  const expert = `Practitioner/${one.practitioner}`;
  await act('assign', { expert });
  await stage.send(name, office, 'pool.unit', {
    pool: 'visiting-slots',
    unit: `${expert}@${on}`,
    title: `${one.name}（${one.specialty}）${on}`,
    capacity: SLOTS,
    tags: [],
  });
  const booked: string[] = [];
  for (let place = 0; place < Math.min(SLOTS - (nth % 3), adults.length); place += 1) {
    const patient = `Patient/${adults[(nth * SLOTS + place) % adults.length]!.id}`;
    const opened = await stage.send(`${name}-${place}`, seat('referral'), 'loop.open', {
      loop: 'visiting-booking',
      subject: patient,
      answers: { patient, day: on, expert },
    });
    if (opened) booked.push(String(opened['case']));
  }
  return { name, on, id, booked };
}

/** In the evening: who came, who did not, and what the expert did. */
async function over(stage: Stage, { name, on, id, booked }: Planned): Promise<void> {
  const random = seeded(Number(on.replaceAll('-', ''))).fork('visiting');
  for (const [nth, one] of booked.entries())
    await stage.send(`${name}-${nth}-visited`, seat('referral'), 'loop.act', {
      case: one,
      answers: {},
      ...(random.chance(0.9) ? { event: 'see' } : { event: 'cancel', reason: '居民临时有事（合成）' }),
    });
  await stage.send(`${name}-over`, seat('office'), 'loop.act', {
    case: id,
    event: 'log',
    answers: {
      visits: random.between(14, 42),
      operations: random.between(0, 3),
      teaching: random.between(1, 2),
    },
  });
}
