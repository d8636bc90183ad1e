// What the routes of figures are given, and what one reader asks: period, scope, and where small counts stay hidden.
import { addDays, chinaDate, type LocalDate, must, RefusalError } from '@yimai/kit';
import {
  kindsBehind,
  type MaskedValue,
  type MeasureValue,
  maskFor as maskForReader,
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
  return maskForReader(deps.policy, reader.access.actor, value, kindsOf(deps, value.measure));
}

const known = new WeakMap<FigureRules, Map<string, readonly string[]>>();

function kindsOf({ shelf, policy }: FiguresDeps, measure: string): readonly string[] {
  const rules = shelf.readRules();
  const kinds = known.get(rules) ?? new Map<string, readonly string[]>();
  known.set(rules, kinds);
  const own = kinds.get(measure) ?? kindsBehind(policy, rules.set, rules.types, measure);
  kinds.set(measure, own);
  return own;
}

/** The record's age in these figures: everything up to the snapshot, or up to now when nothing came after it. */
export function ageOf(deps: FiguresDeps, { seq, publishedAt }: OpenFigures): { seq: number; dataAt: string } {
  const isNewest = deps.record.sequencer.head() <= seq;
  return { seq, dataAt: isNewest ? deps.clock.now().toISOString() : publishedAt };
}
