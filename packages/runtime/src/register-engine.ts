// Registers: dated entries with a key, no two in force at once; each entry a Basic, each change kept with its dates.
import type { Basic, Extension } from '@medplum/fhirtypes';
import { compileExpression } from '@yimai/forms';
import { addDays, chinaDate, isLocalDate, type LocalDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import type { Actor, CaseData, FieldValue } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { RecordTx, Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import type { RegisterDeclaration, RuleDeclaration } from './programme.ts';

export interface PutEntry {
  readonly register: string;
  readonly entry: CaseData;
  /** In force from this day; today where it is left out. */
  readonly from: string | undefined;
  readonly actor: Actor;
  /** Put by a loop's action: the loop has decided who may. */
  readonly byEngine?: boolean;
  /** Refuse when an entry with the key is in force, instead of following it up. */
  readonly onlyNew?: boolean;
}

export interface EntryAnswer {
  readonly entry: string;
  readonly key: string;
  readonly outcome: 'added' | 'amended' | 'unchanged';
}

interface EntryRow {
  id: string;
  from_date: string;
  data: CaseData;
}

/** A later entry of the same key ends the earlier one the day before it begins: the story stays whole. */
export async function putEntry(
  context: RuntimeContext,
  tx: RecordTx,
  put: PutEntry,
): Promise<Result<EntryAnswer>> {
  const found = declared(context.registers, put.register, 'payload.register');
  if (!found.ok) return found;
  const register = found.value;
  const allowed = put.byEngine ? ok(undefined) : mustHoldRole(tx, register.by);
  if (!allowed.ok) return allowed;
  const today = chinaDate(tx.recordedAt);
  const from = put.from ?? today;
  const entry = withoutStrangers(register, put.entry);
  const sound = checkEntry(register, entry, from);
  if (!sound.ok) return sound;
  const key = keyOf(register, entry);
  const current = await inForce(tx, register.id, key);
  if (current) {
    if (put.onlyNew) return alreadyThere(register);
    if (sameData(current.data, entry)) return ok({ entry: current.id, key, outcome: 'unchanged' });
    if (from < current.from_date) {
      return refuse(
        'entry-too-early',
        {
          zh: `生效日期早于现有记录（${current.from_date}）`,
          en: `begins before the entry in force (${current.from_date})`,
        },
        { at: 'payload.from' },
      );
    }
    // An entry corrected on its own first day ends before it began: it stays in the story and is in force on no day.
    await endEntry(tx, register, current, addDays(from as LocalDate, -1));
  }
  const [id] = await addEntries(tx, register, [{ key, entry, from }], put.actor);
  return ok({ entry: id!, key, outcome: current ? 'amended' : 'added' });
}

/** Writes new entries, many at once: their resources in one flight, their rows in one statement. */
export async function addEntries(
  tx: RecordTx,
  register: RegisterDeclaration,
  entries: readonly { readonly key: string; readonly entry: CaseData; readonly from: string }[],
  actor: Actor,
): Promise<string[]> {
  const ids = entries.map(() => uuidv7(tx.recordedAt.getTime()));
  for (const [index, { entry, from }] of entries.entries()) {
    const id = ids[index]!;
    await tx.create(toBasic(register, id, entry, from, actor) as unknown as Resource, {
      id,
      engine: 'register',
    });
  }
  const subjectOf = (entry: CaseData) =>
    register.subject === undefined ? null : textOrNull(entry[register.subject]);
  await tx.run(sql`insert into register_entry (id, register, key, subject, from_date, data, type)
    select e.id, ${register.id}, e.key, e.subject, e.from_date, e.data::jsonb, 'Basic'
    from unnest(${ids}::text[], ${entries.map((one) => one.key)}::text[], ${entries.map((one) => subjectOf(one.entry))}::text[],
      ${entries.map((one) => one.from)}::date[], ${entries.map((one) => JSON.stringify(one.entry))}::text[])
      as e(id, key, subject, from_date, data)`);
  return ids;
}

/** Which of these keys have an entry in force; those rows stay locked. */
export async function keysInForce(
  tx: RecordTx,
  register: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const { rows } = await tx.run<{ key: string }>(sql`select key from register_entry
    where register = ${register} and key = any(${[...keys]}::text[]) and to_date is null for update`);
  return new Set(rows.map((row) => row.key));
}

/** Ends the entry of a key on a day; the entry stays in the register's past. */
export async function closeEntry(
  context: RuntimeContext,
  tx: RecordTx,
  end: {
    readonly register: string;
    readonly key: string;
    readonly on: string | undefined;
    readonly actor: Actor;
  },
): Promise<Result<EntryAnswer>> {
  const found = declared(context.registers, end.register, 'payload.register');
  if (!found.ok) return found;
  const allowed = mustHoldRole(tx, found.value.by);
  if (!allowed.ok) return allowed;
  const current = await inForce(tx, end.register, end.key);
  if (!current)
    return refuse(
      'entry-unknown',
      { zh: '没有该对象的有效记录', en: 'no entry in force has this key' },
      { at: 'payload.key' },
    );
  const on = end.on ?? chinaDate(tx.recordedAt);
  if (on < current.from_date) {
    return refuse(
      'entry-too-early',
      { zh: '结束日期早于生效日期', en: 'ends before it begins' },
      { at: 'payload.on' },
    );
  }
  await endEntry(tx, found.value, current, on);
  return ok({ entry: current.id, key: end.key, outcome: 'amended' });
}

async function endEntry(
  tx: RecordTx,
  register: RegisterDeclaration,
  current: EntryRow,
  on: string,
): Promise<void> {
  const stored = await tx.readAsSystem('Basic', current.id, { forUpdate: true });
  if (stored) {
    const basic = stored.resource as unknown as Basic;
    const extension = [...(basic.extension ?? []), { url: `${SYSTEMS.extension}register-to`, valueDate: on }];
    await tx.update({ ...basic, extension } as unknown as Resource, { engine: 'register' });
  }
  await tx.run(
    sql`update register_entry set to_date = ${on}::date where id = ${current.id} and register = ${register.id}`,
  );
}

export async function inForce(tx: RecordTx, register: string, key: string): Promise<EntryRow | undefined> {
  const { rows } =
    await tx.run<EntryRow>(sql`select id, from_date::text as from_date, data from register_entry
    where register = ${register} and key = ${key} and to_date is null for update`);
  return rows[0];
}

export function keyOf(register: RegisterDeclaration, entry: CaseData): string {
  return register.key.map((name) => String(entry[name] ?? '')).join('|');
}

/** Required fields, types, codes, and the register's own rules. */
export function checkEntry(register: RegisterDeclaration, entry: CaseData, today: string): Result<void> {
  for (const [name, field] of Object.entries(register.fields)) {
    const value = entry[name];
    const missing = value === undefined || value === null || value === '';
    if (missing && (field.required || register.key.includes(name))) {
      return refuse(
        'field-missing',
        { zh: `须填写“${field.title.zh}”`, en: `"${field.title.en}" must be filled` },
        { at: `payload.entry.${name}` },
      );
    }
    if (missing) continue;
    if (!fits(field.type, value)) {
      return refuse(
        'answer-type',
        { zh: `“${field.title.zh}”的内容类型不对`, en: `"${field.title.en}" is of the wrong type` },
        { at: `payload.entry.${name}` },
      );
    }
    if (field.codes && !Object.hasOwn(field.codes, String(value))) {
      return refuse(
        'code-unknown',
        {
          zh: `“${field.title.zh}”没有“${value}”这个选项`,
          en: `"${field.title.en}" has no choice "${value}"`,
        },
        { at: `payload.entry.${name}` },
      );
    }
  }
  return checkRules(register.rules, { data: entry, today }, 'payload.entry');
}

export function checkRules(
  rules: readonly RuleDeclaration[] | undefined,
  scope: Record<string, unknown>,
  at: string,
): Result<void> {
  for (const rule of rules ?? []) {
    const compiled = compileExpression(rule.that, () => true);
    if (!compiled.ok) return compiled;
    if (compiled.value(scope) !== true) return refuse(rule.code, rule.otherwise, { at, rule: rule.code });
  }
  return ok(undefined);
}

function fits(type: string, value: FieldValue): boolean {
  if (type === 'number') return typeof value === 'number';
  if (type === 'yes-no') return typeof value === 'boolean';
  if (type === 'list') return Array.isArray(value);
  if (type === 'date') return isLocalDate(value);
  return typeof value === 'string';
}

export function withoutStrangers(register: RegisterDeclaration, entry: CaseData): CaseData {
  return Object.fromEntries(
    Object.entries(entry).filter(([name, value]) => Object.hasOwn(register.fields, name) && value !== null),
  );
}

const sameData = (a: CaseData, b: CaseData): boolean => {
  const text = (value: CaseData) =>
    JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
};

const textOrNull = (value: FieldValue | undefined): string | null =>
  typeof value === 'string' ? value : null;

function alreadyThere(register: RegisterDeclaration) {
  const names = register.key.map((name) => register.fields[name]?.title.zh ?? name).join('、');
  return refuse(
    'entry-exists',
    { zh: `该对象已有档案（${names}）`, en: 'this object already has an entry' },
    { at: 'payload.entry' },
  );
}

function toBasic(
  register: RegisterDeclaration,
  id: string,
  entry: CaseData,
  from: string,
  actor: Actor,
): Basic {
  const subject = register.subject === undefined ? undefined : textOrNull(entry[register.subject]);
  const referenced = subject && /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(subject) ? subject : undefined;
  return {
    resourceType: 'Basic',
    id,
    ...(register.kind === undefined
      ? {}
      : { meta: { tag: [{ system: SYSTEMS.dataKind, code: register.kind }] } }),
    code: {
      coding: [{ system: SYSTEMS.register, code: register.id, display: register.title.zh }],
      text: register.title.zh,
    },
    ...(referenced === undefined ? {} : { subject: { reference: referenced } }),
    ...(/^Practitioner\//.test(actor.person) ? { author: { reference: actor.person } } : {}),
    extension: [
      { url: `${SYSTEMS.extension}register-from`, valueDate: from },
      ...Object.entries(entry).flatMap(([name, value]) => fieldExtensions(name, value)),
    ],
  };
}

export function fieldExtensions(name: string, value: FieldValue): Extension[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((one): Extension[] => {
    if (one === null || one === '') return [];
    const part =
      typeof one === 'number'
        ? { valueDecimal: one }
        : typeof one === 'boolean'
          ? { valueBoolean: one }
          : { valueString: String(one) };
    return [
      {
        url: `${SYSTEMS.extension}register-field`,
        extension: [
          { url: 'name', valueCode: name },
          { url: 'value', ...part },
        ],
      },
    ];
  });
}
