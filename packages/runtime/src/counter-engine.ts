// Answers at the counter: entitlement rules with the rule that decides, draws from a pool, the row of a dated list.
import { compileExpression, type Value } from '@yimai/forms';
import { chinaDate, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import type { CaseData } from '@yimai/loops';
import { type Drawable, draw } from '@yimai/matching';
import { sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx, Resource } from '@yimai/record';
import { mustHoldRole } from './actor.ts';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import { handler } from './handler.ts';
import type { DatedListDeclaration, EntitlementDeclaration } from './programme.ts';
import { data, optionalDate, optionalText, text, texts, whole } from './read-payload.ts';
import { checkRules, fieldExtensions } from './register-engine.ts';

/** Pure: all rules hold, or the first that does not, by its code. `settings` are the county's own values. */
export function decide(
  entitlement: EntitlementDeclaration,
  facts: CaseData,
  today: string,
  settings: CaseData = {},
): Result<CaseData> {
  for (const name of Object.keys(facts)) {
    if (!Object.hasOwn(entitlement.fields, name)) {
      return refuse(
        'fact-unknown',
        { zh: `不认识的情况“${name}”`, en: `"${name}" is not a fact of this rule` },
        { at: `payload.facts.${name}` },
      );
    }
  }
  const scope = { data: facts, today, setting: { ...entitlement.settings, ...settings } };
  const checked = checkRules(entitlement.rules, scope, 'payload.facts');
  if (!checked.ok) return checked;
  const grants = Object.entries(entitlement.grants ?? {}).map(([name, expression]) => {
    const compiled = compileExpression(expression, () => true);
    return [name, compiled.ok ? (compiled.value(scope) as Value) : null] as const;
  });
  return ok(Object.fromEntries(grants) as CaseData);
}

/** The row of a dated list in force on a day; the first and the last day belong to a row. */
export function listValue(list: DatedListDeclaration, key: string, on: string): Result<string | number> {
  const rows = list.rows.filter(
    (row) => row.key === key && row.from <= on && (row.to === undefined || row.to >= on),
  );
  const newest = [...rows].sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (newest) return ok(newest.value);
  return refuse(
    'list-row-missing',
    { zh: `“${key}”在 ${on} 没有有效标准`, en: `nothing is in force for "${key}" on ${on}` },
    { at: 'payload.key' },
  );
}

async function makeDraw(
  context: RuntimeContext,
  tx: RecordTx,
  given: {
    readonly draw: string;
    readonly seed: string;
    readonly field: string | undefined;
    readonly count: number;
    readonly reserves: number;
    readonly conflicts: readonly string[];
    readonly exclude: readonly string[];
  },
): Promise<Result<unknown>> {
  const found = declared(context.draws, given.draw, 'payload.draw');
  if (!found.ok) return found;
  const declaration = found.value;
  const allowed = mustHoldRole(tx, declaration.by);
  if (!allowed.ok) return allowed;
  const today = chinaDate(tx.recordedAt);
  const { rows } = await tx.run<{ key: string; data: CaseData }>(sql`select key, data from register_entry
    where register = ${declaration.from} and from_date <= ${today}::date and (to_date is null or to_date >= ${today}::date)`);
  const pool = rows.map(
    (row): Drawable => ({
      id: row.key,
      field: String(row.data[declaration.field] ?? ''),
      ties: declaration.ties.flatMap((name) => {
        const value = row.data[name];
        return Array.isArray(value)
          ? value.map(String)
          : value === undefined || value === null
            ? []
            : [String(value)];
      }),
    }),
  );
  const drawn = draw(pool, { ...given, field: given.field ?? null });
  if (!drawn.ok) return drawn;
  const id = uuidv7(tx.recordedAt.getTime());
  const basic = {
    resourceType: 'Basic',
    id,
    code: {
      coding: [{ system: SYSTEMS.draw, code: declaration.id, display: declaration.title.zh }],
      text: declaration.title.zh,
    },
    extension: [
      ...fieldExtensions('seed', drawn.value.seed),
      ...fieldExtensions('commitment', drawn.value.commitment),
      ...fieldExtensions('pool', drawn.value.pool),
      ...fieldExtensions('chosen', drawn.value.chosen),
      ...fieldExtensions('reserve', drawn.value.reserves),
      ...fieldExtensions(
        'excluded',
        drawn.value.excluded.map((one) => `${one.id}: ${one.code}`),
      ),
    ],
  };
  await tx.create(basic as unknown as Resource, { id, engine: 'draw' });
  return ok({
    draw: id,
    chosen: drawn.value.chosen,
    reserves: drawn.value.reserves,
    excluded: drawn.value.excluded,
    commitment: drawn.value.commitment,
  });
}

export function counterCommands(context: RuntimeContext): CommandHandler<never>[] {
  const number = (least: number) => (payload: Parameters<typeof whole>[0], key: string) =>
    payload[key] === undefined ? ok(least) : whole(payload, key);
  return [
    handler(
      'entitlement.ask',
      { entitlement: text, subject: optionalText, facts: data, settings: data, on: optionalDate },
      async (tx, payload) => {
        const found = declared(context.entitlements, payload.entitlement, 'payload.entitlement');
        if (!found.ok) return found;
        const decided = decide(
          found.value,
          payload.facts,
          payload.on ?? chinaDate(tx.recordedAt),
          payload.settings,
        );
        if (!decided.ok) return decided;
        const id = uuidv7(tx.recordedAt.getTime());
        const basic = {
          resourceType: 'Basic',
          id,
          code: {
            coding: [
              {
                system: `${SYSTEMS.extension}entitlement`,
                code: found.value.id,
                display: found.value.title.zh,
              },
            ],
            text: found.value.title.zh,
          },
          ...(payload.subject === undefined ? {} : { subject: { reference: payload.subject } }),
          extension: Object.entries({ ...payload.facts, ...decided.value }).flatMap(([name, value]) =>
            fieldExtensions(name, value),
          ),
        };
        await tx.create(basic as unknown as Resource, { id, engine: 'entitlement' });
        return ok({ decision: id, granted: true, ...decided.value });
      },
    ),
    handler(
      'draw.make',
      {
        draw: text,
        seed: text,
        field: optionalText,
        count: (payload, key) => whole(payload, key, 1),
        reserves: number(0),
        conflicts: texts,
        exclude: texts,
      },
      (tx, payload) => makeDraw(context, tx, payload),
    ),
  ];
}
