// Packages: who was in one and what its management cost, as the registers hold it; what was settled, as the desk shows it.
import type { FundPackage, FundResults } from '@yimai/desk/contract';
import type { Consortium } from '@yimai/fund';
import { must, parseYuan } from '@yimai/kit';
import {
  type DualReport,
  type PackageMembers,
  type PackageReport,
  reportsOf,
  type Statements,
} from '@yimai/ledger';
import { sql } from '@yimai/postgres';
import { percentOf, yuan } from './fund-deps.ts';

interface MemberRow {
  readonly patient: string;
}

interface CostRow extends MemberRow {
  readonly record: string;
  readonly cost: string;
}

/** Persons are named as the lists name them: by the id of the resident without its type. */
export async function packageOf(tx: Statements, id: string, year: string): Promise<PackageMembers> {
  const during = sql`from_date <= ${`${year}-12-31`}::date and (to_date is null or to_date >= ${`${year}-01-01`}::date)`;
  const { rows: members } = await tx.run<MemberRow>(sql`
    select distinct regexp_replace(data ->> 'patient', '^.*/', '') as patient from register_entry
    where register = 'chronic-package-members' and data ->> 'package' = ${id} and ${during} order by 1`);
  const { rows: costs } = await tx.run<CostRow>(sql`
    select regexp_replace(data ->> 'patient', '^.*/', '') as patient, key as record,
      round((data ->> 'cost')::numeric, 2)::text as cost from register_entry
    where register = 'chronic-management-costs' and data ->> 'package' = ${id} and to_date is null
      and from_date between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date order by key`);
  return {
    members: members.map(({ patient }) => patient),
    management: costs.map(({ record, patient, cost }) => ({
      caseId: record,
      patient,
      code: 'management',
      costFen: must(parseYuan(cost)),
    })),
  };
}

export async function packagesOf(
  tx: Statements,
  rules: Consortium | null,
  year: string,
): Promise<FundPackage[]> {
  const settled = await reportsOf<PackageReport>(tx, 'package', year);
  return (rules?.packages ?? []).map((rule) => {
    const run = settled.find(({ scope }) => scope === rule.id);
    return {
      id: rule.id,
      disease: rule.disease,
      complications: rule.complications,
      price: yuan(rule.priceFen),
      settled:
        run === undefined
          ? null
          : {
              version: run.version,
              budget: yuan(run.report.budgetFen),
              charged: yuan(run.report.chargedFen),
              balance: yuan(run.report.balanceFen),
              complicationRate: percentOf(run.report.complicationRate, 10_000n),
              bySource: Object.entries(run.report.bySource).map(([source, amount]) => ({
                source,
                amount: yuan(amount),
              })),
            },
    };
  });
}

export async function dualOf(tx: Statements, year: string): Promise<FundResults['dual']> {
  const [run] = await reportsOf<DualReport>(tx, 'dual-package', year);
  if (run === undefined) return null;
  const { capitationFen, drgFen, outpatientCostFen, inpatientCostFen, balanceFen } = run.report;
  return {
    version: run.version,
    capitation: yuan(capitationFen),
    drg: yuan(drgFen),
    outpatient: yuan(outpatientCostFen),
    inpatient: yuan(inpatientCostFen),
    balance: yuan(balanceFen),
    pool: yuan(run.report.incentivePoolFen),
  };
}
