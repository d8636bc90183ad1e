// Writes a filter as a predicate on a resource row; every further resource row that it touches stands under the
// reader's predicate too, so that what one may not see cannot be felt through a chain.
import { assert, assertNever } from '@yimai/kit';
import { and, type Fragment, join, or, raw, sql } from '@yimai/postgres';
import type { Access } from '../types.ts';
import { isNear } from './near.ts';
import { type Past, tableIn, unchanged, type World, worldsOf } from './sql-then.ts';
import { alternatives, type Blind, tableOf, updatedIs } from './sql-values.ts';
import type { CompositeWay, Filter, Parameter, Test } from './tree.ts';

export interface SqlContext {
  readonly access: Pick<Access, 'readable'>;
  readonly blind: Blind;
  /**
   * Few rows are asked: each criterion is looked up for each of them, never as the set of all that it names. The planner
   * cannot know which is less; who calls does.
   */
  readonly each?: boolean;
  /** Every row of a type is asked: what a parameter holds is read once as a set. */
  readonly whole?: boolean;
  /** What was written since the first page, on a later one. */
  readonly past?: Past | null;
}

/** `depth` numbers the aliases of the resource rows along a chain; `world` says where the row itself stands. */
export function predicate(
  filter: Filter,
  alias: string,
  context: SqlContext,
  depth = 1,
  world: World = 'now',
): Fragment {
  const id = raw(`${alias}.id`);
  const entry = raw(`${alias}.entry`);
  switch (filter.kind) {
    case 'id':
      return filter.not ? sql`${id} <> all(${[...filter.keys]}::uuid[])` : idIs(id, filter.keys);
    case 'updated':
      return or(filter.values.map((value) => updatedIs(alias, value)));
    case 'near':
      return isNear(alias, filter.values);
    case 'missing': {
      const whole = context.whole && world === 'now';
      const hasOne = (part: Parameter) => (whole ? isAmong(entry, part) : hasRow(entry, part, world));
      const has = or(filter.ways.map((parts) => and(parts.map(hasOne))));
      return filter.missing ? sql`not ${has}` : has;
    }
    case 'test':
      if (!filter.not) return found(alias, filter, context, depth, world);
      return and(
        alternatives(filter.test, 'x', context.blind).map(
          (condition) => sql`not exists (select 1 from ${tableIn(world, tableOf(filter.test.kind))} x
            where x.entry = ${entry} and ${ownParameterIs('x', filter.parameter)} and (${condition}))`,
        ),
      );
    case 'chain':
    case 'has':
    case 'member':
      return found(alias, filter, context, depth, world);
    case 'any':
      return filter.of.every(isSet) && !context.each
        ? found(alias, filter, context, depth, world)
        : or(filter.of.map((one) => predicate(one, alias, context, depth, world)));
    default:
      return assertNever(filter);
  }
}

const hasRow = (entry: Fragment, parameter: Parameter, world: World): Fragment =>
  sql`exists (select 1 from ${tableIn(world, tableFor(parameter))} x
    where x.entry = ${entry} and ${ownParameterIs('x', parameter)})`;

/**
 * The same by one reading of the parameter in its index. The double negation keeps the set a set: as a join it might be
 * read again for each row, where the planner expects few of them.
 */
const isAmong = (entry: Fragment, parameter: Parameter): Fragment =>
  sql`not (${entry} not in (select x.entry from ${raw(tableFor(parameter))} x where ${parameterIs('x', parameter)}))`;

const idIs = (id: Fragment, keys: readonly string[]): Fragment =>
  keys.length === 1 ? sql`${id} = ${keys[0]}::uuid` : sql`${id} = any(${[...keys]}::uuid[])`;

function found(alias: string, filter: Filter, context: SqlContext, depth: number, world: World): Fragment {
  const sets = setsOf(filter, context, depth, world);
  // `offset 0` keeps the planner from turning the question around.
  if (context.each)
    return or(sets.map((set) => sql`exists (select 1 ${set.rows} and ${raw(isOf(set, alias))} offset 0)`));
  const keys = sets.map((set) => sql`select ${raw(set.key)} ${set.rows}`);
  return keys.length === 0 ? raw('false') : sql`${raw(alias)}.id in (${join(keys, ' union all ')})`;
}

/** Filters that index rows alone answer; they can be looked up from the value, not only checked row by row. */
const isSet = (filter: Filter): boolean =>
  filter.kind === 'any'
    ? filter.of.every(isSet)
    : filter.kind === 'test'
      ? !filter.not
      : SETS.has(filter.kind);
const SETS = new Set<Filter['kind']>(['chain', 'has', 'member']);

/** Index rows (`from … where …`) whose column `key` holds the row keys of the resources that match. */
interface KeySet {
  readonly key: 'x.resource' | 'x.target' | 'x0.resource';
  readonly rows: Fragment;
}

/** Rows of one resource are found by its entry; what points to it, by its key. */
const isOf = ({ key }: KeySet, alias: string): string =>
  key === 'x.target' ? `x.target = ${alias}.id` : `${key.replace('resource', 'entry')} = ${alias}.entry`;

function setsOf(filter: Filter, context: SqlContext, depth: number, world: World): readonly KeySet[] {
  const worlds = worldsOf(context.past ?? null);
  switch (filter.kind) {
    case 'test':
      return filter.test.kind === 'composite'
        ? compositeSets(filter.test, context, world)
        : alternatives(filter.test, 'x', context.blind).map((condition) => ({
            key: 'x.resource',
            rows: sql`from ${tableIn(world, tableOf(filter.test.kind))} x
              where ${parameterIs('x', filter.parameter)} and (${condition})`,
          }));
    case 'chain':
      return worlds.map((next) => chainSet(filter, context, depth, world, next));
    case 'has':
      return worlds.map((next) => hasSet(filter, context, depth, next));
    case 'member':
      return worlds.map((next) => memberSet(filter, context, next));
    case 'any':
      return filter.of.flatMap((one) => setsOf(one, context, depth, world));
    case 'id':
    case 'updated':
    case 'near':
    case 'missing':
      throw new Error(`fault: ${filter.kind} is not a set of index rows`);
    default:
      return assertNever(filter);
  }
}

function compositeSets(test: Test & { kind: 'composite' }, context: SqlContext, world: World): KeySet[] {
  return test.ways.flatMap((way) => test.values.map((tests) => compositeSet(way, tests, context, world)));
}

/** Rows of one element belong together by `part`. */
function compositeSet(
  { parts, byPart }: CompositeWay,
  tests: readonly Test[],
  context: SqlContext,
  world: World,
): KeySet {
  const tables = tests.map((test, at) => {
    const table = sql`${tableIn(world, tableOf(test.kind))} ${raw(`x${at}`)}`;
    const beside = byPart ? ` and x${at}.part = x0.part` : '';
    return at === 0 ? table : sql`${table} on ${raw(`x${at}.entry = x0.entry${beside}`)}`;
  });
  const conditions = tests.flatMap((test, at) => [
    parameterIs(`x${at}`, parts[at]!),
    or(alternatives(test, `x${at}`, context.blind)),
  ]);
  return { key: 'x0.resource', rows: sql`from ${join(tables, ' join ')} where ${and(conditions)}` };
}

/**
 * The type of the target is only asked of the reference: a criterion on that type's own parameters asks it already, and
 * asking twice makes the planner expect a fifth of what there is.
 */
function chainSet(
  filter: Filter & { kind: 'chain' },
  context: SqlContext,
  depth: number,
  world: World,
  there: World,
): KeySet {
  const next = `chain${depth}`;
  const typed = saysType(filter.filter) ? raw('true') : sql`x.target_type = ${filter.type}`;
  const rows = sql`from ${tableIn(world, 'idx_reference')} x
    join ${tableIn(there, 'resource')} ${raw(next)} on ${raw(next)}.id = x.target
    where ${parameterIs('x', filter.via)} and ${typed} and ${visible(next, context, there)}
    and (${predicate(filter.filter, next, context, depth + 1, there)})`;
  return { key: 'x.resource', rows };
}

/** A parameter belongs to one type; what `_has`, `_list` and `_id` find, or what lacks a value, may be of any. */
function saysType(filter: Filter): boolean {
  if (filter.kind === 'any') return filter.of.every(saysType);
  return filter.kind === 'chain' || (filter.kind === 'test' && !filter.not);
}

/** The parameter of the reference belongs to one type: what points here by it is of that type. */
function hasSet(filter: Filter & { kind: 'has' }, context: SqlContext, depth: number, there: World): KeySet {
  const next = `chain${depth}`;
  const rows = sql`from ${tableIn(there, 'idx_reference')} x
    join ${tableIn(there, 'resource')} ${raw(next)} on ${raw(next)}.id = x.resource
    where x.target is not null and ${parameterIs('x', filter.via)} and ${visible(next, context, there)}
    and (${predicate(filter.filter, next, context, depth + 1, there)})`;
  return { key: 'x.target', rows };
}

function memberSet(filter: Filter & { kind: 'member' }, context: SqlContext, there: World): KeySet {
  const rows = sql`from ${tableIn(there, 'idx_reference')} x
    join ${tableIn(there, 'resource')} list on list.entry = x.entry
    where list.id = ${filter.list}::uuid and ${parameterIs('x', filter.via)} and ${visible('list', context, there)}`;
  return { key: 'x.target', rows };
}

/** A row that is there (or was, for the first page) and that the reader may see. */
function visible(alias: string, { access, past }: SqlContext, world: World): Fragment {
  const seen = sql`not ${raw(alias)}.deleted and (${access.readable(alias)})`;
  return past && world === 'now' ? sql`${seen} and ${unchanged(alias, past)}` : seen;
}

/** Parameter numbers come from our own table and stand in the text, so that the planner knows how common they are. */
export function parameterIs(alias: string, parameter: Parameter): Fragment {
  const ids = parameter.ids.map((id) => {
    assert(Number.isInteger(id), 'a parameter number is an integer');
    return String(id);
  });
  return raw(ids.length === 1 ? `${alias}.param = ${ids[0]}` : `${alias}.param in (${ids.join(', ')})`);
}

/**
 * The same for the index rows of one resource at a time. The sum keeps the planner from reading the whole parameter in the
 * index by value for each of them, which it takes for cheap where values are few.
 */
function ownParameterIs(alias: string, parameter: Parameter): Fragment {
  return parameterIs(`0 + ${alias}`, parameter);
}

/** Where the rows of a parameter stand, whatever is asked of them. */
export function tableFor(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'composite':
    case 'special':
      throw new Error(`fault: ${parameter.kind} parameters have no rows`);
    default:
      return tableOf(parameter.kind);
  }
}
