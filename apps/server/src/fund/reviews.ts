// Special-case review (特例单议) in the house: what was granted, who may still apply, and the application itself.
import type { FundReview, FundReviewList } from '@yimai/desk/contract';
import { rowKey } from '@yimai/fhir';
import { ONE, type ReviewDecision, type RuleSet } from '@yimai/fund';
import {
  addDays,
  chinaDate,
  daysBetween,
  type LocalDate,
  must,
  ok,
  parseYuan,
  type Refusal,
  type Result,
  refuse,
} from '@yimai/kit';
import type { Reviews, SettledCase } from '@yimai/ledger';
import { SYSTEM } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import type { CommandHandler } from '@yimai/record';
import { openCase, type RuntimeContext } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { type FundDeps, houseRef, monthOf, seesCases, settles, yuan } from './fund-deps.ts';
import type { FundHouseDoor } from './fund-house.ts';
import { yearOfFund, yearsOf } from './priced-year.ts';

const APPLICANTS = ['coder', 'finance-clerk'];
const REASONS = ['long-stay', 'high-cost', 'new-technology', 'complex'] as const;

interface DecisionRow {
  readonly stay: string;
  readonly decision: string;
  readonly amount: number | null;
  readonly number: string;
}

/** What the reviews have granted, by list; the price is that of the rule set. */
export async function grantedReviews(database: Database): Promise<Reviews> {
  const { rows } = await database.run<DecisionRow>(sql`
    select e.data ->> 'stay' as stay, e.data ->> 'decision' as decision, (e.data ->> 'amount')::float8 as amount,
      coalesce(c.title, e.id) as number
    from register_entry e left join loop_case c on c.id = regexp_replace(e.data ->> 'case', '^.*/', '')
    where e.register = 'special-case-decisions' and e.to_date is null`);
  return new Map(
    rows.map(({ stay, decision, amount, number }): [string, ReviewDecision] => {
      const payFen = must(parseYuan((amount ?? 0).toFixed(2)));
      const review = numberOf(number);
      return [stay, decision === 'amount' ? { kind: 'amount', review, payFen } : { kind: 'by-item', review }];
    }),
  );
}

/** The number of a case stands at the end of its title. */
const numberOf = (title: string): string => title.split(' ').at(-1) ?? title;

interface ApplicationRow {
  readonly case_id: string;
  readonly stay: string;
  readonly house: string;
  readonly month: string;
  readonly result: string;
  readonly opened_at: Date;
  readonly title: string;
  readonly state: string;
  readonly due_at: Date | null;
}

async function applicationsOf(database: Database, year: string): Promise<ApplicationRow[]> {
  const { rows } = await database.run<ApplicationRow>(sql`
    select c.id as case_id, e.data ->> 'stay' as stay, e.data ->> 'house' as house, e.data ->> 'month' as month,
      e.data ->> 'state' as result, c.opened_at, c.title, s.state, s.due_at
    from register_entry e
    join loop_case c on c.id = regexp_replace(e.data ->> 'case', '^.*/', '')
    left join lateral (select state, case when until_at is null then due_at end as due_at from loop_stay
      where case_id = c.id order by entry desc limit 1) s on true
    where e.register = 'special-case-applications' and e.to_date is null
      and starts_with(e.data ->> 'month', ${year}) order by c.opened_at desc, c.id`);
  return rows;
}

interface Quota {
  readonly stays: number;
  readonly allowed: number;
  readonly used: number;
}

/** At most the share of the rule set of the house's stays under DRG in the year; refused applications do not count. */
function quotaOf(
  rules: RuleSet,
  cases: readonly SettledCase[],
  applications: readonly ApplicationRow[],
  house: string,
): Quota {
  const own = cases.filter((one) => one.list.org === house && !one.isOutside && one.kind !== 'bed-day');
  const { atMost } = rules.settlement.specialReviewCap;
  const used = applications.filter(
    (one) => one.house === `Organization/${house}` && one.result !== 'refused',
  ).length;
  return { stays: own.length, allowed: Number((BigInt(own.length) * atMost) / ONE), used };
}

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/reviews', async (request): Promise<FundReviewList> => {
    const reader = await readerOf(deps, request);
    if (!seesCases(reader)) throw notPermitted();
    const years = await yearsOf(deps);
    const year = textOf(bodyOf(request.body), 'year', 4) ?? years[0]!;
    return listOf(deps, reader, year, years);
  });
}

async function listOf(
  deps: FundDeps,
  reader: Reader,
  year: string,
  years: readonly string[],
): Promise<FundReviewList> {
  const { fund } = deps;
  const [{ rules, cases }, applications, granted, houses, stays] = await Promise.all([
    yearOfFund(deps, year),
    applicationsOf(fund.database, year),
    fund.reviews(),
    fund.shelf.houses(),
    fund.shelf.stays(reader.access),
  ]);
  const visible = new Set(stays.map(({ list }) => list.stay.id));
  const byId = new Map(cases.map((one) => [one.list.stay.id, one]));
  const own = applications.filter(({ stay }) => visible.has(stay));
  const { withinDays, share } = rules.settlement.specialReview;
  const orgs = [...new Set(cases.filter((one) => !one.isOutside).map(({ list }) => list.org))].sort();
  const shown = settles(reader) ? orgs : orgs.filter((org) => org === reader.org);
  return {
    years,
    year,
    withinDays: Number(withinDays.value / ONE),
    share: `${Number(share) / 100}`,
    items: own.map((one): FundReview => {
      const decision = granted.get(one.stay);
      const settled = byId.get(one.stay);
      return {
        case: one.case_id,
        number: numberOf(one.title),
        stay: one.stay,
        house: houseRef(houses, one.house.replace('Organization/', '')),
        month: one.month,
        state: one.result === 'open' ? one.state : one.result,
        result: one.result,
        appliedAt: one.opened_at.toISOString(),
        dueAt: one.due_at?.toISOString() ?? null,
        cost: settled === undefined ? null : yuan(settled.list.costFen),
        pay: settled === undefined ? null : yuan(settled.payFen),
        decision: decision?.kind ?? null,
      };
    }),
    quotas: shown.map((org) => ({
      house: houseRef(houses, org),
      ...quotaOf(rules, cases, applications, org),
    })),
    may: { apply: APPLICANTS.includes(reader.actor.role), decide: settles(reader) },
  };
}

interface Application {
  readonly stay: string;
  readonly reason: string;
  readonly grounds: string;
}

/** `special-case.apply`: a house applies for its own stay, within the window and the quota of the rule set. */
export function applyCommand(fund: FundHouseDoor, context: RuntimeContext): CommandHandler<Application> {
  return {
    type: 'special-case.apply',
    parse: readApplication,
    async apply(tx, _command, { stay, reason, grounds }) {
      const { actor } = tx.access;
      if (![...APPLICANTS, 'system', 'script'].includes(actor.role))
        return no('role-not-allowed', 'actingAs.role', '您的岗位不能做这件事', 'your role may not do this');
      // Two applications of one house queue here: the second finds the first in its quota.
      await tx.nextNumber('special-case.apply');
      const today = chinaDate(tx.recordedAt);
      const found = (await fund.shelf.stays(fund.shelf.asSystem())).find(({ list }) => list.stay.id === stay);
      const isOwn =
        found !== undefined &&
        (actor.role === 'script' || actor.orgs.includes(rowKey('Organization', found.list.org)));
      if (!isOwn)
        return no('stay-unknown', 'payload.stay', '没有本单位的这次住院', 'no such stay of your house');
      const year = found.list.dischargedOn.slice(0, 4);
      const { rules, cases } = await yearOfFund({ fund }, year);
      const one = cases.find(({ list }) => list.stay.id === stay);
      if (one === undefined || one.isOutside || one.kind === 'bed-day')
        return no('not-under-drg', 'payload.stay', '该病例不按病组付费', 'the stay is not paid by its group');
      const inTime = within(found.list.dischargedOn, today, rules);
      if (!inTime.ok) return inTime;
      const applications = await applicationsOf(fund.database, year);
      const { allowed, used } = quotaOf(rules, cases, applications, found.list.org);
      const isRepeat = applications.some((each) => each.stay === stay);
      if (!isRepeat && used >= allowed)
        return no(
          'review-quota-used-up',
          'payload.stay',
          `本年可申请 ${allowed} 例，已申请 ${used} 例`,
          `${allowed} applications are allowed this year, ${used} were made`,
          rules.settlement.specialReviewCap.id,
        );
      const answers = {
        stay,
        house: `Organization/${found.list.org}`,
        month: monthOf(one),
        reason,
        grounds,
        cost: Number(one.list.costFen) / 100,
        pay: Number(one.payFen) / 100,
      };
      return openCase(context, tx, { loop: 'special-case-review', actor: SYSTEM, answers });
    },
  };
}

/** The day of discharge is not counted, the last day is (民法典 201), unless the rule set excludes its edge. */
function within(dischargedOn: LocalDate, today: LocalDate, rules: RuleSet): Result<null> {
  const { withinDays, id } = rules.settlement.specialReview;
  const days = Number(withinDays.value / ONE) - (withinDays.includesEdge ? 0 : 1);
  const last = addDays(dischargedOn, days);
  if (daysBetween(today, last) >= 0) return ok(null);
  return no(
    'application-late',
    'payload.stay',
    `申请期限到 ${last} 止`,
    `applications were open to ${last}`,
    id,
  );
}

function no(code: string, at: string, zh: string, en: string, rule?: string) {
  const more: Partial<Pick<Refusal, 'rule'>> = rule === undefined ? {} : { rule };
  return refuse(code, { zh, en }, { at, ...more });
}

function readApplication(value: unknown): Result<Application> {
  const { stay, reason, grounds } = (value ?? {}) as Partial<Record<keyof Application, unknown>>;
  if (typeof stay !== 'string' || stay === '' || stay.length > 100)
    return no('payload-invalid', 'payload.stay', '缺少结算清单号', 'the list is missing');
  if (typeof reason !== 'string' || !REASONS.some((one) => one === reason))
    return no('payload-invalid', 'payload.reason', '请选择申请理由', 'choose a ground');
  if (typeof grounds !== 'string' || grounds.trim() === '' || grounds.length > 2_000)
    return no('payload-invalid', 'payload.grounds', '请填写说明', 'the statement is missing');
  return ok({ stay, reason, grounds: grounds.trim() });
}
