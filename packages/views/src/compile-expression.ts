// Turns a typed expression into SQL; everything that differs between engines is asked of the dialect.
import { assertNever } from '@yimai/kit';
import type { Dialect, PlainStep } from './dialect.ts';
import { type Form, formOfType, isComplex, isTime } from './elements.ts';
import { formOf } from './resolve-expression.ts';
import { wrongExpression } from './tokens.ts';
import type { Step, TypedExpression } from './typed-expression.ts';

/** The prefix of run-time messages of ours; what follows is the code and the place. */
export const RUN_TIME_MARK = 'yimai-view';

export interface Compiled {
  readonly sql: string;
  readonly form: Form;
  readonly many: boolean;
  readonly type: string | null;
  /** For one JSON value: where it is, so that a scalar is read in one step. */
  readonly path?: { readonly json: string; readonly names: readonly string[] };
}

export interface Compilation {
  readonly dialect: Dialect;
  readonly params: (string | number)[];
  /** A number for the next variable. */
  readonly fresh: () => number;
}

export interface Place {
  /** SQL of `$this`. */
  readonly node: string;
  readonly rowIndex: string;
  /** Where in the definition, for messages at run time. */
  readonly at: string;
}

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
      return compileBinary(tree, c, place);
    default:
      return assertNever(tree);
  }
}

/** A value as the given native form, or null; a list must have been made single before. */
export function asNative(value: Compiled, form: Exclude<Form, 'json'>, c: Compilation): string {
  const { dialect } = c;
  if (value.form === form) return value.sql;
  if (value.form !== 'json') return dialect.convert(value.sql, value.form, form);
  if (form === 'text' && value.path) return dialect.childText(value.path.json, value.path.names);
  return dialect.scalar(value.sql, form);
}

export function asJson(value: Compiled, c: Compilation): string {
  return value.form === 'json' ? value.sql : c.dialect.toJson(value.sql);
}

/** The only value of a list; several stop the statement. */
export function single(value: Compiled, c: Compilation, place: Place): Compiled {
  if (!value.many) return value;
  const { dialect } = c;
  const failure = dialect.fail(`${RUN_TIME_MARK}:more-than-one-value:${place.at}`, value.sql, 'json');
  const sql = `(case when ${dialect.size(value.sql)} > 1 then ${failure} else ${dialect.at(value.sql, 0)} end)`;
  return { sql, form: value.form, many: false, type: value.type };
}

/** A condition: true, false or null. A value of another type is refused now if its type is known, else when met. */
export function asBoolean(value: Compiled, tree: TypedExpression, c: Compilation, place: Place): string {
  const { dialect } = c;
  if (value.form === 'boolean') return value.sql;
  if (value.form !== 'json' || (value.type !== null && value.type !== 'boolean')) {
    throw wrongExpression(
      tree.at,
      '条件应为真假值',
      `a condition is true or false, this is a ${value.type ?? value.form}`,
    );
  }
  const one = single(value, c, place);
  const scalar = dialect.scalar(one.sql, 'boolean');
  if (value.type === 'boolean') return scalar;
  const failure = dialect.fail(`${RUN_TIME_MARK}:not-a-boolean:${place.at}`, one.sql, 'boolean');
  const isBoolean = dialect.jsonType(one.sql, 'boolean');
  return `(case when ${one.sql} is null then null when ${isBoolean} then ${scalar} else ${failure} end)`;
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

function compileBinary(
  tree: Extract<TypedExpression, { kind: 'binary' }>,
  c: Compilation,
  place: Place,
): Compiled {
  const { operator, type } = tree;
  const left = compileExpression(tree.left, c, place);
  const right = compileExpression(tree.right, c, place);
  const answer = (sql: string, form: Form): Compiled => ({ sql, form, many: false, type });
  switch (operator) {
    case 'and':
    case 'or': {
      const [a, b] = [asBoolean(left, tree.left, c, place), asBoolean(right, tree.right, c, place)];
      return answer(`(${a} ${operator} ${b})`, 'boolean');
    }
    case '=':
      return answer(equality(tree, left, right, c), 'boolean');
    case '!=':
      return answer(`(not ${equality(tree, left, right, c)})`, 'boolean');
    case '&': {
      const [a, b] = [left, right].map((side) => asNative(single(side, c, place), 'text', c));
      return answer(`(coalesce(${a}, '') || coalesce(${b}, ''))`, 'text');
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const pair = [single(left, c, place), single(right, c, place)] as const;
      return answer(comparison(tree, operator, pair[0], pair[1], c), 'boolean');
    }
    case '+':
    case '-':
    case '*':
    case '/':
      return arithmetic(tree, single(left, c, place), single(right, c, place), c);
    default:
      return assertNever(operator);
  }
}

function arithmetic(
  tree: Extract<TypedExpression, { kind: 'binary' }>,
  left: Compiled,
  right: Compiled,
  c: Compilation,
): Compiled {
  if (tree.operator === '+' && formOf(tree.left) === 'text' && formOf(tree.right) === 'text') {
    const sql = `(${asNative(left, 'text', c)} || ${asNative(right, 'text', c)})`;
    return { sql, form: 'text', many: false, type: 'string' };
  }
  for (const side of [tree.left, tree.right]) {
    if (isComplex(side.type) || ['text', 'boolean'].includes(formOf(side))) {
      throw wrongExpression(side.at, '算式两边应为数值', 'arithmetic needs numbers');
    }
  }
  const [a, b] = [asNative(left, 'number', c), asNative(right, 'number', c)];
  const sql = tree.operator === '/' ? `(${a} / nullif(${b}, 0))` : `(${a} ${tree.operator} ${b})`;
  return { sql, form: 'number', many: false, type: 'decimal' };
}

// Lists are equal when they have the same values in the same order; an empty side gives no answer.
function equality(
  tree: Extract<TypedExpression, { kind: 'binary' }>,
  left: Compiled,
  right: Compiled,
  c: Compilation,
): string {
  const { dialect } = c;
  if (left.many && right.many) return dialect.sameLists(left.sql, right.sql);
  const list = left.many ? left : right.many ? right : null;
  if (list === null) return comparison(tree, '=', left, right, c);
  const only: Compiled = { sql: dialect.at(list.sql, 0), form: list.form, many: false, type: list.type };
  const same = left.many ? comparison(tree, '=', only, right, c) : comparison(tree, '=', left, only, c);
  return `(case when ${dialect.size(list.sql)} > 1 then false else ${same} end)`;
}

function comparison(
  tree: Extract<TypedExpression, { kind: 'binary' }>,
  operator: '=' | '<' | '<=' | '>' | '>=',
  left: Compiled,
  right: Compiled,
  c: Compilation,
): string {
  const forms = [
    left.form === 'json' ? formOfType(left.type) : left.form,
    right.form === 'json' ? formOfType(right.type) : right.form,
  ];
  if (isComplex(left.type) || isComplex(right.type)) {
    if (operator !== '=') throw wrongExpression(tree.at, '不能比较大小', 'these values have no order');
    return `(${asJson(left, c)} = ${asJson(right, c)})`;
  }
  const form = forms.find((candidate) => candidate !== 'json') ?? (operator === '=' ? undefined : 'text');
  if (form === undefined) return `(${asJson(left, c)} = ${asJson(right, c)})`;
  const [a, b] = [asNative(left, form, c), asNative(right, form, c)];
  if (isTime(left.type) || isTime(right.type)) return c.dialect.compareTimes(a, operator, b);
  return `(${a} ${operator} ${b})`;
}
