// `distribution.pay`: the shares of a surplus are paid once their public notice has run out and nothing objected is open.
import { type Posting, transfer } from '@yimai/fund';
import { chinaDate, type Fen, type LocalDate, must, ok, type Result, refuse } from '@yimai/kit';
import type { CommandHandler } from '@yimai/record';
import { GROUP_BOOKS } from '../books.ts';
import type { Statements } from '../types.ts';
import { mustHold, payloadOf, type SettlementDeps, textOf, YEAR } from './deps.ts';
import { dualPoolOf, packageSurplusOf } from './packages-drawn.ts';
import type { DistributionPlan } from './plan-distribution.ts';
import { holdPeriod, postWithReport } from './post.ts';
import { reportsOf, type StoredReport } from './reports.ts';
import { adoptedBudget, SETTLERS } from './settle-commands.ts';
import type { YearReport } from './year-commands.ts';

export type DistributionReport = Omit<DistributionPlan, 'postings'>;

export interface PaymentReport {
  readonly year: string;
  /** The run and version of the distribution that was paid. */
  readonly distribution: string;
  readonly version: number;
  readonly noticeEndedOn: LocalDate;
  readonly paidFen: bigint;
}

export function payCommand(deps: SettlementDeps): CommandHandler<{ readonly year: string }> {
  return {
    type: 'distribution.pay',
    parse(value) {
      const payload = payloadOf(value, ['year']);
      if (!payload.ok) return payload;
      const year = textOf(payload.value, 'year', YEAR);
      return year.ok ? ok({ year: year.value }) : year;
    },
    async apply(tx, command, { year }) {
      const allowed = mustHold(tx, [...SETTLERS, 'finance-clerk']);
      if (!allowed.ok) return allowed;
      await holdPeriod(tx, year);
      const budget = await adoptedBudget(tx, year);
      if (!budget.ok) return budget;
      const found = await payable(tx, deps, year, chinaDate(tx.recordedAt));
      if (!found.ok) return found;
      const { distribution, noticeEndedOn } = found.value;
      const { payee } = budget.value.report;
      const postings = paymentPostings(year, distribution.report, noticeEndedOn);
      const { surplusFen, packagePoolFen = 0n, packageSurplusFen = 0n } = distribution.report;
      const paidFen = surplusFen + packagePoolFen + packageSurplusFen;
      const report: PaymentReport = {
        year,
        distribution: distribution.run,
        version: distribution.version,
        noticeEndedOn,
        paidFen,
      };
      const run = {
        period: year,
        kind: 'payment',
        scope: payee,
        postings,
        report,
        correction: false,
      } as const;
      const receipt = await postWithReport(tx, command, run);
      return receipt.ok ? ok({ ...receipt.value, year, paidFen: `${paidFen}` }) : receipt;
    },
  };
}

interface Payable {
  readonly distribution: StoredReport<DistributionReport>;
  readonly noticeEndedOn: LocalDate;
}

/** What may be paid today, or the reason why nothing may. */
export async function payable(
  tx: Statements,
  deps: Pick<SettlementDeps, 'noticeOf' | 'rulesOf'>,
  year: string,
  today: LocalDate,
): Promise<Result<Payable>> {
  const [distribution] = await reportsOf<DistributionReport>(tx, 'distribution', year);
  const [cleared] = await reportsOf<YearReport>(tx, 'clearing', year);
  const no = (code: string, zh: string, en: string) =>
    refuse(code, { zh, en }, { at: 'payload.year', rule: 'L13' });
  if (distribution === undefined)
    return no('not-distributed', '结余尚未分配', 'nothing has been distributed');
  const { surplusFen, packagePoolFen = 0n, packageSurplusFen = 0n } = distribution.report;
  const isSame =
    cleared?.report.result?.surplusFen === surplusFen &&
    (await dualPoolOf(tx, year)) === packagePoolFen &&
    (await leftOfPackages(tx, deps, year, cleared.report.result.groupBearsFen)) === packageSurplusFen;
  if (!isSame)
    return no(
      'distribution-outdated',
      '清算或打包已更正，须先更正分配',
      'the clearing or a package has changed: distribute again',
    );
  const { endsOn, unsettled } = await deps.noticeOf(tx, year, distribution.run);
  if (endsOn === null)
    return no('notice-missing', '分配结果尚未公示', 'the distribution has not been published');
  if (unsettled > 0)
    return no('objection-open', `有 ${unsettled} 件异议未办结`, `objections not settled: ${unsettled}`);
  if (today <= endsOn)
    return no(
      'notice-running',
      `公示至 ${endsOn} 止，期满后方可支付`,
      `the notice runs to the end of ${endsOn}; nothing is paid before`,
    );
  return ok({ distribution, noticeEndedOn: endsOn });
}

async function leftOfPackages(
  tx: Statements,
  deps: Pick<SettlementDeps, 'rulesOf'>,
  year: string,
  groupBearsFen: Fen,
): Promise<Fen> {
  const budget = must(await adoptedBudget(tx, year));
  const { consortium } = must(deps.rulesOf(budget.report.ruleSet));
  if (consortium === null) return 0n;
  const shared = await packageSurplusOf(tx, year, consortium, groupBearsFen);
  return shared.reduce((sum, { amountFen }) => sum + amountFen, 0n);
}

/** Dated the day after the notice, so that a repeat on another day is the same to the byte. */
function paymentPostings(
  year: string,
  { pool, parties }: DistributionReport,
  on: LocalDate,
): readonly Posting[] {
  const pay = (key: string, from: string, amountFen: bigint, caseId: string | null, zh: string, en: string) =>
    transfer(
      {
        key: `${year}/1/pay/${key}`,
        kind: 'share-payment',
        source: 'insurance',
        purpose: 'surplus',
        period: year,
        on,
        caseId,
        row: 'settlement/public-notice',
        text: { zh, en },
      },
      `${GROUP_BOOKS}share/${from}`,
      `${GROUP_BOOKS}bank/insurance`,
      amountFen,
    );
  const people = pool.shares.map(({ person, shareFen }) =>
    pay(`staff/${person}`, 'staff', shareFen, person, '结余激励支付到人', 'share of the surplus paid'),
  );
  const ofParties = Object.entries(parties).map(([party, amountFen]) =>
    pay(`party/${party}`, party, amountFen, null, '结余分配支付', 'part of the surplus paid'),
  );
  return [...people, ...ofParties].filter((made) => made !== null);
}

/** What is paid is not distributed or cleared again. */
export async function mustNotBePaid(tx: Statements, year: string): Promise<Result<null>> {
  const [paid] = await reportsOf<PaymentReport>(tx, 'payment', year);
  if (paid === undefined) return ok(null);
  const detail = { zh: `${year} 年结余已支付`, en: `the surplus of ${year} has been paid` };
  return refuse('already-paid', detail, { at: 'payload.year', rule: 'L13' });
}
