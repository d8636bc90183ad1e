// Writes what comes along with the page: neighbours by reference, followed further where `:iterate` says so.
import { and, type Fragment, join, raw, sql } from '@yimai/postgres';
import { ROW_COLUMNS } from '../store/rows.ts';
import type { Access } from '../types.ts';
import { parameterIs } from './sql-filters.ts';
import type { Include, SearchTree } from './tree.ts';

/** More neighbours than this are cut off, and the answer says so. */
export const INCLUDES_MAX = 1000;
const STEPS_MAX = 8;

/** A step that cannot be seen is not taken: what lies behind a closed row stays unseen as well. */
export function includeStatements(
  tree: SearchTree,
  access: Pick<Access, 'readable'>,
  count: number,
): { readonly ctes: Fragment; readonly rows: Fragment } {
  const first = join(
    tree.includes.map((include) => step(include, 'o')),
    ' union all ',
  );
  const further = tree.includes.filter((include) => include.iterate).map((include) => step(include, 'f'));
  const near = sql`select i.id, i.entry, 1 as steps from page p join resource o on o.id = p.id
    cross join lateral (${first}) n join resource i on i.id = n.id
    where p.ord <= ${count} and (${access.readable('o')}) and ${shown(access)}`;
  const far = sql`select i.id, i.entry, f.steps + 1 from found f cross join lateral (${join(further, ' union all ')}) n
    join resource i on i.id = n.id where f.steps < ${STEPS_MAX} and ${shown(access)}`;
  return {
    ctes: sql`, found as (${further.length === 0 ? near : sql`${near} union ${far}`})`,
    rows: sql`(select 'include', null::int, null::text[], ${ROW_COLUMNS} from resource r
      where r.id in (select f.id from found f) and r.id not in (select p.id from page p where p.ord <= ${count})
      and (${access.readable('r')}) limit ${INCLUDES_MAX + 1})`,
  };
}

const shown = (access: Pick<Access, 'readable'>): Fragment =>
  sql`not i.deleted and (${access.readable('i')})`;

/** Keys of the neighbours of one row by one include; `from` is an alias with its key and its entry. */
function step(include: Include, from: 'o' | 'f'): Fragment {
  const id = raw(`${from}.id`);
  const forward = include.direction === 'forward';
  const conditions = [
    forward ? raw(`x.entry = ${from}.entry and x.target is not null`) : sql`x.target = ${id}`,
  ];
  if (include.via) conditions.push(parameterIs('x', include.via));
  if (include.target && forward) conditions.push(sql`x.target_type = ${include.target}`);
  const joins =
    include.via === null && include.source !== null ? sourceIs(include.source, forward, id) : null;
  if (joins) conditions.push(joins);
  return sql`select ${raw(forward ? 'x.target' : 'x.resource')} as id from idx_reference x
    where ${and(conditions)}`;
}

/** `Observation:*` names the type that holds the reference; it does not show in the parameter, so the row is asked. */
function sourceIs(source: string, forward: boolean, from: Fragment): Fragment {
  const holder = forward ? from : raw('x.resource');
  return sql`exists (select 1 from resource h where h.id = ${holder} and h.type = ${source})`;
}
