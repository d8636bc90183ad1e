// How PostgreSQL (12 to 18) walks jsonb: lax JSON paths give arrays, sub-selects filter and map them.
import {
  type Dialect,
  type PlainStep,
  type RepeatInput,
  timesInOrder,
  type UnnestInput,
} from '../dialect.ts';
import { type Form, formOfType } from '../elements.ts';

const TYPES = { text: 'text', number: 'numeric', boolean: 'boolean', json: 'jsonb' } as const;
const EMPTY = `'[]'::jsonb`;

const jsonPath = (steps: readonly PlainStep[]): string =>
  `'$${steps.map((step) => `."${step.name}"${step.many ? '[*]' : ''}`).join('')}'`;
const textPath = (names: readonly string[]): string => `'{${names.map((name) => `"${name}"`).join(',')}}'`;
const elements = (list: string, variable: string): string =>
  `jsonb_array_elements(${list}) with ordinality as ${variable}(e, n)`;

function scalar(json: string, form: Exclude<Form, 'json'>): string {
  if (form === 'text') return `(${json} #>> '{}')`;
  return `(case when jsonb_typeof(${json}) = '${form}' then (${json})::${TYPES[form]} end)`;
}

export const postgresDialect: Dialect = {
  name: 'postgresql',
  param: (number, form) => `$${number}::${TYPES[form]}`,
  child: (json, names) => (names.length === 0 ? json : `(${json} #> ${textPath(names)})`),
  childText: (json, names) => `(${json} #>> ${textPath(names)})`,
  children: (json, steps) => `jsonb_path_query_array(${json}, ${jsonPath(steps)})`,
  spread: (json, name) => `jsonb_path_query_array(${json}, '$."${name}"[*] ? (@ != null)')`,
  filter: (
    list,
    variable,
    criteria,
  ) => `(select coalesce(jsonb_agg(${variable}.e order by ${variable}.n), ${EMPTY})
    from ${elements(list, variable)} where ${criteria(`${variable}.e`)})`,
  map: (list, variable, body) => `(select coalesce(jsonb_agg(${variable}m.e order by ${variable}.n), ${EMPTY})
    from ${elements(list, variable)} cross join lateral (select ${body(`${variable}.e`)} as e) as ${variable}m
    where ${variable}m.e is not null)`,
  flatMap: (
    list,
    variable,
    body,
  ) => `(select coalesce(jsonb_agg(${variable}m.e order by ${variable}.n, ${variable}m.n),
    ${EMPTY}) from ${elements(list, variable)}
    cross join lateral ${elements(body(`${variable}.e`), `${variable}m`)})`,
  asList: (json) => `(case when ${json} is null then ${EMPTY} else jsonb_build_array(${json}) end)`,
  nullList: () => EMPTY,
  concat: (lists) => (lists.length === 1 ? lists[0]! : `(${lists.join(' || ')})`),
  at: (list, index) => `(${list} -> ${index})`,
  last: (list) => `(${list} -> -1)`,
  size: (list) => `coalesce(jsonb_array_length(${list}), 0)`,
  join: (list, separator) => `(select coalesce(string_agg(j.e #>> '{}', ${separator} order by j.n), '')
    from ${elements(list, 'j')})`,
  sameLists: (left, right) => `(case when coalesce(jsonb_array_length(${left}), 0) = 0
    or coalesce(jsonb_array_length(${right}), 0) = 0 then null else ${left} = ${right} end)`,
  scalar,
  toJson: (native) => `(case when ${native} is not null then to_jsonb(${native}) end)`,
  convert(native, from, to) {
    if (from === to || to === 'json') return native;
    if (to === 'text') return `(${native})::text`;
    if (to === 'number')
      return `(case when (${native})::text ~ '^-?[0-9]+([.][0-9]+)?$' then (${native})::text::numeric end)`;
    return `(case (${native})::text when 'true' then true when 'false' then false end)`;
  },
  jsonType: (json, type) => `jsonb_typeof(${json}) = '${type}'`,
  arithmetic: (left, operator, right) =>
    operator === '/' ? `(${left} / nullif(${right}, 0))` : `(${left} ${operator} ${right})`,
  compareTimes: (left, operator, right) =>
    timesInOrder(left, operator, right, {
      hasClock: (text) => `${text} like '%T%:%'`,
      moment: (text) => `(${text})::timestamptz`,
    }),
  boundary,
  referenceKey(reference, resource) {
    const pattern = `(?:^|/)${resource ?? '[A-Z][A-Za-z]*'}/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?$`;
    return `(regexp_match(${reference}, '${pattern}'))[1]`;
  },
  fail(message, witness, form) {
    const text = `'${message.replaceAll("'", "''")}' || left((${witness})::text, 0)`;
    if (form === 'json' || form === 'text')
      return `to_jsonb((${text})::integer)${form === 'text' ? '::text' : ''}`;
    return `(${text})::${TYPES[form]}`;
  },
  columnType: (type, collection) => (collection ? 'jsonb' : columnType(type)),
  collection: (list) => `coalesce(jsonb_path_query_array(${list}, '$[*] ? (@ != null)'), ${EMPTY})`,
  unnest,
  repeat,
};

function columnType(type: string | null): string {
  const form = formOfType(type);
  return form === 'number' && type !== 'decimal' ? 'bigint' : TYPES[form];
}

function unnest({ from, columns, list, orNull, element, index }: UnnestInput): string {
  const carried = columns.map((column) => `${column}, `).join('');
  const join = orNull ? 'left join lateral' : 'cross join lateral';
  return `select ${carried}u.e as ${element}, coalesce(u.n - 1, 0) as ${index}
  from ${from} ${join} ${elements(list, 'u')}${orNull ? ' on true' : ''}`;
}

// A walk keeps the way to each node as an array of positions; sorting by it gives the order of a depth-first walk.
function repeat({ from, columns, name, childrenOf, node, element, index }: RepeatInput): readonly string[] {
  const carried = (owner: string): string => columns.map((column) => `${owner}.${column}, `).join('');
  return [
    `${name}_rows as (select ${carried('f')}row_number() over () as row_key from ${from} as f)`,
    `${name}_walk as (select ${carried('r')}r.row_key, u.e as ${element}, array[u.n] as way
    from ${name}_rows as r cross join lateral ${elements(childrenOf(`r.${node}`), 'u')}
  union all select ${carried('w')}w.row_key, u.e, w.way || u.n
    from ${name}_walk as w cross join lateral ${elements(childrenOf(`w.${element}`), 'u')})`,
    `${name} as (select ${carried('w')}w.${element},
    row_number() over (partition by w.row_key order by w.way) - 1 as ${index} from ${name}_walk as w)`,
  ];
}

// A decimal without a fraction counts as written to one place (SPEC V9): JSON writers drop trailing zeros.
function boundary(text: string, type: string, side: 'low' | 'high'): string {
  const isLow = side === 'low';
  if (type === 'decimal' || type === 'integer') {
    const written = `length(rtrim(split_part((${text})::numeric::text, '.', 2), '0'))`;
    const places = type === 'integer' ? '0' : `greatest(1, ${written})`;
    return `((${text})::numeric ${isLow ? '-' : '+'} 0.5 * power(10::numeric, -(${places})))`;
  }
  const day = (date: string): string => `(case length(${date})
    when 4 then ${date} || '${isLow ? '-01-01' : '-12-31'}'
    when 7 then ${isLow ? `${date} || '-01'` : `(((${date} || '-01')::date + interval '1 month - 1 day')::date)::text`}
    else ${date} end)`;
  if (type === 'date') return day(text);
  const fill = (time: string): string => `(case length(${time})
    when 2 then ${time} || '${isLow ? ':00:00.000' : ':59:59.999'}'
    when 5 then ${time} || '${isLow ? ':00.000' : ':59.999'}'
    when 8 then ${time} || '${isLow ? '.000' : '.999'}' else ${time} end)`;
  if (type === 'time') return fill(text);
  const zone = `substring(${text} from '(?:Z|[+-][0-9]{2}:[0-9]{2})$')`;
  const clock = `regexp_replace(split_part(${text}, 'T', 2), '(?:Z|[+-][0-9]{2}:[0-9]{2})$', '')`;
  return `(case when ${text} not like '%T%'
    then ${day(text)} || '${isLow ? 'T00:00:00.000+14:00' : 'T23:59:59.999-12:00'}'
    else split_part(${text}, 'T', 1) || 'T' || ${fill(clock)} || coalesce(${zone}, '${isLow ? '+14:00' : '-12:00'}') end)`;
}
