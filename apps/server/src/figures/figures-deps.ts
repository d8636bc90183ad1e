// What the routes of figures are given, and what one reader asks: period, scope, and where small counts stay hidden.
import { rowKey } from '@yimai/fhir';
import { addDays, chinaDate, type LocalDate, must, RefusalError } from '@yimai/kit';
import {
  type MaskedValue,
  type MeasureValue,
  maskSmallCounts,
  type OrgFact,
  type OrgTree,
  type Period,
  parsePeriod,
} from '@yimai/measures';
import type { Policy } from '@yimai/record';
import type { DeskDeps, Reader } from '../desk/desk-deps.ts';
import { notFound, notPermitted } from '../desk/read-body.ts';
import type { AlertRule } from './alert-rules.ts';
import type { FigureRules, FigureShelf, OpenFigures } from './figure-shelf.ts';

export interface FiguresDeps extends DeskDeps {
  readonly policy: Policy;
  readonly shelf: FigureShelf;
  readonly alertRules: readonly AlertRule[];
}

/** Residents and other systems have no business with the county's figures. */
const WITHOUT_FIGURES = new Set(['resident', 'integration-client']);

export const seesFigures = (role: string): boolean => !WITHOUT_FIGURES.has(role);

export function mustSeeFigures(reader: Reader): void {
  if (!seesFigures(reader.actor.role)) throw notPermitted();
}

export function periodOf(text: unknown, now: Date): Period {
  if (text === undefined || text === '') return must(parsePeriod(chinaDate(now).slice(0, 4)));
  return must(parsePeriod(String(text)));
}

export const isRunning = (period: Period, today: LocalDate): boolean => period.until > today;

/** The twelve months that end with the period, or with today's month when it is still running. */
export function monthsUpTo(period: Period, today: LocalDate): readonly Period[] {
  const last = isRunning(period, today) && period.from <= today ? today : addDays(period.until, -1);
  const [year, month] = [Number(last.slice(0, 4)), Number(last.slice(5, 7))];
  return Array.from({ length: 12 }, (_, index) => {
    const at = year * 12 + (month - 1) - (11 - index);
    const name = `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
    return must(parsePeriod(name));
  });
}

/** The organisation asked for, or the nearest at or above the reader's own that figures are given for. */
export function scopeOf(tree: OrgTree, asked: unknown, reader: Reader): OrgFact {
  if (typeof asked === 'string' && asked !== '') {
    const org = tree.orgs.get(asked);
    if (!org?.scopeLevel) throw notFound();
    return org;
  }
  const own = tree.orgs.get(reader.org);
  for (const id of own?.above ?? []) {
    const org = tree.orgs.get(id);
    if (org?.scopeLevel && org.scopeLevel !== 'department') return org;
  }
  const county = [...tree.orgs.values()].find((org) => org.scopeLevel === 'county');
  if (county) return county;
  throw new RefusalError({
    code: 'no-scope',
    detail: {
      zh: '机构尚未标明层级，无法汇总指标',
      en: 'no organisation says its level yet, so figures cannot be added up',
    },
  });
}

/**
 * Small counts of people are hidden after the scope was applied, except from those who treat these people anyway.
 * Posts, sites, evidence and money name nobody.
 */
export function maskFor(deps: FiguresDeps, reader: Reader, value: MeasureValue): MaskedValue {
  if (!deps.shelf.isAboutPersons(value.measure)) return { ...value, masked: false };
  if (seesPeopleOf(deps, reader, value.scope, kindsBehind(deps, value.measure)))
    return { ...value, masked: false };
  return maskSmallCounts(value);
}

const behind = new WeakMap<FigureRules, Map<string, readonly string[]>>();

/** The kinds of a person's data that a measure counts from. */
function kindsBehind({ shelf, policy }: FiguresDeps, measure: string): readonly string[] {
  const rules = shelf.readRules();
  const known = behind.get(rules) ?? new Map<string, readonly string[]>();
  behind.set(rules, known);
  const own = known.get(measure);
  if (own) return own;
  const formulas = rules.set.definitions.filter(({ id }) => id === measure).map(({ formula }) => formula);
  const kinds = kindsOfPersons(policy, typesBehind(rules, JSON.stringify(formulas)));
  known.set(measure, kinds);
  return kinds;
}

/** The resource types of the views that a formula counts from, also those of a measure that it asks for. */
export function typesBehind(rules: FigureRules, formula: string): readonly string[] {
  const types = new Set<string>();
  for (const [, id] of formula.matchAll(/"population":"([^"]+)"/g)) {
    const view = rules.set.populations.get(id!)?.view;
    for (const type of (view === undefined ? undefined : rules.types.get(view)) ?? []) types.add(type);
  }
  for (const [, id] of formula.matchAll(/"of":"([^"]+)"/g)) {
    const other = rules.set.definitions.find((each) => each.id === id);
    if (other) for (const type of typesBehind(rules, JSON.stringify(other.formula))) types.add(type);
  }
  return [...types];
}

/** The kinds of data that resources of these types are when they are about a person. */
export function kindsOfPersons({ kinds }: Policy, types: readonly string[]): readonly string[] {
  const found = types.flatMap((type) => kinds.either.get(type)?.patient ?? kinds.byType.get(type) ?? []);
  return [...new Set(found)].filter((kind) => kinds.kinds.get(kind)?.person);
}

/** Whether the policy lets the reader read each of these kinds of an organisation's people, locked classes too when asked. */
export function seesPeopleOf(
  deps: FiguresDeps,
  reader: Reader,
  scope: string,
  kinds: readonly string[],
  withLocked = false,
): boolean {
  const { role, orgs } = reader.access.actor;
  if (deps.policy.roles.get(role)?.everything) return true;
  if (!orgs.includes(rowKey('Organization', scope))) return false;
  const rows = deps.policy
    .rowsOf(role)
    .filter(({ relationship, may }) => relationship === 'unit' && may.includes('read'));
  const locks = withLocked ? [...deps.policy.kinds.locks.keys()] : [];
  return kinds.every((kind) =>
    rows.some((row) => row.kinds.includes(kind) && locks.every((lock) => row.locks.includes(lock))),
  );
}

/** The record's age in these figures: everything up to the snapshot, or up to now when nothing came after it. */
export function ageOf(deps: FiguresDeps, { seq, publishedAt }: OpenFigures): { seq: number; dataAt: string } {
  const isNewest = deps.record.sequencer.head() <= seq;
  return { seq, dataAt: isNewest ? deps.clock.now().toISOString() : publishedAt };
}
