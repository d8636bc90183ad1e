// The monitoring indicators and the hospital core as plain loops over raw resources: what the SQL is checked against.
import { at, coded, idIn, type PlainCounty, piece, totalOf } from './plain.ts';
import type { Resource } from './resources.ts';

export type Plain = (now: PlainCounty, last: PlainCounty) => number | null;

const over = (a: number | null, b: number | null, factor = 1): number | null =>
  a === null || b === null || b === 0 ? null : (a / b) * factor;
const percent = (a: number | null, b: number | null): number | null => over(a, b, 100);
const growth = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : ((now - before) / before) * 100;
const count = (list: readonly Resource[], fits: (each: Resource) => boolean): number =>
  list.filter(fits).length;
const total = (list: readonly Resource[], value: (each: Resource) => number): number =>
  list.reduce((sum, each) => sum + value(each), 0);

const cases = (c: PlainCounty): Resource[] => c.settled('provider', 'inpatient');
const operated = (c: PlainCounty): Resource[] =>
  cases(c).filter((each) => piece(each, 'surgery-level') !== undefined);
const shareOf = (c: PlainCounty, base: (c: PlainCounty) => Resource[], fits: (each: Resource) => boolean) =>
  percent(count(base(c), fits), base(c).length);
const ratio =
  (upper: readonly string[], lower: readonly string[], factor = 100): Plain =>
  (c) => {
    const sum = (names: readonly string[]): number | null => {
      const values = names.map((name) => c.line(name));
      return values.every((value) => value !== null) ? values.reduce((a, b) => a + b, 0) : null;
    };
    return over(sum(upper), sum(lower), factor);
  };
const isInCounty = (c: PlainCounty, each: Resource): boolean => c.inside(idIn(each, 'provider'), c.county());
const medical = (c: PlainCounty): Resource[] =>
  c.settled('insurer').filter((each) => coded(each, 'type', 'care-setting') !== 'pharmacy');
const insuredStays = (c: PlainCounty): Resource[] => c.settled('insurer', 'inpatient');
const costOfStay = (c: PlainCounty): number | null => {
  const stays = insuredStays(c).filter((each) => isInCounty(c, each));
  return over(
    total(stays, (each) => totalOf(each, 'submitted')),
    stays.length,
  );
};

function consumption(c: PlainCounty, value: (each: Resource) => number): number | null {
  const everybody = cases(c.everywhere());
  const drg = (each: Resource): string => String(at(each, 'diagnosis.packageCode.coding.code')[0]);
  const mean = (list: readonly Resource[]): number => total(list, value) / list.length;
  const own = Object.entries(Object.groupBy(cases(c), drg));
  const weighted = own.reduce(
    (sum, [group, list]) =>
      sum + (mean(list!) / mean(everybody.filter((each) => drg(each) === group))) * list!.length,
    0,
  );
  return over(weighted, cases(c).length);
}

function mortality(c: PlainCounty): number {
  const counts = (cause: string): boolean =>
    /^I/.test(cause) ||
    /^C[0-8]/.test(cause) ||
    /^C9[0-7]/.test(cause) ||
    (/^J[3-9]/.test(cause) && cause < 'J99') ||
    /^E1[0-4]/.test(cause);
  let survive = 1;
  for (let band = 30; band < 70; band += 5) {
    const died = count(c.deaths(), (each) => {
      const age = Number(at(each, 'component.valueQuantity.value')[0]);
      return (
        age >= band && age < band + 5 && counts(String(at(each, 'valueCodeableConcept.coding.code')[0] ?? ''))
      );
    });
    const rate = died / c.line(`population-${band}-${band + 4}`)!;
    survive *= 1 - (5 * rate) / (1 + 2.5 * rate);
  }
  return (1 - survive) * 100;
}

const posted = (c: PlainCounty): number =>
  new Set(
    c
      .posts('posted-expert')
      .filter((post) => {
        const days = (date: unknown): number => Date.parse(String(date)) / 86_400_000;
        const [start, end] = [at(post, 'period.start')[0], at(post, 'period.end')[0] ?? c.until];
        const held = Math.min(days(end), days(c.until)) - Math.max(days(start), days(c.from));
        const home = c.institution(
          (at(post, 'extension.valueReference.reference')[0] as string | undefined)?.split('/')[1],
        );
        const title = ['senior', 'associate-senior', 'intermediate'].includes(
          coded(post, 'specialty', 'title-class') ?? '',
        );
        return (
          start !== undefined &&
          held >= 183 &&
          title &&
          /^[23]/.test(home?.grade ?? '') &&
          c.isPrimary(idIn(post, 'organization'))
        );
      })
      .map((post) => idIn(post, 'practitioner')),
  ).size;
const income = (
  c: PlainCounty,
  fits: (org: { level?: string; role?: string } | undefined) => boolean,
): number | null => over(c.line('staff-income', fits), c.line('headcount', fits));
const visitOf = (c: PlainCounty, each: Resource): string =>
  c.institution(idIn(each, 'serviceProvider'))?.class ?? '';
const referrals = (c: PlainCounty): Resource[] =>
  c.tasks(['referral-up', 'referral-down'], 'requester', 'opened');

export const PLAIN: Readonly<Record<string, Plain>> = {
  'unified-management': (c) => c.evidence('unified-management'),
  'democratic-decision': (c) => c.evidence('democratic-decision'),
  'service-linkage': (c) => c.evidence('service-linkage'),
  'posted-doctors-per-ten-thousand': (c) => over(posted(c), c.line('population'), 10_000),
  'remote-imaging-reports': (c) =>
    count(c.tasks(['remote-imaging'], 'requester', 'done'), (t) => c.isPrimary(idIn(t, 'requester'))),
  'remote-ecg-reports': (c) =>
    count(c.tasks(['remote-ecg'], 'requester', 'done'), (t) => c.isPrimary(idIn(t, 'requester'))),
  'village-ecg-cover': (c) =>
    percent(
      [...c.features('ecg-device')].filter((id) => c.institution(id)?.class === 'village-clinic').length,
      c.orgs('village-clinic'),
    ),
  'primary-income-ratio': (c) =>
    over(
      income(c, (org) => ['township', 'village'].includes(org?.level ?? '')),
      income(c, (org) => org?.role === 'lead'),
    ),
  'primary-visit-share': (c) =>
    shareOf(
      c,
      (x) => x.visits(),
      (each) => c.isPrimary(idIn(each, 'serviceProvider')),
    ),
  'in-county-fund-share': (c) =>
    percent(
      total(
        medical(c).filter((each) => isInCounty(c, each)),
        (each) => totalOf(each, 'benefit'),
      ),
      total(medical(c), (each) => totalOf(each, 'benefit')),
    ),
  'primary-fund-share': (c) => {
    const inside = medical(c).filter((each) => isInCounty(c, each));
    const primary = inside.filter((each) => c.isPrimary(idIn(each, 'provider')));
    return percent(
      total(primary, (each) => totalOf(each, 'benefit')),
      total(inside, (each) => totalOf(each, 'benefit')),
    );
  },
  'inpatient-cost-per-admission': costOfStay,
  'inpatient-cost-growth': (c, last) => growth(costOfStay(c), costOfStay(last)),
  'in-county-admission-share': (c) => shareOf(c, insuredStays, (each) => isInCounty(c, each)),
  'tcm-visit-share': (c) =>
    shareOf(
      c,
      (x) => x.visits(),
      (each) => visitOf(c, each) === 'tcm-hospital' || coded(each, 'type', 'visit-kind') === 'tcm',
    ),
  'managed-chronic-admission-rate': (c) =>
    percent(
      count(insuredStays(c), (each) => c.managed().has(idIn(each, 'patient') ?? '')),
      c.managed().size,
    ),
  'premature-mortality': mortality,
  'deaths-without-cause': (c) => count(c.deaths(), (each) => each['valueCodeableConcept'] === undefined),
  'operated-discharge-share': (c) => percent(operated(c).length, cases(c).length),
  'minimally-invasive-share': (c) =>
    shareOf(c, operated, (each) => piece(each, 'minimally-invasive') === true),
  'level-four-surgery-share': (c) => shareOf(c, operated, (each) => piece(each, 'surgery-level') === 4),
  'level-three-surgery-share': (c) => shareOf(c, operated, (each) => piece(each, 'surgery-level') === 3),
  'operation-complication-rate': (c) =>
    shareOf(c, operated, (each) => piece(each, 'operation-complication') === true),
  'class-one-infection-rate': (c) => {
    const classOne = cases(c).filter((each) => piece(each, 'incision-class') === 'I');
    return percent(
      count(classOne, (each) => piece(each, 'incision-infected') === true),
      classOne.length,
    );
  },
  'low-risk-mortality': (c) => diedIn(c, 'low'),
  'middle-low-risk-mortality': (c) => diedIn(c, 'middle-low'),
  'average-length-of-stay': (c) =>
    over(
      total(cases(c), (each) => Number(piece(each, 'stay-days'))),
      cases(c).length,
    ),
  'case-mix-index': (c) => {
    const grouped = cases(c).filter((each) => piece(each, 'relative-weight') !== undefined);
    return over(
      total(grouped, (each) => Number(piece(each, 'relative-weight'))),
      grouped.length,
    );
  },
  'drg-group-count': (c) =>
    new Set(cases(c).map((each) => at(each, 'diagnosis.packageCode.coding.code')[0])).size,
  'total-weight': (c) => total(cases(c), (each) => Number(piece(each, 'relative-weight') ?? 0)),
  'cost-consumption-index': (c) => consumption(c, (each) => totalOf(each, 'submitted')),
  'time-consumption-index': (c) => consumption(c, (each) => Number(piece(each, 'stay-days'))),
  'medical-service-income-share': ratio(['medical-service-income'], ['medical-income']),
  'personnel-cost-share': ratio(['personnel-cost'], ['total-expense']),
  'management-cost-share': ratio(['management-cost'], ['total-expense']),
  'drug-share': ratio(['drug-income'], ['medical-income']),
  'consumables-per-hundred': (c) => {
    const [income, drugs] = [c.line('medical-income'), c.line('drug-income')];
    return percent(c.line('consumable-cost'), income === null || drugs === null ? null : income - drugs);
  },
  'examination-test-share': ratio(['examination-income', 'test-income'], ['medical-income']),
  'medical-surplus-rate': ratio(['medical-surplus'], ['medical-activity-income']),
  'asset-liability-ratio': ratio(['liabilities'], ['assets']),
  'energy-per-income': ratio(['energy-cost'], ['total-income'], 10_000),
  'antibiotic-use': ratio(['antibiotic-ddd'], ['bed-days']),
  'bed-use-rate': ratio(['bed-days'], ['open-bed-days']),
  'bed-turnover': ratio(['discharges'], ['open-beds'], 1),
  'nurse-per-doctor': ratio(['nurses'], ['doctors'], 1),
  'scarce-doctor-share': ratio(['scarce-specialty-doctors'], ['doctors']),
  'commented-prescription-share': ratio(['prescriptions-commented'], ['prescriptions']),
  'volume-based-share': ratio(['volume-based-use'], ['same-molecule-use']),
  'appointment-rate': ratio(['appointments-kept'], ['outpatient-visits']),
  'medical-income': (c) => c.line('medical-income'),
  'medical-income-growth': (c, last) => growth(c.line('medical-income'), last.line('medical-income')),
  'outpatient-cost-per-visit': ratio(['outpatient-income'], ['outpatient-visits'], 1),
  'inpatient-cost-per-discharge': ratio(['inpatient-income'], ['discharges'], 1),
  'outpatient-cost-growth': (c, last) =>
    growth(
      ratio(['outpatient-income'], ['outpatient-visits'])(c, last),
      ratio(['outpatient-income'], ['outpatient-visits'])(last, last),
    ),
  'inpatient-cost-per-discharge-growth': (c, last) =>
    growth(
      ratio(['inpatient-income'], ['discharges'])(c, last),
      ratio(['inpatient-income'], ['discharges'])(last, last),
    ),
  'outflow-rate': (c) =>
    shareOf(
      c,
      (x) => x.stays(),
      (each) => coded(each, 'hospitalization.dischargeDisposition', 'discharge-way') === 'transfer-out',
    ),
  'down-referrals': (c) =>
    count(
      c.tasks(['referral-down'], 'requester', 'done'),
      (each) => coded(each, 'businessStatus', 'loop-outcome') === 'received',
    ),
  'referral-closure-rate': (c) => {
    const valid = referrals(c).filter((each) => !['cancelled', 'rejected'].includes(String(each['status'])));
    return percent(
      count(valid, (each) => each['status'] === 'completed'),
      valid.length,
    );
  },
  'remote-diagnosis-volume': (c) => c.tasks(['remote-imaging', 'remote-ecg'], 'owner', 'done').length,
  'recognition-rate': (c) =>
    shareOf(
      c,
      (x) => x.tasks(['recognition'], 'owner', 'done'),
      (each) => coded(each, 'businessStatus', 'loop-outcome') === 'recognised',
    ),
  'chronic-managed-to-norm': (c) => {
    const done = c
      .tasks(['chronic-review'], 'owner', 'done')
      .filter((each) => coded(each, 'businessStatus', 'loop-outcome') === 'to-norm');
    return percent(new Set(done.map((each) => idIn(each, 'for'))).size, c.managed().size);
  },
  'patient-satisfaction-rate': (c) => satisfied(c, 'patient-satisfaction'),
  'staff-satisfaction-rate': (c) => satisfied(c, 'staff-satisfaction'),
};

function diedIn(c: PlainCounty, risk: string): number | null {
  const group = cases(c).filter((each) => piece(each, 'risk-class') === risk);
  return percent(
    count(group, (each) => piece(each, 'discharge-way') === '5'),
    group.length,
  );
}

function satisfied(c: PlainCounty, survey: string): number | null {
  const scores = c.answers(survey);
  return percent(scores.filter((score) => score >= 80).length, scores.length);
}
