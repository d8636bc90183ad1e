// The commands of registers and forms: put, end, import in bulk with row errors; answer a form.
import { chinaDate, ok, type Refusal, type Result, refuse } from '@yimai/kit';
import type { Actor, CaseData } from '@yimai/loops';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { countEntries } from './alert-engine.ts';
import { declared, type RuntimeContext } from './context.ts';
import { storeForm } from './form-store.ts';
import { handler } from './handler.ts';
import type { RegisterDeclaration } from './programme.ts';
import { data, isObject, list, optionalDate, optionalText, text } from './read-payload.ts';
import {
  addEntries,
  checkEntry,
  closeEntry,
  type EntryAnswer,
  keyOf,
  keysInForce,
  type PutEntry,
  putEntry,
  withoutStrangers,
} from './register-engine.ts';

const ROWS_MAX = 5_000;

interface RowRefusal {
  readonly row: number;
  readonly code: string;
  readonly at: string | undefined;
  readonly detail: { readonly zh: string; readonly en: string } | undefined;
}

export function registerCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler('register.put', { register: text, entry: data, from: optionalDate }, (tx, payload, actor) =>
      putByHand(context, tx, { ...payload, actor }),
    ),
    handler('register.add', { register: text, entry: data, from: optionalDate }, (tx, payload, actor) =>
      putByHand(context, tx, { ...payload, actor, onlyNew: true }),
    ),
    handler('register.end', { register: text, key: text, on: optionalDate }, (tx, payload, actor) =>
      closeEntry(context, tx, { ...payload, actor }),
    ),
    handler(
      'register.import',
      { register: text, rows: (payload, key) => list(payload, key, ROWS_MAX), from: optionalDate },
      async (tx, { register, rows, from }, actor): Promise<Result<unknown>> => {
        const found = declared(context.registers, register, 'payload.register');
        if (!found.ok) return found;
        const allowed = mustHoldRole(tx, found.value.by);
        if (!allowed.ok) return allowed;
        return importRows(context, tx, found.value, rows, from, actor);
      },
    ),
    handler(
      'form.answer',
      { form: text, formVersion: optionalText, subject: optionalText, answers: data },
      async (tx, { form, formVersion, subject, answers }, actor) => {
        const stored = await storeForm(context, tx, { form, version: formVersion, subject, answers }, actor);
        if (!stored.ok) return stored;
        const { id, values, filled } = stored.value;
        return ok({
          response: id,
          score: filled.score?.score ?? null,
          tier: filled.score?.tier ?? null,
          values,
        });
      },
    ),
  ];
}

/** An entry, and the alerts that count the entries of its register. */
async function putByHand(context: RuntimeContext, tx: RecordTx, put: PutEntry): Promise<Result<EntryAnswer>> {
  const entered = await putEntry(context, tx, put);
  if (!entered.ok || entered.value.outcome === 'unchanged') return entered;
  const counted = await countEntries(context, tx, put.register, put.entry);
  return counted.ok ? entered : counted;
}

/** A wrong row is told and left out; the right ones go in, all in this one transaction. */
async function importRows(
  context: RuntimeContext,
  tx: RecordTx,
  register: RegisterDeclaration,
  rows: readonly unknown[],
  from: string | undefined,
  actor: Actor,
): Promise<Result<unknown>> {
  const counts = { added: 0, amended: 0, unchanged: 0 };
  const refused: RowRefusal[] = [];
  const refuseRow = (row: number, { code, at, detail }: Refusal) => refused.push({ row, code, at, detail });
  const seen = new Map<string, number>();
  const good: { row: number; key: string; entry: CaseData }[] = [];
  const day = from ?? chinaDate(tx.recordedAt);
  for (const [index, row] of rows.entries()) {
    const entry = readRow(register, row, index, seen, day);
    if (entry.ok)
      good.push({
        row: index + 1,
        key: keyOf(register, entry.value),
        entry: withoutStrangers(register, entry.value),
      });
    else refuseRow(index + 1, entry.refusal);
  }
  const there = await keysInForce(
    tx,
    register.id,
    good.map((one) => one.key),
  );
  const fresh = good.filter((one) => !there.has(one.key));
  await addEntries(
    tx,
    register,
    fresh.map((one) => ({ ...one, from: day })),
    actor,
  );
  counts.added = fresh.length;
  for (const { row, key, entry } of good) {
    if (!there.has(key)) continue;
    const put = await putEntry(context, tx, { register: register.id, entry, from, actor });
    if (put.ok) counts[put.value.outcome] += 1;
    else refuseRow(row, put.refusal);
  }
  refused.sort((a, b) => a.row - b.row);
  return ok({ ...counts, refused });
}

function readRow(
  register: RegisterDeclaration,
  row: unknown,
  index: number,
  seen: Map<string, number>,
  today: string,
): Result<CaseData> {
  const entry = data({ row: isObject(row) ? row : [] }, 'row');
  if (!entry.ok) return entry;
  const sound = checkEntry(register, entry.value, today);
  if (!sound.ok) return sound;
  const key = keyOf(register, entry.value);
  const earlier = seen.get(key);
  if (earlier !== undefined) {
    return refuse(
      'row-twice',
      { zh: `与第 ${earlier} 行重复`, en: `the same as row ${earlier}` },
      { at: 'payload.rows' },
    );
  }
  seen.set(key, index + 1);
  return entry;
}
