// Turns a typed expression into SQL; everything that differs between engines is asked of the dialect.
import { assertNever } from '@yimai/kit';
import { compileBinary } from './compile-operators.ts';
import {
  asBoolean,
  asJson,
  asNative,
  type Compilation,
  type Compiled,
  type Place,
  single,
} from './compiled-value.ts';
import type { PlainStep } from './dialect.ts';
import { type Form, formOfType } from './elements.ts';
import type { Step, TypedExpression } from './typed-expression.ts';

export function compileExpression(tree: TypedExpression, c: Compilation, place: Place): Compiled {
  const { dialect } = c;
  const { type, many } = tree;
  const flag = (sql: string): Compiled => ({ sql, form: 'boolean', many: false, type: 'boolean' });
  const inner = (node: TypedExpression): Compiled => compileExpression(node, c, place);
  switch (tree.kind) {
    case 'literal':
      return compileLiteral(tree, c);
    case 'this':
      return { sql: place.node, form: 'json', many: false, type, path: { json: place.node, names: [] } };
    case 'row-index':
      return { sql: place.rowIndex, form: 'number', many: false, type };
    case 'nothing':
      return { sql: dialect.nullList(), form: 'json', many: true, type };
    case 'path':
      return compilePath(inner(tree.of), tree.steps, type, c);
    case 'index': {
      const of = inner(tree.of);
      if (!of.many) return tree.index === 0 ? of : { ...of, sql: 'null', path: { json: 'null', names: [] } };
      return { ...of, sql: dialect.at(of.sql, tree.index), many: false };
    }
    case 'last': {
      const of = inner(tree.of);
      return of.many ? { ...of, sql: dialect.last(of.sql), many: false } : of;
    }
    case 'where':
      return compileWhere(inner(tree.of), tree.criteria, type, c, place);
    case 'of-resource': {
      const of = inner(tree.of);
      const resource = literalParam(tree.resource, 'text', c);
      const criteria = (json: string): string => `${dialect.childText(json, ['resourceType'])} = ${resource}`;
      if (of.many) return { ...of, sql: dialect.filter(of.sql, variable(c), criteria), type };
      return { sql: `case when ${criteria(of.sql)} then ${of.sql} end`, form: 'json', many: false, type };
    }
    case 'exists': {
      const of = inner(tree.of);
      if (of.many) return flag(`(${dialect.size(of.sql)} ${tree.wanted ? '>' : '='} 0)`);
      return flag(`(${of.sql} is ${tree.wanted ? 'not ' : ''}null)`);
    }
    case 'not':
      return flag(`(not ${asBoolean(inner(tree.of), tree.of, c, place)})`);
    case 'count': {
      const of = inner(tree.of);
      const sql = of.many ? dialect.size(of.sql) : `(case when ${of.sql} is null then 0 else 1 end)`;
      return { sql, form: 'number', many: false, type };
    }
    case 'join': {
      const of = inner(tree.of);
      const list = of.many ? of.sql : dialect.asList(asJson(of, c));
      return { sql: dialect.join(list, literalParam(tree.separator, 'text', c)), form: 'text', many, type };
    }
    case 'boundary': {
      const text = asNative(single(inner(tree.of), c, place), 'text', c);
      const sql = dialect.boundary(text, type!, tree.side);
      return { sql, form: formOfType(type), many, type };
    }
    case 'reference-key': {
      const of = inner(tree.of);
      const key = (json: string): string =>
        dialect.referenceKey(dialect.childText(json, ['reference']), tree.resource);
      if (!of.many) return { sql: key(of.sql), form: 'text', many, type };
      const sql = dialect.map(of.sql, variable(c), (element) => dialect.toJson(key(element)));
      return { sql, form: 'json', many, type };
    }
    case 'binary':
      return compileBinary(tree, inner(tree.left), inner(tree.right), c, place);
    default:
      return assertNever(tree);
  }
}

function compileLiteral(tree: Extract<TypedExpression, { kind: 'literal' }>, c: Compilation): Compiled {
  const { type, value } = tree.literal;
  const form = formOfType(type);
  if (typeof value === 'boolean') return { sql: String(value), form: 'boolean', many: false, type };
  return { sql: literalParam(value, form, c), form, many: false, type };
}

function literalParam(value: string | number, form: Form, c: Compilation): string {
  c.params.push(value);
  return c.dialect.param(c.params.length, form);
}

function variable(c: Compilation): string {
  return `v${c.fresh()}`;
}

// Plain steps go together as one JSON path; a choice or an unknown element is a step of its own.
function compilePath(of: Compiled, steps: readonly Step[], type: string | null, c: Compilation): Compiled {
  const { dialect } = c;
  if (of.form !== 'json') return { sql: dialect.nullList(), form: 'json', many: true, type };
  let now: Compiled = of;
  let index = 0;
  while (index < steps.length) {
    const run: PlainStep[] = [];
    for (let step = steps[index]; step && isPlain(step); step = steps[++index]) {
      run.push({ name: step.names[0]!, many: step.many === true });
    }
    now = run.length > 0 ? alongPlain(now, run, c) : alongSpecial(now, steps[index++]!, c);
  }
  return { ...now, type };
}

function isPlain(step: Step): boolean {
  return step.names.length === 1 && step.many !== 'unknown';
}

function alongPlain(of: Compiled, run: readonly PlainStep[], c: Compilation): Compiled {
  const { dialect } = c;
  const isMany = run.some((step) => step.many);
  const names = run.map((step) => step.name);
  if (of.many) {
    const sql = isMany
      ? dialect.flatMap(of.sql, variable(c), (element) => dialect.children(element, run))
      : dialect.map(of.sql, variable(c), (element) => dialect.child(element, names));
    return { sql, form: 'json', many: true, type: null };
  }
  const base = of.path ?? { json: of.sql, names: [] };
  if (isMany) {
    const whole = [...base.names.map((name) => ({ name, many: false })), ...run];
    return { sql: dialect.children(base.json, whole), form: 'json', many: true, type: null };
  }
  const path = { json: base.json, names: [...base.names, ...names] };
  return { sql: dialect.child(path.json, path.names), form: 'json', many: false, type: null, path };
}

function alongSpecial(of: Compiled, step: Step, c: Compilation): Compiled {
  const { dialect } = c;
  if (step.many === 'unknown') {
    const name = step.names[0]!;
    const sql = of.many
      ? dialect.flatMap(of.sql, variable(c), (element) => dialect.spread(element, name))
      : dialect.spread(of.sql, name);
    return { sql, form: 'json', many: true, type: null };
  }
  const choice = (json: string): string =>
    `coalesce(${step.names.map((name) => dialect.child(json, [name])).join(', ')})`;
  if (of.many) return { sql: dialect.map(of.sql, variable(c), choice), form: 'json', many: true, type: null };
  return { sql: choice(of.sql), form: 'json', many: false, type: null };
}

function compileWhere(
  of: Compiled,
  criteria: TypedExpression,
  type: string | null,
  c: Compilation,
  place: Place,
): Compiled {
  const condition = (node: string): string => {
    const here = { ...place, node };
    return asBoolean(compileExpression(criteria, c, here), criteria, c, here);
  };
  if (of.many)
    return { sql: c.dialect.filter(of.sql, variable(c), condition), form: of.form, many: true, type };
  return { sql: `(case when ${condition(of.sql)} then ${of.sql} end)`, form: of.form, many: false, type };
}
