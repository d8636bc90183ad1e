// A compiled value: its SQL, how it is held, whether it is a list; and the ways to hold it otherwise.
import type { Dialect } from './dialect.ts';
import type { Form } from './elements.ts';
import { wrongExpression } from './tokens.ts';
import type { TypedExpression } from './typed-expression.ts';

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
