// Paying for results: four-party agreements, RED and MES cases with their evidence, what is paid for and what is barred;
// members and costs of the chronic packages.
import { addDays, chinaInstant, type LocalDate, localDate } from '@yimai/kit';
import { villageDoctorAt } from '../doctors.ts';
import { type Chair, chair } from '../people.ts';
import type { Resident } from '../residents.ts';
import { resident, type Script, type Stage, type Story, seat } from './stage.ts';

const HOUSE = 'county-hospital';
/** The first year's fund is prepaid and its first cases are found so many days after the play begins. */
const FIRST = 60;
const EVERY = 9;
export const PACKAGE = 'package/diabetes';
const MEMBERS = 12;

type RedEnd = 'paid' | 'proof-missing' | 'failed' | 'planned' | 'found';
const RED: readonly (readonly [row: string, disease: string, proof: string, end: RedEnd])[] = [
  ['red/liver-fluke', '肝吸虫病 clonorchiasis', 'negative-stool-test', 'paid'],
  ['red/liver-fluke', '肝吸虫病 clonorchiasis', 'negative-stool-test', 'paid'],
  ['red/helicobacter', '幽门螺杆菌感染 Helicobacter pylori', 'negative-breath-test', 'proof-missing'],
  ['red/liver-fluke', '肝吸虫病 clonorchiasis', 'negative-stool-test', 'failed'],
  ['red/helicobacter', '幽门螺杆菌感染 Helicobacter pylori', 'negative-breath-test', 'planned'],
  ['red/liver-fluke', '肝吸虫病 clonorchiasis', 'negative-stool-test', 'found'],
];
type MesEnd = 'half-year' | 'plan' | 'breach' | 'unsigned';
const MES: readonly MesEnd[] = ['half-year', 'half-year', 'plan', 'breach', 'unsigned'];
const MES_CASE = {
  disease: '乳腺癌 breast cancer',
  row: 'mes/breast-cancer',
  org: `Organization/${HOUSE}`,
  stage: 'I 期',
};

export function addResults(stage: Stage, script: Script, people: readonly Resident[]): void {
  if (!stage.knows('red-case') || !stage.knows('mes-case')) return;
  // Those of the villages whose doctors sign in come first.
  const near = [...people].filter(({ payer, age }) => payer !== null && age >= 30 && age < 75);
  near.sort((left, right) => nearness(left) - nearness(right) || left.index - right.index);
  const women = near.filter(({ sex }) => sex === 'female').slice(0, MES.length);
  const taken = new Set(women.map(({ id }) => id));
  const others = near.filter(({ id }) => !taken.has(id));
  for (const [nth, end] of MES.entries()) {
    const person = women[nth];
    if (person) script.add(at(stage, FIRST + nth * EVERY, '09:30'), mes(stage, `mes-${nth}`, person, end));
  }
  for (const [nth, [row, disease, proof, end]] of RED.entries()) {
    const person = others[nth];
    // The last two are new at the end of the play.
    const day = nth < 4 ? FIRST + 5 + nth * EVERY : 364 - 40 + (nth - 4) * 30;
    if (person)
      script.add(at(stage, day, '10:20'), red(stage, `red-${nth}`, person, { row, disease, proof, end }));
  }
}

const at = (stage: Stage, days: number, time: string): Date =>
  chinaInstant(workable(addDays(stage.begins, days)), time);

/** The first days of January have no adopted budget yet. */
function workable(day: LocalDate): LocalDate {
  const opened = localDate(`${day.slice(0, 4)}-01-09`);
  return day < opened ? opened : day;
}

const nearness = ({ clinic }: Resident): number => {
  const nth = ['clinic-1-1', 'clinic-2-1'].indexOf(clinic.id);
  return nth < 0 ? (clinic.parent === 'township-1' ? 2 : 3) : nth;
};

function villageDoctor({ clinic }: Resident): Chair {
  const id = villageDoctorAt(clinic.id);
  if (id === 'staff-village') return seat('village');
  return id === 'staff-village-two' ? seat('village-two') : chair(id);
}

/** Drafted by the insurer, signed by all four; without the patient's name it is not in force. */
async function agree(
  stage: Stage,
  name: string,
  person: Resident,
  on: LocalDate,
  signs = true,
): Promise<string | null> {
  const insurer = seat('insurer');
  const drafted = await stage.send(name, insurer, 'agreement.draft', {
    agreement: 'four-party',
    parties: {
      insurer: 'Organization/insurer',
      hospital: `Organization/${HOUSE}`,
      'village-doctor': `Organization/${person.clinic.id}`,
      patient: `Patient/${person.id}`,
    },
    from: on,
    to: addDays(on, 364),
  });
  if (!drafted) return null;
  const id = String(drafted['agreement']);
  const signers = [insurer, seat('doctor'), villageDoctor(person)];
  if (signs) signers.push(resident(person));
  for (const one of signers) await stage.send(name, one, 'agreement.sign', { id });
  return id;
}

/** The year's fund is prepaid once; who pays a result sees to it that it is there. */
async function pay(stage: Stage, name: string, on: LocalDate, claim: string): Promise<void> {
  const insurer = seat('insurer');
  const year = on.slice(0, 4);
  const fund = await stage.send(name, insurer, 'prepaid-fund.open', { year, org: HOUSE }, 'may-refuse');
  if (fund) await stage.send(name, insurer, 'result.pay', { year, claim });
}

async function* mes(stage: Stage, name: string, person: Resident, end: MesEnd): Story {
  const doctor = seat('doctor');
  const day = stage.today();
  const answers = { ...MES_CASE, patient: `Patient/${person.id}` };
  const opened = await stage.send(name, doctor, 'loop.open', { loop: 'mes-case', answers });
  if (!opened) return;
  const id = String(opened['case']);
  const act = (event: string, given: object) =>
    stage.send(name, doctor, 'loop.act', { case: id, event, answers: given });
  const agreement = await agree(stage, name, person, day, end !== 'unsigned');
  if (agreement === null) return;
  await act('agree', { agreement, plan: '一年管理方案：每季复查，村医每月随访（合成）' });
  if (end !== 'unsigned') {
    await stage.send(name, doctor, 'agreement.fulfil', { id: agreement, duty: 'treat', count: 1 });
    const follow = { id: agreement, duty: 'follow-up', count: 2 };
    await stage.send(name, villageDoctor(person), 'agreement.fulfil', follow);
  }
  for (const [milestone, after] of [
    ['plan', 21],
    ['half-year', 176],
  ] as const) {
    if (milestone === 'half-year' && end !== 'half-year') return;
    const due = workable(addDays(day, after));
    if (due > stage.until) return;
    yield chinaInstant(due, '15:00');
    await act('follow-up', { milestone, record: `Observation/${person.id}-${milestone}` });
    if (end === 'breach') {
      const entry = { agreement, party: 'patient', reason: '外出失访，未按约复诊（合成）' };
      await stage.send(name, seat('insurer'), 'register.put', { register: 'agreement-breaches', entry });
    }
    const payday = workable(addDays(due, 6));
    if (end === 'breach' || end === 'unsigned' || payday > stage.until) return;
    yield chinaInstant(payday, '10:30');
    await pay(stage, name, payday, `Task/${id}|mes/breast-cancer/${milestone}`);
  }
}

interface RedPlan {
  readonly row: string;
  readonly disease: string;
  readonly proof: string;
  readonly end: RedEnd;
}

async function* red(stage: Stage, name: string, person: Resident, plan: RedPlan): Story {
  const { row, disease, proof, end } = plan;
  const doctor = seat('doctor');
  const day = stage.today();
  const opened = await stage.send(name, villageDoctor(person), 'loop.open', {
    loop: 'red-case',
    answers: {
      patient: `Patient/${person.id}`,
      disease,
      row,
      org: `Organization/${HOUSE}`,
      finding: '村级筛查阳性，建议上级确认（合成）',
    },
  });
  if (!opened || end === 'found') return;
  const id = String(opened['case']);
  const act = (event: string, answers: object) =>
    stage.send(name, doctor, 'loop.act', { case: id, event, answers });
  const confirmed = workable(addDays(day, 4));
  if (confirmed > stage.until) return;
  yield chinaInstant(confirmed, '11:00');
  await act('confirm', {});
  const agreement = await agree(stage, name, person, confirmed);
  if (agreement === null) return;
  await act('agree', { agreement, plan: '规范治疗一疗程，三个月后复查（合成）' });
  const evaluated = workable(addDays(day, 96));
  if (end === 'planned' || evaluated > stage.until) return;
  yield chinaInstant(evaluated, '15:30');
  if (end === 'failed') {
    await act('evaluate', { eliminated: false, why: '复查仍为阳性（合成）' });
    return;
  }
  const evidence = ['expert-confirmation', ...(end === 'paid' ? [proof] : [])];
  await act('evaluate', { eliminated: true, evidence });
  const payday = workable(addDays(evaluated, 5));
  if (end !== 'paid' || payday > stage.until) return;
  yield chinaInstant(payday, '10:40');
  await pay(stage, name, payday, `Task/${id}|${row}`);
}

/** Who is in the package from now on, and what its management has cost since the year began. */
export async function enterPackage(stage: Stage, name: string, people: readonly Resident[]): Promise<void> {
  if (!stage.knows('chronic-package-members')) return;
  const members = membersOf(people);
  if (members.length === 0) return;
  const rows = members.map(({ id }) => ({ package: PACKAGE, patient: `Patient/${id}` }));
  await stage.send(name, seat('insurer'), 'register.import', { register: 'chronic-package-members', rows });
  await enterCosts(stage, name, people, 0);
}

export async function enterCosts(
  stage: Stage,
  name: string,
  people: readonly Resident[],
  nth: number,
): Promise<void> {
  if (!stage.knows('chronic-management-costs')) return;
  const members = membersOf(people);
  if (members.length === 0) return;
  const rows = members.map(({ id, index }) => ({
    record: `Observation/${id}-package-${nth + 1}`,
    package: PACKAGE,
    patient: `Patient/${id}`,
    cost: 180 + ((index * 37 + nth * 61) % 240) + 0.5,
  }));
  await stage.send(name, seat('finance'), 'register.import', { register: 'chronic-management-costs', rows });
}

const membersOf = (people: readonly Resident[]): readonly Resident[] =>
  people.filter(({ diseases, payer }) => payer !== null && diseases.includes('diabetes')).slice(0, MEMBERS);
