// Reads one criterion, its name and its value: modifiers, chains (`subject:Patient.name`), `_has`, special parameters.
import {
  compositeRows,
  isResourceType,
  ofTypeParameterId,
  rowKey,
  type SearchParameterDef,
  searchParameter,
} from '@yimai/fhir';
import { type No, ok, type Result } from '@yimai/kit';
import { readNear } from './near.ts';
import { definitionsOf, parameterOf, type Types, typesOf } from './parameter.ts';
import { no } from './refusals.ts';
import { split, unescaped } from './split.ts';
import type { CompositeWay, Filter, Parameter, Test } from './tree.ts';
import { readDateValues, readTest, type Shape, type ValueContext } from './values.ts';

const DEPTH_MAX = 6;

/** Parameters that would widen the answer if they were passed over: refused, whatever the handling. */
const UNSUPPORTED = new Set(['_filter', '_query', '_text', '_content']);

/** The filter for `name=raw` on these types; null if the value is empty. */
export function readFilter(
  types: Types,
  name: string,
  raw: string,
  context: ValueContext,
  depth = 0,
): Result<Filter | null> {
  context.budget.left -= 1;
  if (depth > DEPTH_MAX || context.budget.left < 0) return no('search-too-long', context.at);
  if (name.startsWith('_has:')) return readHas(types, name, raw, context, depth);
  const dot = name.indexOf('.');
  if (dot >= 0) return readChain(types, name.slice(0, dot), name.slice(dot + 1), raw, context, depth);
  const colon = name.indexOf(':');
  const code = colon < 0 ? name : name.slice(0, colon);
  const modifier = colon < 0 ? null : name.slice(colon + 1);
  if (UNSUPPORTED.has(code)) return no('search-parameter-unsupported', context.at);
  switch (code) {
    case '_id':
      return readIds(types, modifier, raw, context);
    case '_lastUpdated':
      return readUpdated(modifier, raw, context);
    case '_list':
      return readList(modifier, raw, context);
    default:
      return readParameter(types, code, modifier, raw, context);
  }
}

function readParameter(
  types: Types,
  code: string,
  modifier: string | null,
  raw: string,
  context: ValueContext,
): Result<Filter | null> {
  const defs = definitionsOf(types, code);
  if (!defs) return no('search-parameter-unknown', context.at);
  const parameter = withModifier(parameterOf(defs), defs, modifier);
  if (parameter.kind === 'special')
    return code === 'near' && modifier === null
      ? readNear(raw, context.at)
      : no('search-parameter-unsupported', context.at);
  if (modifier === 'missing') return readMissing(defs, parameter, raw, context);
  const shape: Shape = { code, kind: parameter.kind, targets: parameter.targets };
  const read =
    parameter.kind === 'composite'
      ? readComposite(defs, modifier, raw, context)
      : readTest(shape, modifier, raw, context);
  if (!read.ok) return read;
  if (read.value === null) return ok(null);
  const not = modifier === 'not' || modifier === 'not-in';
  return ok({ kind: 'test', parameter, test: read.value, not });
}

/** `:of-type` has rows of its own, where system, type and value stand as one text. */
function withModifier(
  parameter: Parameter,
  defs: readonly SearchParameterDef[],
  modifier: string | null,
): Parameter {
  if (modifier !== 'of-type') return parameter;
  return { ...parameter, ids: defs.map((def) => ofTypeParameterId(def.type, def.code)) };
}

function readMissing(
  defs: readonly SearchParameterDef[],
  parameter: Parameter,
  raw: string,
  context: ValueContext,
): Result<Filter> {
  if (raw !== 'true' && raw !== 'false')
    return no('search-value-invalid', context.at, { zh: '应为 true 或 false', en: 'expected true or false' });
  // Each element of a composite writes the rows of all components or none.
  const ways =
    parameter.kind === 'composite'
      ? compositeWays(defs).map(({ parts, byPart }) => (byPart ? parts.slice(0, 1) : parts))
      : [[parameter]];
  return ok({ kind: 'missing', ways, missing: raw === 'true' });
}

function compositeWays(defs: readonly SearchParameterDef[]): CompositeWay[] {
  const components = defs[0]?.components ?? [];
  const ways: { byPart: boolean; ids: number[][] }[] = [];
  for (const { type, code } of defs) {
    for (const [at, { params, byPart }] of compositeRows(type, code, components.length).entries()) {
      const ids = ways[at]?.byPart === byPart ? ways[at].ids : components.map(() => []);
      if (ids !== ways[at]?.ids) ways.push({ byPart, ids });
      for (const [index, param] of params.entries()) ids[index]?.push(param);
    }
  }
  return ways.map(({ byPart, ids }) => ({
    byPart,
    parts: components.map(({ code, kind }, at) => ({
      code,
      kind,
      ids: ids[at] ?? [],
      targets: defs.flatMap((def) => searchParameter(def.type, code)?.targets ?? []),
    })),
  }));
}

function readComposite(
  defs: readonly SearchParameterDef[],
  modifier: string | null,
  raw: string,
  context: ValueContext,
): Result<Test | null> {
  if (modifier !== null) return no('search-modifier-unsupported', context.at);
  const ways = compositeWays(defs);
  const parts = ways[0]?.parts ?? [];
  const values: (readonly Test[])[] = [];
  for (const piece of split(raw, ',').filter((one) => one.trim() !== '')) {
    const texts = split(piece, '$');
    const tests: Test[] = [];
    for (const [at, part] of parts.entries()) {
      const read = readTest(part, null, texts[at] ?? '', context);
      if (!read.ok) return read;
      if (read.value) tests.push(read.value);
    }
    if (texts.length !== parts.length || tests.length !== parts.length)
      return no('search-value-invalid', context.at, {
        zh: `应为 ${parts.map((part) => part.code).join('$')}`,
        en: `expected ${parts.map((part) => part.code).join('$')}`,
      });
    values.push(tests);
  }
  return ok(values.length === 0 ? null : { kind: 'composite', ways, values });
}

function readIds(
  types: Types,
  modifier: string | null,
  raw: string,
  context: ValueContext,
): Result<Filter | null> {
  if (modifier !== null && modifier !== 'not') return no('search-modifier-unsupported', context.at);
  const ids = split(raw, ',')
    .map((id) => unescaped(id).trim())
    .filter((id) => id !== '');
  if (ids.length === 0) return ok(null);
  if (ids.length > 1000) return no('search-too-long', context.at);
  const keys = typesOf(types).flatMap((type) => ids.map((id) => rowKey(type, id)));
  return ok({ kind: 'id', keys, not: modifier === 'not' });
}

function readUpdated(modifier: string | null, raw: string, context: ValueContext): Result<Filter | null> {
  if (modifier !== null) return no('search-modifier-unsupported', context.at);
  const pieces = split(raw, ',').filter((piece) => piece.trim() !== '');
  if (pieces.length === 0) return ok(null);
  const values = readDateValues(pieces, context);
  return values.ok ? ok({ kind: 'updated', values: values.value }) : values;
}

function readList(modifier: string | null, raw: string, context: ValueContext): Result<Filter | null> {
  const item = searchParameter('List', 'item');
  if (modifier !== null || !item) return no('search-modifier-unsupported', context.at);
  const id = raw.trim();
  if (id === '') return ok(null);
  // `$current-problems` and its like are lists that a server makes up; this one has none.
  if (id.startsWith('$')) return no('search-parameter-unsupported', context.at);
  return ok({ kind: 'member', list: rowKey('List', id), via: parameterOf([item]) });
}

/** `head` is `code` or `code:Type`; the rest is a criterion on the resource that it points to. */
function readChain(
  types: Types,
  head: string,
  rest: string,
  raw: string,
  context: ValueContext,
  depth: number,
): Result<Filter | null> {
  const [code = '', type, ...more] = head.split(':');
  const defs = definitionsOf(types, code);
  if (!defs) return no('search-parameter-unknown', context.at);
  const via = parameterOf(defs);
  if (via.kind !== 'reference' || more.length > 0) return no('search-chain-invalid', context.at);
  if (type !== undefined && !isResourceType(type)) return no('search-type-unknown', context.at);
  if (type !== undefined && via.targets.length > 0 && !via.targets.includes(type))
    return no('search-chain-invalid', context.at);
  const targets = type === undefined ? via.targets : [type];
  if (targets.length === 0)
    return no('search-chain-invalid', context.at, {
      zh: `请写明类型，如 ${code}:Patient`,
      en: `name the type, for example ${code}:Patient`,
    });
  const of: Filter[] = [];
  let refused: No | null = null;
  for (const target of targets) {
    const inner = readFilter([target], rest, raw, context, depth + 1);
    if (!inner.ok) refused ??= inner;
    else if (inner.value === null) return ok(null);
    else of.push({ kind: 'chain', via, type: target, filter: inner.value });
  }
  if (of.length === 0 && refused) return refused;
  return ok(of.length === 1 ? of[0]! : { kind: 'any', of });
}

/** `_has:Observation:patient:code=1234`: something that points here and meets a criterion of its own. */
function readHas(
  types: Types,
  name: string,
  raw: string,
  context: ValueContext,
  depth: number,
): Result<Filter | null> {
  const match = /^_has:([^:]+):([^:.]+):(.+)$/.exec(name);
  if (!match) return no('search-chain-invalid', context.at);
  const [, type = '', code = '', rest = ''] = match;
  if (!isResourceType(type)) return no('search-type-unknown', context.at);
  const def = searchParameter(type, code);
  if (!def) return no('search-parameter-unknown', context.at);
  const via = parameterOf([def]);
  const reachable =
    via.targets.length === 0 || types === null || types.some((one) => via.targets.includes(one));
  if (via.kind !== 'reference' || !reachable) return no('search-chain-invalid', context.at);
  const inner = readFilter([type], rest, raw, context, depth + 1);
  if (!inner.ok || inner.value === null) return inner;
  return ok({ kind: 'has', via, type, filter: inner.value });
}
