// How DuckDB walks JSON: wildcard paths give lists, lambdas filter and map them.
import {
  type Dialect,
  type PlainStep,
  type RepeatInput,
  timesInOrder,
  type UnnestInput,
} from '../dialect.ts';
import { type Form, formOfType } from '../elements.ts';

const TYPES = { text: 'varchar', number: 'double', boolean: 'boolean', json: 'json' } as const;

const jsonPath = (steps: readonly PlainStep[]): string =>
  `'$${steps.map((step) => `."${step.name}"${step.many ? '[*]' : ''}`).join('')}'`;
const plain = (names: readonly string[]): string => jsonPath(names.map((name) => ({ name, many: false })));

function scalar(json: string, form: Exclude<Form, 'json'>): string {
  const text = `json_extract_string(${json}, '$')`;
  return form === 'text' ? text : `try_cast(${text} as ${TYPES[form]})`;
}

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  param: (number, form) => `$${number}::${TYPES[form]}`,
  child: (json, names) => (names.length === 0 ? json : `json_extract(${json}, ${plain(names)})`),
  childText: (json, names) => `json_extract_string(${json}, ${plain(names)})`,
  children: (json, steps) => `json_extract(${json}, ${jsonPath(steps)})`,
  spread(json, name) {
    const path = plain([name]);
    const many = jsonPath([{ name, many: true }]);
    return `(case json_type(${json}, ${path}) when 'ARRAY' then json_extract(${json}, ${many})
      when 'NULL' then [] else list_filter([json_extract(${json}, ${path})], lambda s: s is not null) end)`;
  },
  filter: (list, variable, criteria) => `list_filter(${list}, lambda ${variable}: ${criteria(variable)})`,
  map: (list, variable, body) =>
    `list_filter(list_transform(${list}, lambda ${variable}: ${body(variable)}), lambda s: s is not null)`,
  flatMap: (list, variable, body) =>
    `flatten(list_transform(${list}, lambda ${variable}: ${body(variable)}))`,
  asList: (json) => `(case when ${json} is null then []::json[] else [${json}] end)`,
  nullList: () => '([]::json[])',
  concat: (lists) => (lists.length === 1 ? lists[0]! : `flatten([${lists.join(', ')}])`),
  at: (list, index) => `${list}[${index + 1}]`,
  last: (list) => `${list}[-1]`,
  size: (list) => `coalesce(len(${list}), 0)`,
  join: (list, separator) =>
    `coalesce(array_to_string(list_transform(${list}, lambda s: ${scalar('s', 'text')}), ${separator}), '')`,
  sameLists: (left, right) =>
    `(case when coalesce(len(${left}), 0) = 0 or coalesce(len(${right}), 0) = 0 then null else ${left} = ${right} end)`,
  scalar,
  toJson: (native) => `(case when ${native} is not null then to_json(${native}) end)`,
  convert: (native, from, to) =>
    from === to || to === 'json' ? native : `try_cast(${native} as ${TYPES[to]})`,
  jsonType: (json, type) => `json_type(${json}) = '${type.toUpperCase()}'`,
  // A double has a tail that a decimal has not: 0.1 + 0.2.
  arithmetic: (left, operator, right) =>
    operator === '/' ? `(${left} / nullif(${right}, 0))` : `round(${left} ${operator} ${right}, 12)`,
  compareTimes: (left, operator, right) =>
    timesInOrder(left, operator, right, {
      hasClock: (text) => `contains(${text}, 'T')`,
      moment: (text) => `try_cast(${text} as timestamptz)`,
    }),
  boundary,
  referenceKey(reference, resource) {
    const pattern = `(?:^|/)${resource ?? '[A-Z][A-Za-z]*'}/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?$`;
    return `nullif(regexp_extract(${reference}, '${pattern}', 1), '')`;
  },
  fail: (message, witness, form) =>
    `cast(error('${message.replaceAll("'", "''")}' || left(cast(${witness} as varchar), 0)) as ${TYPES[form]})`,
  columnType: (type, collection) => `${columnType(type)}${collection ? '[]' : ''}`,
  collection(list, type, variable) {
    const form = formOfType(type);
    const values = `list_filter(${list}, lambda s: json_type(s) <> 'NULL')`;
    if (form === 'json') return `coalesce(${values}, [])`;
    return `coalesce(list_transform(${values}, lambda ${variable}: ${scalar(variable, form)}), [])`;
  },
  unnest,
  repeat,
};

function columnType(type: string | null): string {
  const form = formOfType(type);
  return form === 'number' && type !== 'decimal' ? 'bigint' : TYPES[form];
}

function unnest({ from, columns, list, orNull, element, index }: UnnestInput): string {
  const carried = columns.map((column) => `${column}, `).join('');
  const items = orNull
    ? `(case when coalesce(len(${list}), 0) = 0 then [null]::json[] else ${list} end)`
    : list;
  return `select ${carried}unnest(items) as ${element}, unnest(range(len(items))) as ${index}
  from (select ${carried}${items} as items from ${from})`;
}

// A walk keeps the way to each node as a list of positions; sorting by it gives the order of a depth-first walk.
function repeat({ from, columns, name, childrenOf, node, element, index }: RepeatInput): readonly string[] {
  const carried = columns.map((column) => `${column}, `).join('');
  const step = (source: string, json: string, way: string): string => `select ${carried}row_key, ${element},
    ${way} as way from (select ${carried}row_key, ${way === '[place]' ? '' : 'way, '}unnest(items) as ${element},
      unnest(range(len(items))) as place from (select ${carried}row_key, ${way === '[place]' ? '' : 'way, '}
        ${childrenOf(json)} as items from ${source}))`;
  return [
    `${name}_rows as (select ${carried}row_number() over () as row_key from ${from})`,
    `${name}_walk as (${step(`${name}_rows`, node, '[place]')}
  union all ${step(`${name}_walk`, element, 'list_append(way, place)')})`,
    `${name} as (select ${carried}${element},
    row_number() over (partition by row_key order by way) - 1 as ${index} from ${name}_walk)`,
  ];
}

// A decimal without a fraction counts as written to one place (SPEC V9): JSON writers drop trailing zeros.
function boundary(text: string, type: string, side: 'low' | 'high'): string {
  const isLow = side === 'low';
  if (type === 'decimal' || type === 'integer') {
    const places = type === 'integer' ? '0' : `greatest(1, len(split_part(${text}, '.', 2)))`;
    const half = `0.5 * pow(10, -(${places}))`;
    return `round(try_cast(${text} as double) ${isLow ? '-' : '+'} ${half}, cast(1 + ${places} as integer))`;
  }
  const day = (date: string): string => `(case length(${date})
    when 4 then ${date} || '${isLow ? '-01-01' : '-12-31'}'
    when 7 then ${isLow ? `${date} || '-01'` : `cast(last_day(try_cast(${date} || '-01' as date)) as varchar)`}
    else ${date} end)`;
  if (type === 'date') return day(text);
  const fill = (time: string): string => `(case length(${time})
    when 2 then ${time} || '${isLow ? ':00:00.000' : ':59:59.999'}'
    when 5 then ${time} || '${isLow ? ':00.000' : ':59.999'}'
    when 8 then ${time} || '${isLow ? '.000' : '.999'}' else ${time} end)`;
  if (type === 'time') return fill(text);
  const zone = `regexp_extract(${text}, '(Z|[+-][0-9]{2}:[0-9]{2})$', 1)`;
  const clock = `regexp_replace(split_part(${text}, 'T', 2), '(Z|[+-][0-9]{2}:[0-9]{2})$', '')`;
  return `(case when not contains(${text}, 'T')
    then ${day(text)} || '${isLow ? 'T00:00:00.000+14:00' : 'T23:59:59.999-12:00'}'
    else split_part(${text}, 'T', 1) || 'T' || ${fill(clock)} || coalesce(nullif(${zone}, ''), '${isLow ? '+14:00' : '-12:00'}') end)`;
}
