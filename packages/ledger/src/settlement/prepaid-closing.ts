// `prepaid-fund.refund` and `prepaid-fund.close`: what was drawn wrongly comes back into the fund; at the year's end what is left is
// given back to the insurer or carried over to the next year, and nothing is drawn from the closed year any more.
import { account, balanceOf, drawRefund, refundedOf, reportOf, transfer } from '@yimai/fund';
import { chinaDate, type Fen, formatYuan, localDate, ok, parseYuan, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import { mustHold, payloadOf, textOf, wrong, YEAR } from './deps.ts';
import { holdPeriod, postWithReport } from './post.ts';
import {
  type ClosingReport,
  closingOf,
  type DrawReport,
  mustBeOpenYear,
  nothingPrepaid,
  type PrepaidReport,
  prepaidFund,
  type RefundReport,
} from './prepaid-year.ts';
import { reportsOf } from './reports.ts';
import { SETTLERS } from './settle-commands.ts';

interface RefundPayload {
  readonly year: string;
  readonly claim: string;
  /** Null for the whole draw. */
  readonly amountFen: Fen | null;
  readonly reason: string;
}

export function refundCommand(): CommandHandler<RefundPayload> {
  return {
    type: 'prepaid-fund.refund',
    parse: readRefund,
    async apply(tx, command, { year, claim: key, amountFen, reason }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const open = await mustBeOpenYear(tx, year);
      if (!open.ok) return open;
      const draws = await reportsOf<DrawReport>(tx, 'result-payment', year);
      const draw = draws.find(({ scope }) => scope === key)?.report;
      const prepaid = await prepaidFund(tx, year);
      if (draw === undefined || prepaid === null) {
        const detail = { zh: '本年没有这笔支付', en: 'the year has no such payment' };
        return refuse('draw-unknown', detail, { at: 'payload.claim', rule: 'F10' });
      }
      const [before] = (await reportsOf<RefundReport>(tx, 'result-refund', year)).filter(
        ({ scope }) => scope === key,
      );
      const refunded = before?.report.amountFen ?? 0n;
      const checked = drawRefund(draw, refunded, amountFen ?? draw.amountFen);
      if (!checked.ok) return checked;
      const { claim } = draw;
      const on = chinaDate(tx.recordedAt);
      const posting = transfer(
        {
          key: `${year}/refund/${claim.kind}/${claim.caseId}/${claim.row}`,
          kind: `${claim.kind}-refund`,
          source: 'insurance',
          purpose: claim.kind,
          period: year,
          on,
          caseId: claim.caseId,
          row: claim.row,
          text: { zh: `按结果付费退回：${reason}`, en: `paid on result, given back: ${reason}` },
        },
        account.prepaid(claim.org),
        account.expense(claim.kind),
        checked.value,
      );
      const report: RefundReport = { claim: key, amountFen: checked.value, reason, on };
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'result-refund',
        scope: key,
        postings: posting === null ? [] : [posting],
        report,
        correction: false,
      });
      if (!receipt.ok) return receipt;
      const balanceFen = balanceOf(prepaid.fund) + checked.value;
      return ok({ ...receipt.value, amountFen: `${checked.value}`, balanceFen: `${balanceFen}` });
    },
  };
}

function readRefund(value: unknown): Result<RefundPayload> {
  const payload = payloadOf(value, ['year', 'claim', 'amount', 'reason']);
  if (!payload.ok) return payload;
  const year = textOf(payload.value, 'year', YEAR);
  if (!year.ok) return year;
  const claim = textOf(payload.value, 'claim', /^[A-Za-z0-9\-./|]{1,200}$/);
  if (!claim.ok) return claim;
  const reason = textOf(payload.value, 'reason', /^\S.{1,199}$/u);
  if (!reason.ok) return reason;
  const { amount } = payload.value;
  const fen = typeof amount === 'string' ? parseYuan(amount) : ok(null);
  if (!fen.ok) return wrong('payload.amount', '应为金额（元）', 'expected an amount in yuan');
  return ok({ year: year.value, claim: claim.value, reason: reason.value, amountFen: fen.value });
}

interface ClosePayload {
  readonly year: string;
  readonly carry: boolean;
}

export function closeFundCommand(): CommandHandler<ClosePayload> {
  return {
    type: 'prepaid-fund.close',
    parse(value) {
      const payload = payloadOf(value, ['year', 'carry']);
      if (!payload.ok) return payload;
      const year = textOf(payload.value, 'year', YEAR);
      if (!year.ok) return year;
      const { carry } = payload.value;
      if (typeof carry !== 'boolean')
        return wrong('payload.carry', '应写明结转或退回', 'say whether it is carried over or given back');
      return ok({ year: year.value, carry });
    },
    async apply(tx, command, { year, carry }) {
      const allowed = mustHold(tx, SETTLERS);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      if (chinaDate(tx.recordedAt) < localDate(`${year}-12-01`)) {
        const detail = { zh: '年末（12 月起）方可结清', en: 'a year is closed from December on' };
        return refuse('year-running', detail, { at: 'payload.year', rule: 'F10' });
      }
      const prepaid = await prepaidFund(tx, year);
      if (prepaid === null) return nothingPrepaid();
      const next = `${Number(year) + 1}`;
      const [opened] = await reportsOf<PrepaidReport>(tx, 'prepaid-fund', next);
      const there = await closingOf(tx, year);
      if (carry && opened !== undefined && there === null) {
        const detail = {
          zh: `${next} 年已另行预付，余额只能退回`,
          en: `${next} was prepaid already: give it back`,
        };
        return refuse('next-year-open', detail, { at: 'payload.carry', rule: 'F10' });
      }
      const { org } = prepaid;
      const leftFen = balanceOf(prepaid.fund);
      const { redFen, mesFen } = reportOf(prepaid.fund);
      const report: ClosingReport = {
        org,
        redFen,
        mesFen,
        refundsFen: refundedOf(prepaid.fund),
        leftFen,
        carriedFen: carry ? leftFen : 0n,
        returnedFen: carry ? 0n : leftFen,
      };
      const returned = transfer(
        {
          key: `${year}/prepaid-closing/${org}`,
          kind: 'prepayment-returned',
          source: 'insurance',
          purpose: 'red-mes',
          period: year,
          on: localDate(`${year}-12-31`),
          caseId: null,
          row: 'prepaid-fund/closing',
          text: { zh: 'RED/MES 预付资金余额退回', en: 'prepaid for RED and MES, the rest given back' },
        },
        account.bank('insurance'),
        account.prepaid(org),
        report.returnedFen,
      );
      const receipt = await postWithReport(tx, command, {
        period: year,
        kind: 'prepaid-closing',
        scope: org,
        postings: returned === null ? [] : [returned],
        report,
        correction: false,
      });
      if (!receipt.ok) return receipt;
      const { carriedFen, returnedFen } = report;
      return ok({ ...receipt.value, carriedFen: `${carriedFen}`, returnedFen: `${returnedFen}` });
    },
  };
}

/** What the year before carried to this house; another house cannot take it over. */
export async function carriedTo(
  tx: Parameters<typeof closingOf>[0],
  year: string,
  org: string,
): Promise<Result<Fen>> {
  const closing = await closingOf(tx, `${Number(year) - 1}`);
  if (closing === null || closing.carriedFen === 0n) return ok(0n);
  if (closing.org === org) return ok(closing.carriedFen);
  const detail = {
    zh: `上年余额 ${formatYuan(closing.carriedFen)} 元已结转给 ${closing.org}`,
    en: `${formatYuan(closing.carriedFen)} yuan of last year were carried over to ${closing.org}`,
  };
  return refuse('carried-elsewhere', detail, { at: 'payload.org', rule: 'F10' });
}
