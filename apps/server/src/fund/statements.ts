// A house's statement of a month: heads, lines, the check that they add up; on screen, to print, and as XLSX.
import type { FundStatement, FundStatementList } from '@yimai/desk/contract';
import { must, parseYuan } from '@yimai/kit';
import {
  adjustmentsOf,
  type HouseStatement,
  type MonthReport,
  reportsOf,
  type SettledCase,
} from '@yimai/ledger';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notFound, notPermitted, textOf } from '../desk/read-body.ts';
import { sheetBytes } from '../desk/sheet.ts';
import { asCorrected } from './board.ts';
import { rowOf, visibleCases } from './cases.ts';
import { type FundDeps, houseRef, maySeeHouse, monthOf, mustSeeFund, yuan } from './fund-deps.ts';
import { yearOfFund, yearsOf } from './priced-year.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/statements', async (request): Promise<FundStatementList> => {
    const reader = await readerOf(deps, request);
    mustSeeFund(reader);
    const years = await yearsOf(deps);
    const months = (await Promise.all(years.map((year) => yearOfFund(deps, year)))).flatMap((year) =>
      year.months.map(({ month }) => month),
    );
    months.sort().reverse();
    const wanted = textOf(bodyOf(request.body), 'month', 7);
    const settled = await reportsOf<MonthReport>(deps.fund.database, 'settlement', '20');
    const month = wanted ?? settled.at(-1)?.period ?? months[0] ?? '';
    const ofYear = await yearOfFund(deps, month.slice(0, 4));
    const houses = await deps.fund.shelf.houses();
    const statements = ofYear.months.find((one) => one.month === month)?.statements ?? [];
    return {
      months,
      month,
      houses: statements.map(({ org }) => houseRef(houses, org)).filter(({ id }) => maySeeHouse(reader, id)),
    };
  });
  app.post('/desk/fund/statement', async (request): Promise<FundStatement> => {
    const reader = await readerOf(deps, request);
    return statementOf(deps, reader, request.body);
  });
  app.post('/desk/fund/statement/export', async (request, reply) => {
    const reader = await readerOf(deps, request);
    const statement = await statementOf(deps, reader, request.body);
    const title = `${statement.month} ${statement.house.name}`;
    return reply.type(XLSX).send(await sheetBytes('xlsx', title, sheetOf(statement)));
  });
}

async function statementOf(deps: FundDeps, reader: Reader, asked: unknown): Promise<FundStatement> {
  const body = bodyOf(asked);
  const month = textOf(body, 'month', 7) ?? '';
  const org = textOf(body, 'house', 64) ?? '';
  if (!maySeeHouse(reader, org)) throw notPermitted();
  const year = month.slice(0, 4);
  const [ofYear, houses, settled, adjusted, visible] = await Promise.all([
    yearOfFund(deps, year),
    deps.fund.shelf.houses(),
    reportsOf<MonthReport>(deps.fund.database, 'settlement', month),
    adjustmentsOf(deps.fund.database, month),
    visibleCases(deps, reader, year),
  ]);
  const run = settled[0];
  const live = ofYear.months.find((one) => one.month === month)?.statements;
  const posted = run === undefined ? live : asCorrected(run, adjusted);
  const heads = (posted ?? []).find((one) => one.org === org);
  if (heads === undefined) throw notFound();
  const own = visible.filter((one) => one.list.org === org && monthOf(one) === month);
  return {
    house: houseRef(houses, org),
    month,
    version: run?.version ?? null,
    postedAt: run?.postedAt.toISOString() ?? null,
    command: run?.command ?? null,
    ruleSet: { name: ofYear.ruleSet, title: ofYear.rules.title },
    ...moneyOf(heads),
    adjustments: adjusted.flatMap(({ report, command }) =>
      report.statements
        .filter((one) => one.org === org)
        .map((one) => ({ month: report.month, fund: yuan(one.fundFen), paid: yuan(one.paidFen), command })),
    ),
    addsUp: addsUp(heads, own),
    lines: own.map((one) => ({ ...rowOf(deps, one, houses), borne: yuan(one.list.patientBorneFen) })),
  };
}

function moneyOf(heads: HouseStatement) {
  return {
    stays: heads.stays,
    cost: yuan(heads.costFen),
    pay: yuan(heads.payFen),
    borne: yuan(heads.patientBorneFen),
    fund: yuan(heads.fundFen),
    deposit: yuan(heads.depositFen),
    paid: yuan(heads.paidFen),
    held: yuan(heads.heldFen),
  };
}

function addsUp(heads: HouseStatement, own: readonly SettledCase[]): boolean {
  const lines = own.reduce((sum, { fundFen }) => sum + fundFen, 0n);
  const parts = heads.depositFen + heads.paidFen + heads.heldFen;
  return lines === heads.fundFen && parts === heads.fundFen && own.length === heads.stays;
}

function sheetOf(statement: FundStatement): string[][] {
  const heads = [
    '结算清单号',
    '出院日期',
    '住院天数',
    '主要诊断',
    '分组',
    '类型',
    '总费用',
    '应支付',
    '个人负担',
    '基金应付',
    '结余（亏损）',
  ];
  const plain = (amount: string): string => amount.replaceAll(',', '');
  const lines = statement.lines.map((line) => [
    line.id,
    line.dischargedOn,
    String(line.days),
    line.diagnosis,
    line.drg,
    line.kind,
    ...[line.cost, line.pay, line.borne, line.fund, line.result].map(plain),
  ]);
  const result = must(parseYuan(statement.pay)) - must(parseYuan(statement.cost));
  const total = [
    '合计',
    '',
    '',
    '',
    '',
    `${statement.stays} 例`,
    ...[statement.cost, statement.pay, statement.borne, statement.fund, yuan(result)].map(plain),
  ];
  const parts = [
    ['质量保证金', plain(statement.deposit)],
    ['本月拨付', plain(statement.paid)],
    ['年度清算', plain(statement.held)],
  ].map(([name, amount]) => [name!, ...Array<string>(8).fill(''), amount!, '']);
  return [heads, ...lines, total, ...parts];
}
