// Yields the index rows of a resource: for each search parameter of its type, the values at its path, as rows of its kind.

import type { SearchKind } from '../definitions/types.ts';
import { compileTree, type Evaluate, type Scope } from '../path/compile.ts';
import { type Node, type Nodes, resourceNode } from '../path/node.ts';
import { parsePath } from '../path/parse.ts';
import type { Resource } from '../types.ts';
import { dateRows } from './date-rows.ts';
import { isHeldByOthers } from './held-rows.ts';
import { neededProperties } from './needs.ts';
import { ofTypeParameterId, searchParameters } from './parameters.ts';
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
  /** One of these properties must be there; null: no telling. */
  readonly needs: readonly string[] | null;
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
  for (const { kind, target, pieces, components } of extractorsOf(resource.resourceType)) {
    if (components.length === 0) {
      const list = rows[LIST_OF[kind]];
      const start = list.length;
      for (const piece of pieces) {
        if (!mayFind(piece, resource)) continue;
        for (const found of piece.evaluate(scope, self)) addRows(rows, kind, target, found);
      }
      if (list.length > start + 1) dropRepeats(list, start);
      continue;
    }
    let part = 0;
    for (const piece of pieces) {
      if (!mayFind(piece, resource)) continue;
      for (const found of piece.evaluate(scope, self)) {
        if (addComposite(rows, components, scope, found, part)) part += 1;
      }
    }
  }
  return rows;
}

function mayFind({ needs }: Piece, resource: Resource): boolean {
  if (needs === null) return true;
  for (const name of needs) if (resource[name] !== undefined) return true;
  return false;
}

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

/** Two branches of an expression, or two equal elements, give one row. */
function dropRepeats(list: object[], start: number): void {
  const seen = new Set<string>();
  const kept = list.slice(start).filter((row) => {
    const key = JSON.stringify(row);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  if (kept.length === list.length - start) return;
  list.length = start;
  list.push(...kept);
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
          needs: neededProperties(type, tree),
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
