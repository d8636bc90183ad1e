// `prepayment.pay` (预付金): some months of what the year before was due, to each house; the clearing sets it off.
import { account, prepaymentOf, transfer } from '@yimai/fund';
import { type Fen, formatYuan, localDate, must, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import type { Statements } from '../types.ts';
import { mustHold, NAME, payloadOf, type SettlementDeps, textOf, wrong, YEAR } from './deps.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { reportsOf } from './reports.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';
import type { YearReport } from './year-commands.ts';

export interface PrepaymentReport {
  readonly year: string;
  readonly houses: readonly { readonly org: string; readonly lastYearFen: Fen; readonly amountFen: Fen }[];
}

export interface PrepaymentPayload {
  readonly year: string;
  /** What houses were due last year, where that year was not cleared here; else the clearing says it. */
  readonly lastYear: ReadonlyMap<string, Fen>;
  readonly correction: boolean;
}

export function prepaymentCommand(deps: SettlementDeps): CommandHandler<PrepaymentPayload> {
  return {
    type: 'prepayment.pay',
    parse: readPrepayment,
    async apply(tx, command, { year, lastYear, correction }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const planned = await prepaymentPlan(tx, deps, { year, lastYear });
      if (!planned.ok) return planned;
      const { houses, sumFen, budgetFen, payee, row } = planned.value;
      if (sumFen > budgetFen) return beyond(sumFen, budgetFen);
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'prepayment',
        scope: payee,
        postings: houses.flatMap(({ org, amountFen }) => posting(year, org, amountFen, row) ?? []),
        report: { year, houses } satisfies PrepaymentReport,
        correction,
      });
      return receipt.ok ? ok({ ...receipt.value, houses: houses.length, paidFen: `${sumFen}` }) : receipt;
    },
  };
}

export interface PrepaymentPlan {
  readonly houses: PrepaymentReport['houses'];
  readonly sumFen: Fen;
  readonly budgetFen: Fen;
  readonly payee: string;
  /** The row of the rule set that says how many months. */
  readonly row: string;
}

/** What each house would be prepaid; refused where the year is not prepaid at all or nobody said what last year was due. */
export async function prepaymentPlan(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf' | 'houses'>,
  { year, lastYear }: Pick<PrepaymentPayload, 'year' | 'lastYear'>,
): Promise<Result<PrepaymentPlan>> {
  const budget = await adoptedBudget(tx, year);
  if (!budget.ok) return budget;
  const { ruleSet, payee, budgetFen } = budget.value.report;
  const rules = must(deps.rulesOf(ruleSet));
  if (rules.consortium !== null)
    return no('paid-by-instalments', '总额已按月预拨', 'the budget is paid by instalments');
  if ((await reportsOf<YearReport>(tx, 'clearing', year)).length > 0)
    return no('already-cleared', '本年已清算', 'the year has been cleared');
  const basis = await basisOf(tx, deps, year, lastYear);
  if (!basis.ok) return basis;
  const houses = [...basis.value]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([org, lastYearFen]) => ({ org, lastYearFen, amountFen: prepaymentOf(lastYearFen, rules) }));
  const sumFen = houses.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return ok({ houses, sumFen, budgetFen, payee, row: rules.prepayment.id });
}

function beyond(sumFen: Fen, budgetFen: Fen) {
  const [sum, most] = [sumFen, budgetFen].map(formatYuan);
  const zh = `预付 ${sum} 元超过预算 ${most} 元`;
  return no('budget-exceeded', zh, `${sum} is more than the budget of ${most}`);
}

const no = (code: string, zh: string, en: string) =>
  refuse(code, { zh, en }, { at: 'payload.year', rule: 'L20' });

function posting(year: string, org: string, amountFen: Fen, row: string) {
  return transfer(
    {
      key: `${year}/1/prepayment/${org}`,
      kind: 'prepayment',
      source: 'insurance',
      purpose: 'inpatient',
      period: year,
      on: localDate(`${year}-01-01`),
      caseId: null,
      row,
      text: { zh: `${org} 预付金`, en: `prepayment to ${org}` },
    },
    account.prepaid(org),
    account.bank('insurance'),
    amountFen,
  );
}

/** Houses and what they were due the year before: from its clearing, else as written. */
async function basisOf(
  tx: Statements,
  deps: Pick<SettlementDeps, 'houses'>,
  year: string,
  written: ReadonlyMap<string, Fen>,
): Promise<Result<ReadonlyMap<string, Fen>>> {
  const [before] = await reportsOf<YearReport>(tx, 'clearing', `${Number(year) - 1}`);
  if (before !== undefined) return ok(new Map(before.report.houses.map(({ org, dueFen }) => [org, dueFen])));
  if (written.size === 0)
    return no(
      'last-year-unknown',
      '上年未在此清算，须写明各机构上年应付',
      'say what each house was due last year',
    );
  const known = await deps.houses();
  const stranger = [...written.keys()].find((org) => !known.has(org));
  if (stranger === undefined) return ok(written);
  return wrong(`payload.lastYear.${stranger}`, '没有这个机构', 'there is no such house');
}

/** The payload of the command, and what a preview is asked with. */
export function readPrepayment(value: unknown): Result<PrepaymentPayload> {
  const payload = payloadOf(value, ['year', 'lastYear', 'correction']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const { lastYear = {}, correction } = payload.value;
  if (typeof lastYear !== 'object' || lastYear === null)
    return wrong('payload.lastYear', '应为对象', 'expected an object');
  const read = new Map<string, Fen>();
  for (const [org, text] of Object.entries(lastYear)) {
    const amount = NAME.test(org) && typeof text === 'string' ? parseYuan(text) : null;
    if (amount === null || !amount.ok || amount.value < 0n)
      return wrong(`payload.lastYear.${org.slice(0, 64)}`, '应为金额（元）', 'expected an amount in yuan');
    read.set(org, amount.value);
  }
  return ok({ year: year.value, lastYear: read, correction: correction === true });
}

/** Prepayments of a year by house. */
export async function prepaymentsOf(tx: Statements, year: string): Promise<ReadonlyMap<string, Fen>> {
  const [paid] = await reportsOf<PrepaymentReport>(tx, 'prepayment', year);
  return new Map((paid?.report.houses ?? []).map(({ org, amountFen }) => [org, amountFen]));
}
