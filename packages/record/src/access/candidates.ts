// Keys of all rows that an actor could possibly see of one type, found by index: what a search starts from when they are
// few. It is a hint for the plan, never a permission: the predicate stands in the statement beside it.
import type { Uuid } from '@yimai/kit';
import { type Fragment, join, raw, sql } from '@yimai/postgres';
import type { Standing } from './standing.ts';

/** Kinds that the index `resource_by_house_kind` holds (migration 0004): those that some role sees wherever they lie. */
const HOUSE_KINDS = new Set([
  'agreement',
  'definition',
  'figure',
  'file',
  'identity',
  'message',
  'object',
  'organisation',
  'schedule',
  'settlement',
  'stock',
  'work',
  'workforce',
]);

/** Null where no index leads to them: some kind that the actor sees wherever it lies has none. */
export function candidates(standing: Standing, type: string): Fragment | null {
  const { actor, policy, rights } = standing;
  const orgs = policy.roles.get(actor.role)?.unit === 'tree' ? actor.orgs : [];
  const house = new Set<string>();
  const persons = new Set<Uuid>(rights.opened.map((look) => look.patient));
  const parties = new Set<Uuid>();
  let unit = false;
  let inHand = false;
  for (const row of standing.rows.filter((one) => one.may.includes('read'))) {
    if (row.relationship === 'consortium') for (const kind of row.kinds) house.add(kind);
    else if (row.relationship === 'unit') unit = true;
    else if (row.relationship === 'self') for (const self of standing.selves) persons.add(self);
    else if (row.relationship === 'patients') for (const org of orgs) parties.add(org);
    else if (row.relationship === 'my-patients') {
      if (actor.practitioner) parties.add(actor.practitioner);
    } else inHand = true;
  }
  if ([...house].some((kind) => !HOUSE_KINDS.has(kind))) return null;
  const arms: Fragment[] = [];
  const rows = sql`select _near.id from resource _near where _near.type = ${type}`;
  if (house.size > 0)
    arms.push(sql`${rows} and ${raw(`_near.kind in ('${[...house].sort().join("','")}')`)}`);
  if (unit && orgs.length > 0) arms.push(sql`${rows} and _near.org = any(${orgs}::uuid[])`);
  if (inHand && standing.hands.length > 0)
    arms.push(sql`select _hand.resource from assignment _hand
      where _hand.assignee = any(${standing.hands}::uuid[]) and _hand.type = ${type}`);
  if (persons.size > 0) arms.push(sql`${rows} and _near.patient = any(${[...persons]}::uuid[])`);
  if (parties.size > 0)
    // `offset 0`: resident by resident. A plan that is kept does not know how few they are, and would read all rows of the type.
    arms.push(sql`select _near.id from care_relation _care cross join lateral (select _of.id from resource _of
        where _of.patient = _care.patient and _of.type = ${type} offset 0) _near
      where _care.party = any(${[...parties]}::uuid[])`);
  return arms.length === 0 ? null : join(arms, ' union all ');
}
