// Order-based dispatch of experts: 33 experts in two batches, and this season's orders in every state of the loop.
import { addDays, chinaInstant, type LocalDate } from '@yimai/kit';
import { type Chair, directorOf, doctorOf, type Expert, experts, postingOf } from '../people.ts';
import { seeded } from '../random.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const TECHNIQUES: Readonly<Record<string, readonly string[]>> = {
  外科: ['腹腔镜阑尾切除', '无张力疝修补'],
  内科: ['无痛胃镜检查', '动态血压监测'],
  儿科: ['小儿雾化规范化治疗', '新生儿黄疸光疗'],
  妇产科: ['阴道镜检查', '盆底康复治疗'],
  中医科: ['针刀治疗', '督灸'],
  康复医学科: ['脑卒中早期康复', '吞咽功能训练'],
  医学影像科: ['甲状腺超声造影', '低剂量胸部 CT'],
  心血管内科: ['急性心梗溶栓', '心脏超声检查'],
  急诊医学科: ['气道管理', '创伤急救'],
};
const SESSIONS = 17;

export function addDispatches(stage: Stage, script: Script): void {
  if (!stage.knows('order-dispatch') || !stage.knows('talent-pool')) return;
  script.add(chinaInstant(addDays(stage.begins, 2), '09:10'), talentPool(stage));
  for (const [index, expert] of experts().entries()) {
    const [from, to] = postingOf(expert.batch, stage.begins);
    const filed = chinaInstant(addDays(from, -30 + (index % 5)), `10:${10 + index}`);
    script.add(
      filed,
      dispatch(stage, {
        name: `dispatch-${index + 1}`,
        township: `township-${1 + (index % 8)}`,
        expert,
        from,
        to,
      }),
    );
  }
  const soon = addDays(stage.until, 25);
  for (const [index, stopsAt] of [
    'filed',
    'filed',
    'returned',
    'reviewed',
    'listed',
    'matched',
    'on-site',
  ].entries()) {
    const isExperts = stopsAt === 'matched' || stopsAt === 'on-site';
    const from = stopsAt === 'on-site' ? addDays(stage.until, -35) : addDays(soon, index);
    const day = stopsAt === 'filed' ? -2 - index * 6 : stopsAt === 'on-site' ? -60 : -9 - index;
    script.add(
      chinaInstant(addDays(stage.until, day), `11:${20 + index}`),
      dispatch(stage, {
        name: `order-${index + 1}`,
        township: index < 4 || isExperts ? 'township-1' : `township-${index}`,
        expert: isExperts ? signedInExpert() : experts()[index]!,
        from: stopsAt === 'matched' ? addDays(soon, 120) : from,
        to: addDays(from, stopsAt === 'matched' ? 300 : 90),
        stopsAt,
      }),
    );
  }
}

const signedInExpert = (): Expert => ({
  ...seat('expert'),
  home: 'county-hospital',
  specialty: '心血管内科',
  grade: 3,
  batch: 2,
});

async function* talentPool(stage: Stage): Story {
  const rows = [...experts(), signedInExpert()].map((one) => ({
    person: `Practitioner/${one.practitioner}`,
    name: one.name,
    home: `Organization/${one.home}`,
    specialty: [one.specialty],
    grade: one.grade,
    skills: TECHNIQUES[one.specialty] ?? [],
    load: 0,
  }));
  await stage.send('talent-pool', seat('hr'), 'register.import', {
    register: 'talent-pool',
    rows,
  });
}

interface Order {
  readonly name: string;
  readonly township: string;
  readonly expert: Expert;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** The state in which the order still is today; without it, it ran to its end. */
  readonly stopsAt?: string;
}

async function* dispatch(stage: Stage, order: Order): Story {
  const { name, expert, from, to, stopsAt } = order;
  const random = seeded(9_001).fork(name);
  const hr = seat('hr');
  const director = order.township === 'township-1' ? seat('township') : directorOf(order.township);
  const doctor = order.township === 'township-1' ? seat('township-doctor') : doctorOf(order.township, 0);
  const techniques = TECHNIQUES[expert.specialty] ?? [];
  const opened = await stage.send(name, director, 'loop.open', {
    loop: 'order-dispatch',
    answers: {
      techniques: techniques.slice(0, 1 + random.between(0, 1)),
      specialty: expert.specialty,
      from,
      to,
      goals: '独立开展新技术 1 项以上，带出 2 名骨干（合成）',
      grounds: '近一年该专科外转占比较高（合成）',
    },
  });
  if (!opened || stopsAt === 'filed') return;
  const act = (as: Chair, event: string, answers: object = {}, why?: string) =>
    stage.send(name, as, 'loop.act', {
      case: opened['case'],
      event,
      answers,
      ...(why === undefined ? {} : { reason: why }),
    });
  const on = (day: LocalDate, time = '15:00') => chinaInstant(day, time);
  const filed = addDays(from, -30);
  let day = stopsAt === undefined || stopsAt === 'on-site' ? addDays(filed, 4) : addDays(stage.until, -6);
  yield on(day);
  if (stopsAt === 'returned') {
    await act(hr, 'send-back', {}, '帮扶目标请写明可核对的数量（合成）');
    return;
  }
  await act(hr, 'review', { class: random.pick(['gap', 'disease', 'growth']) });
  if (stopsAt === 'reviewed') return;
  day = addDays(day, 1);
  yield on(day);
  await act(hr, 'list', { batch: stopsAt === undefined ? expert.batch : 3 });
  if (stopsAt === 'listed') return;
  day = addDays(day, 3);
  yield on(day, '09:40');
  await act(hr, 'match', { expert: `Practitioner/${expert.practitioner}` });
  if (stopsAt === 'matched') return;
  day = addDays(day, 1);
  yield on(day, '19:20');
  // One in twelve declines first; the centre sends the order again.
  if (stopsAt === undefined && random.chance(0.08)) {
    await act(expert, 'decline', {}, '本科室排班冲突（合成）');
    day = addDays(day, 2);
    yield on(day, '10:05');
    await act(hr, 'match', { expert: `Practitioner/${expert.practitioner}` });
    day = addDays(day, 1);
    yield on(day, '08:30');
  }
  await act(expert, 'accept');
  yield on(from, '08:20');
  await act(expert, 'arrive');
  yield* onSite(order, stage, random, act);
  if (addDays(to, 1) > stage.until) return;
  yield on(to, '17:10');
  await act(expert, 'finish');
  yield on(addDays(to, 3), '10:00');
  await act(director, 'rate-institution', {
    'rating-institution': random.between(4, 5),
    'goals-met': random.chance(0.9),
  });
  yield on(addDays(to, 5), '16:00');
  await act(doctor, 'rate-staff', { 'rating-staff': random.between(4, 5) });
  yield on(addDays(to, 8), '09:00');
  await act(hr, 'rate-patients', { 'rating-patients': random.between(43, 50) / 10 });
  yield on(addDays(to, 10), '11:00');
  await act(hr, 'close');
  yield* afterwards(stage, order, `Task/${opened['case']}`);
}

/** Every sixth posting is rated again as a whole, and every ninth brings its expert a title. */
async function* afterwards(stage: Stage, order: Order, posting: string): Story {
  const { name, to } = order;
  const nth = Number(name.split('-')[1]);
  const ask = (loop: string, answers: object) =>
    stage.send(
      `${name}-${loop}`,
      seat('hr'),
      'loop.open',
      { loop, answers: { posting, ...answers } },
      'may-refuse',
    );
  yield chinaInstant(addDays(to, 14), '10:20');
  if (nth % 9 === 0 && stage.knows('dispatch-incentive')) {
    const asked = await ask('dispatch-incentive', { kind: 'title', grade: 'associate' });
    // The last one still waits to be granted.
    if (asked && nth < 27)
      await stage.send(`${name}-grant`, seat('hr'), 'loop.act', {
        case: asked['case'],
        event: 'grant',
        answers: {},
      });
  }
  if (nth % 6 === 0 && stage.knows('dispatch-evaluation')) {
    const asked = await ask('dispatch-evaluation', { kind: 'end' });
    if (asked) yield* evaluated(stage, order, String(asked['case']), nth);
  }
}

/** Institution, staff and patients each give marks; the last posting's own answer is still awaited. */
async function* evaluated(stage: Stage, order: Order, id: string, nth: number): Story {
  const { name, township, expert, to } = order;
  const random = seeded(nth + 71).fork('evaluation');
  const director = township === 'township-1' ? seat('township') : directorOf(township);
  const doctor = township === 'township-1' ? seat('township-doctor') : doctorOf(township, 0);
  const act = (as: Chair, event: string, answers: object = {}) =>
    stage.send(`${name}-evaluated`, as, 'loop.act', { case: id, event, answers });
  const marks = (who: string) => ({
    [`${who}-quality`]: random.between(4, 5),
    [`${who}-satisfaction`]: random.between(4, 5),
  });
  yield chinaInstant(addDays(to, 16), '09:30');
  await act(director, 'rate-institution', marks('institution'));
  yield chinaInstant(addDays(to, 17), '16:20');
  await act(doctor, 'rate-staff', marks('staff'));
  yield chinaInstant(addDays(to, 19), '10:40');
  await act(seat('hr'), 'rate-patients', marks('patients'));
  yield chinaInstant(addDays(to, 20), '11:10');
  await act(seat('hr'), 'finish');
  if (nth > 24) return;
  yield chinaInstant(addDays(to, 23), '20:00');
  await act(expert, 'respond', { improvement: '固定带教对象，每月复盘一次（合成）' });
}

/** What the expert logs, every four weeks: 17 sessions in all and one or two new techniques. */
async function* onSite(
  order: Order,
  stage: Stage,
  random: ReturnType<typeof seeded>,
  act: (as: Chair, event: string, answers: object) => Promise<unknown>,
): Story {
  const { expert, from, to } = order;
  const index = Number(order.name.split('-')[1]);
  const newTechniques = order.stopsAt === undefined && index <= 24 ? 2 : 1;
  const visits = 5;
  for (let nth = 0; nth < visits; nth += 1) {
    const day = addDays(from, 20 + nth * 28);
    if (day >= to || day > stage.until) return;
    yield chinaInstant(day, '17:30');
    const starts = nth === 1 ? newTechniques : 0;
    await act(expert, 'log', {
      day,
      'patients-seen': random.between(60, 140),
      teaching: nth === visits - 1 ? SESSIONS - 3 * (visits - 1) : 3,
      operated: expert.specialty === '外科' ? random.between(2, 8) : 0,
      'new-techniques': starts,
      ...(starts > 0
        ? { 'technique-names': (TECHNIQUES[expert.specialty] ?? []).slice(0, starts).join('、') }
        : {}),
    });
  }
}
