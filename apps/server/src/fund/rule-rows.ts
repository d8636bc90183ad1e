// A rule set as its written rows: every value with its row, section and source, and the rules with some values changed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FundRuleRow } from '@yimai/desk/contract';
import { loadRuleSet, type RuleSet, shippedRuleSets } from '@yimai/fund';
import type { Result } from '@yimai/kit';
import { parse } from 'yaml';
import { notFound } from '../desk/read-body.ts';

const FOLDER = join(import.meta.dirname, '../../../../rules/fund');

type Written = Record<string, unknown>;

const isObject = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function writtenOf(name: string): Written {
  if (!shippedRuleSets().includes(name)) throw notFound();
  return parse(readFileSync(join(FOLDER, name, 'rules.yaml'), 'utf8')) as Written;
}

/** In the order in which they are written; with changes, as they read after them. */
export function rowsOf(name: string, changes: readonly RuleChange[] = []): FundRuleRow[] {
  const written = writtenOf(name);
  apply(written, changes);
  const rows: FundRuleRow[] = [];
  walk(written, '', (row, section) => rows.push(toRow(row, section)));
  return rows;
}

/** The first change that names a row or a field that the set does not have: `low below`; null if all are there. */
export function unknownChange(name: string, changes: readonly RuleChange[]): string | null {
  const rows = new Map(rowsOf(name).map((row) => [row.id, row]));
  const lost = changes.find(({ row, field }) => !rows.get(row)?.values.some((one) => one.field === field));
  return lost === undefined ? null : `${lost.row} ${lost.field}`;
}

const sources = new Map<string, ReadonlyMap<string, string>>();

export function sourcesOf(name: string): ReadonlyMap<string, string> {
  let known = sources.get(name);
  if (known === undefined) {
    known = new Map(rowsOf(name).map(({ id, source }) => [id, source]));
    sources.set(name, known);
  }
  return known;
}

function walk(value: unknown, section: string, tell: (row: Written, section: string) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, section, tell);
  else if (isObject(value)) {
    if (typeof value['id'] === 'string') tell(value, section);
    for (const [key, inner] of Object.entries(value)) walk(inner, section || key, tell);
  }
}

function toRow(row: Written, section: string): FundRuleRow {
  const { id, source, ...rest } = row;
  return {
    id: String(id),
    section,
    source: String(source ?? ''),
    values: Object.entries(rest).flatMap(([field, value]) => valuesOf(field, value)),
  };
}

function valuesOf(field: string, value: unknown): FundRuleRow['values'] {
  if (Array.isArray(value)) return [{ field, value: value.join('、'), isNumber: false }];
  // What has an id of its own is a row of its own.
  if (isObject(value) && typeof value['id'] === 'string') return [];
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => valuesOf(`${field}.${key}`, inner));
  }
  const isNumber = /^-?\d+(\.\d+)?$/.test(String(value));
  return [{ field, value: String(value), isNumber }];
}

export interface RuleChange {
  readonly row: string;
  readonly field: string;
  readonly value: string;
}

/** The rule set with these values; a value that the rules cannot read is refused as in a written file. */
export function changedRules(name: string, changes: readonly RuleChange[]): Result<RuleSet> {
  if (!shippedRuleSets().includes(name)) throw notFound();
  return loadRuleSet(name, {
    patch(written) {
      apply(written, changes);
      return written;
    },
  });
}

function apply(written: Written, changes: readonly RuleChange[]): void {
  for (const { row: id, field, value } of changes) {
    walk(written, '', (row) => {
      if (row['id'] === id) put(row, field.split('.'), value);
    });
  }
}

function put(row: Written, [first, ...rest]: readonly string[], value: string): void {
  if (first === undefined || !(first in row)) return;
  const inner = row[first];
  if (rest.length > 0 && isObject(inner)) put(inner, rest, value);
  // Whole numbers of days and cases are written as numbers, amounts and shares as texts.
  else row[first] = typeof inner === 'number' && /^\d{1,6}$/.test(value) ? Number(value) : value;
}
