// The budget board: spent against time passed, month by month, by house and by kind of payment.
import type { FundBoard, FundHouseLine, FundMonth } from '@yimai/desk/contract';
import { type RuleSet, shippedRuleSets, warnHospital } from '@yimai/fund';
import { chinaDate, daysBetween, daysInMonth, type Fen, localDate, type Text } from '@yimai/kit';
import {
  type AdjustmentReport,
  type HouseStatement,
  type MonthReport,
  reportsOf,
  type SettledCase,
  type StoredReport,
  sumStatements,
} from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, textOf } from '../desk/read-body.ts';
import {
  type FundDeps,
  houseRef,
  imports,
  maySeeHouse,
  monthOf,
  mustSeeFund,
  percentOf,
  seesCases,
  settles,
  sumOf,
  yuan,
} from './fund-deps.ts';
import { type YearOfFund, yearOfFund, yearsOf } from './priced-year.ts';
import type { House } from './stay-shelf.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/fund/board', async (request): Promise<FundBoard> => {
    const reader = await readerOf(deps, request);
    mustSeeFund(reader);
    const years = await yearsOf(deps);
    const year = textOf(bodyOf(request.body), 'year', 4) ?? years[0]!;
    return boardOf(deps, reader, year, years);
  });
}

async function boardOf(
  deps: FundDeps,
  reader: Reader,
  year: string,
  years: readonly string[],
): Promise<FundBoard> {
  const { fund } = deps;
  const today = chinaDate(reader.now);
  const [ofYear, settled, adjusted, cleared, houses, locked] = await Promise.all([
    yearOfFund(deps, year),
    reportsOf<MonthReport>(fund.database, 'settlement', `${year}-`),
    reportsOf<AdjustmentReport>(fund.database, 'adjustment', ''),
    reportsOf<unknown>(fund.database, 'clearing', year),
    fund.shelf.houses(),
    lockedPeriods(deps),
  ]);
  const { budget, rules, ruleSet, cases } = ofYear;
  const spent = sumOf(cases, ({ fundFen }) => fundFen);
  const outside = sumOf(
    cases.filter(({ isOutside }) => isOutside),
    ({ fundFen }) => fundFen,
  );
  const { passed, days } = daysPassed(year, reader);
  return {
    years,
    year,
    asOf: reader.now.toISOString(),
    ruleSet: { name: ruleSet, title: rules.title },
    ruleSets: ruleSetsOf(deps, year),
    budget: budget && {
      gross: yuan(budget.grossFen),
      reserve: yuan(budget.reserveFen),
      budget: yuan(budget.budgetFen),
    },
    months: monthsOf(ofYear, settled, adjusted, locked, today.slice(0, 7)),
    spent: yuan(spent),
    outside: yuan(outside),
    left: budget && yuan(budget.budgetFen - spent),
    spentShare: budget && percentOf(spent, budget.budgetFen),
    timeShare: percentOf(BigInt(passed), BigInt(days)),
    houses: houseLines(cases, houses).filter(({ house }) => maySeeHouse(reader, house.id)),
    kinds: kindsOf(cases),
    warnings: overallWarnings(ofYear, houses, reader),
    cleared: cleared.length > 0,
    may: { settle: settles(reader), import: imports(reader), cases: seesCases(reader) },
  };
}

const daysInYear = (year: string): number => (daysInMonth(Number(year), 2) === 29 ? 366 : 365);

function ruleSetsOf({ fund }: FundDeps, year: string): FundBoard['ruleSets'] {
  return shippedRuleSets()
    .filter((name) => name.endsWith(`/${year}`))
    .flatMap((name) => {
      const rules = fund.rulesOf(name);
      return rules.ok ? [{ name, title: rules.value.title, byHeads: rules.value.consortium !== null }] : [];
    });
}

export async function lockedPeriods({ fund }: FundDeps): Promise<ReadonlySet<string>> {
  const { rows } = await fund.database.run<{ period: string }>(
    sql`select period from ledger_period where state = 'locked'`,
  );
  return new Set(rows.map(({ period }) => period));
}

function monthsOf(
  { year, months, budget }: YearOfFund,
  settled: readonly StoredReport<MonthReport>[],
  adjusted: readonly StoredReport<AdjustmentReport>[],
  locked: ReadonlySet<string>,
  present: string,
): FundMonth[] {
  let sum = 0n;
  let budgetSum = 0n;
  return Array.from({ length: 12 }, (_, index) => {
    const month = `${year}-${String(index + 1).padStart(2, '0')}`;
    const plan = months.find((one) => one.month === month);
    const run = settled.find(({ period }) => period === month);
    const cases = plan?.cases ?? [];
    const fundOf = (isOutside: boolean): Fen =>
      sumOf(
        cases.filter((one) => one.isOutside === isOutside),
        ({ fundFen }) => fundFen,
      );
    sum += fundOf(true) + fundOf(false);
    budgetSum += budget?.instalmentsFen[index] ?? 0n;
    return {
      month,
      stays: cases.length,
      inCounty: yuan(fundOf(false)),
      outside: yuan(fundOf(true)),
      sum: month > present ? null : yuan(sum),
      budgetSum: budget === null ? null : yuan(budgetSum),
      version: run?.version ?? null,
      run: run?.run ?? null,
      locked: locked.has(month),
      changed: run !== undefined && !isSame(asCorrected(run, adjusted), plan?.statements ?? []),
    };
  });
}

/** What was settled of a month with what later months have corrected of it. */
export function asCorrected(
  { period, report }: StoredReport<MonthReport>,
  adjusted: readonly StoredReport<AdjustmentReport>[],
): readonly HouseStatement[] {
  const own = adjusted.filter((one) => one.report.corrects === period);
  return sumStatements([...report.statements, ...own.flatMap((one) => one.report.statements)]);
}

function isSame(settled: readonly HouseStatement[], now: readonly HouseStatement[]): boolean {
  const key = (list: readonly HouseStatement[]): string =>
    list
      .map(({ org, stays, fundFen, costFen }) => `${org} ${stays} ${fundFen} ${costFen}`)
      .sort()
      .join();
  return key(settled) === key(now);
}

export function houseLines(
  cases: readonly SettledCase[],
  houses: ReadonlyMap<string, House>,
): FundHouseLine[] {
  const byHouse = new Map<string, SettledCase[]>();
  for (const one of cases) {
    const list = byHouse.get(one.list.org);
    if (list === undefined) byHouse.set(one.list.org, [one]);
    else list.push(one);
  }
  return [...byHouse]
    .map(([org, own]) => ({ org, own, fund: sumOf(own, ({ fundFen }) => fundFen) }))
    .sort((left, right) => (left.fund > right.fund ? -1 : 1))
    .map(({ org, own, fund }) => ({
      house: houseRef(houses, org),
      stays: own.length,
      cost: yuan(sumOf(own, ({ list }) => list.costFen)),
      pay: yuan(sumOf(own, ({ payFen }) => payFen)),
      borne: yuan(sumOf(own, ({ list }) => list.patientBorneFen)),
      fund: yuan(fund),
      result: yuan(sumOf(own, ({ resultFen }) => resultFen)),
      caseMix: caseMixOf(own),
    }));
}

/** Average weight of the stays that have one. */
function caseMixOf(cases: readonly SettledCase[]): string | null {
  const weighed = cases.filter(({ weight }) => weight > 0n);
  if (weighed.length === 0) return null;
  const sum = weighed.reduce((total, { weight }) => total + Number(weight), 0);
  return (sum / weighed.length / 10_000).toFixed(2);
}

function kindsOf(cases: readonly SettledCase[]): FundBoard['kinds'] {
  const kinds = [...new Set(cases.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const own = cases.filter((one) => one.kind === kind);
      return { kind, stays: own.length, fund: yuan(sumOf(own, ({ fundFen }) => fundFen)) };
    })
    .sort((left, right) => right.stays - left.stays);
}

/** What the year as a whole warns of: its spending against the calendar, and the shares of each house. */
export function overallWarnings(
  ofYear: YearOfFund,
  houses: ReadonlyMap<string, House>,
  reader: Reader,
): Text[] {
  const spent = sumOf(ofYear.cases, ({ fundFen }) => fundFen);
  const { passed, days } = daysPassed(ofYear.year, reader);
  const shares = warningsOf(ofYear.cases, houses, reader, ofYear.rules.warnings);
  return [...paceWarning(ofYear, spent, passed / days), ...shares];
}

function daysPassed(year: string, { now }: Reader): { passed: number; days: number } {
  const days = daysInYear(year);
  const passed = daysBetween(localDate(`${year}-01-01`), chinaDate(now)) + 1;
  return { passed: Math.min(days, Math.max(0, passed)), days };
}

/** Spending runs ahead of the year by more than the rule set allows. */
function paceWarning({ budget, rules }: YearOfFund, spent: Fen, timePassed: number): Text[] {
  if (budget === null || rules.warnings === null || budget.budgetFen === 0n) return [];
  const ahead = (spent * 10_000n) / budget.budgetFen - BigInt(Math.round(timePassed * 10_000));
  if (ahead <= rules.warnings.after.paceAbove) return [];
  const points = (Number(ahead) / 100).toFixed(1);
  return [
    {
      zh: `基金支出快于时间进度 ${points} 个百分点`,
      en: `spending is ${points} points ahead of the time passed`,
    },
  ];
}

function warningsOf(
  cases: readonly SettledCase[],
  houses: ReadonlyMap<string, House>,
  reader: Reader,
  limits: RuleSet['warnings'],
): Text[] {
  if (limits === null) return [];
  const inside = cases.filter(({ isOutside }) => !isOutside);
  const orgs = [...new Set(inside.map(({ list }) => list.org))].filter((org) => maySeeHouse(reader, org));
  return orgs.flatMap((org) => {
    const own = inside.filter(({ list }) => list.org === org);
    const priced = own.map(({ list, kind }) => ({ stay: { ...list, id: list.stay.id }, kind }));
    return warnHospital(org, priced as never, limits.hospital).map(({ zh, en }) => {
      const name = houses.get(org)?.name ?? org;
      return { zh: zh.replace(org, name), en: en.replace(org, name) };
    });
  });
}

export const inMonth = (month: string | undefined) => (one: SettledCase) =>
  month === undefined || monthOf(one) === month;
