// Two-way referrals: from village and township to the county hospital and back, some refused, some late, some still open.
import { addDays, chinaInstant } from '@yimai/kit';
import { type Chair, chair, doctorOf } from '../people.ts';
import { type Random, seeded } from '../random.ts';
import type { Resident } from '../residents.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const SUMMARIES = [
  ['equipment', '反复胸闷 1 周，基层心电图提示 ST 段改变，需进一步检查（合成病例）'],
  ['difficult', '血压 182/112 mmHg，调整用药两周仍不达标（合成病例）'],
  ['tests', '体检发现肺部结节 9 mm，需增强 CT（合成病例）'],
  ['critical', '突发右侧肢体无力 2 小时，疑急性脑卒中（合成病例）'],
  ['equipment', '股骨颈骨折，需手术治疗（合成病例）'],
] as const;

/** Where this season's referrals stand today, and whose they are: each sign-in finds some waiting. */
const STANDING: readonly (readonly [state: Standing, base: 'village' | 'township-doctor'])[] = [
  ['requested', 'township-doctor'],
  ['requested', 'village'],
  ['requested', 'township-doctor'],
  ['refused', 'township-doctor'],
  ['refused', 'village'],
  ['accepted', 'township-doctor'],
  ['seen', 'township-doctor'],
  ['seen', 'village'],
  ['returned', 'township-doctor'],
  ['returned', 'village'],
  ['returned', 'village'],
];
type Standing = 'requested' | 'refused' | 'accepted' | 'seen' | 'returned';
/** Days ago that a referral was opened that stands there today; the last ones are late by now. */
const DAYS_AGO: Readonly<Record<Standing, readonly number[]>> = {
  requested: [0, 0, 3],
  refused: [1, 4],
  accepted: [2],
  seen: [6, 9],
  returned: [9, 10, 16],
};

export function addReferrals(stage: Stage, script: Script, people: readonly Resident[]): void {
  if (!stage.knows('two-way-referral')) return;
  const random = seeded(8_001).fork('referrals');
  const grown = people.filter((one) => one.age >= 18);
  const count = Math.min(400, 24 + Math.round(people.length / 250));
  for (let nth = 0; nth < count; nth += 1) {
    const resident = random.pick(grown);
    const day = addDays(stage.begins, random.between(3, 330));
    const base = random.chance(0.3) ? villageDoctorOf(resident) : doctorOf(resident.clinic.parent!, nth);
    const at = chinaInstant(day, clock(random));
    script.add(at, referral(stage, { name: `referral-${nth}`, resident, at, base }));
  }
  const seen = new Map<Standing, number>();
  for (const [index, [state, login]] of STANDING.entries()) {
    const place = login === 'village' ? 'clinic-1-1' : 'township-1';
    const near = grown.filter((one) => one.clinic.id === place || one.clinic.parent === place);
    const ages = DAYS_AGO[state];
    const at = chinaInstant(
      addDays(stage.until, -1 - ages[(seen.get(state) ?? 0) % ages.length]!),
      clock(random),
    );
    seen.set(state, (seen.get(state) ?? 0) + 1);
    if (near.length > 0)
      script.add(
        at,
        referral(stage, {
          name: `referral-now-${index}`,
          resident: random.pick(near),
          at,
          base: seat(login),
          stands: state,
        }),
      );
  }
}

const clock = (random: Random) =>
  `${String(random.between(8, 15)).padStart(2, '0')}:${random.between(10, 59)}`;

const villageDoctorOf = (resident: Resident): Chair =>
  resident.clinic.id === 'clinic-1-1' ? seat('village') : chair(`village-doctor-${resident.clinic.id}`);

const hours = (instant: Date, count: number) => new Date(instant.getTime() + count * 3_600_000);

interface Referral {
  readonly name: string;
  readonly resident: Resident;
  readonly at: Date;
  readonly base: Chair;
  /** The state in which it still is today; without it, it ran to its end. */
  readonly stands?: Standing;
}

async function* referral(stage: Stage, { name, resident, at, base, stands }: Referral): Story {
  const random = seeded(resident.index + 1).fork(name);
  const [desk, doctor] = [seat('referral'), seat('doctor')];
  const [reason, summary] = random.pick(SUMMARIES);
  const opened = await stage.send(name, base, 'loop.open', {
    loop: 'two-way-referral',
    subject: `Patient/${resident.id}`,
    answers: { reason, summary, to: 'Organization/county-hospital', consent: true },
  });
  if (!opened || stands === 'requested') return;
  const act = (as: Chair, event: string, answers: object = {}, why?: string) =>
    stage.send(name, as, 'loop.act', {
      case: opened['case'],
      event,
      answers,
      ...(why === undefined ? {} : { reason: why }),
    });
  // A few answers of the desk come after their 24 hours.
  let now = hours(at, stands === undefined && random.chance(0.08) ? 40 : random.between(1, 7));
  yield now;
  if (stands === 'refused' || (stands === undefined && random.chance(0.07))) {
    const why = '专科床位已满（合成）';
    await act(desk, 'refuse', { 'refusal-reason': why, offered: 'Organization/tcm-hospital' }, why);
    if (stands === 'refused') return;
    now = hours(now, 5);
    yield now;
    if (random.chance(0.4)) {
      await act(base, 'withdraw', {}, '患者改在县外就诊（合成）');
      return;
    }
    await act(base, 'redirect', { to: 'Organization/county-hospital' });
    now = hours(now, 3);
    yield now;
  }
  await act(desk, 'accept', { bed: `${random.between(3, 9)} 层 ${random.between(1, 40)} 床` });
  if (stands === 'accepted' || (stands === undefined && random.chance(0.05))) return;
  now = hours(now, random.between(6, 40));
  yield now;
  await act(doctor, 'arrive');
  if (stands === 'seen') return;
  now = hours(now, 24 * (stands === undefined ? random.between(3, 12) : 5));
  yield now;
  await act(doctor, 'return', {
    'discharge-summary': '治疗后病情稳定，带药出院（合成）',
    plan: '每周随访，监测血压与功能恢复（合成）',
  });
  if (stands === 'returned') return;
  // One in eight follow-ups is late.
  now = hours(now, random.chance(0.12) ? 120 : random.between(20, 66));
  yield now;
  await act(base, 'follow-up', { 'follow-up': '已入户随访，恢复良好（合成）' });
}
