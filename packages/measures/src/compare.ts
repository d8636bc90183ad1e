// A value beside others: last period, same period last year, its target, its peers and its place among them.
import type { Definition } from './definition.ts';
import type { MeasureEngine } from './engine.ts';
import { type Period, previousPeriod, samePeriodLastYear } from './period.ts';
import type { MeasureValue } from './values.ts';

/** A dated target; `atLeast` and `atMost` include the edge (以上、以下), `above` and `below` do not. */
export interface Target {
  readonly measure: string;
  readonly edge: 'atLeast' | 'atMost' | 'above' | 'below';
  readonly value: number;
  readonly from: string;
  readonly source: string;
}

export interface Comparison {
  readonly value: MeasureValue;
  readonly lastPeriod: MeasureValue | null;
  readonly lastYear: MeasureValue | null;
  /** Change in the value's own unit (points for a percentage) and relative change in percent; null if either is missing. */
  readonly changeOnYear: { readonly points: number | null; readonly relativePercent: number | null };
  readonly target: (Target & { readonly met: boolean | null }) | null;
  readonly peers: readonly MeasureValue[];
  readonly rank: { readonly place: number; readonly of: number } | null;
}

export async function compareValue(
  engine: MeasureEngine,
  definition: Definition,
  period: Period,
  scope: string,
  targets: readonly Target[],
): Promise<Comparison | null> {
  const org = engine.tree.orgs.get(scope);
  if (!org) return null;
  const peerIds = engine.peersOf(org).map((peer) => peer.id);
  const peers = await engine.compute(period, peerIds, [definition.id]);
  const value = peers.find((peer) => peer.scope === scope);
  if (!value) return null;
  const at = (other: Period): Promise<MeasureValue | null> => engine.valueWith(definition, other, scope);
  const [lastPeriod, lastYear] = [await at(previousPeriod(period)), await at(samePeriodLastYear(period))];
  return {
    value,
    lastPeriod,
    lastYear,
    changeOnYear: changeBetween(lastYear?.value ?? null, value.value),
    target: targetFor(targets, definition.id, period, value.value),
    peers,
    rank: rankAmong(value, peers, definition),
  };
}

function changeBetween(before: number | null, now: number | null): Comparison['changeOnYear'] {
  if (before === null || now === null) return { points: null, relativePercent: null };
  return { points: now - before, relativePercent: before === 0 ? null : ((now - before) / before) * 100 };
}

export function isMet(target: Pick<Target, 'edge' | 'value'>, value: number): boolean {
  if (target.edge === 'atLeast') return value >= target.value;
  if (target.edge === 'atMost') return value <= target.value;
  return target.edge === 'above' ? value > target.value : value < target.value;
}

function targetFor(
  targets: readonly Target[],
  measure: string,
  period: Period,
  value: number | null,
): Comparison['target'] {
  const dated = targets.filter((target) => target.measure === measure && target.from < period.until);
  const target = dated.sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  return target ? { ...target, met: value === null ? null : isMet(target, value) } : null;
}

function rankAmong(
  own: MeasureValue,
  peers: readonly MeasureValue[],
  definition: Definition,
): Comparison['rank'] {
  const values = peers.flatMap((peer) => (peer.value === null ? [] : [peer.value]));
  if (own.value === null || definition.direction === 'watch') return null;
  const mine = own.value;
  const better = values.filter((value) =>
    definition.direction === 'down' ? value < mine : value > mine,
  ).length;
  return { place: better + 1, of: values.length };
}
