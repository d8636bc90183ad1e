// The organisation tree (市、县、乡、村、科室): a projection of Organization.partOf that paths make quick to read.
import { rowKey } from '@yimai/fhir';
import { RefusalError, refuse, type Uuid } from '@yimai/kit';
import { type Sql, sql } from '@yimai/postgres';
import type { Resource, StoredRow } from '../types.ts';
import { targetsAt, textAt, valuesAt } from './elements.ts';

export const ORG_LEVELS = ['city', 'county', 'township', 'village', 'department'] as const;
export type OrgLevel = (typeof ORG_LEVELS)[number];

export const ORG_LEVEL_SYSTEM = 'https://yimai.example/fhir/CodeSystem/organisation-level';

interface Node {
  id: Uuid;
  parent: Uuid | null;
  path: string;
  level: string;
}

/** Keeps the node of one Organization and, when it moved, the paths of all below it. */
export async function projectOrganization(
  run: Sql,
  row: StoredRow,
  resource: Resource | null,
): Promise<void> {
  if (resource === null) {
    await run.run(sql`update org_node set active = false where id = ${row.id}`);
    return;
  }
  const parent = targetsAt(resource, 'partOf').find((target) => target.type === 'Organization')?.key ?? null;
  const above = parent ? await nodeOf(run, parent) : null;
  if (parent === row.id || above?.path.includes(`/${row.id}/`)) throw new RefusalError(cycle());
  const path = `${above?.path ?? '/'}${row.id}/`;
  const before = await nodeOf(run, row.id);
  const level = levelOf(resource, above);
  const name = textAt(resource, 'name') ?? row.fhirId;
  const active = textAt(resource, 'active') !== 'false';
  await run.run(sql`insert into org_node (id, fhir_id, parent, path, level, name, active)
    values (${row.id}, ${row.fhirId}, ${parent}, ${path}, ${level}, ${name}, ${active})
    on conflict (id) do update set fhir_id = excluded.fhir_id, parent = excluded.parent, path = excluded.path,
      level = excluded.level, name = excluded.name, active = excluded.active`);
  if (before && before.path !== path) await move(run, before.path, path);
  // Children that arrived before their parent hang from it now.
  if (!before) {
    const early = await run.run<Node>(
      sql`select id, parent, path, level from org_node where parent = ${row.id}`,
    );
    for (const child of early.rows) {
      if (path.includes(`/${child.id}/`)) throw new RefusalError(cycle());
      await move(run, child.path, `${path}${child.id}/`);
    }
  }
}

const cycle = () =>
  refuse(
    'organisation-cycle',
    { zh: '上级机构不能是本机构或其下级', en: 'an organisation cannot be below itself' },
    { at: 'Organization.partOf', rule: 'A6' },
  ).refusal;

async function nodeOf(run: Sql, id: Uuid): Promise<Node | null> {
  const { rows } = await run.run<Node>(
    sql`select id, parent, path, level from org_node where id = ${id} for update`,
  );
  return rows[0] ?? null;
}

const move = (run: Sql, from: string, to: string) =>
  run.run(sql`update org_node set path = ${to}::text || substr(path, ${from.length + 1}::int)
    where path like ${from}::text || '%'`);

// Given by type; else from the parent: a county holds townships, a township villages, anything a department by name.
function levelOf(resource: Resource, above: Node | null): OrgLevel {
  for (const coding of valuesAt(resource, 'type.coding')) {
    const code = textAt(coding, 'code');
    if (textAt(coding, 'system') === ORG_LEVEL_SYSTEM && isLevel(code)) return code;
    if (textAt(coding, 'system') === ORGANIZATION_TYPE && code === 'dept') return 'department';
  }
  const place = above && isLevel(above.level) ? ORG_LEVELS.indexOf(above.level) : 0;
  return ORG_LEVELS[Math.min(place + 1, ORG_LEVELS.indexOf('village'))]!;
}

const ORGANIZATION_TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';
const isLevel = (code: string | null): code is OrgLevel =>
  (ORG_LEVELS as readonly (string | null)[]).includes(code);

/** Row keys of an organisation and all below it; of a department, those of the house it belongs to. */
export async function orgsBelow(run: Sql, id: Uuid): Promise<Uuid[]> {
  const { rows } = await run.run<{ id: Uuid }>(sql`
    select below.id from org_node own
    join org_node house on house.id = own.id or (own.level = 'department' and house.id = own.parent)
    join org_node below on below.path like house.path || '%'
    where own.id = ${id}`);
  return rows.length === 0 ? [id] : [...new Set([id, ...rows.map((row) => row.id)])];
}

export const orgKey = (fhirId: string): Uuid => rowKey('Organization', fhirId);
