// What stays warn of: in the ward against the candidate group, at discharge by how they are coded, afterwards by returns, by
// what comparable stays cost and by bills beside them.
import type { FundWarning } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import {
  type BesideBill,
  comparable,
  dividedBy,
  PriceBook,
  type RuleSet,
  type Warning,
  warnBeside,
  warnCoding,
  warnHighCoding,
  warnReturns,
  warnRunning,
} from '@yimai/fund';
import { group, STATUS } from '@yimai/grouping';
import { addDays, isLocalDate, must } from '@yimai/kit';
import { type SettledCase, stayCaseOf } from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { Reader } from '../desk/desk-deps.ts';
import type { FundDeps } from './fund-deps.ts';
import type { YearOfFund } from './priced-year.ts';
import type { Running } from './running-stays.ts';

export interface Found {
  readonly stage: FundWarning['stage'];
  readonly warning: Warning;
  readonly org: string;
  readonly group: string;
}

/** Stays that go on against what their candidate group is paid, however short they still are. */
export function inStay(deps: FundDeps, running: readonly Running[], { rules, cases }: YearOfFund): Found[] {
  const limits = rules.warnings?.running;
  if (limits === undefined) return [];
  const scheme = must(deps.fund.schemeOf(rules.scheme));
  const book = new PriceBook(rules);
  const shares = { costShares: [limits.costNear, limits.costReached], ...limits };
  return running.flatMap(({ stay: { list }, drugAndConsumableFen }) => {
    const candidate = group(list.stay, scheme);
    const stay = stayCaseOf(list, candidate, { rules });
    if (candidate.status !== STATUS.grouped || !comparable(stay, book).ok) return [];
    const standard = book.standardOf(stay);
    if (standard === null || standard.standardFen === 0n) return [];
    const days = daysAtHome(cases, candidate.drg, limits.leastCases);
    const found = warnRunning(
      {
        id: list.stay.id,
        candidateStandardFen: standard.standardFen,
        costFen: list.costFen,
        stayDays: list.stay.los,
        daysP75: days(0.75),
        usualDays: days(0.5),
        drugAndConsumableFen,
        lowUpToFen: standard.lowUpToFen,
        highFromFen: standard.highFromFen,
      },
      shares,
    );
    return found.map((warning) => ({ stage: 'in-stay', warning, org: list.org, group: candidate.drg }));
  });
}

/** That part of the county's own settled stays of the group lies no longer; null without a baseline. */
function daysAtHome(cases: readonly SettledCase[], drg: string, leastCases: number) {
  const days = cases
    .filter(({ group, isOutside }) => group.drg === drg && !isOutside)
    .map(({ list }) => list.stay.los)
    .sort((left, right) => left - right);
  return (part: number): number | null =>
    days.length < leastCases ? null : days[Math.ceil(days.length * part) - 1]!;
}

const GROUPING: Readonly<Record<string, readonly [code: string, zh: string, en: string]>> = {
  [STATUS.ungrouped]: ['no-group', '无法入组', 'no group'],
  [STATUS.checkFailed]: ['no-group', '信息校验不通过，无法入组', 'the input check failed: no group'],
  [STATUS.ambiguous]: [
    'ambiguous-group',
    '手术与主要诊断不符（歧义病案）',
    'the operation does not fit the principal diagnosis',
  ],
};
const PRICED: typeof GROUPING = {
  'high-outlier': ['high-outlier', '高倍率病例', 'high outlier'],
  'low-outlier': ['low-outlier', '低倍率病例', 'low outlier'],
  'short-stay': ['short-stay', '短住院', 'very short stay'],
};

const isOf = (month: string) => (one: SettledCase) => one.list.dischargedOn.startsWith(month);

/** By how the stay was coded, grouped and priced; care outside the county is not the county's to correct. */
export function atDischarge(
  { fund }: FundDeps,
  cases: readonly SettledCase[],
  month: string,
  rules: RuleSet,
): Found[] {
  const isDivided = dividedBy(rules.weights.byDrg.keys());
  const coding = { isDiagnosis: fund.isDiagnosis, isDivided };
  return cases
    .filter((one) => isOf(month)(one) && !one.isOutside)
    .flatMap(({ list, kind, group: { status, drg } }) => {
      const { id, gender, dx } = list.stay;
      const told = [GROUPING[status], PRICED[kind]].flatMap((known): Warning[] => {
        if (known === undefined) return [];
        const [code, zh, en] = known;
        return [{ code, caseId: id, zh, en }];
      });
      const coded = warnCoding({ id, gender, dx, drg }, coding);
      return [...told, ...coded].map((warning) => ({
        stage: 'discharge' as const,
        warning,
        org: list.org,
        group: drg,
      }));
    });
}

interface Afterwards {
  readonly visible: readonly SettledCase[];
  readonly month: string;
  readonly ofYear: YearOfFund;
}

/** Readmissions look back over the month's and the year's end; only those of the month are shown. */
export async function afterwards(
  { fund }: FundDeps,
  { access }: Reader,
  { visible, month, ofYear }: Afterwards,
): Promise<Found[]> {
  const { warnings } = ofYear.rules;
  if (warnings === null) return [];
  const own = new Map(visible.filter(isOf(month)).map((one) => [one.list.stay.id, one]));
  const stays = (await fund.shelf.stays(access)).map(({ list }) => ({ ...list, id: list.stay.id }));
  const returns = warnReturns(stays, warnings.after);
  const costed = ({ list, group: { drg } }: SettledCase) => ({
    id: list.stay.id,
    drg,
    costFen: list.costFen,
  });
  const inside = (cases: readonly SettledCase[]) => cases.filter(({ isOutside }) => !isOutside).map(costed);
  const high =
    warnings.coding === null
      ? []
      : warnHighCoding(inside([...own.values()]), inside(ofYear.cases), warnings.coding);
  return about([...returns, ...high], own);
}

function about(warnings: readonly Warning[], own: ReadonlyMap<string, SettledCase>): Found[] {
  return warnings.flatMap((warning) => {
    const one = own.get(warning.caseId ?? '');
    return one === undefined
      ? []
      : [{ stage: 'after' as const, warning, org: one.list.org, group: one.group.drg }];
  });
}

/** Outpatient and pharmacy bills of the month's patients that the reader may see. */
export async function beside(
  { fund }: FundDeps,
  { access }: Reader,
  visible: readonly SettledCase[],
  month: string,
  { warnings }: RuleSet,
): Promise<Found[]> {
  const limits = warnings?.around ?? null;
  const own = new Map(
    visible.filter((one) => isOf(month)(one) && !one.isOutside).map((one) => [one.list.stay.id, one]),
  );
  if (limits === null || own.size === 0) return [];
  const stays = [...own.values()].map(({ list }) => ({ ...list, id: list.stay.id }));
  const from = addDays(stays.map(({ admittedOn }) => admittedOn).sort()[0]!, -limits.days);
  const until = addDays(
    stays
      .map(({ dischargedOn }) => dischargedOn)
      .sort()
      .at(-1)!,
    limits.days,
  );
  const people = new Map(stays.map(({ patient }) => [rowKey('Patient', patient) as string, patient]));
  const { rows } = await fund.database.read<{ patient: string; setting: string; day: string; yuan: string }>(
    access.settings,
    sql`select r.patient::text as patient, code.value ->> 'code' as setting,
        left(r.content::jsonb #>> '{billablePeriod,start}', 10) as day,
        total.value #>> '{amount,value}' as yuan
      from resource r, jsonb_array_elements(r.content::jsonb #> '{type,coding}') code,
        jsonb_array_elements(r.content::jsonb -> 'total') total
      where r.type = 'ExplanationOfBenefit' and r.patient = any(${[...people.keys()]}::uuid[]) and not r.deleted
        and ${access.readable('r')} and code.value ->> 'code' in ('outpatient', 'pharmacy')
        and total.value #>> '{category,coding,0,code}' = 'submitted'
        and left(r.content::jsonb #>> '{billablePeriod,start}', 10) between ${from} and ${until}`,
  );
  const bills = rows.flatMap(({ patient, setting, day, yuan }): BesideBill[] =>
    isLocalDate(day)
      ? [
          {
            patient: people.get(patient)!,
            setting,
            on: day,
            amountFen: BigInt(Math.round(Number(yuan) * 100)),
          },
        ]
      : [],
  );
  return about(warnBeside(stays, bills, limits), own);
}
