// Health supervision: 2,604 objects with a file each, events from found to evaluated, and grades signed by two inspectors.
import { addDays, chinaInstant, type LocalDate } from '@yimai/kit';
import { type Chair, chair, directorOf } from '../people.ts';
import { type Place, places } from '../places.ts';
import { type Random, seeded } from '../random.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

export const OBJECTS = 2_604;
const PATROLS = 8_325;
const ROWS_AT_ONCE = 400;
const MONTHS = 12;
const MONTH_DAYS = 30;
const TRADES = [
  ['lodging', '宾馆', 300],
  ['pool', '游泳馆', 24],
  ['bath', '浴池', 90],
  ['hair', '美容美发店', 860],
  ['water', '集中式供水单位', 130],
  ['school', '学校', 210],
  ['clinic', '诊所', 920],
  ['radiation', '放射诊疗单位', 70],
] as const;
const PROBLEMS = [
  '公共用品用具消毒记录不全',
  '从业人员健康证过期',
  '余氯低于限值',
  '未按规定处置医疗废物',
  '卫生许可证未公示',
];

/** Where this season's events stand today. */
const STANDING = [
  'found',
  'found',
  'dispatched',
  'dispatched',
  'dispatched',
  'handled',
  'handled',
  'verified',
  'verified',
] as const;
type Standing = (typeof STANDING)[number];

interface SupervisedObject {
  readonly code: string;
  readonly trade: string;
  readonly name: string;
}

function objects(): SupervisedObject[] {
  const found: SupervisedObject[] = [];
  for (const [trade, word, count] of TRADES) {
    for (let nth = 1; nth <= count; nth += 1) {
      const code = `HS99${String(found.length + 1).padStart(6, '0')}`;
      found.push({ code, trade, name: `栖云${word}${String(nth).padStart(3, '0')}（虚构）` });
    }
  }
  return found.slice(0, OBJECTS);
}

const KNOWN = 40;

/** Some objects for those who need one; they stay open. */
export const OBJECT_CODES: readonly string[] = objects()
  .slice(0, KNOWN)
  .map((one) => one.code);

export function addInspections(stage: Stage, script: Script, size: number): void {
  const all = objects();
  if (stage.knows('check-log'))
    script.add(chinaInstant(addDays(stage.begins, 28), '17:00'), patrols(stage, all.slice(0, size)));
  if (stage.knows('supervised-objects'))
    script.add(chinaInstant(addDays(stage.begins, 1), '08:40'), files(stage, all.slice(0, size)));
  const count = Math.min(160, 24 + Math.round(size / 25));
  const random = seeded(8_101).fork('events');
  if (stage.knows('inspection-event')) {
    for (let nth = 0; nth < count; nth += 1) {
      const isRecent = nth >= count - STANDING.length;
      const day = addDays(
        isRecent ? stage.until : stage.begins,
        isRecent ? -random.between(6, 9) : random.between(10, 330),
      );
      const at = chinaInstant(
        day,
        `${String(random.between(9, 16)).padStart(2, '0')}:${random.between(10, 59)}`,
      );
      const stands = STANDING[nth - count + STANDING.length];
      script.add(at, event(stage, nth, random.pick(all), at, stands));
    }
  }
  if (stage.knows('grading')) {
    const pools = all.filter((one) => one.trade === 'pool');
    for (const [index, pool] of pools.entries())
      script.add(
        chinaInstant(addDays(stage.begins, 20 + index * 14), '14:15'),
        grading(stage, pool, index, addDays(stage.begins, 20 + index * 14)),
      );
  }
}

async function* files(stage: Stage, all: readonly SupervisedObject[]): Story {
  const random = seeded(8_100).fork('files');
  const villages = places().filter((one) => one.kind === 'township-hospital');
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) {
    const rows = all.slice(from, from + ROWS_AT_ONCE).map((one, nth) => ({
      code: one.code,
      name: one.name,
      trade: one.trade,
      ...placed(villages, random),
      officer: `Practitioner/${random.chance(0.4) ? seat('inspector').practitioner : `inspector-${random.between(2, 4)}`}`,
      licence: `栖云卫证字〔2024〕第${String(random.between(1, 9999)).padStart(4, '0')}号（虚构）`,
      'licence-to': addDays(stage.until, random.between(-40, 1200)),
      // Those that other stories need stay open.
      status: random.chance(0.97) || from + nth < KNOWN ? 'open' : 'closed',
    }));
    await stage.send('object-files', seat('inspector'), 'register.import', {
      register: 'supervised-objects',
      rows,
    });
    yield chinaInstant(addDays(stage.begins, 1), '08:41');
  }
}

/** Middle of the made-up county, out at sea where nobody lives, so that no real place is meant. */
const MIDDLE = { latitude: 18.9, longitude: 114.6 };

/** Grid, address and position: townships in a ring around the county town, grids around their township. */
function placed(villages: readonly Place[], random: Random) {
  const township = random.pick(villages);
  const grid = random.between(1, 12);
  const town = township.name.replace('卫生院', '');
  const angle = (villages.indexOf(township) / villages.length) * 2 * Math.PI;
  const near = () => random.between(-120, 120) / 10_000;
  const rounded = (degrees: number) => Math.round(degrees * 10_000) / 10_000;
  return {
    grid: `${town}第${grid}网格`,
    address: `${town}${'东南西北'[grid % 4]}街 ${random.between(1, 180)} 号（虚构）`,
    latitude: rounded(MIDDLE.latitude + 0.12 * Math.sin(angle) + near() + grid / 1000),
    longitude: rounded(MIDDLE.longitude + 0.12 * Math.cos(angle) + near() - grid / 1000),
  };
}

/** What the inspectors enter at the end of each thirty days: 8,325 household-times a year for 2,604 objects. */
async function* patrols(stage: Stage, all: readonly SupervisedObject[]): Story {
  const random = seeded(8_102).fork('patrols');
  const year = Math.round((PATROLS * all.length) / OBJECTS);
  for (let month = 0; month < MONTHS; month += 1) {
    const first = addDays(stage.begins, MONTH_DAYS * month);
    const begin = Math.floor((year * month) / MONTHS);
    const end = Math.floor((year * (month + 1)) / MONTHS);
    for (let from = begin; from < end; from += ROWS_AT_ONCE) {
      const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, end - from) }, (_, nth) => ({
        object: all[(from + nth) % all.length]!.code,
        kind: nth % 9 === 0 ? 'special' : 'patrol',
        // Objects that come up again in the same month are visited on another day.
        day: addDays(first, Math.floor((27 * (from + nth - begin)) / (end - begin))),
        problem: random.chance(0.07),
        households: 1,
      }));
      await stage.send(`patrols-${month}-${from}`, chair(`inspector-${2 + (month % 3)}`), 'register.import', {
        register: 'check-log',
        rows,
      });
    }
    yield chinaInstant(addDays(first, 2 * MONTH_DAYS - 2), '17:00');
  }
}

const later = (instant: Date, hours: number) => new Date(instant.getTime() + hours * 3_600_000);

async function* event(
  stage: Stage,
  nth: number,
  object: SupervisedObject,
  at: Date,
  stands: Standing | undefined,
): Story {
  const name = `event-${nth}`;
  const random = seeded(nth + 21).fork(name);
  const inspector = seat('inspector');
  const handler =
    stands === 'dispatched' ? inspector : chair(random.chance(0.5) ? 'inspector-3' : 'inspector-2');
  const centre = handler.practitioner === inspector.practitioner ? chair('inspector-4') : inspector;
  const finder: Chair = random.chance(0.3) ? directorOf('township-2') : inspector;
  const opened = await stage.send(name, finder, 'loop.open', {
    loop: 'inspection-event',
    answers: {
      object: object.code,
      kind: random.pick(PROBLEMS),
      place: object.name,
      'found-by': random.pick(['patrol', 'patrol', 'complaint', 'officer', 'warning']),
      class: random.pick(['routine', 'routine', 'difficult', 'major']),
    },
  });
  if (!opened || stands === 'found') return;
  const act = (as: Chair, what: string, answers: object = {}, why?: string) =>
    stage.send(name, as, 'loop.act', {
      case: opened['case'],
      event: what,
      answers,
      ...(why === undefined ? {} : { reason: why }),
    });
  let now = later(at, random.chance(0.1) ? 9 : random.between(1, 3));
  yield now;
  await act(centre, 'dispatch', { handler: `Practitioner/${handler.practitioner}` });
  if (stands === 'dispatched') return;
  // One in nine is handled after its fifteen days.
  now = later(now, 24 * (stands !== undefined ? 2 : random.chance(0.11) ? 19 : random.between(1, 12)));
  yield now;
  await act(handler, 'handle', { result: '当场责令改正，已复查（合成）' });
  if (stands === 'handled') return;
  now = later(now, 24 * random.between(1, 2));
  yield now;
  if (stands === undefined && random.chance(0.1)) {
    await act(centre, 'fail', {}, '现场仍有一处未整改（合成）');
    now = later(now, 72);
    yield now;
    await act(handler, 'handle', { result: '再次整改完毕（合成）' });
    now = later(now, 24);
    yield now;
  }
  await act(centre, 'verify');
  if (stands === 'verified') return;
  now = later(now, 30);
  yield now;
  await act(seat('director'), 'evaluate', { evaluation: random.between(4, 5) });
}

async function* grading(stage: Stage, pool: SupervisedObject, index: number, day: LocalDate): Story {
  const name = `grading-${index}`;
  const random = seeded(index + 41).fork(name);
  const inspector = seat('inspector');
  const opened = await stage.send(name, inspector, 'loop.open', {
    loop: 'grading',
    answers: { object: pool.code },
  });
  if (!opened) return;
  yield chinaInstant(addDays(day, 2), '10:00');
  await stage.send(name, inspector, 'loop.act', {
    case: opened['case'],
    event: 'score',
    answers: {
      permit: random.chance(0.95) ? 'yes' : 'no',
      water: random.between(26, 40),
      staff: random.between(12, 20),
      cleaning: random.between(13, 20),
      ventilation: random.pick(['yes', 'yes', 'no', 'na']),
    },
  });
  yield chinaInstant(addDays(day, 4), '15:00');
  await stage.send(name, chair('inspector-2'), 'loop.act', {
    case: opened['case'],
    event: 'sign',
    answers: {},
  });
}
