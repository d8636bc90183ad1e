// What packages draw from a year's global budget, and that they draw no more than there is.
import { type Consortium, type PackageResult, sharedSurplus, smaller } from '@yimai/fund';
import { type Fen, formatYuan, ok, type Result, refuse } from '@yimai/kit';
import type { Statements } from '../types.ts';
import type { DualReport, PackageReport } from './package-commands.ts';
import type { PackageSurplus } from './plan-distribution.ts';
import type { HouseStatement } from './plan-month.ts';
import type { AdoptedBudget } from './plan-year.ts';
import { reportsOf } from './reports.ts';

export const PUBLIC_HEALTH = 'public-health';
/** Names the dual package among what draws on the budget. */
export const DUAL = 'dual-package';

/** The part of a package's price that is insurance money; public health gives its own. */
export function insurancePart({ bySource }: Pick<PackageResult, 'bySource'>): Fen {
  return Object.entries(bySource).reduce(
    (sum, [name, part]) => (name === PUBLIC_HEALTH ? sum : sum + part),
    0n,
  );
}

/** What each settled package of the year draws from its budget. */
export async function drawnByPackages(tx: Statements, year: string): Promise<ReadonlyMap<string, Fen>> {
  const [packages, dual] = await Promise.all([
    reportsOf<PackageReport>(tx, 'package', year),
    reportsOf<DualReport>(tx, 'dual-package', year),
  ]);
  return new Map([
    ...packages.map(({ scope, report }) => [scope, insurancePart(report)] as const),
    ...dual.map(({ report }) => [DUAL, report.capitationFen] as const),
  ]);
}

/** What the year's dual package leaves for primary-care staff. */
export async function dualPoolOf(tx: Statements, year: string): Promise<Fen> {
  const [dual] = await reportsOf<DualReport>(tx, 'dual-package', year);
  return dual?.report.incentivePoolFen ?? 0n;
}

/**
 * What is left of each settled package and joins the year's surplus, by the rule set's share. What the group bears of an
 * overrun comes first: nothing is shared out while the year as a whole has lost it.
 */
export async function packageSurplusOf(
  tx: Statements,
  year: string,
  { packages }: Consortium,
  groupBearsFen: Fen,
): Promise<readonly PackageSurplus[]> {
  const settled = await reportsOf<PackageReport>(tx, 'package', year);
  const left = settled.flatMap(({ scope, report }) => {
    const rule = packages.find(({ id }) => id === scope);
    const amountFen = rule === undefined ? 0n : sharedSurplus(rule, report.balanceFen);
    return amountFen === 0n ? [] : [{ package: scope, row: rule!.surplus!.id, amountFen }];
  });
  return lessOverrun(left, groupBearsFen);
}

/** The overrun is taken from the packages in their order; what it takes stays with the package. */
export function lessOverrun(left: readonly PackageSurplus[], groupBearsFen: Fen): readonly PackageSurplus[] {
  let open = groupBearsFen;
  return left.flatMap((one) => {
    const taken = smaller(open, one.amountFen);
    open -= taken;
    return taken === one.amountFen ? [] : [{ ...one, amountFen: one.amountFen - taken }];
  });
}

/** All packages of a year together stay within its budget. */
export async function mustFitBudget(
  tx: Statements,
  { year, budgetFen }: AdoptedBudget,
  name: string,
  amountFen: Fen,
): Promise<Result<null>> {
  const drawn = new Map(await drawnByPackages(tx, year)).set(name, amountFen);
  const sum = [...drawn.values()].reduce((total, one) => total + one, 0n);
  if (sum <= budgetFen) return ok(null);
  const detail = {
    zh: `各打包共需 ${formatYuan(sum)} 元，超过年度总额 ${formatYuan(budgetFen)} 元`,
    en: `packages need ${formatYuan(sum)} yuan, more than the budget of ${formatYuan(budgetFen)} yuan`,
  };
  return refuse('budget-exceeded', detail, { at: 'payload', rule: 'L16' });
}

/** The year's packages hold exactly the stays that its months charged to them; else they are settled again first. */
export async function settledPackages(
  tx: Statements,
  year: string,
  statements: readonly HouseStatement[],
): Promise<Result<Fen>> {
  const packages = await reportsOf<PackageReport>(tx, 'package', year);
  const held = packages
    .flatMap(({ report }) => report.charged)
    .reduce((sum, { code, costFen }) => (code === 'management' ? sum : sum + costFen), 0n);
  const charged = statements.reduce((sum, { packageFen }) => sum + (packageFen ?? 0n), 0n);
  if (held === charged) {
    const drawn = await drawnByPackages(tx, year);
    return ok([...drawn.values()].reduce((sum, one) => sum + one, 0n));
  }
  const detail = {
    zh: `各月计入慢病打包 ${formatYuan(charged)} 元，打包结算中为 ${formatYuan(held)} 元，须先结算打包`,
    en: `months charged ${formatYuan(charged)} yuan to packages, which hold ${formatYuan(held)}: settle them first`,
  };
  return refuse('package-not-settled', detail, { at: 'payload.year', rule: 'L16' });
}
