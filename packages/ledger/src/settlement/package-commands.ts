// `package.settle` and `dual-package.settle`: the year of a chronic package by its sources, and heads and stays in one account.
// Both draw on the year's global budget: no money leaves the insurer a second time, the clearing charges what they drew.
import {
  type Consortium,
  type DualPackageResult,
  type PackageCost,
  type PackageResult,
  type Posting,
  settleDualPackage,
  settlePackage,
  transfer,
} from '@yimai/fund';
import { type Fen, localDate, must, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandHandler } from '@yimai/record';
import { GROUP_BOOKS } from '../books.ts';
import type { Statements } from '../types.ts';
import { mustHold, payloadOf, type SettlementDeps, textOf, wrong, YEAR } from './deps.ts';
import type { MonthReport } from './month-command.ts';
import { DUAL, insurancePart, mustFitBudget, PUBLIC_HEALTH } from './packages-drawn.ts';
import { mustNotBePaid } from './pay-command.ts';
import type { AdoptedBudget } from './plan-year.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { reportsOf } from './reports.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';

export type PackageReport = PackageResult & { readonly package: string };
export type DualReport = DualPackageResult & {
  readonly capitationFen: Fen;
  readonly drgFen: Fen;
  readonly outpatientCostFen: Fen;
  readonly inpatientCostFen: Fen;
};

async function rulesOf(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf'>,
  year: string,
): Promise<Result<{ budget: AdoptedBudget; consortium: Consortium }>> {
  const found = await adoptedBudget(tx, year);
  if (!found.ok) return found;
  const budget = found.value.report;
  const { consortium } = must(deps.rulesOf(budget.ruleSet));
  if (consortium !== null) return ok({ budget, consortium });
  const detail = { zh: '该规则集没有打包付费', en: 'this rule set has no packages' };
  return refuse('no-package', detail, { at: 'payload.year' });
}

/** Members and management from the registers, complications as the settled months charged them to the package. */
export function packageCommand(
  deps: SettlementDeps,
): CommandHandler<{ readonly year: string; readonly id: string; readonly correction: boolean }> {
  return {
    type: 'package.settle',
    parse(value) {
      const payload = payloadOf(value, ['year', 'package', 'correction']);
      if (!payload.ok) return payload;
      const year = textOf(payload.value, 'year', YEAR);
      if (!year.ok) return year;
      const id = textOf(payload.value, 'package', /^[A-Za-z0-9\-/]{1,80}$/);
      if (!id.ok) return id;
      return ok({ year: year.value, id: id.value, correction: payload.value['correction'] === true });
    },
    async apply(tx, command, { year, id, correction }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const open = await mustNotBePaid(tx, year);
      if (!open.ok) return open;
      const found = await rulesOf(tx, deps, year);
      if (!found.ok) return found;
      const rule = found.value.consortium.packages.find((one) => one.id === id);
      if (rule === undefined) return wrong('payload.package', '规则集没有这个包', 'there is no such package');
      const { members, management } = await deps.packageOf(tx, id, year);
      if (members.length === 0) {
        const detail = { zh: '该包没有参加人', en: 'the package has no members' };
        return refuse('package-empty', detail, { at: 'payload.package' });
      }
      const costs = [...management, ...(await stayCosts(tx, deps, year, id))];
      const result = settlePackage(rule, members, costs);
      const fits = await mustFitBudget(tx, found.value.budget, id, insurancePart(result));
      if (!fits.ok) return fits;
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'package',
        scope: id,
        postings: packagePostings(year, rule.id, result),
        report: { ...result, package: id } satisfies PackageReport,
        correction,
      });
      if (!receipt.ok) return receipt;
      const { budgetFen, chargedFen, balanceFen } = result;
      const money = { budgetFen, chargedFen, balanceFen };
      return ok({
        ...receipt.value,
        ...Object.fromEntries(Object.entries(money).map(([key, amount]) => [key, `${amount}`])),
        charged: result.charged.length,
        notCharged: result.notCharged.length,
      });
    },
  };
}

/** What the year's settled months and their corrections charged to the package, stay by stay. */
async function stayCosts(
  tx: Statements,
  deps: Pick<SettlementDeps, 'staysOf'>,
  year: string,
  id: string,
): Promise<PackageCost[]> {
  const charged = await chargedStays(tx, year, id);
  if (charged.size === 0) return [];
  const costs: PackageCost[] = [];
  // A correction that this year carries may concern a stay of the year before.
  for (const one of [Number(year) - 1, Number(year)]) {
    for (let month = 1; month <= 12; month += 1) {
      for (const { list } of await deps.staysOf(`${one}-${String(month).padStart(2, '0')}`)) {
        const costFen = charged.get(list.stay.id);
        if (costFen === undefined) continue;
        const [code = ''] = list.stay.dx;
        costs.push({ caseId: list.stay.id, patient: list.patient, code, costFen });
      }
    }
  }
  return costs;
}

async function chargedStays(tx: Statements, year: string, id: string): Promise<ReadonlyMap<string, Fen>> {
  const account = `${GROUP_BOOKS}expense/package`;
  const { rows } = await tx.run<{ case_id: string; amount: string }>(sql`
    select e.case_id, sum(case when e.debit = ${account} then e.amount_fen else -e.amount_fen end)::text as amount
    from ledger_entry e join ledger_run r on r.id = e.run
    where r.kind in ('settlement', 'adjustment') and starts_with(r.period, ${`${year}-`}) and e.rule_row = ${id}
      and e.case_id is not null and ${account} in (e.debit, e.credit)
    group by e.case_id having sum(case when e.debit = ${account} then e.amount_fen else -e.amount_fen end) <> 0`);
  return new Map(rows.map(({ case_id, amount }) => [case_id, BigInt(amount)]));
}

/** Each source gives its share of the price; what was charged is earned; what is left is kept, what is missing borne. */
function packagePostings(year: string, row: string, result: PackageResult): readonly Posting[] {
  const make = (
    key: string,
    source: 'insurance' | 'public-health',
    accounts: readonly [debit: string, credit: string],
    amountFen: Fen,
    words: { readonly caseId?: string; readonly zh: string; readonly en: string },
  ) =>
    transfer(
      {
        key: `${year}/${row}/${key}`,
        kind: 'package',
        source,
        purpose: 'chronic-package',
        period: year,
        on: localDate(`${year}-12-31`),
        caseId: words.caseId ?? null,
        row,
        text: { zh: words.zh, en: words.en },
      },
      accounts[0],
      accounts[1],
      amountFen,
    );
  const advance = `${GROUP_BOOKS}advance/${row}`;
  const income = `${GROUP_BOOKS}income/package`;
  const given = Object.entries(result.bySource).flatMap(([name, amountFen]) => {
    if (name !== PUBLIC_HEALTH) {
      const drawn = { zh: `打包费用由年度总额列支：${name}`, en: `package drawn from the budget: ${name}` };
      return [
        make(`drawn/${name}`, 'insurance', [`${GROUP_BOOKS}advance/insurer`, advance], amountFen, drawn),
      ];
    }
    const paid = { zh: `打包预付：${name}`, en: `package prepaid: ${name}` };
    return [
      make(`given/${name}`, name, [`expense/${row}`, `bank/${name}`], amountFen, paid),
      make(`received/${name}`, name, [`${GROUP_BOOKS}bank/${name}`, advance], amountFen, paid),
    ];
  });
  const earned = result.charged.map(({ caseId, costFen }) =>
    make(`charged/${caseId}`, 'insurance', [advance, income], costFen, {
      caseId,
      zh: '打包费用',
      en: 'charged to the package',
    }),
  );
  const { balanceFen } = result;
  const kept = { zh: '打包结余留用', en: 'left of the package, kept' };
  const borne = { zh: '打包超支自担', en: 'overrun of the package, borne by the group' };
  const cleared =
    balanceFen >= 0n
      ? make('kept', 'insurance', [advance, `${GROUP_BOOKS}surplus/${row}`], balanceFen, kept)
      : make('borne', 'insurance', [income, advance], -balanceFen, borne);
  return [...given, ...earned, cleared].filter((made) => made !== null);
}

interface DualPayload {
  readonly year: string;
  readonly memberMonths: bigint;
  readonly perHeadFen: Fen;
  readonly outpatientCostFen: Fen;
  readonly correction: boolean;
}

/** Heads by member months, so that who leaves in mid-year is paid for pro rata; stays as the settled months paid them. */
export function dualCommand(deps: SettlementDeps): CommandHandler<DualPayload> {
  return {
    type: 'dual-package.settle',
    parse: readDual,
    async apply(tx, command, { year, memberMonths, perHeadFen, outpatientCostFen, correction }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const open = await mustNotBePaid(tx, year);
      if (!open.ok) return open;
      const found = await rulesOf(tx, deps, year);
      if (!found.ok) return found;
      const settled = await reportsOf<MonthReport>(tx, 'settlement', `${year}-`);
      if (settled.length === 0) {
        const detail = { zh: `${year} 年还没有月度预结算`, en: `no month of ${year} has been settled` };
        return refuse('no-month-settled', detail, { at: 'payload.year' });
      }
      const statements = settled.flatMap(({ report }) => report.statements).filter((one) => !one.isOutside);
      const account = {
        capitationFen: (perHeadFen * memberMonths + 6n) / 12n,
        // Stays of chronic packages are in those packages' accounts.
        drgFen: statements.reduce((sum, one) => sum + one.payFen - (one.packageCostFen ?? 0n), 0n),
        outpatientCostFen,
        inpatientCostFen: statements.reduce((sum, one) => sum + one.costFen - (one.packageCostFen ?? 0n), 0n),
      };
      const fits = await mustFitBudget(tx, found.value.budget, DUAL, account.capitationFen);
      if (!fits.ok) return fits;
      const result = settleDualPackage(account, found.value.consortium);
      const { id } = found.value.consortium.staffPool;
      const postings = dualPostings(year, id, account.capitationFen, result);
      const report: DualReport = { ...account, ...result };
      const scope = found.value.budget.payee;
      const run = { period: year, kind: 'dual-package', scope, postings, report, correction } as const;
      const receipt = await postWithReport(tx, command, run);
      if (!receipt.ok) return receipt;
      const money = Object.entries(report).map(([key, amount]) => [key, `${amount}`]);
      return ok({ ...receipt.value, ...Object.fromEntries(money) });
    },
  };
}

/** The stays were paid with their months: what is new is the amount per head, out of the instalments, and the pool. */
function dualPostings(year: string, row: string, capitationFen: Fen, result: DualPackageResult) {
  const make = (key: string, debit: string, credit: string, amountFen: Fen, zh: string, en: string) =>
    transfer(
      {
        key: `${year}/dual/${key}`,
        kind: 'dual-package',
        source: 'insurance',
        purpose: 'dual-package',
        period: year,
        on: localDate(`${year}-12-31`),
        caseId: null,
        row,
        text: { zh, en },
      },
      debit,
      credit,
      amountFen,
    );
  const perHead = [
    capitationFen,
    '双打包：按人头，由年度总额列支',
    'dual package: per head, from the budget',
  ] as const;
  return [
    make('per-head', `${GROUP_BOOKS}advance/insurer`, `${GROUP_BOOKS}income/dual-package`, ...perHead),
    make(
      'pool',
      `${GROUP_BOOKS}expense/dual-package-pool`,
      // Until the year's distribution shares it with the pool of the surplus.
      `${GROUP_BOOKS}surplus/${DUAL}`,
      result.incentivePoolFen,
      '双打包结余激励池',
      'pool of the dual package',
    ),
  ].filter((made) => made !== null);
}

function readDual(value: unknown): Result<DualPayload> {
  const payload = payloadOf(value, ['year', 'memberMonths', 'perHead', 'outpatientCost', 'correction']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const { memberMonths, perHead, outpatientCost, correction } = payload.value;
  if (!Number.isSafeInteger(memberMonths) || (memberMonths as number) < 0)
    return wrong('payload.memberMonths', '应为人月数', 'expected member months');
  const [head, outpatient] = [perHead, outpatientCost].map((one) =>
    typeof one === 'string' ? parseYuan(one) : null,
  );
  if (!head?.ok || head.value < 0n)
    return wrong('payload.perHead', '应为金额（元）', 'expected an amount in yuan');
  if (!outpatient?.ok || outpatient.value < 0n)
    return wrong('payload.outpatientCost', '应为金额（元）', 'expected an amount in yuan');
  return ok({
    year: year.value,
    memberMonths: BigInt(memberMonths as number),
    perHeadFen: head.value,
    outpatientCostFen: outpatient.value,
    correction: correction === true,
  });
}
