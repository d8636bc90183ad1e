// Turns a predicate into a condition that runs fast: one bit test as a guard, and a closure only where more is asked.
import { assertNever } from '@yimai/kit';
import { type BitAddress, type Facts, FLAG_CC, FLAG_MCC, FLAG_TRUE } from './facts.ts';
import type { NumberField, Predicate, Site, Stay, TextField } from './types.ts';

/** Equals no value that a scheme can list, as the input check has stopped such stays before. */
const NO_GENDER = '\u0000';

type Closure = () => boolean;

/** True when `facts.words[word] & mask` is not zero and `more` (if there is one) is true. */
export interface Condition {
  readonly word: number;
  readonly mask: number;
  readonly more: Closure | null;
}

const ALWAYS: Condition = { word: 0, mask: FLAG_TRUE, more: null };
const NEVER: Condition = { word: 0, mask: 0, more: null };

export function compileCondition(predicate: Predicate, facts: Facts): Condition {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value ? ALWAYS : NEVER;
    case 'list':
      return bit(facts.addressOf(predicate.test, predicate.list));
    case 'complication':
      return { word: 0, mask: predicate.level === 'mcc' ? FLAG_MCC : FLAG_CC, more: null };
    case 'all':
      return allOf(
        predicate.parts.map((part) => compileCondition(part, facts)),
        facts,
      );
    case 'any':
      return anyOf(
        predicate.parts.map((part) => compileCondition(part, facts)),
        facts,
      );
    case 'not': {
      const part = closureOf(compileCondition(predicate.part, facts), facts);
      return asked(() => !part());
    }
    case 'prefix':
    case 'in':
    case 'cmp':
      return asked(() => holdsOnStay(predicate, facts.stay!));
    case 'sites':
      return asked(distinctSites(predicate.min, predicate.sites, facts));
    default:
      return assertNever(predicate);
  }

  function asked(more: Closure): Condition {
    return { ...ALWAYS, more };
  }
}

type StayPredicate = Extract<Predicate, { kind: 'prefix' | 'in' | 'cmp' }>;

/** Predicates that look at the stay itself, not at lists. A missing number compares as false. */
export function holdsOnStay(predicate: StayPredicate, stay: Stay): boolean {
  switch (predicate.kind) {
    case 'prefix':
      return stay.dx.some((code) => predicate.prefixes.some((prefix) => code.startsWith(prefix)));
    case 'in':
      return predicate.values.includes(textOf(stay, predicate.field));
    case 'cmp': {
      const value = numberOf(stay, predicate.field);
      if (value === null) return false;
      switch (predicate.op) {
        case '<':
          return value < predicate.bound;
        case '<=':
          return value <= predicate.bound;
        case '>':
          return value > predicate.bound;
        case '>=':
          return value >= predicate.bound;
        case '==':
          return value === predicate.bound;
        default:
          return assertNever(predicate.op);
      }
    }
    default:
      return assertNever(predicate);
  }
}

export function numberOf(stay: Stay, field: NumberField): number | null {
  return stay[field] ?? (field === 'icuHours' ? 0 : null);
}

/** An absent department or way of leaving is the empty text that the format writes for "unknown". */
function textOf(stay: Stay, field: TextField): string {
  return stay[field] ?? (field === 'gender' ? NO_GENDER : '');
}

function bit({ word, mask }: BitAddress): Condition {
  return { word, mask, more: null };
}

function allOf(parts: readonly Condition[], facts: Facts): Condition {
  const real = parts.filter((part) => !isAlways(part));
  if (real.some((part) => part.mask === 0)) return NEVER;
  const [guard, ...rest] = [
    ...real.filter((part) => part.more === null),
    ...real.filter((part) => part.more !== null),
  ];
  if (guard === undefined) return ALWAYS;
  const others = rest.map((part) => closureOf(part, facts));
  if (guard.more !== null) others.unshift(guard.more);
  const { word, mask } = guard;
  const [first, second] = others;
  if (first === undefined) return guard;
  if (second === undefined) return { word, mask, more: first };
  if (others.length === 2) return { word, mask, more: () => first() && second() };
  return { word, mask, more: () => others.every((closure) => closure()) };
}

function anyOf(parts: readonly Condition[], facts: Facts): Condition {
  if (parts.some(isAlways)) return ALWAYS;
  const possible = parts.filter((part) => part.mask !== 0);
  const masks = new Map<number, number>();
  for (const { word, mask, more } of possible)
    if (more === null) masks.set(word, (masks.get(word) ?? 0) | mask);
  const merged: Condition[] = [...masks].map(([word, mask]) => ({ word, mask, more: null }));
  const alternatives = [...merged, ...possible.filter((part) => part.more !== null)];
  if (alternatives.length === 0) return NEVER;
  if (alternatives.length === 1) return alternatives[0]!;
  const closures = alternatives.map((part) => closureOf(part, facts));
  const [first, second] = closures as [Closure, Closure];
  if (closures.length === 2) return { ...ALWAYS, more: () => first() || second() };
  return { ...ALWAYS, more: () => closures.some((closure) => closure()) };
}

/** A site that is written in several entries is one site. */
function distinctSites(min: number, sites: readonly Site[], facts: Facts): Closure {
  const bySite = Map.groupBy(sites, ({ site }) => site);
  const groups = [...bySite.values()].map((entries) => entries.map(({ dx }) => facts.addressOf('anyDx', dx)));
  return () => {
    let hit = 0;
    for (const addresses of groups)
      if (addresses.some(({ word, mask }) => (facts.words[word]! & mask) !== 0)) hit += 1;
    return hit >= min;
  };
}

function closureOf(condition: Condition, facts: Facts): Closure {
  const { word, mask, more } = condition;
  const words = facts.words;
  if (more === null) return () => (words[word]! & mask) !== 0;
  return () => (words[word]! & mask) !== 0 && more();
}

function isAlways(condition: Condition): boolean {
  return condition.word === 0 && (condition.mask & FLAG_TRUE) !== 0 && condition.more === null;
}
