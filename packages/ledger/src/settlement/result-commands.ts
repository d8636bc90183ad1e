// `prepaid-fund.open` and `result.pay`: money paid in advance for RED and MES, drawn case by case on agreement and evidence.
import {
  account,
  balanceOf,
  type Consortium,
  drawOnResult,
  drawPostings,
  larger,
  type PrepaidFund,
  type ResultClaim,
  transfer,
} from '@yimai/fund';
import { chinaDate, type Fen, must, ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import type { Statements } from '../types.ts';
import { mustHold, NAME, payloadOf, type SettlementDeps, textOf, wrong, YEAR } from './deps.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { carriedTo } from './prepaid-closing.ts';
import {
  type DrawReport,
  mustBeOpenYear,
  nothingPrepaid,
  type PrepaidReport,
  prepaidFund,
} from './prepaid-year.ts';
import { reportsOf } from './reports.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';

async function consortiumOf(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf'>,
  year: string,
): Promise<Result<Consortium>> {
  const budget = await adoptedBudget(tx, year);
  if (!budget.ok) return budget;
  const { consortium } = must(deps.rulesOf(budget.value.report.ruleSet));
  if (consortium !== null) return ok(consortium);
  const detail = { zh: '该规则集没有按结果付费', en: 'this rule set pays nothing on result' };
  return refuse('no-result-payment', detail, { at: 'payload.year' });
}

export function openFundCommand(
  deps: SettlementDeps,
): CommandHandler<{ readonly year: string; readonly org: string }> {
  return {
    type: 'prepaid-fund.open',
    parse(value) {
      const payload = payloadOf(value, ['year', 'org']);
      if (!payload.ok) return payload;
      const year = textOf(payload.value, 'year', YEAR);
      if (!year.ok) return year;
      const org = textOf(payload.value, 'org', NAME);
      return org.ok ? ok({ year: year.value, org: org.value }) : org;
    },
    async apply(tx, command, { year, org }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const rules = await consortiumOf(tx, deps, year);
      if (!rules.ok) return rules;
      if (!(await deps.houses()).has(org))
        return wrong('payload.org', '没有这个机构', 'there is no such house');
      const [there] = await reportsOf<PrepaidReport>(tx, 'prepaid-fund', year);
      if (there !== undefined && there.report.org !== org) {
        const detail = { zh: '本年预付资金已拨付', en: 'this year has been prepaid' };
        return refuse('already-prepaid', detail, { at: 'payload.org' });
      }
      const carried = await carriedTo(tx, year, org);
      if (!carried.ok) return carried;
      const { id } = rules.value.prepaidFund;
      const carriedFen = carried.value;
      // What was carried over is there already: the insurer adds what is missing to the year's amount.
      const addedFen = larger(rules.value.prepaidFund.openingFen - carriedFen, 0n);
      const openingFen = carriedFen + addedFen;
      // Dated as first posted, so that a repeat on another day says the same.
      const on = there?.report.on ?? chinaDate(tx.recordedAt);
      const opening = transfer(
        {
          key: `${year}/prepaid/${org}`,
          kind: 'prepayment',
          source: 'insurance',
          purpose: 'red-mes',
          period: year,
          on,
          caseId: null,
          row: id,
          text: { zh: 'RED/MES 预付资金', en: 'prepaid for RED and MES' },
        },
        account.prepaid(org),
        account.bank('insurance'),
        addedFen,
      );
      const report: PrepaidReport = { org, openingFen, ...(carriedFen > 0n ? { carriedFen } : {}), on };
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'prepaid-fund',
        scope: org,
        postings: opening === null ? [] : [opening],
        report,
        correction: false,
      });
      return receipt.ok ? ok({ ...receipt.value, openingFen: `${openingFen}` }) : receipt;
    },
  };
}

/** What a claim draws, or why it draws nothing; what another year has paid for is not paid again. */
async function drawOf(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf'>,
  year: string,
  claim: ResultClaim,
): Promise<Result<{ readonly fund: PrepaidFund; readonly amountFen: Fen }>> {
  const rules = await consortiumOf(tx, deps, year);
  if (!rules.ok) return rules;
  const prepaid = await prepaidFund(tx, year);
  if (prepaid === null || prepaid.org !== claim.org) return nothingPrepaid();
  const drawn = drawOnResult(prepaid.fund, claim, rules.value);
  if (!drawn.ok) return drawn;
  return ok({ fund: drawn.value, amountFen: drawn.value.draws.at(-1)!.amountFen });
}

export function payResultCommand(
  deps: SettlementDeps,
): CommandHandler<{ readonly year: string; readonly claim: string }> {
  return {
    type: 'result.pay',
    parse(value) {
      const payload = payloadOf(value, ['year', 'claim']);
      if (!payload.ok) return payload;
      const year = textOf(payload.value, 'year', YEAR);
      if (!year.ok) return year;
      const claim = textOf(payload.value, 'claim', /^[A-Za-z0-9\-./|]{1,200}$/);
      return claim.ok ? ok({ year: year.value, claim: claim.value }) : claim;
    },
    async apply(tx, command, { year, claim: key }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const open = await mustBeOpenYear(tx, year);
      if (!open.ok) return open;
      const found = await deps.resultClaimOf(tx, key);
      if (found === null) {
        const detail = { zh: '没有这项结果', en: 'there is no such result' };
        return refuse('claim-unknown', detail, { at: 'payload.claim' });
      }
      const claim: ResultClaim = { ...found, on: chinaDate(tx.recordedAt) };
      const drawn = await drawOf(tx, deps, year, claim);
      if (!drawn.ok) return drawn;
      const { fund, amountFen } = drawn.value;
      const report: DrawReport = { claim, amountFen };
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'result-payment',
        scope: key,
        postings: drawPostings({ ...fund, draws: fund.draws.slice(-1) }, year),
        report,
        correction: false,
      });
      if (!receipt.ok) return receipt;
      return ok({ ...receipt.value, amountFen: `${amountFen}`, balanceFen: `${balanceOf(fund)}` });
    },
  };
}
