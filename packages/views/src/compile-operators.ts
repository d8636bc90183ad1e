// The operators of the subset as SQL: logic with three values, equality of values and lists, order, arithmetic.
import { assertNever } from '@yimai/kit';
import {
  asBoolean,
  asJson,
  asNative,
  type Compilation,
  type Compiled,
  type Place,
  single,
} from './compiled-value.ts';
import { type Form, formOfType, isComplex, isTime } from './elements.ts';
import { formOf } from './resolve-expression.ts';
import { wrongExpression } from './tokens.ts';
import type { TypedExpression } from './typed-expression.ts';

type Binary = Extract<TypedExpression, { kind: 'binary' }>;

/** Both sides are compiled already. */
export function compileBinary(
  tree: Binary,
  left: Compiled,
  right: Compiled,
  c: Compilation,
  place: Place,
): Compiled {
  const { operator, type } = tree;
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

function arithmetic(tree: Binary, left: Compiled, right: Compiled, c: Compilation): Compiled {
  if (tree.type === 'string') {
    const sql = `(${asNative(left, 'text', c)} || ${asNative(right, 'text', c)})`;
    return { sql, form: 'text', many: false, type: 'string' };
  }
  for (const side of [tree.left, tree.right]) {
    if (isComplex(side.type) || ['text', 'boolean'].includes(formOf(side))) {
      throw wrongExpression(side.at, '算式两边应为数值', 'arithmetic needs numbers');
    }
  }
  const [a, b] = [asNative(left, 'number', c), asNative(right, 'number', c)];
  return { sql: c.dialect.arithmetic(a, tree.operator, b), form: 'number', many: false, type: 'decimal' };
}

// Lists are equal when they have the same values in the same order; an empty side gives no answer.
function equality(tree: Binary, left: Compiled, right: Compiled, c: Compilation): string {
  const { dialect } = c;
  if (left.many && right.many) return dialect.sameLists(left.sql, right.sql);
  const list = left.many ? left : right.many ? right : null;
  if (list === null) return comparison(tree, '=', left, right, c);
  const only: Compiled = { sql: dialect.at(list.sql, 0), form: list.form, many: false, type: list.type };
  const same = left.many ? comparison(tree, '=', only, right, c) : comparison(tree, '=', left, only, c);
  return `(case when ${dialect.size(list.sql)} > 1 then false else ${same} end)`;
}

function comparison(
  tree: Binary,
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
