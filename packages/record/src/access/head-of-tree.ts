// Which organisation heads the tree: the consortium, whatever id its own register gave it.
import { ok, type Result, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { Runner } from './runner.ts';

/** FHIR id of the organisation that a fresh house acts for until its own root is loaded. */
export const FIRST_ORG = 'consortium';

/** The root with the most organisations below it; among equals the id of a fresh house, then the first by id. */
export async function headOfTree(run: Runner): Promise<string> {
  const { rows } = await run.run<{ fhir_id: string }>(sql`
    select own.fhir_id from org_node own join org_node below on below.path like own.path || '%'
    where own.parent is null and own.active
    group by own.fhir_id order by count(*) desc, own.fhir_id <> ${FIRST_ORG}, own.fhir_id limit 1`);
  return rows[0]?.fhir_id ?? FIRST_ORG;
}

/** A role is held at an organisation that is in force, or at the head that a fresh house acts for before anything is loaded. */
export async function refuseUnknownOrg(run: Runner, org: string): Promise<Result<null>> {
  const known = await run.run(sql`select 1 from org_node where fhir_id = ${org} and active`);
  if (known.rowCount > 0 || org === (await headOfTree(run))) return ok(null);
  return refuse(
    'organisation-unknown',
    { zh: '没有此机构', en: 'no such organisation' },
    { at: 'payload.org', rule: 'A8' },
  );
}
