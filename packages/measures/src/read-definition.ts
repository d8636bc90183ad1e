// Reads populations and measure definitions from YAML values; what does not fit the views is refused with its place.
import { createHash } from 'node:crypto';
import { isLocalDate, type LocalDate } from '@yimai/kit';
import {
  type Definition,
  DIRECTIONS,
  type Formula,
  type Population,
  type Quotient,
  SCOPE_LEVELS,
  UNITS,
} from './definition.ts';
import {
  column,
  columnOf,
  type ReadContext,
  readFilters,
  readPart,
  readParts,
  readTiming,
  type ViewColumns,
} from './read-part.ts';
import { both, type Fields, fields, oneOf, text, texts, wrongDefinition } from './read-yaml.ts';

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
    'named',
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
    named: entry['named'] === undefined ? null : column(entry['named'], columns, `${at}.named`),
  };
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
      const top = fields(entry[name], place, ['part', 'by', 'most', 'sum']);
      const part = readPart(top['part'], `${place}.part`, context);
      return {
        kind: 'top',
        part,
        by: columnOf(part, top['by'], `${place}.by`, context),
        most: Number(top['most'] ?? 10),
        ...(top['sum'] === undefined ? {} : { sum: columnOf(part, top['sum'], `${place}.sum`, context) }),
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
