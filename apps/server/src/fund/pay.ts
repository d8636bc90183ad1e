// Pay on the desk: the board of finance, the preview of a pool, frozen results with their slips, and everyone's own slips.
import type { MyPay, PayAppealRow, PayBoard, PayResult, PayRun, PaySlipSheet } from '@yimai/desk/contract';
import { formatE4 } from '@yimai/fund';
import { chinaDate, formatYuan, must } from '@yimai/kit';
import {
  appealOf,
  type DistributionPlan,
  frozenPay,
  PAY_ENGINE,
  type PayAppeal,
  type PayAsk,
  type PayReport,
  readAsk,
  reportsOf,
  type StoredReport,
} from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { type Body, bad, bodyOf, notFound, notPermitted, textOf } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { sheetBytes } from '../desk/sheet.ts';
import { type FundDeps, houseRef, yuan } from './fund-deps.ts';
import { keepsAnyPay, keepsPay, maySeeSlip } from './pay-access.ts';
import { payDeps, payRulesOf } from './pay-plans.ts';
import { resultOf, slipOf, slipRows, surplusSlip } from './pay-sheets.ts';
import { monthSpan, serviceIncomeOf } from './pay-work.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/pay', async (request): Promise<PayBoard> => {
    const reader = await readerOf(deps, request);
    if (!keepsAnyPay(reader)) throw notPermitted();
    return boardOf(deps, reader);
  });
  app.post('/desk/pay/preview', async (request): Promise<PayResult> => {
    const reader = await readerOf(deps, request);
    return previewOf(deps, reader, bodyOf(request.body));
  });
  app.post('/desk/pay/mine', async (request): Promise<MyPay> => mineOf(deps, await readerOf(deps, request)));
  app.post('/desk/pay/slip', async (request): Promise<PaySlipSheet> => {
    const reader = await readerOf(deps, request);
    return slipOf(await slipBehind(deps, reader, bodyOf(request.body)), LINES_SHOWN);
  });
  app.post('/desk/pay/slip/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const sheet = slipOf(await slipBehind(deps, reader, bodyOf(request.body)), Number.POSITIVE_INFINITY);
    return reply.type(XLSX).send(await sheetBytes('xlsx', `${sheet.month} ${sheet.name}`, slipRows(sheet)));
  });
  app.post('/desk/pay/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const result = await previewOf(deps, reader, bodyOf(request.body));
    const heads = ['人员', '部门', '工分', '金额', '工作记录'];
    const rows = result.people.map((one) => [
      one.name,
      one.department,
      one.points,
      one.share.replaceAll(',', ''),
      String(one.records),
    ]);
    const total = ['合计', '', '', result.sum.replaceAll(',', ''), ''];
    const title = `${result.month} ${result.house.name}`;
    return reply.type(XLSX).send(await sheetBytes('xlsx', title, [heads, ...rows, total]));
  });
}

const LINES_SHOWN = 200;

async function boardOf(deps: FundDeps, reader: Reader): Promise<PayBoard> {
  const { fund } = deps;
  const today = chinaDate(reader.now);
  const [runs, appeals, houses] = await Promise.all([
    reportsOf<PayReport>(fund.database, 'pay', '20'),
    appealsOf(deps),
    fund.shelf.houses(),
  ]);
  const own = runs.filter(({ report }) => keepsPay(reader, report.org));
  const mine = appeals.filter(({ org }) => keepsPay(reader, org));
  return {
    houses: [...houses.values()]
      .filter(({ id, isOutside, isInstitution }) => isInstitution && !isOutside && keepsPay(reader, id))
      .map(({ id }) => houseRef(houses, id)),
    months: Array.from({ length: 14 }, (_, back) => monthBefore(today, back)),
    runs: own
      .map((run) => runRow(run, mine, houses))
      .sort((left, right) => (left.month < right.month ? 1 : -1)),
    appeals: await appealRows(deps, reader, mine),
    rules: must(payRulesOf(today.slice(0, 4))).title,
  };
}

function monthBefore(today: string, back: number): string {
  const months = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 - back;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}

function runRow(
  { report, version, postedAt }: StoredReport<PayReport>,
  appeals: readonly PayAppeal[],
  houses: Parameters<typeof houseRef>[0],
): PayRun {
  const { kind, org, month, slips, poolFen } = report;
  const open = appeals.filter(
    (one) =>
      one.kind === kind && one.org === org && one.month === month && ['open', 'granted'].includes(one.state),
  );
  return {
    kind,
    house: houseRef(houses, org),
    month,
    version,
    people: slips.length,
    pool: yuan(poolFen),
    at: postedAt.toISOString(),
    openAppeals: open.length,
  };
}

/** Appeals as the system sees them; each caller keeps those that its reader may see. */
async function appealsOf({ fund }: FundDeps): Promise<PayAppeal[]> {
  const { rows } = await fund.database.read<{ content: string }>(
    fund.shelf.asSystem().settings,
    sql`select r.content from resource r where r.type = 'Task' and r.engine = ${PAY_ENGINE} and not r.deleted
      order by r.updated_at desc`,
  );
  return rows.flatMap(({ content }) => appealOf(JSON.parse(content)) ?? []);
}

async function appealRows(
  deps: FundDeps,
  reader: Reader,
  appeals: readonly PayAppeal[],
): Promise<PayAppealRow[]> {
  const [houses, names] = await Promise.all([
    deps.fund.shelf.houses(),
    namesOf(
      deps,
      reader,
      appeals.map(({ person }) => person),
    ),
  ]);
  return appeals.map(({ org, person, ...one }) => ({
    ...one,
    house: houseRef(houses, org),
    person: names.get(person) ?? person,
  }));
}

/** The frozen result as it stands; `draft: true` computes anew, to try a correction after an appeal. */
async function previewOf(deps: FundDeps, reader: Reader, body: Body): Promise<PayResult> {
  const { fund } = deps;
  const org = textOf(body, 'org', 64) ?? '';
  if (!keepsPay(reader, org)) throw notPermitted();
  const { draft, ...rest } = body;
  const month = textOf(body, 'month', 7) ?? '';
  const written = textOf(body, 'pool', 30);
  const suggested = written === undefined ? await suggestionOf(deps, String(body['kind']), org, month) : null;
  const pool = written ?? suggested?.pool;
  const ask = must(readAsk({ ...rest, pool: pool ?? '1' }));
  const pays = payDeps(fund, deps.runtime.calendar);
  const standing = await frozenPay(fund.database, ask);
  const isDraft = standing === null || draft === true;
  if (isDraft && pool === undefined)
    throw bad(
      'pool',
      '该月没有上报医务性收入，请填写总额',
      'no service income was reported for the month: write the pool',
    );
  const plan = isDraft ? must(await pays.planPay(ask)) : standing.report;
  const houses = await fund.shelf.houses();
  const people = [...plan.slips.map(({ person }) => person), ...plan.teams.map(({ team }) => team)];
  const names = await namesOf(deps, reader, people);
  return {
    ...resultOf(ask, plan, { houses, names, rules: must(payRulesOf(ask.month.slice(0, 4))) }),
    suggestion: isDraft ? (suggested?.from ?? null) : null,
    frozen: standing && {
      version: standing.version,
      at: standing.postedAt.toISOString(),
      until: must(pays.appealUntil(standing.postedAt)),
      appeal: standing.report.appeal,
    },
    isDraft,
  };
}

async function suggestionOf({ fund }: FundDeps, kind: string, org: string, month: string) {
  if (!/^20\d\d-\d\d$/.test(month)) return null;
  const rules = payRulesOf(month.slice(0, 4));
  const row = rules.ok ? rules.value.pools.find((one) => one.kind === kind) : undefined;
  const income = row && (await serviceIncomeOf(fund, org, monthSpan(month)));
  if (!row || income === null || income === undefined) return null;
  const pool = (income * row.share) / 10_000n;
  if (pool <= 0n) return null;
  const from = { income: yuan(income), share: `${Number(row.share) / 100}%`, source: row.source };
  return { pool: formatYuan(pool), from };
}

export interface SlipBehind {
  readonly report: PayReport;
  readonly person: string;
  readonly version: number;
  readonly at: string;
  readonly name: string;
  readonly houses: Parameters<typeof houseRef>[0];
}

async function slipBehind(deps: FundDeps, reader: Reader, body: Body): Promise<SlipBehind> {
  const { fund } = deps;
  const person = textOf(body, 'person', 100) ?? reader.actor.person;
  const org = textOf(body, 'org', 64) ?? '';
  if (!maySeeSlip(reader, org, person)) throw notPermitted();
  const [names, houses] = await Promise.all([namesOf(deps, reader, [person]), fund.shelf.houses()]);
  const name = names.get(person) ?? person;
  if (body['kind'] === 'surplus') {
    const [shared] = await reportsOf<DistributionPlan>(
      fund.database,
      'distribution',
      textOf(body, 'month', 7) ?? '',
    );
    const report = shared && surplusSlip(shared, person);
    if (!report) throw notFound();
    return { report, person, version: shared.version, at: shared.postedAt.toISOString(), name, houses };
  }
  const ask: PayAsk = must(readAsk({ kind: body['kind'], org, month: body['month'], pool: '1' }));
  const standing = await frozenPay(fund.database, ask);
  if (!standing?.report.slips.some((one) => one.person === person)) throw notFound();
  const { report, version, postedAt } = standing;
  return { report, person, version, at: postedAt.toISOString(), name, houses };
}

async function mineOf(deps: FundDeps, reader: Reader): Promise<MyPay> {
  const { fund } = deps;
  const { person } = reader.actor;
  const [runs, shared, all, houses, names] = await Promise.all([
    reportsOf<PayReport>(fund.database, 'pay', '20'),
    reportsOf<DistributionPlan>(fund.database, 'distribution', '20'),
    appealsOf(deps),
    fund.shelf.houses(),
    namesOf(deps, reader, [person]),
  ]);
  const appeals = all.filter((one) => one.person === person);
  const today = chinaDate(reader.now);
  const pays = payDeps(fund, deps.runtime.calendar);
  const slips = [...runs, ...shared.flatMap((one) => asRun(one, person))].flatMap((run) => {
    const { kind, org, month, slips: all } = run.report;
    const slip = all.find((one) => one.person === person);
    if (slip === undefined) return [];
    const until = must(pays.appealUntil(run.postedAt));
    const isAppealed = appeals.some(
      (one) => one.kind === kind && one.org === org && one.month === month && one.version === run.version,
    );
    const isOpen = (kind as string) !== 'surplus' && !isAppealed && today <= until;
    const { version, postedAt } = run;
    return [
      {
        kind,
        house: houseRef(houses, org),
        month,
        version,
        points: formatE4(slip.points),
        share: yuan(slip.shareFen),
        at: postedAt.toISOString(),
        appealUntil: isOpen ? until : null,
      },
    ];
  });
  slips.sort((left, right) => (left.month < right.month ? 1 : -1));
  const rows = await appealRows(deps, reader, appeals);
  return { name: names.get(person) ?? '', slips, appeals: rows, keeps: keepsAnyPay(reader) };
}

/** The year's distribution as a run of the same shape, for those who share in it. */
function asRun(run: StoredReport<DistributionPlan>, person: string): StoredReport<PayReport>[] {
  const report = surplusSlip(run, person);
  return report === null ? [] : [{ ...run, report }];
}
