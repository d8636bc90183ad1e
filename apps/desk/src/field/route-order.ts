// In which order to visit: pure. The urgent are always in; the way between them is short, by coordinates or by grid.
import type { Stop } from '../contract.ts';

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

export interface OrderedStop {
  readonly stop: Stop;
  /** From the stop before (or from where the person is); null without coordinates of both. */
  readonly km: number | null;
}

const EARTH_KM = 6371;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance. */
export function kmBetween(a: Position, b: Position): number {
  const lat = radians(b.latitude - a.latitude);
  const lon = radians(b.longitude - a.longitude);
  const h =
    Math.sin(lat / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** `stops` come most urgent first. Those with cases are in; the day is filled from their grids, then from the rest. */
export function chooseStops(stops: readonly Stop[], count: number): Stop[] {
  const withCases = stops.filter((stop) => stop.cases.length > 0).slice(0, count);
  const grids = new Set((withCases.length > 0 ? withCases : stops.slice(0, 1)).map((stop) => stop.grid));
  const rest = stops.filter((stop) => !withCases.includes(stop));
  const near = rest.filter((stop) => grids.has(stop.grid));
  const far = rest.filter((stop) => !grids.has(stop.grid));
  return [...withCases, ...near, ...far].slice(0, count);
}

/** Nearest next where places are known, else grid after grid; each stop exactly once. */
export function orderStops(chosen: readonly Stop[], from: Position | null = null): OrderedStop[] {
  const placed = chosen.filter((stop) => stop.at !== null);
  const first = from ?? placed[0]?.at ?? null;
  const walked = first === null ? [] : nearestNext(placed, first, from === null);
  const unplaced = byGrid(chosen.filter((stop) => stop.at === null));
  return [...walked, ...unplaced.map((stop) => ({ stop, km: null }))];
}

function nearestNext(stops: readonly Stop[], start: Position, atFirst: boolean): OrderedStop[] {
  const left = [...stops];
  const way: OrderedStop[] = [];
  let here = start;
  while (left.length > 0) {
    let best = 0;
    let bestKm = Number.POSITIVE_INFINITY;
    for (const [index, stop] of left.entries()) {
      const km = kmBetween(here, stop.at!);
      if (km < bestKm) [best, bestKm] = [index, km];
    }
    const [stop] = left.splice(best, 1);
    way.push({ stop: stop!, km: atFirst && way.length === 0 ? null : bestKm });
    here = stop!.at!;
  }
  return way;
}

/** The grid of the most urgent stop first, then the others in their order, those after it before those ahead of it. */
function byGrid(stops: readonly Stop[]): Stop[] {
  const natural = (a: string, b: string) => a.localeCompare(b, 'zh', { numeric: true });
  const names = [...new Set(stops.map((stop) => stop.grid ?? ''))].sort(natural);
  const begin = Math.max(0, names.indexOf(stops[0]?.grid ?? ''));
  return [...names.slice(begin), ...names.slice(0, begin)].flatMap((name) =>
    stops.filter((stop) => (stop.grid ?? '') === name),
  );
}
