// Reads the checks of data quality from rules/quality; one wrong file refuses all of them, with its place.
import { existsSync, readdirSync } from 'node:fs';
import { ok, RefusalError, type Result } from '@yimai/kit';
import { readYamlFile } from '../load-measures.ts';
import type { ViewColumns } from '../read-part.ts';
import { both, type Fields, fields, list, oneOf, text, texts, wrongDefinition } from '../read-yaml.ts';
import type { Cell, QualityCheck, Rule } from './quality-check.ts';

const KINDS = ['missing', 'impossible', 'out-of-order', 'duplicated', 'late', 'bunched', 'adds-up'] as const;
const HEAD = ['id', 'name', 'source', 'view', 'where', 'on', 'owner', ...KINDS];

export function loadChecks(folder: string, views: ViewColumns): Result<readonly QualityCheck[]> {
  try {
    const files = (existsSync(folder) ? readdirSync(folder) : []).filter((file) => file.endsWith('.yaml'));
    const checks = files
      .sort()
      .flatMap((file) =>
        list(readYamlFile(folder, file), file).map((entry, index) =>
          readCheck(entry, `${file}[${index}]`, file, views),
        ),
      );
    for (const [index, check] of checks.entries()) {
      if (checks.findIndex((other) => other.id === check.id) < index)
        throw wrongDefinition(
          `${check.file}: ${check.id}`,
          '编号重复',
          'the id is taken',
          'definition-twice',
        );
    }
    return ok(checks);
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: { ...error.refusal, rule: 'Q1' } };
    throw error;
  }
}

function readCheck(entry: unknown, at: string, file: string, views: ViewColumns): QualityCheck {
  const check = fields(entry, at, HEAD);
  const view = text(check['view'], `${at}.view`);
  const columns = views.get(view);
  if (!columns)
    throw wrongDefinition(`${at}.view`, `没有视图 ${view}`, `there is no view ${view}`, 'unknown-view');
  const column = (value: unknown, place: string): string => {
    const name = text(value, place);
    if (columns.has(name)) return name;
    throw wrongDefinition(place, `视图没有列 ${name}`, `the view has no column ${name}`, 'unknown-column');
  };
  const where = fields(check['where'] ?? {}, `${at}.where`, [...columns]);
  const kinds = KINDS.filter((kind) => check[kind] !== undefined);
  if (kinds.length !== 1)
    throw wrongDefinition(at, `应有且只有一种：${KINDS.join('、')}`, `exactly one of: ${KINDS.join(', ')}`);
  return {
    id: text(check['id'], `${at}.id`),
    name: both(check['name'], `${at}.name`),
    source: text(check['source'], `${at}.source`),
    view,
    where: Object.fromEntries(
      Object.entries(where).map(([name, value]) => [
        name,
        (Array.isArray(value) ? value : [value]) as Cell[],
      ]),
    ),
    on: column(check['on'], `${at}.on`),
    owner: column(check['owner'], `${at}.owner`),
    rule: readRule(kinds[0]!, check[kinds[0]!], `${at}.${kinds[0]}`, column),
    file,
  };
}

type ReadColumn = (value: unknown, at: string) => string;

function readRule(kind: (typeof KINDS)[number], value: unknown, at: string, column: ReadColumn): Rule {
  if (kind === 'missing') return { kind, column: column(value, at) };
  if (kind === 'duplicated' || kind === 'out-of-order') {
    const columns = texts(value, at).map((name, index) => column(name, `${at}[${index}]`));
    if (kind === 'duplicated') return { kind, columns };
    if (columns.length !== 2) throw wrongDefinition(at, '应为两列', 'two columns are expected here');
    return { kind, columns: [columns[0]!, columns[1]!] };
  }
  if (kind === 'impossible') {
    const rule = fields(value, at, ['column', 'atLeast', 'atMost']);
    const bounds = Object.fromEntries(
      (['atLeast', 'atMost'] as const)
        .filter((edge) => rule[edge] !== undefined)
        .map((edge) => [edge, number(rule, edge, at)]),
    );
    return { kind, column: column(rule['column'], `${at}.column`), ...bounds };
  }
  if (kind === 'late') {
    const rule = fields(value, at, ['from', 'to', 'days']);
    const [from, to] = (['from', 'to'] as const).map((name) => column(rule[name], `${at}.${name}`));
    return { kind, from: from!, to: to!, days: number(rule, 'days', at) };
  }
  if (kind === 'bunched') {
    const rule = fields(value, at, ['column', 'threshold', 'good', 'width', 'least', 'share']);
    return {
      kind,
      column: column(rule['column'], `${at}.column`),
      threshold: number(rule, 'threshold', at),
      good: oneOf(rule['good'], ['at-or-above', 'below'] as const, `${at}.good`),
      width: number(rule, 'width', at),
      least: number(rule, 'least', at),
      share: number(rule, 'share', at),
    };
  }
  const rule = fields(value, at, ['line', 'value', 'period', 'of']);
  return {
    kind,
    line: column(rule['line'], `${at}.line`),
    value: column(rule['value'], `${at}.value`),
    period: texts(rule['period'], `${at}.period`).map((name, index) =>
      column(name, `${at}.period[${index}]`),
    ),
    of: text(rule['of'], `${at}.of`),
  };
}

function number(rule: Fields, name: string, at: string): number {
  const value = rule[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrongDefinition(`${at}.${name}`, '应为数值', 'a number is expected here');
}
