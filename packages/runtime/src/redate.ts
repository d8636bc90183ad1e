// When the notice of a year has come, open cases whose deadlines were planned by law are counted again, each in one act.
import { RefusalError, type Uuid, uuidv7 } from '@yimai/kit';
import { SYSTEM } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import type { Record } from '@yimai/record';
import type { RuntimeContext } from './context.ts';
import { actOnCase } from './loop-engine.ts';

interface Leaning {
  case_id: string;
  year: number;
}

export interface RedateOptions {
  readonly record: Record;
  readonly database: Database;
  readonly onFault: (error: Error, work: string) => void;
  readonly isStopped: () => boolean;
}

const PAGE = 500;
const TOGETHER = 4;

/**
 * Run when the house starts, before due times fire: a deadline that the notice moves must not pass by its old date first.
 * Broken off it goes on with the next start; a case that was counted again no longer leans on the year.
 */
export async function redateCases(context: RuntimeContext, options: RedateOptions): Promise<number> {
  const { database, isStopped } = options;
  let redated = 0;
  let after = '';
  for (let taken = PAGE; taken === PAGE && !isStopped(); ) {
    const { rows } =
      await database.run<Leaning>(sql`select case_id, min(provisional_year) as year from loop_stay
      where until_at is null and provisional_year is not null
        and not (provisional_year = any(${[...context.calendar.provisionalYears]}::integer[])) and case_id > ${after}
      group by case_id order by case_id limit ${PAGE}`);
    for (let at = 0; at < rows.length && !isStopped(); at += TOGETHER) {
      const done = await Promise.all(
        rows.slice(at, at + TOGETHER).map((one) => redateCase(context, options, one)),
      );
      redated += done.filter(Boolean).length;
    }
    taken = rows.length;
    after = rows.at(-1)?.case_id ?? after;
  }
  return redated;
}

async function redateCase(
  context: RuntimeContext,
  { record, onFault }: RedateOptions,
  { case_id, year }: Leaning,
): Promise<boolean> {
  const reason = context.calendar.tables.find((table) => table.year === year)?.source ?? String(year);
  try {
    return await record.transaction(
      record.systemAccess(),
      { via: 'command', commandId: uuidv7() as Uuid },
      async (tx) => {
        const act = { case: case_id, event: '$redate', actor: SYSTEM, answers: {}, reason };
        const answer = await actOnCase(context, tx, act);
        // Someone moved the case on in the meantime: what it waits for now was counted with the notice.
        if (!answer.ok && answer.refusal.code === 'deadline-stands') return false;
        if (!answer.ok) throw new RefusalError(answer.refusal);
        tx.audit('loop.redate', { type: 'Task', id: case_id, text: reason });
        return true;
      },
    );
  } catch (error) {
    onFault(error as Error, 'redate');
    return false;
  }
}
