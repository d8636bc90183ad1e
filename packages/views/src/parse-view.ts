// Reads a ViewDefinition into its tree; a wrong one is refused with its place and the reason.
import { ok, type Refusal, RefusalError, type Result } from '@yimai/kit';
import { isKnownResource } from './elements.ts';
import type { Expression, Literal } from './expression.ts';
import { parseExpression } from './parse-expression.ts';
import { columnsOf, type Iteration, type View, type ViewColumn, type ViewSelect } from './view-tree.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

type Json = Readonly<Record<string, unknown>>;

export function parseView(definition: unknown): Result<View> {
  try {
    return ok(readView(definition));
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** A refusal of a view; `at` is the place in the definition. */
export function wrongView(code: string, at: string, zh: string, en: string, rule = 'V2'): RefusalError {
  return new RefusalError({ code, at, rule, detail: { zh, en } });
}

function readView(definition: unknown): View {
  const view = asObject(definition, '');
  const { resource } = view;
  if (typeof resource !== 'string' || resource === '') {
    throw wrongView('resource-missing', 'resource', '缺少 resource', 'the view names no resource');
  }
  if (!isKnownResource(resource)) {
    const en = `"${resource}" is not a FHIR R4 resource`;
    throw wrongView('unknown-resource', 'resource', `“${resource}”不是 FHIR R4 资源类型`, en);
  }
  const selects = asList(view['select'], 'select').map((select, index) =>
    readSelect(select, `select[${index}]`),
  );
  if (selects.length === 0)
    throw wrongView('select-missing', 'select', '缺少 select', 'the view selects nothing');
  checkColumnNames(columnsOf(selects));
  return {
    name: typeof view['name'] === 'string' ? view['name'] : null,
    resource,
    constants: readConstants(view['constant']),
    where: asList(view['where'], 'where').map((condition, index) => {
      const at = `where[${index}]`;
      return { at, path: readPath(asObject(condition, at)['path'], `${at}.path`) };
    }),
    selects,
  };
}

const DEEPEST = 50;

function readSelect(value: unknown, at: string, depth = 1): ViewSelect {
  const select = asObject(value, at);
  if (depth > DEEPEST) throw wrongView('too-deep', at, '嵌套过深', 'selects are nested too deeply');
  const result: ViewSelect = {
    iteration: readIteration(select, at),
    columns: asList(select['column'], `${at}.column`).map((column, index) =>
      readColumn(column, `${at}.column[${index}]`),
    ),
    selects: asList(select['select'], `${at}.select`).map((inner, index) =>
      readSelect(inner, `${at}.select[${index}]`, depth + 1),
    ),
    unionAll: asList(select['unionAll'], `${at}.unionAll`).map((inner, index) =>
      readSelect(inner, `${at}.unionAll[${index}]`, depth + 1),
    ),
  };
  if (result.columns.length + result.selects.length + result.unionAll.length === 0) {
    throw wrongView('select-empty', at, '该 select 没有列', 'this select gives no columns');
  }
  checkUnion(result.unionAll, at);
  return result;
}

function readIteration(select: Json, at: string): Iteration | null {
  const named = ['forEach', 'forEachOrNull', 'repeat'].filter((name) => select[name] !== undefined);
  const [name] = named;
  if (name === undefined) return null;
  if (named.length > 1) {
    const en = `${named.join(' and ')} cannot stand together`;
    throw wrongView('two-iterations', at, `${named.join('、')} 不能同时出现`, en);
  }
  const place = `${at}.${name}`;
  if (name !== 'repeat') {
    return {
      kind: 'for-each',
      path: readPath(select[name], place),
      orNull: name === 'forEachOrNull',
      at: place,
    };
  }
  const paths = asList(select['repeat'], place);
  if (paths.length === 0) throw wrongView('path-missing', place, 'repeat 没有路径', 'repeat names no path');
  return {
    kind: 'repeat',
    paths: paths.map((path, index) => readStepDown(path, `${place}[${index}]`)),
    at: place,
  };
}

// A path that gives its own node again, or a value made from nothing, would be walked for ever.
function readStepDown(value: unknown, at: string): Expression {
  const path = readPath(value, at);
  if (stepsDown(path)) return path;
  throw wrongView('endless-repeat', at, '该路径不深入下级', 'this path does not lead to an element below');
}

function stepsDown(path: Expression): boolean {
  if (path.kind === 'member') return true;
  if (path.kind === 'index') return stepsDown(path.of);
  if (path.kind !== 'call') return false;
  return path.name === 'extension' || (KEEPING.has(path.name) && stepsDown(path.of));
}

const KEEPING = new Set(['where', 'first', 'last', 'ofType']);

function readColumn(value: unknown, at: string): ViewColumn {
  const column = asObject(value, at);
  const { name, type, collection } = column;
  if (typeof name !== 'string' || !NAME.test(name)) {
    const en = 'a column name is a letter followed by letters, digits or _';
    throw wrongView('wrong-column-name', `${at}.name`, '列名须以字母开头，只含字母、数字、下划线', en);
  }
  if (type !== undefined && typeof type !== 'string') {
    throw wrongView('wrong-type', `${at}.type`, 'type 应为文字', 'type must be text');
  }
  if (collection !== undefined && typeof collection !== 'boolean') {
    throw wrongView(
      'wrong-type',
      `${at}.collection`,
      'collection 应为 true 或 false',
      'collection must be true or false',
    );
  }
  return {
    name,
    type: type === undefined ? null : type.replace(/^.*[/.]/, ''),
    collection: collection === true,
    path: readPath(column['path'], `${at}.path`),
    at,
  };
}

function readPath(value: unknown, at: string): Expression {
  if (typeof value !== 'string' || value.trim() === '') {
    throw wrongView('path-missing', at, '应为 FHIRPath 文字', 'a FHIRPath text is expected here');
  }
  return placed(at, () => parseExpression(value));
}

/** Adds the place in the definition to a refusal of an expression. */
export function placed<T>(at: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.at !== undefined) throw error;
    const refusal: Refusal = { ...error.refusal, at };
    throw new RefusalError(refusal);
  }
}

function checkColumnNames(columns: readonly ViewColumn[]): void {
  const seen = new Set<string>();
  for (const { name, at } of columns) {
    if (seen.has(name))
      throw wrongView('column-twice', at, `列 ${name} 重复`, `the column ${name} appears twice`);
    seen.add(name);
  }
}

function checkUnion(branches: readonly ViewSelect[], at: string): void {
  const [first, ...others] = branches.map((branch) => columnsOf([branch]).map((column) => column.name));
  for (const [index, other] of others.entries()) {
    if (first!.join() === other.join()) continue;
    const place = `${at}.unionAll[${index + 1}]`;
    const zh = `各分支的列须相同且同序：${first!.join(', ')} ≠ ${other.join(', ')}`;
    const en = `all branches need the same columns in one order: ${first!.join(', ')} is not ${other.join(', ')}`;
    throw wrongView('union-mismatch', place, zh, en);
  }
}

function readConstants(value: unknown): ReadonlyMap<string, Literal> {
  const constants = new Map<string, Literal>();
  for (const [index, entry] of asList(value, 'constant').entries()) {
    const at = `constant[${index}]`;
    const constant = asObject(entry, at);
    const { name } = constant;
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw wrongView('wrong-constant', `${at}.name`, '常量缺名称', 'the constant has no valid name');
    }
    const values = Object.keys(constant).filter((key) => /^value[A-Z]/.test(key));
    if (values.length !== 1) {
      throw wrongView(
        'wrong-constant',
        at,
        `常量 ${name} 须恰有一个值`,
        `the constant ${name} needs exactly one value`,
      );
    }
    if (constants.has(name))
      throw wrongView('constant-twice', at, `常量 ${name} 重复`, `the constant ${name} appears twice`);
    constants.set(name, constantValue(values[0]!, constant[values[0]!], `${at}.${values[0]}`));
  }
  return constants;
}

// What each kind of whole number allows at least.
const WHOLE: Readonly<Record<string, number>> = {
  valueInteger: Number.MIN_SAFE_INTEGER,
  valueInteger64: Number.MIN_SAFE_INTEGER,
  valuePositiveInt: 1,
  valueUnsignedInt: 0,
};
const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const CLOCK = '([01]\\d|2[0-3]):[0-5]\\d(:([0-5]\\d|60)(\\.\\d+)?)?';
const TIME = new RegExp(`^${CLOCK}$`);
const MOMENT = new RegExp(`^\\d{4}-\\d{2}-\\d{2}T${CLOCK}(Z|[+-]\\d{2}:\\d{2})?$`);
const TEXTS = new Set(
  'Base64Binary Canonical Code Id Markdown Oid String Uri Url Uuid'.split(' ').map((type) => `value${type}`),
);

function constantValue(key: string, value: unknown, at: string): Literal {
  if (key === 'valueBoolean' && typeof value === 'boolean') return { type: 'boolean', value };
  if (key === 'valueDecimal' && typeof value === 'number') return { type: 'decimal', value };
  const least = WHOLE[key];
  const isWhole = typeof value === 'number' || (key === 'valueInteger64' && typeof value === 'string');
  if (least !== undefined && isWhole && Number.isSafeInteger(Number(value)) && Number(value) >= least)
    return { type: 'integer', value: Number(value) };
  if (typeof value === 'string') {
    if (TEXTS.has(key)) return { type: 'string', value };
    if (key === 'valueDate' && DATE.test(value)) return { type: 'date', value };
    if (key === 'valueTime' && TIME.test(value)) return { type: 'time', value };
    if (key === 'valueInstant' && MOMENT.test(value)) return { type: 'instant', value };
    if (key === 'valueDateTime' && (DATE.test(value) || MOMENT.test(value)))
      return { type: 'dateTime', value };
  }
  throw wrongView('wrong-constant', at, '常量的值与其类型不符', 'the value does not fit its type');
}

function asObject(value: unknown, at: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrongView('not-an-object', at || '$', '应为 JSON 对象', 'a JSON object is expected here');
}

function asList(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw wrongView('not-a-list', at, '应为数组', 'a list is expected here');
}
