// Turns a view into one SQL statement: a chain of common table expressions, each adding what the next one needs.
import { ok, RefusalError, type Result } from '@yimai/kit';
import { compileExpression } from './compile-expression.ts';
import { asBoolean, asJson, asNative, type Compilation, type Compiled, single } from './compiled-value.ts';
import type { Dialect } from './dialect.ts';
import { formOfType } from './elements.ts';
import type { Expression } from './expression.ts';
import { placed, wrongView } from './parse-view.ts';
import { resolveExpression, type Scope } from './resolve-expression.ts';
import { wrongExpression } from './tokens.ts';
import type { TypedExpression } from './typed-expression.ts';
import type { Iteration, View, ViewColumn, ViewSelect } from './view-tree.ts';

/** Where the resources are: a table (or sub-select) with one resource a row. */
export interface Source {
  readonly from: string;
  /** Column of the JSON value. */
  readonly content: string;
  /** Column of the resource type; without it the JSON's own `resourceType` is asked. */
  readonly type?: string;
  /** Columns of the source that come first in each row of the view, such as the resource's key. */
  readonly carry?: readonly string[];
}

export interface CompiledColumn {
  readonly name: string;
  /** FHIR type, stated or found; null when it is not known. */
  readonly type: string | null;
  readonly collection: boolean;
  /** Type in SQL. */
  readonly sqlType: string;
}

export interface CompiledView {
  readonly sql: string;
  readonly params: readonly (string | number)[];
  readonly columns: readonly CompiledColumn[];
}

export function compileView(view: View, dialect: Dialect, source: Source): Result<CompiledView> {
  try {
    return ok(new ViewCompiler(view, dialect).compile(source));
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** A relation that grows: the name of its last expression and the columns it carries. */
interface Relation {
  name: string;
  columns: string[];
}

interface Context {
  /** Column of the current JSON node. */
  readonly node: string;
  readonly rowIndex: string;
  readonly type: string | null;
  readonly isResource: boolean;
}

interface Output {
  readonly column: CompiledColumn;
  readonly sql: string;
  /** Where the column stands in the definition. */
  readonly at: string;
}

class ViewCompiler {
  readonly #view: View;
  readonly #dialect: Dialect;
  readonly #steps: string[] = [];
  readonly #compilation: Compilation;
  #count = 0;

  constructor(view: View, dialect: Dialect) {
    this.#view = view;
    this.#dialect = dialect;
    this.#compilation = { dialect, params: [], fresh: () => this.#next() };
  }

  compile(source: Source): CompiledView {
    const context: Context = { node: 'node', rowIndex: '0', type: this.#view.resource, isResource: true };
    const carry = source.carry ?? [];
    const relation: Relation = { name: 'resources', columns: [...carry, 'node'] };
    this.#steps.push(`resources as (${this.#resources(source, carry, context)})`);
    const outputs = this.#view.selects.flatMap((select) => this.#select(select, relation, context));
    const values = [...carry, ...outputs.map((output) => `${output.sql} as "${output.column.name}"`)];
    const sql = `with recursive ${this.#steps.join(',\n')}\nselect ${values.join(',\n  ')}\nfrom ${relation.name}`;
    return { sql, params: this.#compilation.params, columns: outputs.map((output) => output.column) };
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #resources(source: Source, carry: readonly string[], context: Context): string {
    this.#compilation.params.push(this.#view.resource);
    const type = source.type ?? this.#dialect.childText(source.content, ['resourceType']);
    const conditions = [`${type} = ${this.#dialect.param(this.#compilation.params.length, 'text')}`];
    for (const condition of this.#view.where) {
      conditions.push(
        placed(`${condition.at}.path`, () => {
          const tree = this.#resolve(condition.path, context);
          const place = { node: source.content, rowIndex: '0', at: condition.at };
          return asBoolean(compileExpression(tree, this.#compilation, place), tree, this.#compilation, place);
        }),
      );
    }
    const columns = [...carry, `${source.content} as node`];
    return `select ${columns.join(', ')} from ${source.from} where ${conditions.join('\n    and ')}`;
  }

  #select(select: ViewSelect, relation: Relation, outer: Context): Output[] {
    const context = select.iteration ? this.#iterate(select.iteration, relation, outer) : outer;
    const outputs = select.columns.map((column) => this.#column(column, context));
    for (const inner of select.selects) outputs.push(...this.#select(inner, relation, context));
    if (select.unionAll.length > 0) outputs.push(...this.#union(select.unionAll, relation, context));
    return outputs;
  }

  // Each branch starts from the same relation and ends with its columns under common names.
  #union(branches: readonly ViewSelect[], relation: Relation, context: Context): Output[] {
    const key = this.#next();
    const compiled = branches.map((branch) => {
      const own: Relation = { name: relation.name, columns: [...relation.columns] };
      return { outputs: this.#select(branch, own, context), own };
    });
    const columns = compiled[0]!.outputs.map((_, index) =>
      this.#common(compiled.map(({ outputs }) => outputs[index]!)),
    );
    const names = columns.map((_, index) => `u${key}_${index}`);
    const parts = compiled.map(({ outputs, own }) => {
      const named = outputs.map((output, index) => `${this.#as(output, columns[index]!)} as ${names[index]}`);
      return `select ${[...relation.columns, ...named].join(', ')} from ${own.name}`;
    });
    this.#steps.push(`r${key} as (${parts.join('\n  union all ')})`);
    relation.name = `r${key}`;
    relation.columns.push(...names);
    return columns.map((column, index) => ({
      column,
      sql: names[index]!,
      at: compiled[0]!.outputs[index]!.at,
    }));
  }

  // What the branches of a union hold in one column: numbers widen, an unknown type follows the known ones.
  #common(outputs: readonly Output[]): CompiledColumn {
    const [first] = outputs;
    const { name, collection } = first!.column;
    const known = outputs.find(({ column }) => column.type !== null) ?? first!;
    const form = formOfType(known.column.type);
    for (const { column, at } of outputs) {
      const fits = column.type === null || formOfType(column.type) === form;
      if (fits && column.collection === collection) continue;
      const en = `${name} is of another type in the other branches`;
      throw wrongView('union-mismatch', at, `列 ${name} 在各分支的类型不同`, en);
    }
    const isNumber = form === 'number' && outputs.some(({ column }) => column.type === 'decimal');
    const type = isNumber ? 'decimal' : known.column.type;
    return { name, type, collection, sqlType: this.#dialect.columnType(type, collection) };
  }

  #as({ column, sql }: Output, wanted: CompiledColumn): string {
    if (column.sqlType === wanted.sqlType) return sql;
    const form = formOfType(wanted.type);
    if (column.type !== null || form === 'json') return `cast(${sql} as ${wanted.sqlType})`;
    if (wanted.collection) return this.#dialect.collection(sql, wanted.type, `c${this.#next()}`);
    return `cast(${this.#dialect.scalar(sql, form)} as ${wanted.sqlType})`;
  }

  #iterate(iteration: Iteration, relation: Relation, outer: Context): Context {
    const key = this.#next();
    const [element, index, name] = [`e${key}`, `i${key}`, `r${key}`];
    if (iteration.kind === 'for-each') {
      const tree = placed(iteration.at, () => this.#resolve(iteration.path, outer));
      const list = this.#list(tree, { node: outer.node, rowIndex: outer.rowIndex, at: iteration.at });
      const input = {
        from: relation.name,
        columns: relation.columns,
        list,
        orNull: iteration.orNull,
        element,
        index,
      };
      this.#steps.push(`${name} as (${this.#dialect.unnest(input)})`);
      relation.name = name;
      relation.columns = [...relation.columns, element, index];
      return { node: element, rowIndex: index, type: tree.type, isResource: false };
    }
    const trees = iteration.paths.map((path) => placed(iteration.at, () => this.#resolve(path, outer)));
    const type = trees.every((tree) => tree.type === trees[0]!.type) ? trees[0]!.type : null;
    const inner: Context = { node: element, rowIndex: index, type, isResource: false };
    const deeper = iteration.paths.map((path) => placed(iteration.at, () => this.#resolve(path, inner)));
    const childrenOf = (json: string): string => {
      const isRoot = json === outer.node || json === `r.${outer.node}`;
      const place = { node: json, rowIndex: '0', at: iteration.at };
      return this.#dialect.concat((isRoot ? trees : deeper).map((tree) => this.#list(tree, place)));
    };
    const { columns } = relation;
    const input = { from: relation.name, columns, name, childrenOf, node: outer.node, element, index };
    this.#steps.push(...this.#dialect.repeat(input));
    relation.name = name;
    relation.columns = [...columns, element, index];
    return inner;
  }

  #list(tree: TypedExpression, place: { node: string; rowIndex: string; at: string }): string {
    const value = compileExpression(tree, this.#compilation, place);
    return value.many ? value.sql : this.#dialect.asList(asJson(value, this.#compilation));
  }

  #resolve(path: Expression, context: Context): TypedExpression {
    const scope: Scope = {
      type: context.type,
      isResource: context.isResource,
      constants: this.#view.constants,
    };
    return resolveExpression(path, scope);
  }

  #column(column: ViewColumn, context: Context): Output {
    return placed(`${column.at}.path`, () => {
      const tree = this.#resolve(column.path, context);
      refuseMisfit(column, tree);
      const place = { node: context.node, rowIndex: context.rowIndex, at: column.name };
      const value = compileExpression(tree, this.#compilation, place);
      const type = column.type ?? tree.type;
      const sqlType = this.#dialect.columnType(type, column.collection);
      const described = { name: column.name, type, collection: column.collection, sqlType };
      const sql = column.collection
        ? this.#collection(value, type)
        : this.#scalar(single(value, this.#compilation, place), type, sqlType);
      return { column: described, sql, at: column.at };
    });
  }

  #collection(value: Compiled, type: string | null): string {
    const list = value.many ? value.sql : this.#dialect.asList(asJson(value, this.#compilation));
    return this.#dialect.collection(list, type, `c${this.#next()}`);
  }

  #scalar(value: Compiled, type: string | null, sqlType: string): string {
    const form = formOfType(type);
    if (form === 'json') return asJson(value, this.#compilation);
    const native = asNative(value, form, this.#compilation);
    return form === 'number' ? `cast(${native} as ${sqlType})` : native;
  }
}

/** A text, a number, a truth value and an element with parts are never one of the others. */
function refuseMisfit({ type }: ViewColumn, tree: TypedExpression): void {
  if (type === null || tree.type === null) return;
  const [wanted, own] = [formOfType(type), formOfType(tree.type)];
  if (wanted === own || wanted === 'json' || (wanted === 'text' && own !== 'json')) return;
  const zh = `列声明为 ${type}，此处得到 ${tree.type}`;
  throw wrongExpression(tree.at, zh, `the column is declared ${type}, this is ${tree.type}`);
}
