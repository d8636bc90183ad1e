// Screening for four highs and four cancers in pilot villages: listed, invited, screened, judged, referred, managed.
import { addDays, chinaInstant } from '@yimai/kit';
import { type Chair, chair } from '../people.ts';
import { seeded } from '../random.ts';
import type { Resident } from '../residents.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

const DISEASES = [
  ...['高血压', '高血糖', '高血脂', '高尿酸'].map((disease) => ({ disease, group: 'high' })),
  ...['肺癌', '胃癌', '肠癌', '乳腺癌'].map((disease) => ({ disease, group: 'cancer' })),
];
/** Where this season's cases of the first township stand today. */
const STANDING = [
  'listed',
  'listed',
  'invited',
  'expert-review',
  'expert-review',
  'to-refer',
  'back',
] as const;
type Standing = (typeof STANDING)[number];

/** One pilot clinic a township; its village bears the township's name, as two may have one name. */
const isPilot = (one: Resident) => one.clinic.id.endsWith('-1');
const villageOf = (one: Resident) => one.clinic.name.replace('卫生室', '');

export function addScreenings(stage: Stage, script: Script, people: readonly Resident[]): void {
  if (!stage.knows('screening-path') || !stage.knows('pilot-villages')) return;
  const pilots = people.filter((one) => isPilot(one) && one.age >= 40 && one.birth < stage.begins);
  if (pilots.length === 0) return;
  script.add(chinaInstant(addDays(stage.begins, 3), '09:00'), prepare(stage, pilots));
  const random = seeded(8_401).fork('screenings');
  const near = pilots.filter((one) => one.clinic.id === 'clinic-1-1');
  const now = near.slice(0, STANDING.length);
  const others = pilots.filter((one) => !now.includes(one)).slice(0, 40 + Math.round(people.length / 100));
  for (const [nth, resident] of others.entries()) {
    const at = chinaInstant(addDays(stage.begins, 10 + ((nth * 7) % 300)), `09:${random.between(10, 59)}`);
    script.add(at, screening(stage, resident, at));
  }
  for (const [nth, resident] of now.entries()) {
    const at = chinaInstant(addDays(stage.until, -9 - nth), '10:05');
    script.add(at, screening(stage, resident, at, STANDING[nth]));
  }
}

async function* prepare(stage: Stage, pilots: readonly Resident[]): Story {
  const clinics = new Map(pilots.map((one) => [villageOf(one), one.clinic.id]));
  const as = seat('public-health');
  await stage.send('screening', as, 'register.import', {
    register: 'pilot-villages',
    rows: [...clinics].map(([village, clinic]) => ({ village, clinic: `Organization/${clinic}` })),
  });
  await stage.send('screening', as, 'register.import', { register: 'screening-diseases', rows: DISEASES });
}

const days = (instant: Date, count: number) => new Date(instant.getTime() + count * 86_400_000);

async function* screening(stage: Stage, resident: Resident, at: Date, stands?: Standing): Story {
  const name = `screening-${resident.index}`;
  const random = seeded(resident.index + 1).fork('screening');
  const township = resident.clinic.parent!;
  const worker = township === 'township-1' ? seat('public-health') : chair(`nurse-${township}-1`);
  const village: Chair =
    resident.clinic.id === 'clinic-1-1'
      ? seat('village')
      : resident.clinic.id === 'clinic-2-1'
        ? seat('village-two')
        : chair(`village-doctor-${resident.clinic.id}`);
  const opened = await stage.send(name, worker, 'loop.open', {
    loop: 'screening-path',
    subject: `Patient/${resident.id}`,
    answers: {
      resident: `Patient/${resident.id}`,
      year: Number(stage.until.slice(0, 4)),
      village: villageOf(resident),
      insured: resident.payer !== null,
      age: resident.age,
      history: resident.diseases.includes('hypertension') ? 'hypertension' : 'none',
      family: random.chance(0.15) ? 'tumour' : 'none',
      bmi: random.between(190, 310) / 10,
      systolic: random.between(108, 168),
      smokes: random.chance(0.3),
    },
  });
  if (!opened || stands === 'listed') return;
  const act = (as: Chair, event: string, answers: object = {}, why?: string) =>
    stage.send(name, as, 'loop.act', {
      case: opened['case'],
      event,
      answers,
      ...(why === undefined ? {} : { reason: why }),
    });
  let now = days(at, stands === undefined ? random.between(1, 20) : 1);
  yield now;
  if (stands === undefined && random.chance(0.08)) {
    await act(village, 'decline', {}, '居民外出务工，暂不参加（合成）');
    return;
  }
  await act(village, 'invite', { cadre: '村组干部（合成）' });
  if (stands === 'invited') return;
  now = days(now, stands === undefined ? random.between(1, 14) : 1);
  yield now;
  if (stands === undefined && random.chance(0.78)) {
    await act(village, 'screen', { suspect: false, finding: '各项未见明显异常（合成）' });
    return;
  }
  const { disease } = random.pick(DISEASES);
  await act(village, 'screen', { suspect: true, disease, finding: '超声提示结节，建议进一步评估（合成）' });
  if (stands === 'expert-review') return;
  now = days(now, random.chance(0.1) ? 7 : 2);
  yield now;
  const isReferred = stands === 'to-refer' || (stands === undefined && random.chance(0.6));
  await act(seat('doctor'), isReferred ? 'evaluate-refer' : 'evaluate-clear', {
    opinion: isReferred ? '需上级医院明确诊断（合成）' : '回村随访管理（合成）',
  });
  if (stands !== undefined) return;
  now = days(now, 2);
  yield now;
  if (isReferred) {
    await act(worker, 'refer', { 'to-county': random.chance(0.5) });
    now = days(now, 8);
    yield now;
    await act(worker, 'treat', { outcome: '已明确诊断并治疗（合成）' });
    now = days(now, 6);
    yield now;
  }
  await act(village, 'manage', { plan: '纳入慢病随访，每月一次（合成）' });
}
