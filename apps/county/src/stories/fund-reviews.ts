// Special-case reviews (特例单议) of the county's dear stays, at every stage: decided, with the panel, sent back, new.
import { addDays, chinaInstant, type LocalDate } from '@yimai/kit';
import { type Chair, chair } from '../people.ts';
import type { Admission } from '../stays.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';

/** Stays as they were discharged, for those who look for one to apply for. */
export class Discharges {
  readonly #all: { readonly list: string; readonly stay: Admission }[] = [];
  readonly #taken = new Set<string>();

  add(stay: Admission, id: string): void {
    if (stay.resident.payer !== null && stay.weight !== null) this.#all.push({ list: `${id}-list`, stay });
  }

  /** The dearest against its group of a house's stays that ended in the days before; nobody gets it twice. */
  takeDearest(house: string, on: LocalDate): { readonly list: string; readonly stay: Admission } | null {
    const from = addDays(on, -WITHIN);
    const dear = this.#all
      .filter(({ stay }) => stay.hospital === house && stay.dischargedOn >= from && stay.dischargedOn < on)
      .filter(({ list }) => !this.#taken.has(list))
      .sort((left, right) => dearness(right.stay) - dearness(left.stay))[0];
    if (dear) this.#taken.add(dear.list);
    return dear ?? null;
  }
}

const WITHIN = 28;
const dearness = ({ costFen, weight }: Admission): number => Number(costFen) / weight!;

type End = 'amount' | 'by-item' | 'refused' | 'reviewing' | 'returned' | 'applied';

interface Plan {
  /** Days before the end of the play. */
  readonly ago: number;
  readonly house: string;
  readonly end: End;
  readonly reason: 'long-stay' | 'high-cost' | 'new-technology' | 'complex';
}

const PLANS: readonly Plan[] = [
  { ago: 172, house: 'county-hospital', end: 'amount', reason: 'high-cost' },
  { ago: 126, house: 'tcm-hospital', end: 'refused', reason: 'long-stay' },
  { ago: 88, house: 'county-hospital', end: 'by-item', reason: 'new-technology' },
  { ago: 19, house: 'tcm-hospital', end: 'reviewing', reason: 'complex' },
  { ago: 15, house: 'county-hospital', end: 'reviewing', reason: 'high-cost' },
  { ago: 9, house: 'county-hospital', end: 'returned', reason: 'complex' },
  { ago: 4, house: 'county-hospital', end: 'applied', reason: 'high-cost' },
];

/** Experts with their houses; those of the county hospital but one stand aside from the house of Chinese medicine. */
const EXPERTS: readonly (readonly [practitioner: string, specialty: string, home: string, aside?: string])[] =
  [
    ['staff-doctor', '内科', 'county-hospital'],
    ['doctor-county-hospital-2', '外科', 'county-hospital', 'tcm-hospital'],
    ['doctor-tcm-hospital-1', '外科', 'tcm-hospital'],
    ['doctor-tcm-hospital-2', '内科', 'tcm-hospital'],
    ['doctor-tcm-hospital-3', '急诊医学科', 'tcm-hospital'],
    ['doctor-maternal-hospital-1', '妇产科', 'maternal-hospital'],
    ['doctor-maternal-hospital-2', '儿科', 'maternal-hospital'],
  ];
const PANEL = 3;

export function addReviews(stage: Stage, script: Script, discharges: Discharges): void {
  if (!stage.knows('special-case-review')) return;
  script.add(chinaInstant(addDays(stage.begins, 20), '09:50'), experts(stage));
  for (const [nth, plan] of PLANS.entries())
    script.add(chinaInstant(addDays(stage.until, -plan.ago), '09:05'), review(stage, discharges, nth, plan));
}

async function* experts(stage: Stage): Story {
  const rows = EXPERTS.map(([practitioner, specialty, home, aside]) => ({
    person: `Practitioner/${practitioner}`,
    specialty,
    home: `Organization/${home}`,
    ...(aside === undefined ? {} : { ties: [`Organization/${aside}`] }),
  }));
  await stage.send('special-case-experts', seat('insurer'), 'register.import', {
    register: 'special-case-experts',
    rows,
  });
}

const expert = (person: string): Chair => {
  const id = person.replace('Practitioner/', '');
  return id === 'staff-doctor' ? seat('doctor') : chair(id);
};

async function* review(stage: Stage, discharges: Discharges, nth: number, plan: Plan): Story {
  const { house, end, reason } = plan;
  const day = addDays(stage.until, -plan.ago);
  const name = `special-case-${nth}`;
  const found = discharges.takeDearest(house, day);
  if (found === null) return;
  // The coder of the house; where none signs in, the consortium's finance office.
  const applicant = seat(house === 'county-hospital' ? 'coder' : 'finance');
  const insurer = seat('insurer');
  const payload = { stay: found.list, reason, grounds: GROUNDS[reason] };
  // Early in the year a small house has no application left to make.
  const applied = await stage.send(name, applicant, 'special-case.apply', payload, 'may-refuse');
  if (!applied || end === 'applied') return;
  const id = String(applied['case']);
  const act = (as: Chair, event: string, answers: object, of = id, reason?: string) =>
    stage.send(name, as, 'loop.act', {
      case: of,
      event,
      answers,
      ...(reason === undefined ? {} : { reason }),
    });
  yield chinaInstant(addDays(day, 2), '10:15');
  if (end === 'returned') {
    const why = '请补充手术记录和费用明细（合成）';
    await act(insurer, 'return', {}, id, why);
    return;
  }
  const drawn = await stage.send(name, insurer, 'draw.make', {
    draw: 'special-case-panel',
    seed: `special-case-${nth}-${day}`,
    count: PANEL,
    conflicts: [`Organization/${house}`],
  });
  if (!drawn) return;
  await act(insurer, 'seat', { panel: drawn['chosen'], draw: drawn['draw'] });
  yield chinaInstant(addDays(day, 6), '14:40');
  const opinions = await stage.children(id);
  for (const [seatOf, { id: opinion, person }] of opinions.entries()) {
    const isAgainst = end === 'refused' && seatOf > 0;
    // Of a panel that still works one has answered; the others have it on their list.
    if (end === 'reviewing' && (seatOf > 0 || person === 'Practitioner/staff-doctor')) continue;
    const answers = { opinion: isAgainst ? AGAINST : FOR };
    await act(expert(person), isAgainst ? 'oppose' : 'support', answers, opinion);
  }
  if (end === 'reviewing') return;
  yield chinaInstant(addDays(day, 9), '16:20');
  if (end === 'refused') {
    const why = '专家多数认为费用可由病组覆盖（合成）';
    await act(insurer, 'refuse', { finding: why }, id, why);
    return;
  }
  const yuan = Math.round((Number(found.stay.costFen) * 0.82) / 100);
  await act(insurer, 'approve', {
    decision: end,
    ...(end === 'amount' ? { amount: yuan } : {}),
    finding: '病情复杂，费用合理（合成）',
  });
  yield* settleAgain(stage, name, found.stay.dischargedOn, addDays(day, 24));
}

/** What was granted after the month was settled is settled anew, as a second version of the month. */
async function* settleAgain(stage: Stage, name: string, dischargedOn: LocalDate, on: LocalDate): Story {
  if (on > stage.until) return;
  yield chinaInstant(on, '11:30');
  const payload = { month: dischargedOn.slice(0, 7), correction: true };
  await stage.send(name, seat('insurer'), 'settlement.run', payload, 'may-refuse');
}

const GROUNDS: Readonly<Record<Plan['reason'], string>> = {
  'long-stay': '多次会诊、康复周期长，住院日明显超过同组（合成）',
  'high-cost': '抢救与重症监护费用高，远超病组标准（合成）',
  'new-technology': '使用新技术新材料，病组权重尚未覆盖（合成）',
  complex: '多系统受累，多学科联合诊治（合成）',
};
const FOR = '诊疗必要，费用合理，同意（合成）';
const AGAINST = '同类病例可按病组支付，不同意（合成）';
