// A pool of pay by the record as it is now: what the preview shows is what `pay.freeze` posts.
import {
  loadPayRules,
  type PayPlan,
  type PayRules,
  planMeritPay,
  planPostPay,
  planTeamPay,
  planWorkPay,
} from '@yimai/fund';
import { addDays, chinaDate, type LocalDate, localDate, ok, type Result, refuse } from '@yimai/kit';
import type { PayAsk, PayDeps } from '@yimai/ledger';
import { dateOfDay, dayOfDate, plusWorkingDays, type WorkCalendar } from '@yimai/loops';
import type { FundHouseDoor } from './fund-house.ts';
import { monthSpan, postsOf, REGION, teamStaysOf, workOf } from './pay-work.ts';
import { yearOfFund } from './priced-year.ts';

export const payRulesOf = (year: string): Result<PayRules> => loadPayRules(REGION, year);

export function payDeps(fund: FundHouseDoor, calendar: WorkCalendar): PayDeps {
  return {
    planPay: (ask) => planOf(fund, ask),
    appealUntil(frozenAt) {
      const on = chinaDate(frozenAt);
      const rules = payRulesOf(on.slice(0, 4));
      return rules.ok ? ok(workingDaysAfter(calendar, on, rules.value.appeal)) : rules;
    },
  };
}

/** The day of freezing is not counted; beyond every holiday table Monday to Friday stand for working days. */
function workingDaysAfter(
  calendar: WorkCalendar,
  on: LocalDate,
  { withinWorkingDays, includesEdge }: PayRules['appeal'],
): LocalDate {
  const days = includesEdge ? withinWorkingDays : withinWorkingDays - 1;
  const known = plusWorkingDays(calendar, dayOfDate(on), days);
  if (known !== undefined) return dateOfDay(known);
  let day = on;
  for (let left = days; left > 0; ) {
    day = addDays(day, 1);
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return day;
}

async function planOf(fund: FundHouseDoor, ask: PayAsk): Promise<Result<PayPlan>> {
  const { kind, org, month, poolFen } = ask;
  const rules = payRulesOf(month.slice(0, 4));
  if (!rules.ok) return rules;
  if (!(await fund.houses()).has(org)) {
    const detail = { zh: '没有这个机构', en: 'there is no such organisation' };
    return refuse('house-unknown', detail, { at: 'payload.org' });
  }
  switch (kind) {
    case 'posts':
      return planPostPay(poolFen, await postsOf(fund, org, localDate(`${month}-01`)), rules.value);
    case 'teams':
      return planTeamPay(poolFen, await monthTeams(fund, org, month), rules.value);
    case 'rbrvs':
    case 'merit': {
      const { records, withoutPerson } = await workOf(fund, org, monthSpan(month));
      const plan =
        kind === 'rbrvs'
          ? planWorkPay(poolFen, records, rules.value, ask.deductions)
          : planMeritPay(poolFen, records, ask.scores, rules.value);
      if (!plan.ok || withoutPerson === 0) return plan;
      return ok({ ...plan.value, leftOut: [{ reason: 'record-without-person', count: withoutPerson }] });
    }
  }
}

async function monthTeams(fund: FundHouseDoor, org: string, month: string) {
  const { cases } = await yearOfFund({ fund }, month.slice(0, 4));
  const stays = cases
    .filter(({ list }) => list.dischargedOn.startsWith(month))
    .map(({ list, weight }) => ({
      id: list.stay.id,
      org: list.org,
      on: list.dischargedOn,
      department: list.stay.dept,
      weight,
    }));
  return teamStaysOf(fund.database, fund, stays, org);
}
