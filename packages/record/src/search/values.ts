// Reads the value side of one parameter by its kind: what an index row must be to match.
import {
  indexedKey,
  indexedText,
  isResourceType,
  normaliseText,
  resourceTypes,
  rowKey,
  type SearchParameterDef,
  sameMeasure,
} from '@yimai/fhir';
import { ok, type Result } from '@yimai/kit';
import { dateRange, instantText, numberRange, tenthAround } from './range.ts';
import { no } from './refusals.ts';
import { split, unescaped } from './split.ts';
import {
  type DateValue,
  type NumberValue,
  PREFIXES,
  type Prefix,
  type QuantityValue,
  type ReferenceValue,
  type Test,
  type TokenValue,
} from './tree.ts';

export interface ValueContext {
  /** The parameter as written, for refusals. */
  readonly at: string;
  readonly now: Date;
  /** Addresses under which this record is known, such as `https://county.example/fhir/R4/`. */
  readonly bases: readonly string[];
  /** Criteria still allowed: a chain without types branches to each target, and branches multiply. */
  readonly budget: { left: number };
  expandValueSet(url: string): readonly CodeOfSet[] | undefined;
}

export interface CodeOfSet {
  readonly system?: string;
  /** Absent: every code of the system. */
  readonly code?: string;
}

/** What the parser of values must know of the parameter. */
export interface Shape {
  readonly code: string;
  readonly kind: SearchParameterDef['kind'];
  readonly targets: readonly string[] | undefined;
}

const VALUES_MAX = 1000;

/** The test that `raw` (alternatives between commas) asks for; null if nothing was asked (empty). */
export function readTest(
  shape: Shape,
  modifier: string | null,
  raw: string,
  context: ValueContext,
): Result<Test | null> {
  const pieces = split(raw, ',').filter((piece) => piece.trim() !== '');
  if (pieces.length === 0) return ok(null);
  if (pieces.length > VALUES_MAX) return no('search-too-long', context.at);
  switch (shape.kind) {
    case 'string':
      return readString(modifier, pieces, context);
    case 'token':
      return readToken(shape, modifier, pieces, context);
    case 'date':
      return modifier === null ? readDates(pieces, context) : modifierNo(context);
    case 'number':
      return modifier === null ? readNumbers(pieces, context) : modifierNo(context);
    case 'quantity':
      return modifier === null ? readQuantities(pieces, context) : modifierNo(context);
    case 'reference':
      return readReferences(shape, modifier, pieces, context);
    case 'uri':
      return readUris(modifier, pieces, context);
    case 'composite':
    case 'special':
      return no('search-parameter-unsupported', context.at);
  }
}

const modifierNo = (context: ValueContext) => no('search-modifier-unsupported', context.at);

function readString(
  modifier: string | null,
  pieces: readonly string[],
  context: ValueContext,
): Result<Test | null> {
  const op = modifier === null ? 'starts' : modifier;
  if (op !== 'starts' && op !== 'exact' && op !== 'contains') return modifierNo(context);
  const texts = pieces.map(unescaped);
  if (op === 'exact') return ok({ kind: 'string', op, values: texts });
  const values = texts.map((text) => indexedText(normaliseText(text))).filter((text) => text !== '');
  return ok(values.length === 0 ? null : { kind: 'string', op, values });
}

/** Parameters whose rows may be kept as a blind index (national ID, phone). */
const SENSITIVE = new Set(['identifier', 'phone', 'telecom']);

/** Numbers and addresses stand in the index without their system; `phone|138…` asks for the number. */
const CONTACTS = new Set(['phone', 'telecom', 'email']);
const withoutContactSystem = (piece: string): string =>
  piece.replace(/^(phone|fax|email|pager|url|sms|other|home|work|temp|old|mobile)\|(?=.)/, '');

function readToken(
  shape: Shape,
  modifier: string | null,
  pieces: readonly string[],
  context: ValueContext,
): Result<Test | null> {
  const sensitive = SENSITIVE.has(shape.code);
  switch (modifier) {
    case 'text':
      return ok({ kind: 'display', values: pieces.map((piece) => normaliseText(unescaped(piece))) });
    case 'of-type':
      return shape.code === 'identifier' ? readOfType(pieces, context) : modifierNo(context);
    case 'in':
    case 'not-in':
      return readValueSets(pieces, sensitive, context);
    case null:
    case 'not':
    case 'below':
    case 'above': {
      const reach = modifier === 'below' || modifier === 'above' ? modifier : 'is';
      const values: TokenValue[] = [];
      for (const piece of pieces) {
        const value = tokenValue(CONTACTS.has(shape.code) ? withoutContactSystem(piece) : piece, reach);
        if (!value) return no('search-value-invalid', context.at, TOKEN_HINT);
        values.push(value);
      }
      return ok({ kind: 'token', values, sensitive });
    }
    default:
      return modifierNo(context);
  }
}

const TOKEN_HINT = {
  zh: '应为 代码、系统|代码、|代码 或 系统|',
  en: 'expected code, system|code, |code or system|',
};

function tokenValue(piece: string, reach: TokenValue['reach']): TokenValue | null {
  const parts = split(piece, '|').map(unescaped);
  const [first, second] = parts;
  if (parts.length === 1) return { code: indexedKey(first!), reach };
  if (parts.length > 2 || (first === '' && second === '')) return null;
  const system = first === '' ? null : first!;
  if (second === '') return reach === 'is' ? { system, reach } : null;
  return { system, code: indexedKey(second!), reach };
}

function readOfType(pieces: readonly string[], context: ValueContext): Result<Test> {
  const values: TokenValue[] = [];
  for (const piece of pieces) {
    const parts = split(piece, '|').map(unescaped);
    if (parts.length !== 3 || parts[1] === '' || parts[2] === '')
      return no('search-value-invalid', context.at, {
        zh: '应为 系统|类型|值',
        en: 'expected system|type|value',
      });
    values.push({ code: indexedKey(parts.join('|')), reach: 'is' });
  }
  return ok({ kind: 'token', values, sensitive: true });
}

function readValueSets(pieces: readonly string[], sensitive: boolean, context: ValueContext): Result<Test> {
  const values: TokenValue[] = [];
  for (const piece of pieces) {
    const codes = context.expandValueSet(unescaped(piece));
    if (!codes) return no('search-value-set-unknown', context.at);
    for (const { system, code } of codes)
      values.push({
        ...(system === undefined ? {} : { system }),
        ...(code === undefined ? {} : { code }),
        reach: 'is',
      });
  }
  return ok({ kind: 'token', values, sensitive });
}

function prefixed(piece: string): { prefix: Prefix; rest: string } {
  const prefix = PREFIXES.find((one) => piece.startsWith(one));
  return prefix ? { prefix, rest: piece.slice(2) } : { prefix: 'eq', rest: piece };
}

const DATE_HINT = {
  zh: '应为 年-月-日T时:分:秒+时区，可只写前几段，前面可加 ge、lt 等',
  en: 'expected YYYY-MM-DDThh:mm:ss+zz:zz or its beginning, with a prefix such as ge or lt if needed',
};

export function readDateValues(
  pieces: readonly string[],
  context: ValueContext,
): Result<readonly DateValue[]> {
  const values: DateValue[] = [];
  for (const piece of pieces) {
    const { prefix, rest } = prefixed(unescaped(piece.trim()));
    const range = dateRange(rest);
    if (!range) return no('search-value-invalid', context.at, DATE_HINT);
    // `ap`: a tenth of the distance between now and the date, on each side.
    const now = context.now.getTime();
    const slack = prefix === 'ap' ? Math.round(Math.abs(now - range.low) / 10) : 0;
    values.push({ prefix, low: instantText(range.low - slack), high: instantText(range.high + slack) });
  }
  return ok(values);
}

function readDates(pieces: readonly string[], context: ValueContext): Result<Test> {
  const values = readDateValues(pieces, context);
  return values.ok ? ok({ kind: 'date', values: values.value }) : values;
}

const NUMBER_HINT = {
  zh: '应为数字，前面可加 ge、lt 等',
  en: 'expected a number, with a prefix such as ge or lt if needed',
};

function numberValue(text: string): NumberValue | null {
  const { prefix, rest } = prefixed(text.trim());
  const range = prefix === 'ap' ? tenthAround(rest) : numberRange(rest);
  return range && { prefix, ...range };
}

function readNumbers(pieces: readonly string[], context: ValueContext): Result<Test> {
  const values: NumberValue[] = [];
  for (const piece of pieces) {
    const value = numberValue(unescaped(piece));
    if (!value) return no('search-value-invalid', context.at, NUMBER_HINT);
    values.push(value);
  }
  return ok({ kind: 'number', values });
}

const QUANTITY_HINT = {
  zh: '应为 数值、数值|系统|代码 或 数值||单位',
  en: 'expected number, number|system|code or number||unit',
};

function readQuantities(pieces: readonly string[], context: ValueContext): Result<Test> {
  const values: QuantityValue[] = [];
  for (const piece of pieces) {
    const [amount = '', system = '', unit = '', ...rest] = split(piece, '|').map(unescaped);
    const parts = split(piece, '|').length;
    const value = numberValue(amount);
    if (!value || rest.length > 0 || parts === 2)
      return no('search-value-invalid', context.at, QUANTITY_HINT);
    const inUnits = sameMeasure(system, unit).map(({ codes, convert }) => ({
      codes,
      value: convert(value.value),
      low: convert(value.low),
      high: convert(value.high),
    }));
    const named = { ...(system === '' ? {} : { system }), ...(unit === '' ? {} : { unit }) };
    values.push({ ...value, ...named, inUnits });
  }
  return ok({ kind: 'quantity', values });
}

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/;
const LOCAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;
const REFERENCE_HINT = { zh: '应为 类型/id、id 或网址', en: 'expected Type/id, id or a URL' };

function readReferences(
  shape: Shape,
  modifier: string | null,
  pieces: readonly string[],
  context: ValueContext,
): Result<Test> {
  if (modifier === 'identifier') return readLogicalReferences(pieces, context);
  if (modifier !== null && !isResourceType(modifier)) return modifierNo(context);
  const values: ReferenceValue[] = [];
  for (const piece of pieces) {
    const value = referenceValue(unescaped(piece.trim()), modifier, shape, context.bases);
    if (!value) return no('search-value-invalid', context.at, REFERENCE_HINT);
    values.push(value);
    // One that names this server was stored as it was written, or as a relative one: both are found.
    if (value.kind === 'target' && ABSOLUTE.test(unescaped(piece.trim())))
      values.push({ kind: 'url', url: indexedKey(unescaped(piece.trim())) });
  }
  return ok({ kind: 'reference', values });
}

function referenceValue(
  text: string,
  type: string | null,
  shape: Shape,
  bases: readonly string[],
): ReferenceValue | null {
  const base = bases.find((one) => text.startsWith(one));
  const own = base === undefined ? text : text.slice(base.length);
  const local = LOCAL.exec(own);
  if (local) {
    const [, localType = '', id = ''] = local;
    if (!isResourceType(localType)) return null;
    if (type !== null && type !== localType) return { kind: 'target', keys: [] };
    return { kind: 'target', keys: [rowKey(localType, id)] };
  }
  if (FHIR_ID.test(own))
    return { kind: 'target', keys: targetTypes(type, shape).map((one) => rowKey(one, own)) };
  if (!ABSOLUTE.test(own)) return null;
  const [url = '', version] = split(own, '|');
  return { kind: 'url', url: indexedKey(url), ...(version === undefined ? {} : { version }) };
}

function targetTypes(type: string | null, shape: Shape): readonly string[] {
  if (type !== null) return [type];
  const targets = shape.targets ?? [];
  return targets.length === 0 || targets.includes('Resource') ? resourceTypes() : targets;
}

function readLogicalReferences(pieces: readonly string[], context: ValueContext): Result<Test> {
  const values: ReferenceValue[] = [];
  for (const piece of pieces) {
    const value = tokenValue(piece, 'is');
    if (value?.code === undefined) return no('search-value-invalid', context.at, TOKEN_HINT);
    const system = value.system === undefined ? {} : { system: value.system };
    values.push({ kind: 'identifier', ...system, value: value.code });
  }
  return ok({ kind: 'reference', values });
}

function readUris(modifier: string | null, pieces: readonly string[], context: ValueContext): Result<Test> {
  const op = modifier === null ? 'is' : modifier;
  if (op !== 'is' && op !== 'above' && op !== 'below') return modifierNo(context);
  return ok({ kind: 'uri', op, values: pieces.map((piece) => indexedKey(unescaped(piece))) });
}
