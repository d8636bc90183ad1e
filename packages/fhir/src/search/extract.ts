// Yields the index rows of a resource: for each search parameter of its type, the values at its path, as rows of its kind.

import type { SearchKind } from '../definitions/types.ts';
import { compileTree, type Evaluate, type Scope } from '../path/compile.ts';
import { type Node, type Nodes, resourceNode } from '../path/node.ts';
import { parsePath, type Tree } from '../path/parse.ts';
import type { Resource } from '../types.ts';
import { dateRows } from './date-rows.ts';
import { isHeldByOthers } from './held-rows.ts';
import { neededFromHere, neededProperties } from './needs.ts';
import { ofTypeParameterId, type SearchComponentDef, searchParameters } from './parameters.ts';
import { piecesFor } from './pieces.ts';
import { quantityRows } from './quantity-rows.ts';
import { referenceRows, referredNode } from './reference-rows.ts';
import type { IndexRows } from './rows.ts';
import { stringRows } from './string-rows.ts';
import { tokenRows } from './token-rows.ts';

/** What a row writer is told about the parameter. */
export interface Target {
  readonly code: string;
  readonly param: number;
  readonly ofTypeParam: number;
  readonly part: number | null;
}

interface Component {
  readonly kind: SearchKind;
  readonly code: string;
  readonly param: number;
  readonly evaluate: Evaluate;
}

interface Piece {
  readonly evaluate: Evaluate;
  /** Of each of these lists one property must be there. */
  readonly needs: readonly (readonly string[])[];
}

interface Extractor {
  readonly kind: SearchKind;
  readonly target: Target;
  readonly pieces: readonly Piece[];
  readonly components: readonly Component[];
}

const extractors = new Map<string, readonly Extractor[]>();

/** Written by the store itself from its own columns. */
const STORE_KEEPS = new Set(['_id', '_lastUpdated']);

export function extractIndexRows(resource: Resource): IndexRows {
  const rows: IndexRows = { tokens: [], strings: [], dates: [], references: [], quantities: [] };
  const node = resourceNode(resource);
  const scope: Scope = { resource: node, root: node, context: node, resolve: referredNode };
  const self = [node];
  for (const { kind, target, pieces, components } of extractorsFor(resource)) {
    if (components.length === 0) {
      const list = rows[LIST_OF[kind]];
      const start = list.length;
      for (const { evaluate } of pieces)
        for (const found of evaluate(scope, self)) addRows(rows, kind, target, found);
      if (list.length > start + 1) dropRepeats(list, start);
      continue;
    }
    let part = 0;
    for (const { evaluate } of pieces)
      for (const found of evaluate(scope, self))
        if (addComposite(rows, components, scope, found, part)) part += 1;
  }
  return rows;
}

/** What may find something in resources with the same properties: most have one of a few sets of them. */
const byShape = new Map<string, readonly Extractor[]>();
const SHAPES_MAX = 2000;

function extractorsFor(resource: Resource): readonly Extractor[] {
  const names = Object.keys(resource);
  const shape = `${resource.resourceType} ${names.join()}`;
  let known = byShape.get(shape);
  if (!known) {
    const there = new Set(names);
    known = extractorsOf(resource.resourceType)
      .map((one) => ({ ...one, pieces: one.pieces.filter(({ needs }) => areThere(needs, there)) }))
      .filter(({ pieces }) => pieces.length > 0);
    if (byShape.size >= SHAPES_MAX) byShape.clear();
    byShape.set(shape, known);
  }
  return known;
}

const areThere = (needs: Piece['needs'], there: ReadonlySet<string>): boolean =>
  needs.every((names) => names.some((name) => there.has(name)));

const LIST_OF: Readonly<Record<SearchKind, keyof IndexRows>> = {
  token: 'tokens',
  uri: 'tokens',
  string: 'strings',
  date: 'dates',
  reference: 'references',
  number: 'quantities',
  quantity: 'quantities',
  composite: 'tokens',
  special: 'tokens',
};

/** Comparing each with each costs less than a text of each, up to so many. */
const FEW = 8;

/** Two branches of an expression, or two equal elements, give one row. */
function dropRepeats(list: object[], start: number): void {
  if (list.length - start <= FEW && !hasRepeat(list, start)) return;
  const seen = new Set<string>();
  const kept = list.slice(start).filter((row) => {
    const key = JSON.stringify(row);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  if (kept.length === list.length - start) return;
  list.length = start;
  list.push(...kept);
}

function hasRepeat(list: readonly object[], start: number): boolean {
  for (let at = start + 1; at < list.length; at++)
    for (let before = start; before < at; before++) if (isSame(list[before]!, list[at]!)) return true;
  return false;
}

function isSame(one: object, other: object): boolean {
  for (const key in one) if (Reflect.get(one, key) !== Reflect.get(other, key)) return false;
  for (const key in other) if (!(key in one)) return false;
  return true;
}

/** Nothing is written unless every component has a value: half a pair can never match. */
function addComposite(
  rows: IndexRows,
  components: readonly Component[],
  scope: Scope,
  element: Node,
  part: number,
): boolean {
  const values: Nodes[] = [];
  for (const component of components) {
    const found = component.evaluate(scope, [element]);
    if (found.length === 0) return false;
    values.push(found);
  }
  components.forEach(({ kind, code, param }, at) => {
    const target = { code, param, ofTypeParam: 0, part };
    for (const value of values[at] ?? []) addRows(rows, kind, target, value);
  });
  return true;
}

function addRows(rows: IndexRows, kind: SearchKind, target: Target, node: Node): void {
  switch (kind) {
    case 'token':
    case 'uri':
      tokenRows(rows.tokens, target, node);
      return;
    case 'string':
      stringRows(rows.strings, target, node);
      return;
    case 'date':
      dateRows(rows.dates, target, node);
      return;
    case 'reference':
      referenceRows(rows.references, target, node);
      return;
    case 'number':
    case 'quantity':
      quantityRows(rows.quantities, target, node);
      return;
    case 'composite':
    case 'special':
      return;
  }
}

function extractorsOf(type: string): readonly Extractor[] {
  let known = extractors.get(type);
  if (!known) {
    known = searchParameters(type)
      .filter((one) => !STORE_KEEPS.has(one.code) && !isHeldByOthers(type, one.code))
      .map((one) => ({
        kind: one.kind,
        target: {
          code: one.code,
          param: one.paramId,
          ofTypeParam: ofTypeParameterId(type, one.code),
          part: null,
        },
        pieces: piecesFor(type, parsePath(one.expression)).map((tree) => ({
          evaluate: compileTree(tree),
          needs: needsOf(type, tree, one.components ?? []),
        })),
        components: (one.components ?? []).map(({ code, kind, paramId, expression }) => ({
          code,
          kind,
          param: paramId,
          evaluate: compileTree(parsePath(expression)),
        })),
      }))
      .filter((one) => one.pieces.length > 0);
    extractors.set(type, known);
  }
  return known;
}

/** Components of the resource as a whole find nothing where it lacks one of theirs. */
function needsOf(type: string, tree: Tree, components: readonly SearchComponentDef[]): Piece['needs'] {
  const isWhole = tree.kind === 'member' && tree.of === null && tree.name === type;
  const needs = isWhole
    ? components.map(({ expression }) => neededFromHere(type, parsePath(expression)))
    : [neededProperties(type, tree)];
  return needs.filter((names) => names !== null);
}
