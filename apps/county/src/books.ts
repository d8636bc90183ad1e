// What the houses took and spent, month by month, added up from the played visits and stays; reported as the county's
// houses report: lines with their value, a report for each house (the county hospital: each department) and month.
import type { Resource } from '@yimai/fhir';
import { addDays, addMonths, type LocalDate, localDate } from '@yimai/kit';
import { type Place, places } from './places.ts';
import { seeded } from './random.ts';
import type { Resident } from './residents.ts';
import { COST_SHARES, costParts, reference, tagged } from './stay-resources.ts';
import { type Admission, departmentOf } from './stays.ts';
import { figureCode, figureUrl } from './systems.ts';
import type { Visit } from './visits.ts';

interface Sums {
  visits: number;
  outpatientYuan: number;
  discharges: number;
  inpatientYuan: number;
  bedDays: number;
  drugsYuan: number;
  consumablesYuan: number;
  examinationYuan: number;
  testYuan: number;
  serviceYuan: number;
}

const PART: Readonly<Record<string, keyof Sums>> = {
  examination: 'examinationYuan',
  test: 'testYuan',
  consumables: 'consumablesYuan',
  'western-medicine': 'drugsYuan',
  'chinese-medicine': 'drugsYuan',
  bed: 'serviceYuan',
  consultation: 'serviceYuan',
  treatment: 'serviceYuan',
  operation: 'serviceYuan',
  nursing: 'serviceYuan',
};
/** Shares of an outpatient bill. */
const OUTPATIENT: readonly (readonly [keyof Sums, number])[] = [
  ['drugsYuan', 0.38],
  ['examinationYuan', 0.2],
  ['testYuan', 0.14],
  ['serviceYuan', 0.2],
  ['consumablesYuan', 0.03],
];
/** Beds for 10,000 residents, which the played stays use at about 85 % on the average day. */
const BEDS: Readonly<Record<string, number>> = {
  'general-hospital': 12.5,
  'tcm-hospital': 8,
  'maternal-hospital': 2.2,
  'township-hospital': 1,
};

export class Books {
  readonly #months = new Map<string, Map<string, Sums>>();

  visit(one: Visit): void {
    if (one.site === 'outside') return;
    const sums = this.#of(one.on, one.org);
    const yuan = Number(one.costFen) / 100;
    sums.visits += 1;
    sums.outpatientYuan += yuan;
    for (const [part, share] of OUTPATIENT) sums[part] += yuan * share;
  }

  stay(one: Admission): void {
    if (one.site === 'O') return;
    const sums = this.#of(one.dischargedOn, departmentOf(one));
    sums.discharges += 1;
    sums.bedDays += one.days;
    sums.inpatientYuan += Number(one.costFen) / 100;
    for (const [index, part] of costParts(one).entries()) {
      const name = PART[COST_SHARES[index]![0]];
      if (name) sums[name] += Number(part) / 100;
    }
  }

  /** The reports of a month that is over: `2026-03`. */
  reports(month: string): Resource[] {
    const first = localDate(`${month}-01`);
    const found: Resource[] = [];
    for (const [org, sums] of this.#months.get(month) ?? [])
      found.push(
        report(`books-${org}-${month}`, org, first, addDays(addMonths(first, 1), -1), flows(org, sums)),
      );
    this.#months.delete(month);
    return found;
  }

  #of(day: LocalDate, org: string): Sums {
    const month = day.slice(0, 7);
    const houses = this.#months.get(month) ?? new Map<string, Sums>();
    this.#months.set(month, houses);
    const sums = houses.get(org) ?? {
      visits: 0,
      outpatientYuan: 0,
      discharges: 0,
      inpatientYuan: 0,
      bedDays: 0,
      drugsYuan: 0,
      consumablesYuan: 0,
      examinationYuan: 0,
      testYuan: 0,
      serviceYuan: 0,
    };
    houses.set(org, sums);
    return sums;
  }
}

type Lines = Readonly<Record<string, number>>;

function flows(org: string, sums: Sums): Lines {
  const random = seeded(sums.visits + sums.discharges * 31).fork(org);
  const near = (value: number) => value * (0.94 + random.next() * 0.12);
  const medical = sums.outpatientYuan + sums.inpatientYuan;
  const personnel = near(medical * 0.37);
  const expense = near(medical * 1.01);
  const prescriptions = Math.round(near(sums.visits * 0.8));
  return {
    'medical-income': medical,
    'medical-service-income': sums.serviceYuan,
    'drug-income': sums.drugsYuan,
    'examination-income': sums.examinationYuan,
    'test-income': sums.testYuan,
    'outpatient-income': sums.outpatientYuan,
    'inpatient-income': sums.inpatientYuan,
    'outpatient-visits': sums.visits,
    discharges: sums.discharges,
    'bed-days': sums.bedDays,
    'consumable-cost': near(sums.consumablesYuan * 0.96),
    'personnel-cost': personnel,
    'management-cost': near(medical * 0.085),
    'energy-cost': near(medical * 0.011),
    'total-expense': expense,
    'total-income': medical * 1.12,
    'medical-activity-income': medical * 1.05,
    'medical-surplus': medical * 1.05 - expense,
    'appointments-kept': Math.round(near(sums.visits * 0.46)),
    prescriptions,
    'prescriptions-commented': Math.round(prescriptions * 0.06),
    'volume-based-use': Math.round(near(prescriptions * 0.62)),
    'same-molecule-use': Math.round(prescriptions * 0.71),
    'antibiotic-ddd': near(sums.bedDays * 0.36),
  };
}

/** What stands for a whole calendar year: people, staff, beds, assets. */
export function yearReports(year: number, people: readonly Resident[]): Resource[] {
  const [first, last] = [localDate(`${year}-01-01`), localDate(`${year}-12-31`)];
  const lines: [string, number][] = [['population', people.length]];
  for (let age = 30; age < 70; age += 5) {
    const band = people.filter((one) => one.age >= age && one.age < age + 5).length;
    lines.push([`population-${age}-${age + 4}`, band]);
  }
  const houses = places().filter((one) => STAFF[one.kind] !== undefined);
  return [
    report(`year-consortium-${year}`, 'consortium', first, last, Object.fromEntries(lines)),
    ...houses.map((one) => report(`year-${one.id}-${year}`, one.id, first, last, stocks(one, people.length))),
  ];
}

/** Doctors, nurses and others of a house in a county of 300,000; a smaller county has its share. */
const STAFF: Readonly<
  Record<string, readonly [doctors: number, nurses: number, others: number, pay: number]>
> = {
  'general-hospital': [210, 340, 150, 128_000],
  'tcm-hospital': [96, 140, 70, 115_000],
  'maternal-hospital': [60, 90, 45, 112_000],
  'township-hospital': [14, 14, 12, 92_000],
  // Village doctors are counted apart from licensed doctors.
  'village-clinic': [0, 0, 1, 43_000],
};

function stocks(one: Place, people: number): Lines {
  const random = seeded(people).fork(one.id);
  const share = Math.min(1, Math.max(0.12, people / 300_000));
  const [doctors, nurses, others, pay] = STAFF[one.kind]!.map((value, index) =>
    index === 3 || value === 1 ? value : Math.max(value === 0 ? 0 : 2, Math.round(value * share)),
  ) as [number, number, number, number];
  const headcount = doctors + nurses + others;
  const perTenThousand = BEDS[one.kind] ?? 0;
  const open = perTenThousand === 0 ? 0 : openBeds((perTenThousand * people) / 10_000);
  const assets = headcount * random.between(310_000, 420_000);
  return {
    headcount,
    doctors,
    nurses,
    'scarce-specialty-doctors': Math.round(doctors * 0.21),
    'staff-income': headcount * pay * (0.96 + random.next() * 0.08),
    'open-beds': open,
    'open-bed-days': open * 365,
    assets,
    liabilities: assets * (0.28 + random.next() * 0.2),
  };
}

/** A ward is built for its busy days, not for the average one, and a small one swings the more. */
const openBeds = (expected: number): number => Math.max(6, Math.ceil(expected + 2 * Math.sqrt(expected)));

function report(id: string, org: string, start: LocalDate, end: LocalDate, lines: Lines): Resource {
  return {
    resourceType: 'MeasureReport',
    id,
    meta: tagged,
    status: 'complete',
    type: 'summary',
    measure: figureUrl('Measure/reported-lines'),
    date: addDays(start.slice(5) === '01-01' && end.slice(5) === '12-31' ? start : end, 5),
    reporter: reference('Organization', org),
    period: { start, end },
    group: Object.entries(lines).map(([line, value]) => ({
      code: figureCode('report-line', line),
      measureScore: { value: Math.round(value * 100) / 100 },
    })),
  };
}
