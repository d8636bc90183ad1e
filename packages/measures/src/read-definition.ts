// Reads populations and measure definitions from YAML values; what does not fit the views is refused with its place.
import { createHash } from 'node:crypto';
import { isLocalDate, type LocalDate } from '@yimai/kit';
import {
  type Bound,
  type Condition,
  type Counting,
  type Definition,
  DIRECTIONS,
  type Filter,
  type Formula,
  type Part,
  type Population,
  type Quotient,
  SCOPE_LEVELS,
  type Scalar,
  type Timing,
  UNITS,
} from './definition.ts';
import { both, type Fields, fields, list, oneOf, text, texts, wrongDefinition } from './read-yaml.ts';

/** Columns of each view, against which definitions are checked. */
export type ViewColumns = ReadonlyMap<string, ReadonlySet<string>>;

const ORG_FACTS = ['level', 'class', 'grade', 'role', 'county'];

export function readPopulation(id: string, value: unknown, at: string, views: ViewColumns): Population {
  const entry = fields(value, at, [
    'view',
    'where',
    'org',
    'once',
    'order',
    'within',
    'atEnd',
    'during',
    'always',
    'absent',
  ]);
  const view = text(entry['view'], `${at}.view`);
  const columns = views.get(view);
  if (columns === undefined)
    throw wrongDefinition(`${at}.view`, `没有视图 ${view}`, `there is no view ${view}`, 'unknown-view');
  const timing = readTiming(entry, at, columns);
  if (timing === null) throw wrongDefinition(at, '缺少时间规则', 'a population says when its rows count');
  const once =
    entry['once'] === undefined
      ? null
      : texts(entry['once'], `${at}.once`).map((name) => column(name, columns, `${at}.once`));
  return {
    id,
    view,
    filters: readFilters(entry['where'], `${at}.where`, columns),
    timing,
    org: column(entry['org'] ?? 'org', columns, `${at}.org`),
    once: once === null ? null : { columns: once, order: column(entry['order'], columns, `${at}.order`) },
    absent: oneOf(entry['absent'] ?? 'zero', ['zero', 'unknown'] as const, `${at}.absent`),
  };
}

export interface ReadContext {
  readonly populations: ReadonlyMap<string, Population>;
  readonly views: ViewColumns;
  readonly file: string;
}

const FIELDS = [
  'id',
  'name',
  'purpose',
  'unit',
  'digits',
  'direction',
  'edge',
  'levels',
  'exclusions',
  'source',
  'effective',
  'numerator',
  'denominator',
  'change',
  'meanOf',
  'rank',
  'quotients',
  'meanOver',
  'top',
  'prematureMortality',
  'consumptionIndex',
];

export function readDefinition(value: unknown, at: string, context: ReadContext): Definition {
  const entry = fields(value, at, FIELDS);
  const id = text(entry['id'], `${at}.id`);
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    throw wrongDefinition(`${at}.id`, 'id 应为小写短横线词', 'an id is a kebab-case word');
  const here = `${context.file}: ${id}`;
  const dates = fields(entry['effective'], `${here}.effective`, ['from', 'to']);
  const definition = {
    id,
    name: both(entry['name'], `${here}.name`),
    purpose: both(entry['purpose'], `${here}.purpose`),
    unit: oneOf(entry['unit'], UNITS, `${here}.unit`),
    digits: typeof entry['digits'] === 'number' ? entry['digits'] : 2,
    direction: oneOf(entry['direction'], DIRECTIONS, `${here}.direction`),
    edge: entry['edge'] === undefined ? null : both(entry['edge'], `${here}.edge`),
    levels: texts(entry['levels'], `${here}.levels`).map((level, index) =>
      oneOf(level, SCOPE_LEVELS, `${here}.levels[${index}]`),
    ),
    exclusions: entry['exclusions'] === undefined ? null : both(entry['exclusions'], `${here}.exclusions`),
    source: text(entry['source'], `${here}.source`),
    effectiveFrom: day(dates['from'], `${here}.effective.from`),
    effectiveTo: dates['to'] === undefined ? null : day(dates['to'], `${here}.effective.to`),
    formula: readFormula(entry, here, context),
  };
  return { ...definition, version: versionOf(definition, context.populations), file: context.file };
}

const FORMULAS = [
  'numerator',
  'quotients',
  'change',
  'meanOf',
  'meanOver',
  'rank',
  'top',
  'prematureMortality',
  'consumptionIndex',
];

function readFormula(entry: Fields, at: string, context: ReadContext): Formula {
  const given = FORMULAS.filter((name) => entry[name] !== undefined);
  if (given.length !== 1) {
    throw wrongDefinition(
      at,
      '须恰有一种算法（如 numerator 或 change）',
      'exactly one formula (numerator, change, ...) is expected',
    );
  }
  const name = given[0]!;
  const place = `${at}.${name}`;
  switch (name) {
    case 'numerator':
      return {
        kind: 'parts',
        numerator: readParts(entry[name], place, context),
        denominator:
          entry['denominator'] === undefined
            ? null
            : readParts(entry['denominator'], `${at}.denominator`, context),
      };
    case 'change': {
      const change = fields(entry[name], place, ['of', 'against', 'as']);
      const against = text(String(change['against']), `${place}.against`);
      if (!/^(?:last-period|last-year|\d{4})$/.test(against)) {
        throw wrongDefinition(
          `${place}.against`,
          '应为 last-period、last-year 或年份',
          'expected last-period, last-year or a year',
        );
      }
      const as = oneOf(change['as'], ['relative', 'fall', 'points'] as const, `${place}.as`);
      return { kind: 'change', of: text(change['of'], `${place}.of`), against, as };
    }
    case 'meanOf': {
      const mean = fields(entry[name], place, ['of', 'level']);
      return {
        kind: 'mean-of',
        of: text(mean['of'], `${place}.of`),
        level: oneOf(mean['level'], SCOPE_LEVELS, `${place}.level`),
      };
    }
    case 'meanOver': {
      const mean = fields(entry[name], place, ['of', 'periods']);
      return { kind: 'mean-over', of: text(mean['of'], `${place}.of`), periods: Number(mean['periods']) };
    }
    case 'quotients': {
      const pair = fields(entry[name], place, ['upper', 'lower']);
      const upper = readQuotient(pair['upper'], `${place}.upper`, context);
      return { kind: 'quotients', upper, lower: readQuotient(pair['lower'], `${place}.lower`, context) };
    }
    case 'rank':
      return { kind: 'rank', of: text(entry[name], place) };
    case 'top': {
      const top = fields(entry[name], place, ['part', 'by', 'most']);
      const part = readPart(top['part'], `${place}.part`, context);
      return {
        kind: 'top',
        part,
        by: columnOf(part, top['by'], `${place}.by`, context),
        most: Number(top['most'] ?? 10),
      };
    }
    case 'prematureMortality': {
      const table = fields(entry[name], place, ['deaths', 'people', 'band']);
      const people = readPart(table['people'], `${place}.people`, context);
      return {
        kind: 'premature-mortality',
        deaths: readPart(table['deaths'], `${place}.deaths`, context),
        people,
        band: columnOf(people, table['band'], `${place}.band`, context),
      };
    }
    default: {
      const index = fields(entry[name], place, ['part', 'by', 'column']);
      const part = readPart(index['part'], `${place}.part`, context);
      return {
        kind: 'consumption-index',
        part,
        by: columnOf(part, index['by'], `${place}.by`, context),
        column: columnOf(part, index['column'], `${place}.column`, context),
      };
    }
  }
}

function readQuotient(value: unknown, at: string, context: ReadContext): Quotient {
  const quotient = fields(value, at, ['numerator', 'denominator']);
  const numerator = readParts(quotient['numerator'], `${at}.numerator`, context);
  return { numerator, denominator: readParts(quotient['denominator'], `${at}.denominator`, context) };
}

// A list of parts is added up (deaths from one register plus another).
function readParts(value: unknown, at: string, context: ReadContext): readonly Part[] {
  if (!Array.isArray(value)) return [readPart(value, at, context)];
  if (value.length === 0) throw wrongDefinition(at, '不能为空', 'at least one part is needed');
  return value.map((part, index) => readPart(part, `${at}[${index}]`, context));
}

function readPart(value: unknown, at: string, context: ReadContext): Part {
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

function readTiming(entry: Fields, at: string, columns: ReadonlySet<string>): Timing | null {
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

function readFilters(value: unknown, at: string, columns: ReadonlySet<string>): readonly Filter[] {
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

function column(value: unknown, columns: ReadonlySet<string>, at: string): string {
  const name = text(value, at);
  if (columns.has(name)) return name;
  throw wrongDefinition(at, `视图没有列 ${name}`, `the view has no column ${name}`, 'unknown-column');
}

function columnOf(part: Part, value: unknown, at: string, context: ReadContext): string {
  return column(value, context.views.get(context.populations.get(part.population)!.view)!, at);
}

function day(value: unknown, at: string): LocalDate {
  const date = value instanceof Date ? value.toISOString().slice(0, 10) : value;
  if (isLocalDate(date)) return date;
  throw wrongDefinition(at, '应为日期', 'a date is expected here');
}

function versionOf(
  definition: { readonly formula: Formula },
  populations: ReadonlyMap<string, Population>,
): string {
  const text = JSON.stringify(definition);
  const used = [...populations.values()].filter((population) =>
    text.includes(`"population":"${population.id}"`),
  );
  return createHash('sha256').update(text).update(JSON.stringify(used)).digest('hex').slice(0, 12);
}
