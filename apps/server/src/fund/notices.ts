// The public notice (公示) of a distribution: published for the days of the rule set, objected to, run out, then paid.
import { type FundDistribution, type FundNotice, NOTICE_ROLES } from '@yimai/desk/contract';
import { addDays, chinaDate, type LocalDate, must, ok, type Result, refuse } from '@yimai/kit';
import {
  adoptedBudget,
  type DistributionReport,
  type PaymentReport,
  type PublicNotice,
  payable,
  reportsOf,
  type Statements,
} from '@yimai/ledger';
import { SYSTEM } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { CommandHandler } from '@yimai/record';
import { openCase, type RuntimeContext } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { distributionOf } from './clearing.ts';
import { type FundDeps, seesAll, seesFund, settles, yuan } from './fund-deps.ts';
import type { FundHouseDoor } from './fund-house.ts';
import { yearsOf } from './priced-year.ts';

/** What the ledger asks before it pays. */
export async function noticeOf(tx: Statements, year: string, run: string): Promise<PublicNotice> {
  const { rows } = await tx.run<{ ends: LocalDate | null; unsettled: number }>(sql`
    select
      (select data ->> 'ends' from register_entry
        where register = 'settlement-notices' and key = ${run} and to_date is null) as ends,
      (select count(*)::int from register_entry where register = 'settlement-objections' and to_date is null
        and data ->> 'year' = ${year} and data ->> 'state' in ('open', 'upheld')) as unsettled`);
  return { endsOn: rows[0]?.ends ?? null, unsettled: rows[0]?.unsettled ?? 0 };
}

/** `notice.publish`: the latest version of the year's distribution, for the days that the rule set names. */
export function publishCommand(
  fund: FundHouseDoor,
  context: RuntimeContext,
): CommandHandler<{ readonly year: string }> {
  return {
    type: 'notice.publish',
    parse(value) {
      const year = (value as { year?: unknown } | null)?.year;
      if (typeof year === 'string' && /^20\d\d$/.test(year)) return ok({ year });
      return refuse('payload-invalid', { zh: '缺少年度', en: 'the year is missing' }, { at: 'payload.year' });
    },
    async apply(tx, _command, { year }) {
      if (!['insurer-clerk', 'system', 'script'].includes(tx.access.actor.role)) {
        const detail = { zh: '您的岗位不能做这件事', en: 'your role may not do this' };
        return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
      }
      const found = await latestDistribution(tx, year);
      if (!found.ok) return found;
      const { run, version } = found.value;
      const budget = must(await adoptedBudget(tx, year));
      const { days } = must(fund.rulesOf(budget.report.ruleSet)).settlement.publicNotice;
      const answers = { run, year, version, days, ends: addDays(chinaDate(tx.recordedAt), days) };
      return openCase(context, tx, { loop: 'settlement-notice', actor: SYSTEM, answers });
    },
  };
}

async function latestDistribution(tx: Statements, year: string) {
  const [found] = await reportsOf<DistributionReport>(tx, 'distribution', year);
  if (found !== undefined) return ok(found);
  const detail = { zh: '结余尚未分配', en: 'nothing has been distributed' };
  return refuse('not-distributed', detail, { at: 'payload.year' }) as Result<never>;
}

interface NoticeRow {
  readonly run: string;
  readonly version: number;
  readonly starts: string;
  readonly ends: string;
}

interface ObjectionRow {
  readonly case_id: string;
  readonly run: string;
  readonly state: string;
  readonly opened_at: Date;
  readonly title: string;
}

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/notice', async (request): Promise<FundNotice> => {
    const reader = await readerOf(deps, request);
    const { role } = reader.actor;
    if (!seesFund(role) && !NOTICE_ROLES.includes(role)) throw notPermitted();
    const years = await yearsOf(deps);
    const year = textOf(bodyOf(request.body), 'year', 4) ?? years[0]!;
    const { fund } = deps;
    const { database } = fund;
    const today = chinaDate(reader.now);
    const [[distribution], [paid], notices, objections, due, budget] = await Promise.all([
      reportsOf<DistributionReport>(database, 'distribution', year),
      reportsOf<PaymentReport>(database, 'payment', year),
      noticesOf(deps, year),
      objectionsOf(deps, year),
      payable(database, fund, year, today),
      adoptedBudget(database, year),
    ]);
    const ruleSet = budget.ok ? budget.value.report.ruleSet : null;
    return {
      years,
      year,
      today,
      days: ruleSet === null ? null : must(fund.rulesOf(ruleSet)).settlement.publicNotice.days,
      distribution:
        distribution === undefined
          ? null
          : {
              run: distribution.run,
              version: distribution.version,
              at: distribution.postedAt.toISOString(),
              surplus: yuan(distribution.report.surplusFen),
              pool: yuan(distribution.report.poolFen),
              people: distribution.report.pool.shares.length,
            },
      shares:
        distribution === undefined
          ? null
          : published(
              reader,
              notices.some(({ run }) => run === distribution.run),
              await distributionOf(deps, reader, distribution.report),
            ),
      notices: notices.map((one) => ({ ...one, isLatest: one.run === distribution?.run })),
      objections: objections.map(({ case_id, opened_at, title, ...one }) => ({
        case: case_id,
        number: title.split(' ').at(-1) ?? '',
        at: opened_at.toISOString(),
        ...one,
      })),
      paid:
        paid === undefined
          ? null
          : {
              at: paid.postedAt.toISOString(),
              amount: yuan(paid.report.paidFen),
              version: paid.report.version,
            },
      bar: due.ok ? null : (due.refusal.detail ?? { zh: due.refusal.code, en: due.refusal.code }),
      may: { settle: settles(reader), object: OBJECTORS.has(role), clear: seesAll(reader) },
    };
  });
}

/** To staff: what the parties receive once it is published, and of persons the own share alone. */
function published(reader: Reader, isPublished: boolean, shares: FundDistribution): FundDistribution | null {
  if (seesFund(reader.actor.role)) return shares;
  if (!isPublished) return null;
  return { ...shares, people: shares.people.filter(({ person }) => person === reader.actor.person) };
}

/** Those who may open the loop `settlement-objection`. */
const OBJECTORS = new Set([
  'township-director',
  'township-doctor',
  'village-doctor',
  'public-health-worker',
  'hospital-doctor',
  'hospital-nurse',
  'hr-clerk',
  'finance-clerk',
  'coder',
  'consortium-president',
  'consortium-office',
]);

async function noticesOf({ fund }: FundDeps, year: string): Promise<NoticeRow[]> {
  const { rows } = await fund.database.run<NoticeRow>(sql`
    select e.key as run, r.version, e.data ->> 'starts' as starts, e.data ->> 'ends' as ends
    from register_entry e join ledger_run r on r.id::text = e.key
    where e.register = 'settlement-notices' and e.to_date is null and e.data ->> 'year' = ${year}
    order by r.version desc`);
  return rows;
}

async function objectionsOf({ fund }: FundDeps, year: string): Promise<ObjectionRow[]> {
  const { rows } = await fund.database.run<ObjectionRow>(sql`
    select c.id as case_id, e.data ->> 'run' as run, e.data ->> 'state' as state, c.opened_at, c.title
    from register_entry e join loop_case c on c.id = regexp_replace(e.data ->> 'case', '^.*/', '')
    where e.register = 'settlement-objections' and e.to_date is null and e.data ->> 'year' = ${year}
    order by c.opened_at desc, c.id`);
  return rows;
}
