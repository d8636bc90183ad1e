// Reads the parts of a definition: which rows, under which conditions, counted how; all checked against the views.
import type { Bound, Condition, Counting, Filter, Part, Population, Scalar, Timing } from './definition.ts';
import { type Fields, fields, list, oneOf, text, texts, wrongDefinition } from './read-yaml.ts';

/** Columns of each view, against which definitions are checked. */
export type ViewColumns = ReadonlyMap<string, ReadonlySet<string>>;

const ORG_FACTS = ['level', 'class', 'grade', 'role', 'county'];

export interface ReadContext {
  readonly populations: ReadonlyMap<string, Population>;
  readonly views: ViewColumns;
  readonly file: string;
}

// A list of parts is added up (deaths from one register plus another).
export function readParts(value: unknown, at: string, context: ReadContext): readonly Part[] {
  if (!Array.isArray(value)) return [readPart(value, at, context)];
  if (value.length === 0) throw wrongDefinition(at, '不能为空', 'at least one part is needed');
  return value.map((part, index) => readPart(part, `${at}[${index}]`, context));
}

export function readPart(value: unknown, at: string, context: ReadContext): Part {
  const allowed = ['of', 'where', 'org', 'within', 'atEnd', 'during', 'always', 'negative', ...COUNTINGS];
  const entry = fields(value, at, allowed);
  const id = text(entry['of'], `${at}.of`);
  const population = context.populations.get(id);
  if (population === undefined) {
    throw wrongDefinition(
      `${at}.of`,
      `没有统计总体 ${id}`,
      `there is no population ${id}`,
      'unknown-population',
    );
  }
  const columns = context.views.get(population.view)!;
  return {
    population: id,
    filters: readFilters(entry['where'], `${at}.where`, columns),
    count: readCounting(entry, at, columns),
    org: entry['org'] === undefined ? null : column(entry['org'], columns, `${at}.org`),
    timing: readTiming(entry, at, columns),
    isNegative: entry['negative'] === true,
  };
}

const COUNTINGS = [
  'distinct',
  'sum',
  'max',
  'product',
  'cut',
  'maxCut',
  'saving',
  'hours',
  'minutes',
  'days',
];

function readCounting(entry: Fields, at: string, columns: ReadonlySet<string>): Counting {
  const names = COUNTINGS.filter((name) => entry[name] !== undefined);
  if (names.length > 1) throw wrongDefinition(at, '只能有一种计数法', 'only one way of counting is possible');
  const name = names[0];
  if (name === undefined) return { kind: 'rows' };
  const place = `${at}.${name}`;
  if (name === 'distinct' || name === 'sum' || name === 'max') {
    return { kind: name, column: column(entry[name], columns, place) };
  }
  const several = texts(entry[name], place).map((each) => column(each, columns, place));
  const wanted = name === 'saving' ? 3 : 2;
  if (several.length !== wanted)
    throw wrongDefinition(place, `应为 ${wanted} 列`, `${wanted} columns are expected`);
  const two = [several[0]!, several[1]!] as const;
  switch (name) {
    case 'product':
    case 'cut':
      return { kind: name, columns: two };
    case 'maxCut':
      return { kind: 'max-cut', columns: two };
    case 'saving':
      return { kind: 'saving', columns: [...two, several[2]!] };
    default:
      return {
        kind: 'between',
        columns: two,
        unit: oneOf(name, ['hours', 'minutes', 'days'] as const, place),
      };
  }
}

export function readTiming(entry: Fields, at: string, columns: ReadonlySet<string>): Timing | null {
  if (entry['always'] === true) return { kind: 'always' };
  if (entry['within'] !== undefined)
    return { kind: 'within', column: column(entry['within'], columns, `${at}.within`) };
  for (const [name, kind] of [
    ['atEnd', 'at-end'],
    ['during', 'during'],
  ] as const) {
    if (entry[name] === undefined) continue;
    const span = texts(entry[name], `${at}.${name}`).map((each) => column(each, columns, `${at}.${name}`));
    return { kind, from: span[0]!, to: span[1] ?? null };
  }
  return null;
}

export function readFilters(value: unknown, at: string, columns: ReadonlySet<string>): readonly Filter[] {
  if (value === undefined) return [];
  const entry = fields(value, at, Object.keys((value as object) ?? {}));
  return Object.entries(entry).map(([name, condition]) => {
    const [stem, fact] = name.split('.');
    column(stem, columns, `${at}.${name}`);
    if (fact !== undefined && !ORG_FACTS.includes(fact)) {
      throw wrongDefinition(
        `${at}.${name}`,
        '机构属性不存在',
        `an organisation has ${ORG_FACTS.join(', ')}`,
        'unknown-column',
      );
    }
    return { column: name, condition: readCondition(condition, `${at}.${name}`) };
  });
}

const CONDITIONS = ['not', 'present', 'startsWith', 'sameCounty', 'memberOf', 'age', 'lastsUntil', 'days'];
const BOUNDS = { from: '>=', atLeast: '>=', to: '<=', atMost: '<=', above: '>', below: '<' } as const;

function readCondition(value: unknown, at: string): Condition {
  if (isScalar(value)) return { kind: 'in', values: [value], wanted: true };
  if (Array.isArray(value)) return { kind: 'in', values: scalars(value, at), wanted: true };
  const entry = fields(value, at, [...CONDITIONS, ...Object.keys(BOUNDS)]);
  if (entry['not'] !== undefined) {
    const values = isScalar(entry['not']) ? [entry['not']] : scalars(list(entry['not'], at), at);
    return { kind: 'in', values, wanted: false };
  }
  if (typeof entry['present'] === 'boolean') return { kind: 'present', wanted: entry['present'] };
  if (typeof entry['sameCounty'] === 'boolean') return { kind: 'same-county', wanted: entry['sameCounty'] };
  if (entry['startsWith'] !== undefined)
    return { kind: 'starts-with', prefixes: texts(entry['startsWith'], at) };
  if (entry['memberOf'] !== undefined) return { kind: 'member-of', population: text(entry['memberOf'], at) };
  if (entry['age'] !== undefined) return { kind: 'age', bounds: readBounds(entry['age'], `${at}.age`) };
  if (entry['lastsUntil'] !== undefined) {
    return {
      kind: 'lasts',
      until: text(entry['lastsUntil'], at),
      bounds: readBounds(entry['days'], `${at}.days`),
    };
  }
  return { kind: 'range', bounds: readBounds(entry, at) };
}

function readBounds(value: unknown, at: string): readonly Bound[] {
  const entry = fields(value, at, Object.keys(BOUNDS));
  const bounds = Object.entries(BOUNDS).flatMap(([name, operator]) => {
    const bound = entry[name];
    return typeof bound === 'number' || typeof bound === 'string' ? [{ operator, value: bound }] : [];
  });
  if (bounds.length === 0) throw wrongDefinition(at, '条件为空', 'the condition says nothing');
  return bounds;
}

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

function scalars(values: readonly unknown[], at: string): readonly Scalar[] {
  if (values.length > 0 && values.every(isScalar)) return values;
  throw wrongDefinition(at, '应为值的列表', 'a list of values is expected');
}

export function column(value: unknown, columns: ReadonlySet<string>, at: string): string {
  const name = text(value, at);
  if (columns.has(name)) return name;
  throw wrongDefinition(at, `视图没有列 ${name}`, `the view has no column ${name}`, 'unknown-column');
}

export function columnOf(part: Part, value: unknown, at: string, context: ReadContext): string {
  return column(value, context.views.get(context.populations.get(part.population)!.view)!, at);
}
