// A view read the slow way, resource by resource in memory, as the specification tells it: what both engines must agree with.
import type { Expression, Literal } from './expression.ts';
import type { View, ViewColumn, ViewSelect } from './view-tree.ts';

type Json = unknown;
type Row = Readonly<Record<string, Json>>;

interface Place {
  /** What `$this` is; empty below a `forEachOrNull` without elements. */
  readonly node: readonly Json[];
  readonly rowIndex: number;
  readonly constants: ReadonlyMap<string, Literal>;
}

/** Thrown where a view must stop; the message is the code of the refusal. */
export class NaiveStop extends Error {}

export function naiveRows(view: View, resources: readonly Json[]): Row[] {
  const { constants } = view;
  return resources
    .map((resource): Place => ({ node: [resource], rowIndex: 0, constants }))
    .filter(({ node }) => fieldOf(node[0], 'resourceType') === view.resource)
    .filter((place) => view.where.every(({ path }) => truth(evaluate(path, place)) === true))
    .flatMap((place) => rowsOfAll(view.selects, place));
}

/** Side by side: every row of one with every row of the other. */
function rowsOfAll(selects: readonly ViewSelect[], place: Place): Row[] {
  return selects.reduce<Row[]>(
    (rows, select) => {
      const own = rowsOf(select, place);
      return rows.flatMap((row) => own.map((each) => ({ ...row, ...each })));
    },
    [{}],
  );
}

function rowsOf(select: ViewSelect, outer: Place): Row[] {
  return placesOf(select, outer).flatMap((place) => {
    const columns = (): Row =>
      Object.fromEntries(select.columns.map((column) => [column.name, columnOf(column, place)]));
    const nested = rowsOfAll(select.selects, place);
    const union = select.unionAll.flatMap((branch) => rowsOf(branch, place));
    const rows =
      select.unionAll.length === 0
        ? nested
        : nested.flatMap((row) => union.map((each) => ({ ...row, ...each })));
    return rows.map((row) => ({ ...columns(), ...row }));
  });
}

function placesOf({ iteration }: ViewSelect, outer: Place): Place[] {
  if (iteration === null) return [outer];
  const at = (node: readonly Json[], rowIndex: number): Place => ({ ...outer, node, rowIndex });
  if (iteration.kind === 'for-each') {
    const items = evaluate(iteration.path, outer);
    if (items.length === 0 && iteration.orNull) return [at([], 0)];
    return items.map((item, index) => at([item], index));
  }
  const found: Json[] = [];
  const walk = (node: readonly Json[]): void => {
    for (const path of iteration.paths) {
      for (const item of evaluate(path, { ...outer, node })) {
        found.push(item);
        walk([item]);
      }
    }
  };
  walk(outer.node);
  return found.map((item, index) => at([item], index));
}

function columnOf({ path, collection }: ViewColumn, place: Place): Json {
  const values = evaluate(path, place);
  if (collection) return values;
  if (values.length > 1) throw new NaiveStop('more-than-one-value');
  return values[0] ?? null;
}

export function evaluate(tree: Expression, place: Place): readonly Json[] {
  switch (tree.kind) {
    case 'literal':
      return [tree.literal.value];
    case 'this':
      return place.node;
    case 'constant':
      return [tree.name === 'rowIndex' ? place.rowIndex : place.constants.get(tree.name)!.value];
    case 'member':
      return evaluate(tree.of, place).flatMap((node) => listed(fieldOf(node, tree.name)));
    case 'index':
      return evaluate(tree.of, place).slice(...sliceAt(Number(evaluate(tree.index, place)[0])));
    case 'call':
      return call(tree, place);
    case 'binary':
      return binary(tree, place);
  }
}

const sliceAt = (index: number): [number, number] => [index, index + 1];

function call(tree: Extract<Expression, { kind: 'call' }>, place: Place): readonly Json[] {
  const [first] = tree.args;
  if (tree.name === 'ofType' && tree.of.kind === 'member' && first?.kind === 'member') {
    const name = `${tree.of.name}${first.name[0]!.toUpperCase()}${first.name.slice(1)}`;
    return evaluate(tree.of.of, place).flatMap((node) => listed(fieldOf(node, name)));
  }
  const of = evaluate(tree.of, place);
  const fitting = (): readonly Json[] =>
    of.filter((item) => truth(evaluate(first!, { ...place, node: [item] })) === true);
  switch (tree.name) {
    case 'where':
      return fitting();
    case 'exists':
      return [(first ? fitting() : of).length > 0];
    case 'empty':
      return [of.length === 0];
    case 'not': {
      const value = truth(of);
      return value === null ? [] : [!value];
    }
    case 'first':
      return of.slice(0, 1);
    case 'last':
      return of.slice(-1);
    case 'count':
      return [of.length];
    case 'join':
      return [of.join(first ? String(evaluate(first, place)[0]) : '')];
    case 'extension': {
      const url = evaluate(first!, place)[0];
      return of
        .flatMap((node) => listed(fieldOf(node, 'extension')))
        .filter((each) => fieldOf(each, 'url') === url);
    }
    default:
      throw new Error(`fault: ${tree.name} is not read the slow way`);
  }
}

function binary(tree: Extract<Expression, { kind: 'binary' }>, place: Place): readonly Json[] {
  const [left, right] = [evaluate(tree.left, place), evaluate(tree.right, place)];
  const { operator } = tree;
  if (operator === 'and' || operator === 'or') {
    const [a, b] = [truth(left), truth(right)];
    const decides = operator === 'or';
    if (a === decides || b === decides) return [decides];
    return a === null || b === null ? [] : [!decides];
  }
  if (operator === '=' || operator === '!=') {
    if (left.length === 0 || right.length === 0) return [];
    const same = JSON.stringify(left) === JSON.stringify(right);
    return [same === (operator === '=')];
  }
  if (left.length > 1 || right.length > 1) throw new NaiveStop('more-than-one-value');
  if (operator === '&') return [`${left[0] ?? ''}${right[0] ?? ''}`];
  if (left.length === 0 || right.length === 0) return [];
  const [a, b] = [left[0] as number, right[0] as number];
  switch (operator) {
    case '<':
      return [a < b];
    case '<=':
      return [a <= b];
    case '>':
      return [a > b];
    case '>=':
      return [a >= b];
    case '+':
      return [a + b];
    case '-':
      return [a - b];
    case '*':
      return [a * b];
    default:
      return b === 0 ? [] : [a / b];
  }
}

/** Null: no answer. */
function truth(values: readonly Json[]): boolean | null {
  if (values.length > 1) throw new NaiveStop('more-than-one-value');
  const [value] = values;
  if (value === undefined) return null;
  if (typeof value !== 'boolean') throw new NaiveStop('not-a-boolean');
  return value;
}

function fieldOf(node: Json, name: string): Json {
  return typeof node === 'object' && node !== null ? (node as Record<string, Json>)[name] : undefined;
}

const listed = (value: Json): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
