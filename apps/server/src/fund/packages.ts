// Chronic packages as the registers hold them: who was in one in a year, and what its management cost.
import { must, parseYuan } from '@yimai/kit';
import type { PackageMembers, Statements } from '@yimai/ledger';
import { sql } from '@yimai/postgres';

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
