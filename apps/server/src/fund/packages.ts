// Packages: who was in one and what its management cost, as the registers hold it; what was settled, as the desk shows it.
import type { FundPackage, FundResults } from '@yimai/desk/contract';
import type { Consortium, Membership, Memberships } from '@yimai/fund';
import { localDate, must, parseYuan } from '@yimai/kit';
import {
  type DualReport,
  type PackageMembers,
  type PackageReport,
  reportsOf,
  type Statements,
} from '@yimai/ledger';
import { type Database, sql } from '@yimai/postgres';
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

/** Who was in which package, and when; the last day counts. */
export async function membershipsOf(database: Database): Promise<Memberships> {
  const { rows } = await database.run<{
    patient: string;
    package: string;
    from: string;
    to: string | null;
  }>(sql`
    select regexp_replace(data ->> 'patient', '^.*/', '') as patient, data ->> 'package' as package,
      from_date::text as from, to_date::text as to from register_entry
    where register = 'chronic-package-members' order by 1, 2, 3`);
  const byPerson = new Map<string, Membership[]>();
  for (const { patient, from, to, ...row } of rows) {
    const own = byPerson.get(patient) ?? [];
    own.push({ ...row, from: localDate(from), to: to === null ? null : localDate(to) });
    byPerson.set(patient, own);
  }
  return byPerson;
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
