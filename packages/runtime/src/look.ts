// Facts that a loop's act takes from registers, and the keys that it holds because it writes them too.
import type { Actor, CaseData, CompiledTransition, FieldValue } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { RecordTx } from '@yimai/record';

/** Adds facts from registers to the answers; what a client sends under such a name is not believed. */
export async function lookUp(
  tx: RecordTx,
  transition: CompiledTransition | undefined,
  answers: CaseData,
  data: CaseData,
  actor: Actor,
): Promise<CaseData> {
  if (!transition || transition.look.length === 0) return answers;
  const found: Record<string, FieldValue> = { ...answers };
  const looks = transition.look.map((look) => ({
    ...look,
    key: String(look.key.run({ data: { ...data, ...answers }, answers, actor }) ?? ''),
  }));
  await holdKeys(tx, transition, looks);
  for (const { name, register, key, field } of looks) {
    const { rows } = await tx.run<{ data: CaseData }>(sql`select data from register_entry
      where register = ${register} and key = ${key} and to_date is null`);
    found[name] = rows[0]?.data[field] ?? null;
  }
  return found;
}

/**
 * What an act reads of a register that it then writes is held to its end, so that of two who act at once the second
 * sees what the first wrote, even where there was no entry to lock. Held in one order: nobody waits in a circle.
 */
async function holdKeys(
  tx: RecordTx,
  transition: CompiledTransition,
  looks: readonly { readonly register: string; readonly key: string }[],
): Promise<void> {
  const written = new Set(
    transition.actions.flatMap(({ declaration }) => ('put' in declaration ? [declaration.put] : [])),
  );
  const held = looks
    .filter((look) => written.has(look.register))
    .map((look) => `${look.register}|${look.key}`);
  for (const name of [...new Set(held)].sort())
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}
