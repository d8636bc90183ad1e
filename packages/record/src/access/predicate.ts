// The policy table as SQL: which rows an actor may read or change, written once for every statement.
import { assert, type Uuid } from '@yimai/kit';
import { and, empty, type Fragment, or, raw, sql } from '@yimai/postgres';
import type { Lock } from '../types.ts';
import type { May, Policy, PolicyRow, Relationship } from './policy.ts';
import type { Rights } from './rights.ts';
import type { Standing } from './standing.ts';

const DAY_MS = 86_400_000;

/** Whether a table is looked into by key for each row, or read once as a set of keys: what is asked is the same. */
type Asking = 'by key' | 'sets';

/** True for rows of `alias` that the actor may `may`; put into every statement on person data. */
export function allowed(standing: Standing, alias: string, may: May, asking: Asking = 'by key'): Fragment {
  assert(/^[a-z][a-z0-9_]*$/.test(alias), `"${alias}" is no alias that a predicate may be asked for`);
  const r = raw(alias);
  const ways = opened(standing, waysOf(standing, may, alias), r, asking);
  const open = ways.length === 0 ? raw('false') : and([or(ways), consented(standing, r, asking)]);
  const looks = may === 'read' ? standing.rights.opened.map((look) => emergency(standing, r, look)) : [];
  const base = looks.length === 0 ? open : or([open, ...looks]);
  const scope = scoped(standing, r, may);
  return scope ? and([base, scope]) : base;
}

/**
 * True for some of the rows that `allowed` is true of: those that the labels open to the actor, about nobody who is a
 * minor (where the labels ask that) or has denied anything to anybody. It opens two tables where the whole opens five. Null: no
 * labels open anything by themselves.
 */
export function plainlyReadable(standing: Standing, alias: string): Fragment | null {
  const r = raw(alias);
  const byLabels = waysOf(standing, 'read', alias).filter((way) => !ASKS_A_TABLE.includes(way.relationship));
  const ways = opened(standing, byLabels, r, 'by key');
  if (ways.length === 0) return null;
  const undenied = sql`${r}.patient is null
    or not exists (select 1 from consent_denial _denial where _denial.patient = ${r}.patient)`;
  const scope = scoped(standing, r, 'read');
  return and([or(ways), undenied, ...(scope ? [scope] : [])]);
}

/** What a relationship opens at any age, and what of the grown-up only: conditions on the labels of an alias. */
interface Way {
  readonly relationship: Relationship;
  readonly kinds: Fragment;
  readonly atAnyAge: Fragment | null;
  readonly grownUp: Fragment | null;
}

/** A table is asked only where the labels have passed; each question to a table is written as seldom as can be. */
const ASKS_A_TABLE: readonly Relationship[] = ['assigned', 'patients', 'my-patients'];

function opened(standing: Standing, ways: readonly Way[], r: Fragment, asking: Asking): Fragment[] {
  const free: Fragment[] = [];
  const grown: Fragment[] = [];
  const asked: Fragment[] = [];
  for (const { relationship, kinds, atAnyAge, grownUp } of ways) {
    const holds = relation(standing, relationship, r, asking);
    if (holds === null) continue;
    if (ASKS_A_TABLE.includes(relationship)) {
      const adult = grownUp && and([grownUp, isGrownUp(standing, r)]);
      asked.push(and([kinds, holds, or([atAnyAge, adult].filter((part) => part !== null))]));
    } else {
      if (atAnyAge) free.push(and([atAnyAge, holds]));
      if (grownUp) grown.push(and([grownUp, holds]));
    }
  }
  const adults = grown.length === 0 ? [] : [and([or(grown), isGrownUp(standing, r)])];
  return [...free, ...adults, ...asked];
}

const known = new WeakMap<Policy, Map<string, readonly Way[]>>();

// The same for all actors of a role with equal rights.
function waysOf(standing: Standing, may: May, alias: string): readonly Way[] {
  const { policy, rows, rights, actor } = standing;
  const key = `${alias}|${actor.role}|${may}|${rights.locks.join()}`;
  const cache = known.get(policy) ?? new Map<string, readonly Way[]>();
  known.set(policy, cache);
  const found = cache.get(key) ?? grouped(rows, may, rights.locks, alias);
  if (cache.size < 1000) cache.set(key, found);
  return found;
}

/** Kinds that rows of the table open under the same locks. */
interface Label {
  readonly relationship: Relationship;
  readonly locks: readonly Lock[];
  readonly kinds: Set<string>;
}

function grouped(rows: readonly PolicyRow[], may: May, held: readonly Lock[], alias: string): Way[] {
  const labels = new Map<string, Label>();
  for (const { relationship, locks, kinds } of rows.filter((row) => row.may.includes(may))) {
    const all = [...new Set([...locks, ...held])].sort();
    const key = `${relationship}|${all.join()}`;
    const label = labels.get(key) ?? { relationship, locks: all, kinds: new Set<string>() };
    for (const kind of kinds) label.kinds.add(kind);
    labels.set(key, label);
  }
  const relationships = new Set([...labels.values()].map((label) => label.relationship));
  return [...relationships].map((relationship) => {
    const own = [...labels.values()].filter((label) => label.relationship === relationship);
    return {
      relationship,
      kinds: raw(alias + inList(own.flatMap((label) => [...label.kinds]))),
      atAnyAge: labelled(
        alias,
        own.filter((label) => label.locks.includes('minor')),
      ),
      grownUp: labelled(
        alias,
        own.filter((label) => !label.locks.includes('minor')),
      ),
    };
  });
}

// The codes of kinds and locks come from our own tables, so they stand in the text.
function labelled(alias: string, labels: readonly Label[]): Fragment | null {
  const texts = labels.map(
    ({ kinds, locks }) => `(${alias}${inList(kinds)} and ${alias}.locks <@ '{${locks.join()}}'::text[])`,
  );
  return texts.length === 0 ? null : raw(texts.join(' or '));
}

const inList = (kinds: Iterable<string>): string => `.kind in ('${[...new Set(kinds)].sort().join("','")}')`;

// Inner aliases begin with `_`, so that no alias of a caller can be taken for one of them. Null: cannot hold at all.
function relation(
  standing: Standing,
  relationship: Relationship,
  r: Fragment,
  asking: Asking,
): Fragment | null {
  const { actor, policy, hands } = standing;
  const tree = policy.roles.get(actor.role)?.unit === 'tree' && actor.orgs.length > 0;
  switch (relationship) {
    case 'consortium':
      return raw('true');
    case 'unit':
      return tree ? sql`${r}.org = any(${actor.orgs}::uuid[])` : null;
    case 'self':
      return standing.selves.length > 0 ? sql`${r}.patient = any(${standing.selves}::uuid[])` : null;
    case 'assigned':
      if (hands.length === 0) return null;
      return asking === 'sets'
        ? sql`${r}.id in (select _hand.resource from assignment _hand where _hand.assignee = any(${hands}::uuid[]))`
        : sql`exists (select 1 from assignment _hand where _hand.type = ${r}.type and _hand.fhir_id = ${r}.fhir_id
            and _hand.assignee = any(${hands}::uuid[]))`;
    case 'patients':
      return tree ? treated(standing, r, actor.orgs, asking) : null;
    case 'my-patients':
      return actor.practitioner ? treated(standing, r, [actor.practitioner], asking) : null;
  }
}

function treated({ now, policy }: Standing, r: Fragment, parties: readonly Uuid[], asking: Asking): Fragment {
  const graceEnd = new Date(now.getTime() - policy.settings.episodeGraceDays * DAY_MS);
  const holds = sql`_care.party = any(${parties}::uuid[])
    and _care.from_at <= ${now}::timestamptz and (_care.until_at is null or _care.until_at >= ${graceEnd}::timestamptz)`;
  return asking === 'sets'
    ? sql`${r}.patient in (select _care.patient from care_relation _care where ${holds})`
    : sql`exists (select 1 from care_relation _care where _care.patient = ${r}.patient and ${holds})`;
}

// The age of the resident, which no label can keep up with.
const isGrownUp = ({ now }: Standing, r: Fragment): Fragment =>
  sql`${r}.patient is null or not exists (select 1 from minor _minor
    where _minor.patient = ${r}.patient and _minor.until_at > ${now}::timestamptz)`;

/**
 * A denial that names an organisation closes it there and below, the own records included; one that names none closes it to all
 * but the organisation that made the record. A denial without a kind covers the kinds that rest on consent.
 */
function consented({ actor, now, policy, selves }: Standing, r: Fragment, asking: Asking): Fragment {
  const onConsent = restingOnConsent(policy);
  const own = selves.length > 0 ? sql` or ${r}.patient = any(${selves}::uuid[])` : empty;
  // Few residents deny anything: whoever is not among them is passed without looking further.
  const others =
    asking === 'sets'
      ? sql` or ${r}.patient not in (select _denied.patient from consent_denial _denied)`
      : empty;
  return sql`${r}.patient is null${own}${others} or not exists (
    select 1 from consent_denial _denial where _denial.patient = ${r}.patient
      and (_denial.kind = ${r}.kind or (_denial.kind is null and ${r}${onConsent}))
      and (_denial.org = ${actor.org}::uuid
        or exists (select 1 from org_node _own where _own.id = ${actor.org}::uuid
          and strpos(_own.path, '/' || _denial.org::text || '/') > 0)
        or (_denial.org is null and (${r}.org is null or not ${r}.org = any(${actor.orgs}::uuid[]))))
      and _denial.from_at <= ${now}::timestamptz and (_denial.until_at is null or _denial.until_at > ${now}::timestamptz))`;
}

const resting = new WeakMap<Policy, Fragment>();

function restingOnConsent(policy: Policy): Fragment {
  const kinds = [...policy.kinds.kinds.values()].filter((kind) => kind.consent).map((kind) => kind.code);
  const found = resting.get(policy) ?? raw(inList(kinds));
  resting.set(policy, found);
  return found;
}

function emergency({ policy }: Standing, r: Fragment, look: Rights['opened'][number]): Fragment {
  return and([
    sql`${r}.patient = ${look.patient}::uuid`,
    sql`${r}.kind = any(${policy.breakGlass.kinds}::text[])`,
    sql`${r}.locks <@ ${[...look.locks, 'minor']}::text[]`,
  ]);
}

function scoped(standing: Standing, r: Fragment, may: May): Fragment | null {
  if (standing.scopes === null) return null;
  const granted = standing.scopes.filter((scope) =>
    may === 'read' ? scope.read || scope.search : scope.update || scope.delete,
  );
  return or(
    granted.map((scope) => {
      const type = scope.type === '*' ? raw('true') : sql`${r}.type = ${scope.type}`;
      if (scope.context !== 'patient') return type;
      return and([type, sql`${r}.patient = any(${standing.selves}::uuid[])`]);
    }),
  );
}
