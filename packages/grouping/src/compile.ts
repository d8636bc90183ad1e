// Compiles a scheme, written in the neutral or the compact form, into what `group` runs on.
import { assert, ok, RefusalError, type Result } from '@yimai/kit';
import { COMPACT_FORMAT, readCompactTables, writeCompactTables } from './compact-form.ts';
import { Facts } from './facts.ts';
import { NEUTRAL_FORMAT, readNeutralTables } from './neutral-form.ts';
import { buildProgram, type Program } from './program.ts';
import { invalid, type Json, readObject, readRules } from './read-scheme.ts';
import {
  type GroupResult,
  type ListTest,
  type Predicate,
  type SchemeRules,
  type SchemeTables,
  STATUS,
} from './types.ts';

/** A scheme ready to group with. `rules` and `tables` serve the trail, the rest serves speed. */
export interface CompiledScheme {
  readonly rules: SchemeRules;
  readonly tables: SchemeTables;
  readonly facts: Facts;
  readonly program: Program;
  readonly ungrouped: GroupResult;
  readonly checkFailed: GroupResult;
}

/** Refuses (`scheme-invalid`) a file that departs from its format; never guesses. */
export function compileScheme(file: unknown): Result<CompiledScheme> {
  try {
    const scheme = readObject(file, '$');
    return ok(runnable(readRules(scheme), readTables(scheme)));
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** The compact form of a neutral scheme, to be kept under `rules/drg/`. */
export function compactScheme(neutral: Json): Json {
  const { lists, mcc, cc, exclusion, ...rules } = neutral;
  assert(lists && mcc && cc && exclusion, 'a scheme to compact has lists and complication tables');
  return { ...rules, format: COMPACT_FORMAT, ...writeCompactTables(readNeutralTables(neutral)) };
}

function readTables(scheme: Json): SchemeTables {
  switch (scheme['format']) {
    case NEUTRAL_FORMAT:
      return readNeutralTables(scheme);
    case COMPACT_FORMAT:
      return readCompactTables(scheme);
    default:
      return invalid(
        'format',
        `应为 ${NEUTRAL_FORMAT} 或 ${COMPACT_FORMAT}`,
        `expected ${NEUTRAL_FORMAT} or ${COMPACT_FORMAT}`,
      );
  }
}

function runnable(rules: SchemeRules, tables: SchemeTables): CompiledScheme {
  const facts = new Facts(tables, testedLists(rules, tables));
  return {
    rules,
    tables,
    facts,
    program: buildProgram(rules, facts),
    ungrouped: Object.freeze({ status: STATUS.ungrouped, ...rules.results.ungrouped }),
    checkFailed: Object.freeze({ status: STATUS.checkFailed, ...rules.results.checkFailed }),
  };
}

/** Which lists the rules test in which way; a list that no rule tests costs nothing at run time. */
function testedLists(rules: SchemeRules, tables: SchemeTables): Map<ListTest, Set<string>> {
  const tested = new Map<ListTest, Set<string>>();
  const test = (kind: ListTest, list: string, at: string): void => {
    if (!tables.lists.has(list)) invalid(at, `没有列表“${list}”`, `there is no list "${list}"`);
    const lists = tested.get(kind) ?? new Set();
    tested.set(kind, lists.add(list));
  };
  const visit = (predicate: Predicate, at: string): void => {
    if (predicate.kind === 'list') test(predicate.test, predicate.list, at);
    if (predicate.kind === 'sites') for (const { dx } of predicate.sites) test('anyDx', dx, at);
    if (predicate.kind === 'not') visit(predicate.part, at);
    if (predicate.kind === 'all' || predicate.kind === 'any')
      for (const part of predicate.parts) visit(part, at);
  };
  for (const mdc of rules.mdcs) {
    visit(mdc.when, mdc.mdc);
    for (const step of mdc.steps) {
      const at = `${mdc.mdc}/${step.kind === 'adrg' ? step.rule : step.drg}`;
      visit(step.when, at);
      if (step.kind === 'adrg') for (const { drg, when } of step.drgs) visit(when, `${at}/${drg}`);
    }
  }
  return tested;
}
