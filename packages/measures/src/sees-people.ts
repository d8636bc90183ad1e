// From whom small counts need not be hidden: who may read these very records of these people anyway.
import { rowKey } from '@yimai/fhir';
import type { Policy } from '@yimai/record';
import type { MeasureSet } from './load-measures.ts';
import { type MaskedValue, type MeasureValue, maskSmallCounts } from './values.ts';

/** Of somebody who reads figures: what the policy decides by. */
export interface FigureReader {
  readonly role: string;
  /** Row keys of the organisations in whose place the reader acts; null: all of the house. */
  readonly orgs: readonly string[] | null;
}

/** The resource types behind each view. */
export type TypesOfViews = ReadonlyMap<string, readonly string[]>;

/** The resource types of the views that a formula counts from, also those of a measure that it asks for. */
export function typesBehind(set: MeasureSet, types: TypesOfViews, formula: string): readonly string[] {
  const found = new Set<string>();
  for (const [, id] of formula.matchAll(/"population":"([^"]+)"/g)) {
    const view = set.populations.get(id!)?.view;
    for (const type of (view === undefined ? undefined : types.get(view)) ?? []) found.add(type);
  }
  for (const [, id] of formula.matchAll(/"of":"([^"]+)"/g)) {
    const other = set.definitions.find((each) => each.id === id);
    if (other) for (const type of typesBehind(set, types, JSON.stringify(other.formula))) found.add(type);
  }
  return [...found];
}

/** The kinds of data that resources of these types are when they are about a person. */
export function kindsOfPersons({ kinds }: Policy, types: readonly string[]): readonly string[] {
  const found = types.flatMap((type) => kinds.either.get(type)?.patient ?? kinds.byType.get(type) ?? []);
  return [...new Set(found)].filter((kind) => kinds.kinds.get(kind)?.person);
}

/** The kinds of a person's data that a measure counts from, whichever of its definitions is in force. */
export function kindsBehind(
  policy: Policy,
  set: MeasureSet,
  types: TypesOfViews,
  measure: string,
): readonly string[] {
  const formulas = set.definitions.filter(({ id }) => id === measure).map(({ formula }) => formula);
  return kindsOfPersons(policy, typesBehind(set, types, JSON.stringify(formulas)));
}

/** Whether the policy lets the reader read each of these kinds of an organisation's people, locked classes too when asked. */
export function seesPeopleOf(
  policy: Policy,
  { role, orgs }: FigureReader,
  scope: string,
  kinds: readonly string[],
  withLocked = false,
): boolean {
  if (policy.roles.get(role)?.everything) return true;
  if (orgs !== null && !orgs.includes(rowKey('Organization', scope))) return false;
  const rows = policy
    .rowsOf(role)
    .filter(({ relationship, may }) => relationship === 'unit' && may.includes('read'));
  const locks = withLocked ? [...policy.kinds.locks.keys()] : [];
  return kinds.every((kind) =>
    rows.some((row) => row.kinds.includes(kind) && locks.every((lock) => row.locks.includes(lock))),
  );
}

/** Applied after the scope; values that name nobody (posts, sites, evidence, money) are given as they are. */
export function maskFor(
  policy: Policy,
  reader: FigureReader,
  value: MeasureValue,
  kinds: readonly string[],
): MaskedValue {
  return seesPeopleOf(policy, reader, value.scope, kinds)
    ? { ...value, masked: false }
    : maskSmallCounts(value);
}
