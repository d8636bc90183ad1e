// The organisation tree as figures need it: what each organisation is, what lies below it, which county it is in.
import type { DuckDBConnection } from '@duckdb/node-api';
import { SCOPE_LEVELS, type ScopeLevel } from './definition.ts';

export interface OrgFact {
  readonly id: string;
  readonly name: string | null;
  /** The scope level: a hospital of a county or city is `hospital`, whatever the level of its owner. */
  readonly scopeLevel: ScopeLevel | null;
  readonly level: string | null;
  readonly class: string | null;
  readonly grade: string | null;
  /** `lead` for the lead hospital (牵头医院) of the consortium. */
  readonly role: string | null;
  readonly parent: string | null;
  readonly county: string | null;
  /** Itself and everything above it, nearest first. */
  readonly above: readonly string[];
}

export interface OrgTree {
  readonly orgs: ReadonlyMap<string, OrgFact>;
  /** Itself and everything below it. */
  below(id: string): readonly string[];
}

const HOSPITALS = new Set([
  'hospital',
  'tcm-hospital',
  'maternal-child-hospital',
  'rehabilitation-hospital',
  'nursing-hospital',
]);

/** Where a row stands for the whole county: nothing in it names a place (`rules/views/kinds.yaml`). */
export const WHOLE_COUNTY = '@county';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly level: string | null;
  readonly class: string | null;
  readonly grade: string | null;
  readonly role: string | null;
  readonly parent: string | null;
}

/** Reads the tree and lays it as temporary tables `org_fact` and `org_scope` beside the snapshot. */
export async function loadOrgTree(connection: DuckDBConnection): Promise<OrgTree> {
  const reader = await connection.runAndReadAll(
    'select resource_id, name, level, class, grade, role, parent from organisation',
  );
  const rows = new Map<string, Row>();
  for (const [id, name, level, kind, grade, role, parent] of reader.getRows() as (string | null)[][]) {
    rows.set(id!, {
      id: id!,
      name: name!,
      level: level!,
      class: kind!,
      grade: grade!,
      role: role!,
      parent: parent!,
    });
  }
  const counties = [...rows.values()].filter((row) => scopeLevelOf(row, rows) === 'county');
  if (counties.length === 1)
    rows.set(WHOLE_COUNTY, { ...counties[0]!, id: WHOLE_COUNTY, role: null, parent: counties[0]!.id });
  const orgs = new Map([...rows.values()].map((row) => [row.id, factOf(row, rows)]));
  const below = new Map<string, string[]>();
  for (const org of orgs.values()) {
    for (const above of org.above) {
      const list = below.get(above);
      if (list) list.push(org.id);
      else below.set(above, [org.id]);
    }
  }
  await layTables(connection, orgs);
  return { orgs, below: (id) => below.get(id) ?? [] };
}

// A department is part of its institution: it has the institution's level, class and grade, and its own scope.
function factOf(row: Row, rows: ReadonlyMap<string, Row>): OrgFact {
  const above = chain(row, rows);
  const institution = above.find((each) => each.level !== 'department') ?? row;
  const county = above.find((each) => scopeLevelOf(each, rows) === 'county');
  return {
    id: row.id,
    name: row.name,
    scopeLevel: scopeLevelOf(row, rows),
    level: institution.level,
    class: institution.class,
    grade: institution.grade,
    role: institution.role,
    parent: row.parent,
    county: county?.id ?? null,
    above: above.map((each) => each.id),
  };
}

// An office (bureau, insurer, personnel centre ...) has the level of what it serves and stands below it: it is no scope
// of its own, what it does counts for the county.
function scopeLevelOf(row: Row, rows: ReadonlyMap<string, Row>): ScopeLevel | null {
  if (row.level !== 'department' && HOSPITALS.has(row.class ?? '')) return 'hospital';
  const level = SCOPE_LEVELS.find((each) => each === row.level) ?? null;
  const isWithinItsLevel = chain(row, rows).some((above) => above !== row && above.level === level);
  return level !== 'department' && isWithinItsLevel ? null : level;
}

function chain(row: Row, rows: ReadonlyMap<string, Row>): Row[] {
  const result: Row[] = [];
  for (let next: Row | undefined = row; next && !result.includes(next); next = rows.get(next.parent ?? '')) {
    result.push(next);
  }
  return result;
}

async function layTables(connection: DuckDBConnection, orgs: ReadonlyMap<string, OrgFact>): Promise<void> {
  await connection.run(`create or replace temp table org_fact
    (org varchar, level varchar, class varchar, grade varchar, role varchar, county varchar)`);
  await connection.run('create or replace temp table org_scope (org varchar, scope varchar)');
  const facts = await connection.createAppender('org_fact', null, 'temp');
  const scopes = await connection.createAppender('org_scope', null, 'temp');
  for (const org of orgs.values()) {
    for (const value of [org.id, org.level, org.class, org.grade, org.role, org.county])
      facts.appendValue(value);
    facts.endRow();
    for (const scope of org.above) {
      scopes.appendVarchar(org.id);
      scopes.appendVarchar(scope);
      scopes.endRow();
    }
  }
  facts.closeSync();
  scopes.closeSync();
}
