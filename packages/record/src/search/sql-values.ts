// Writes the condition that one test puts on the index rows of one table (alias given).
import { indexedText, normaliseText } from '@yimai/fhir';
import { assertNever } from '@yimai/kit';
import { and, type Fragment, join, or, raw, sql } from '@yimai/postgres';
import type { DateValue, NumberValue, QuantityValue, ReferenceValue, Test, TokenValue } from './tree.ts';

/** The blind index of a value that is not kept in clear. */
export type Blind = (value: string) => string;

export type IndexTable = 'idx_token' | 'idx_string' | 'idx_date' | 'idx_reference' | 'idx_quantity';

export function tableOf(kind: Test['kind']): IndexTable {
  switch (kind) {
    case 'string':
      return 'idx_string';
    case 'token':
    case 'display':
    case 'uri':
      return 'idx_token';
    case 'date':
      return 'idx_date';
    case 'reference':
      return 'idx_reference';
    case 'number':
    case 'quantity':
      return 'idx_quantity';
    case 'composite':
      throw new Error('fault: a composite has no table of its own');
    default:
      return assertNever(kind);
  }
}

/** The conditions, one of which must hold; kept apart so that each can use the index by itself. */
export function alternatives(test: Test, alias: string, blind: Blind): readonly Fragment[] {
  const x = raw(alias);
  switch (test.kind) {
    case 'string':
      return test.values.map((value) => stringIs(x, test.op, value));
    case 'token':
      return tokenIs(x, test.values, test.sensitive ? blind : null);
    case 'display':
      return test.values.map((value) => sql`strpos(lower(${x}.display), ${value}) > 0`);
    case 'uri':
      return uriIs(x, test.op, test.values);
    case 'date':
      return test.values.map((value) => dateIs(x, value));
    case 'number':
      return test.values.map((value) => numberIs(x, value));
    case 'quantity':
      return test.values.map((value) => quantityIs(x, value));
    case 'reference':
      return referenceIs(x, test.values, blind);
    case 'composite':
      throw new Error('fault: a composite has no table of its own');
    default:
      return assertNever(test);
  }
}

// The last code point: in collation "C" nothing that begins with the text comes after it.
const LAST = '\u{10ffff}';

/** All texts that begin with this one, as a range that the index serves. */
function begins(column: Fragment, text: string): Fragment {
  return sql`${column} >= ${text} and ${column} < ${text + LAST}`;
}

function stringIs(x: Fragment, op: 'starts' | 'exact' | 'contains', value: string): Fragment {
  switch (op) {
    case 'starts':
      return begins(sql`${x}.value`, value);
    case 'exact':
      return sql`${x}.value = ${indexedText(normaliseText(value))} and ${x}.exact = ${value}`;
    case 'contains':
      return sql`strpos(${x}.value, ${value}) > 0`;
    default:
      return assertNever(op);
  }
}

/** Plain codes go together by system, so that a value set of a thousand codes is one look-up list. */
function tokenIs(x: Fragment, values: readonly TokenValue[], blind: Blind | null): Fragment[] {
  const groups = new Map<string | null | undefined, string[]>();
  const conditions: Fragment[] = [];
  for (const value of values) {
    const { system, code, reach } = value;
    if (code === undefined) conditions.push(systemIs(x, system));
    else if (reach === 'below') conditions.push(and([begins(sql`${x}.value`, code), systemIs(x, system)]));
    else if (reach === 'above') conditions.push(and([isOne(x, beginnings(code)), systemIs(x, system)]));
    else {
      const group = groups.get(system) ?? [];
      group.push(code, ...(blind ? [blind(code)] : []));
      groups.set(system, group);
    }
  }
  for (const [system, codes] of groups)
    conditions.push(system === undefined ? isOne(x, codes) : and([isOne(x, codes), systemIs(x, system)]));
  return conditions;
}

/** A short list stands in the text, so that a kept plan knows how short it is. */
function isOne(x: Fragment, codes: readonly string[], column = raw('value')): Fragment {
  if (codes.length === 1) return sql`${x}.${column} = ${codes[0]}`;
  const few = codes.map((code) => sql`${code}`);
  return codes.length <= 4
    ? sql`${x}.${column} in (${join(few, ', ')})`
    : sql`${x}.${column} = any(${[...codes]}::text[])`;
}

function systemIs(x: Fragment, system: string | null | undefined): Fragment {
  if (system === undefined) return raw('true');
  return system === null ? sql`${x}.system is null` : sql`${x}.system = ${system}`;
}

/** `I10.x00` is below `I10.x0`, ..., `I1`, `I`. */
function beginnings(code: string): string[] {
  const characters = [...code];
  return characters.map((_, at) => characters.slice(0, at + 1).join(''));
}

function uriIs(x: Fragment, op: 'is' | 'above' | 'below', values: readonly string[]): Fragment[] {
  if (op === 'is') return [isOne(x, values)];
  if (op === 'above') return [isOne(x, values.flatMap(pathsAbove))];
  return values.map((value) => {
    const folder = value.endsWith('/') ? value : `${value}/`;
    return sql`${x}.value = ${value} or (${begins(sql`${x}.value`, folder)})`;
  });
}

/** `http://a/b/c`, `http://a/b`, `http://a`, each also with a slash at its end. */
function pathsAbove(url: string): string[] {
  const found: string[] = [url];
  for (
    let end = url.lastIndexOf('/');
    end > url.indexOf('//') + 1 && end > 0;
    end = url.lastIndexOf('/', end - 1)
  )
    found.push(url.slice(0, end), url.slice(0, end + 1));
  return found;
}

/** FHIR search §3.1.1.4.7: the range of the value written against the range of the value stored. */
function dateIs(x: Fragment, { prefix, low, high }: DateValue): Fragment {
  const from = sql`${low}::timestamptz`;
  const to = sql`${high}::timestamptz`;
  switch (prefix) {
    case 'eq':
      return sql`${x}.low >= ${from} and ${x}.low < ${to} and ${x}.high <= ${to}`;
    case 'ne':
      return sql`${x}.low < ${from} or ${x}.high > ${to}`;
    case 'gt':
      return sql`${x}.high > ${to}`;
    case 'lt':
      return sql`${x}.low < ${from}`;
    case 'ge':
      return sql`${x}.low >= ${from} or ${x}.high > ${to}`;
    case 'le':
      return sql`${x}.low < ${from} or ${x}.high <= ${to}`;
    case 'sa':
      return sql`${x}.low >= ${to}`;
    case 'eb':
      return sql`${x}.low < ${from} and ${x}.high <= ${from}`;
    case 'ap':
      return sql`${x}.low < ${to} and ${x}.high > ${from}`;
    default:
      return assertNever(prefix);
  }
}

/** `_lastUpdated` is an instant, in the resource's own row. */
export function updatedIs(alias: string, { prefix, low, high }: DateValue): Fragment {
  const at = raw(`${alias}.updated_at`);
  const from = sql`${low}::timestamptz`;
  const to = sql`${high}::timestamptz`;
  switch (prefix) {
    case 'eq':
    case 'ap':
      return sql`${at} >= ${from} and ${at} < ${to}`;
    case 'ne':
      return sql`${at} < ${from} or ${at} >= ${to}`;
    case 'gt':
    case 'sa':
      return sql`${at} >= ${to}`;
    case 'lt':
    case 'eb':
      return sql`${at} < ${from}`;
    case 'ge':
      return sql`${at} >= ${from}`;
    case 'le':
      return sql`${at} < ${to}`;
    default:
      return assertNever(prefix);
  }
}

/**
 * A plain number is a row whose low and high lie half a digit around its value; a Range reaches further up. `upper` is
 * the value itself for the one and the far end for the other.
 */
function numberIs(x: Fragment, { prefix, value, low, high }: NumberValue): Fragment {
  const near = sql`${x}.value`;
  const upper = sql`(${x}.high - ${x}.value + ${x}.low)`;
  const [at, from, to] = [sql`${value}::numeric`, sql`${low}::numeric`, sql`${high}::numeric`];
  switch (prefix) {
    case 'eq':
      return sql`${near} >= ${from} and ${near} < ${to} and ${upper} < ${to}`;
    case 'ne':
      return sql`${near} < ${from} or ${upper} >= ${to}`;
    case 'gt':
      return sql`${upper} > ${at}`;
    case 'lt':
      return sql`${near} < ${at}`;
    case 'ge':
      return sql`${upper} >= ${at}`;
    case 'le':
      return sql`${near} <= ${at}`;
    case 'sa':
      return sql`${near} > ${at}`;
    case 'eb':
      return sql`${near} < ${at} and ${upper} < ${at}`;
    case 'ap':
      return sql`${near} <= ${to} and ${upper} >= ${from}`;
    default:
      return assertNever(prefix);
  }
}

function quantityIs(x: Fragment, value: QuantityValue): Fragment {
  const { prefix, system, inUnits } = value;
  if (inUnits.length > 0) {
    const ways = inUnits.map(({ codes, ...amount }) =>
      and([numberIs(x, { prefix, ...amount }), isOne(x, codes, raw('code'))]),
    );
    return and([sql`${x}.system = ${system}`, or(ways)]);
  }
  const parts = [numberIs(x, value)];
  if (value.system !== undefined) parts.push(sql`${x}.system = ${value.system}`);
  if (value.unit !== undefined)
    parts.push(
      value.system === undefined
        ? sql`${x}.code = ${value.unit} or ${x}.unit = ${value.unit}`
        : sql`${x}.code = ${value.unit}`,
    );
  return and(parts);
}

function referenceIs(x: Fragment, values: readonly ReferenceValue[], blind: Blind): Fragment[] {
  const keys = values.flatMap((value) => (value.kind === 'target' ? value.keys : []));
  const conditions: Fragment[] = [];
  if (keys.length > 0)
    conditions.push(
      keys.length === 1 ? sql`${x}.target = ${keys[0]}::uuid` : sql`${x}.target = any(${keys}::uuid[])`,
    );
  for (const value of values) {
    if (value.kind === 'url') conditions.push(urlIs(x, value.url, value.version));
    else if (value.kind === 'identifier') conditions.push(identifierIs(x, value.system, value.value, blind));
  }
  return conditions;
}

function urlIs(x: Fragment, url: string, version: string | undefined): Fragment {
  const parts = [sql`${x}.url = ${url}`];
  if (version !== undefined) parts.push(sql`${x}.url_version = ${version}`);
  return join(parts, ' and ');
}

/** The column holds `system|value`, nothing before the bar without a system; a national ID stands as its blind index. */
function identifierIs(x: Fragment, system: string | null | undefined, value: string, blind: Blind): Fragment {
  const values = [value, blind(value)];
  if (system !== undefined)
    return sql`${x}.identifier = any(${values.map((one) => `${system ?? ''}|${one}`)}::text[])`;
  return or(
    values.flatMap((one) => [
      sql`${x}.identifier = ${`|${one}`}`,
      sql`${x}.identifier is not null and right(${x}.identifier, ${[...one].length + 1}) = ${`|${one}`}`,
    ]),
  );
}
