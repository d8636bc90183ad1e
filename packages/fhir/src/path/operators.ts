// The operators of the fast path engine: three-valued logic, equality, order and sets.

import type { Node, Nodes } from './node.ts';
import { isObject } from './node.ts';
import { compareInstants } from './temporal.ts';

export const EMPTY: Nodes = [];
const TRUE: Nodes = [{ value: true, type: 'boolean' }];
const FALSE: Nodes = [{ value: false, type: 'boolean' }];

export const bool = (value: boolean): Nodes => (value ? TRUE : FALSE);

/** true, false or unknown (null); a single non-boolean item counts as true, as the language says. */
export function truth(nodes: Nodes): boolean | null {
  const [node] = nodes;
  if (!node || nodes.length > 1) return nodes.length > 1 ? true : null;
  return typeof node.value === 'boolean' ? node.value : true;
}

const fromTruth = (value: boolean | null): Nodes => (value === null ? EMPTY : bool(value));

export function logic(operator: 'and' | 'or' | 'xor' | 'implies', left: Nodes, right: () => Nodes): Nodes {
  const a = truth(left);
  if (operator === 'and' && a === false) return FALSE;
  if (operator === 'or' && a === true) return TRUE;
  if (operator === 'implies' && a === false) return TRUE;
  const b = truth(right());
  switch (operator) {
    case 'and':
      return b === false ? FALSE : fromTruth(a === null || b === null ? null : true);
    case 'or':
      return b === true ? TRUE : fromTruth(a === null || b === null ? null : false);
    case 'xor':
      return fromTruth(a === null || b === null ? null : a !== b);
    case 'implies':
      return b === true ? TRUE : fromTruth(a === null || b === null ? null : false);
  }
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, at) => sameValue(one, b[at]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameValue(a[key], b[key]));
}

const same = (a: Node, b: Node): boolean => sameValue(a.value, b.value) && (a.value !== undefined || a === b);

export function equalSets(left: Nodes, right: Nodes, wanted: boolean): Nodes {
  if (left.length === 0 || right.length === 0) return EMPTY;
  const equal = left.length === right.length && left.every((node, at) => same(node, right[at] as Node));
  return bool(equal === wanted);
}

export function hasMember(set: Nodes, item: Nodes): Nodes {
  const [one] = item;
  if (!one) return EMPTY;
  return bool(set.some((other) => same(other, one)));
}

export function distinct(nodes: Nodes): Node[] {
  const seen = new Set<unknown>();
  const out: Node[] = [];
  for (const node of nodes) {
    const key = typeof node.value === 'object' ? JSON.stringify(node.value) : node.value;
    if (key !== undefined && seen.has(key)) continue;
    seen.add(key);
    out.push(node);
  }
  return out;
}

export function union(left: Nodes, right: Nodes): Nodes {
  if (left.length === 0) return right.length < 2 ? right : distinct(right);
  if (right.length === 0) return left.length < 2 ? left : distinct(left);
  return distinct([...left, ...right]);
}

type Order = '<' | '>' | '<=' | '>=';

/** null when the order is not known: other units, or dates whose precision leaves it open. */
function orderOf(a: unknown, b: unknown): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string')
    return compareInstants(a, b) ?? (a < b ? -1 : a > b ? 1 : 0);
  if (!isObject(a) || !isObject(b) || a['code'] !== b['code'] || a['unit'] !== b['unit']) return null;
  return orderOf(a['value'], b['value']);
}

/** Unknown order counts in favour of the data: an invariant refuses only what is certainly wrong. */
export function compare(operator: Order, left: Nodes, right: Nodes): Nodes {
  const [a] = left;
  const [b] = right;
  if (!a || !b || a.value === undefined || b.value === undefined) return EMPTY;
  const order = orderOf(a.value, b.value);
  if (order === null || Number.isNaN(order)) return TRUE;
  switch (operator) {
    case '<':
      return bool(order < 0);
    case '>':
      return bool(order > 0);
    case '<=':
      return bool(order <= 0);
    case '>=':
      return bool(order >= 0);
  }
}

export function arithmetic(operator: '+' | '-' | '*' | '&', left: Nodes, right: Nodes): Nodes {
  const a = left[0]?.value;
  const b = right[0]?.value;
  if (operator === '&') return [{ value: `${a ?? ''}${b ?? ''}`, type: 'string' }];
  if (a === undefined || b === undefined) return EMPTY;
  if (operator === '+' && typeof a === 'string') return [{ value: `${a}${b}`, type: 'string' }];
  const [x, y] = [Number(a), Number(b)];
  return [{ value: operator === '+' ? x + y : operator === '-' ? x - y : x * y, type: 'decimal' }];
}
