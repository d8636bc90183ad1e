// Which rows of a table come from what the engines store: a line of `rules/views/kinds.yaml` names a loop, register,
// agreement, tree or form and says what its columns are in the table; each line becomes a ViewDefinition of its own.
import { RefusalError } from '@yimai/kit';

/** One line of the file, checked. */
export interface FedRows {
  readonly table: string;
  readonly source: SourceKind;
  /** Id of the declaration. */
  readonly id: string;
  /** States that count; all where it is left out. */
  readonly states: readonly string[] | null;
  readonly where: readonly (readonly [field: string, value: Constant])[];
  readonly columns: ReadonlyMap<string, ColumnValue>;
}

export type SourceKind = 'loop' | 'tree' | 'register' | 'agreement' | 'form';
export type Constant = string | number | boolean;
export type ColumnValue =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'field'; readonly field: string; readonly is: ReadonlyMap<string, Constant> | null }
  | { readonly kind: 'state'; readonly is: ReadonlyMap<string, Constant> };

const RESOURCES: Readonly<Record<SourceKind, string>> = {
  loop: 'Task',
  tree: 'Task',
  register: 'Basic',
  agreement: 'Contract',
  form: 'QuestionnaireResponse',
};
export const resourceOf = (kind: SourceKind): string => RESOURCES[kind];

const BASE = 'https://yimai.example/fhir';
const ID = /^[a-z][a-z0-9-]{0,80}$/;
const COLUMN = /^[a-z][a-z0-9_]*$/;

/** The condition that a resource comes from that declaration. */
export function conditionsOf({ source, id, states, where }: FedRows): string[] {
  const conditions: string[] = [];
  if (source === 'loop' || source === 'tree' || source === 'register')
    conditions.push(`code.coding.where(system = '${BASE}/CodeSystem/${source}' and code = '${id}').exists()`);
  if (source === 'agreement')
    conditions.push(`type.coding.where(system = '${BASE}/CodeSystem/agreement' and code = '${id}').exists()`);
  if (states !== null)
    conditions.push(
      `businessStatus.coding.where(${states.map((state) => `code = '${state}'`).join(' or ')}).exists()`,
    );
  for (const [field, value] of where) {
    const type = typeof value === 'number' ? 'decimal' : typeof value === 'boolean' ? 'boolean' : 'string';
    const wanted = typeof value === 'string' ? `'${value}'` : String(value);
    conditions.push(`${fieldPath(source, field, type)} = ${wanted}`);
  }
  return conditions;
}

export function fieldPath(source: SourceKind, field: string, type: string): string {
  switch (source) {
    case 'register':
      return `extension.where(url = '${BASE}/StructureDefinition/register-field' and extension.where(url = 'name' and value.ofType(code) = '${field}').exists()).extension.where(url = 'value').value.ofType(${type}).first()`;
    case 'form':
      return type === 'string'
        ? `item.where(linkId = '${field}').answer.value.ofType(Coding).code.first()`
        : `item.where(linkId = '${field}').answer.value.ofType(${type}).first()`;
    default:
      return `input.where(type.coding.code.first() = '${field}').value.ofType(${type}).first()`;
  }
}

/** What a column is where the line does not say it: what the standard elements of the engine's resource give. */
export function usualColumns({ source, id, table }: FedRows): ReadonlyMap<string, ColumnValue> {
  const path = (text: string): ColumnValue => ({ kind: 'path', path: text });
  const constant = (value: Constant): ColumnValue => ({ kind: 'constant', value });
  const extension = (name: string, type: string): ColumnValue =>
    path(`extension.where(url = '${BASE}/StructureDefinition/${name}').value.ofType(${type}).first()`);
  const own = new Map<string, ColumnValue>();
  if (source === 'register') {
    own.set('started_on', extension('register-from', 'date'));
    own.set('opened_at', extension('register-from', 'date'));
    own.set('done_at', extension('register-from', 'date'));
    own.set('answered_at', extension('register-from', 'date'));
    own.set('ended_on', extension('register-to', 'date'));
    own.set('number', path('id'));
    own.set('active', constant(true));
    own.set(
      'status',
      constant(table === 'task' ? 'completed' : table === 'agreement' ? 'executed' : 'active'),
    );
    own.set('patient', path('subject.getReferenceKey(Patient)'));
  }
  if (source === 'loop' && table !== 'task') {
    own.set('started_on', path('executionPeriod.end'));
    own.set('number', path('identifier.value.first()'));
    own.set('active', constant(true));
    own.set('status', constant(table === 'agreement' ? 'executed' : 'active'));
    own.set('patient', path('for.getReferenceKey(Patient)'));
    own.set('org', path('owner.getReferenceKey(Organization)'));
  }
  if (source === 'tree') {
    // Tasks of a tree are placed in the period in which they fall due.
    own.set('number', path('id'));
    own.set('opened_at', path('restriction.period.end'));
    own.set('done_at', path('restriction.period.end'));
  }
  if (source === 'agreement') {
    own.set('kind', constant(id));
    own.set('org', path('subject.getReferenceKey(Organization).first()'));
  }
  return own;
}

export function readFedRows(value: unknown, at: string): FedRows {
  const line = mapping(value, at);
  const source = (Object.keys(RESOURCES) as SourceKind[]).find((kind) => line[kind] !== undefined);
  if (source === undefined)
    throw wrongKinds(
      at,
      '缺少 loop、tree、register、agreement 或 form',
      'a loop, tree, register, agreement or form is named',
    );
  for (const key of Object.keys(line))
    if (!['table', source, 'kind', 'in', 'where', 'columns'].includes(key))
      throw wrongKinds(`${at}.${key}`, '不认识的字段', 'unknown field');
  const columns = new Map(
    Object.entries(mapping(line['columns'] ?? {}, `${at}.columns`)).map(([name, each]) => [
      word(name, `${at}.columns.${name}`, COLUMN),
      readValue(each, `${at}.columns.${name}`),
    ]),
  );
  if (line['kind'] !== undefined)
    columns.set('kind', { kind: 'constant', value: word(line['kind'], `${at}.kind`, ID) });
  const states = line['in'];
  return {
    table: word(line['table'], `${at}.table`, COLUMN),
    source,
    id: word(line[source], `${at}.${source}`, ID),
    states:
      states === undefined
        ? null
        : (Array.isArray(states) ? states : [states]).map((state) => word(state, `${at}.in`, ID)),
    where: Object.entries(mapping(line['where'] ?? {}, `${at}.where`)).map(([field, wanted]) => [
      word(field, `${at}.where.${field}`, ID),
      typeof wanted === 'string' ? word(wanted, `${at}.where.${field}`, ID) : constantIn(wanted, at),
    ]),
    columns,
  };
}

function readValue(value: unknown, at: string): ColumnValue {
  if (typeof value !== 'object' || value === null) return { kind: 'constant', value: constantIn(value, at) };
  const line = mapping(value, at);
  const is = (of: unknown): ReadonlyMap<string, Constant> =>
    new Map(Object.entries(mapping(of, at)).map(([key, each]) => [key, constantIn(each, `${at}.${key}`)]));
  if (typeof line['path'] === 'string') return { kind: 'path', path: line['path'] };
  if (line['state'] !== undefined) return { kind: 'state', is: is(line['state']) };
  return {
    kind: 'field',
    field: word(line['field'], `${at}.field`, ID),
    is: line['is'] === undefined ? null : is(line['is']),
  };
}

function constantIn(value: unknown, at: string): Constant {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw wrongKinds(at, '应为文字、数或是否', 'a text, a number or a truth is expected here');
}

function word(value: unknown, at: string, form: RegExp): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw wrongKinds(at, '应为小写英文标识', 'a lower-case word is expected here');
}

function mapping(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw wrongKinds(at, '应为键值', 'a mapping is expected here');
}

export const wrongKinds = (at: string, zh: string, en: string): RefusalError =>
  new RefusalError({ code: 'wrong-kinds', at, rule: 'V17', detail: { zh, en } });
