// Reads the whole of what a reader may see, in pages by type and key, so that memory stays flat.
import { resourceTypes } from '@yimai/fhir';
import { must } from '@yimai/kit';
import { and, type Fragment, or, sql } from '@yimai/postgres';
import { criteriaOf } from '../search/run-search.ts';
import type { Access, StoredRow } from '../types.ts';
import type { StoreDeps } from './deps.ts';
import { auditRead } from './read.ts';
import { type RawRow, ROW_COLUMNS, toStoredRow } from './rows.ts';

export interface ExportOrder {
  /** Null: every type. */
  readonly types: readonly string[] | null;
  readonly since: Date | null;
  /** Only what is about a person (`Patient/$export`). */
  readonly patientsOnly: boolean;
  /** Row keys of the only Patients that are meant; absent: all. */
  readonly patients?: readonly string[];
  /** What was written after this moment is left out; without it, the moment of the call. */
  readonly until?: Date;
  /** Of a type that is named here, only what one of its searches finds. */
  readonly filters?: readonly { readonly type: string; readonly query: string }[];
}

const PAGE = 500;

function aboutPatients({ patients, patientsOnly }: ExportOrder): Fragment {
  if (patients) return sql`and r.patient = any(${[...patients]}::uuid[])`;
  return patientsOnly ? sql`and r.patient is not null` : sql``;
}

/** Throws the refusal of a filter that cannot be read. */
async function asFiltered(deps: StoreDeps, access: Access, { filters = [] }: ExportOrder): Promise<Fragment> {
  if (filters.length === 0) return sql``;
  const types = [...new Set(filters.map(({ type }) => type))];
  const ways: Fragment[] = [sql`r.type <> all(${types}::text[])`];
  for (const { type, query } of filters)
    ways.push(and([sql`r.type = ${type}`, must(await criteriaOf(deps, access, type, query))]));
  return sql`and ${or(ways)}`;
}

/** The types of which an export would hold at least one resource. */
export async function exportTypes(deps: StoreDeps, access: Access, order: ExportOrder): Promise<string[]> {
  const until = order.until ?? deps.clock.now();
  const filtered = await asFiltered(deps, access, order);
  const { rows } = await deps.database.read<{ type: string }>(
    access.settings,
    sql`select t.type from unnest(${[...(order.types ?? resourceTypes())]}::text[]) as t(type)
      where exists (select 1 from resource r where r.type = t.type and not r.deleted and r.updated_at <= ${until}
        ${order.since ? sql`and r.updated_at >= ${order.since}` : sql``}
        ${aboutPatients(order)} ${filtered}
        and ${access.readable('r')})
      order by t.type`,
  );
  return rows.map((row) => row.type);
}

/** Pages of current versions, written at or before the moment of the call. */
export async function* exportRows(
  deps: StoreDeps,
  access: Access,
  order: ExportOrder,
): AsyncGenerator<StoredRow[]> {
  const until = order.until ?? deps.clock.now();
  const filtered = await asFiltered(deps, access, order);
  let after: string | null = null;
  for (;;) {
    const fragment: Fragment = sql`select ${ROW_COLUMNS} from resource r
      where ${access.readable('r')} and not r.deleted and r.updated_at <= ${until}
        ${order.types ? sql`and r.type = any(${[...order.types]}::text[])` : sql``}
        ${order.since ? sql`and r.updated_at >= ${order.since}` : sql``}
        ${aboutPatients(order)} ${filtered}
        ${after ? sql`and r.id > ${after}::uuid` : sql``}
      order by r.id limit ${PAGE}`;
    const { rows }: { rows: RawRow[] } = await deps.database.read<RawRow>(access.settings, fragment);
    if (rows.length === 0) return;
    const page = rows.map(toStoredRow);
    await auditRead(deps, access, 'export', page);
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}
