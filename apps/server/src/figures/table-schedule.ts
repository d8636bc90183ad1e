// Saved tables on their appointed days: made once under the reach of their owner, kept, and told to the readers.
import { chinaDate, localDate } from '@yimai/kit';
import { freeCells, readFreeTable } from '@yimai/measures';
import type { FiguresDeps } from './figures-deps.ts';
import { dueAfter, periodOn, reachOf } from './table-desk.ts';
import { keepResult, savedTables } from './table-store.ts';

/** Makes every table that is due; how many. One that no longer fits the views is left as it is and logged. */
export async function makeDueTables(deps: FiguresDeps): Promise<number> {
  const today = chinaDate(deps.clock.now());
  const due = (await savedTables(deps)).filter((table) => table.due !== null && table.due <= today);
  let made = 0;
  for (const saved of due) {
    const kept = await deps.shelf.use(async (figures) => {
      const read = readFreeTable(saved.table, figures.rules.free);
      if (!read.ok) return null;
      const table = read.value;
      const view = figures.rules.free.find(({ name }) => name === table.view)!;
      // The day before it is made is the last that is whole.
      const period = table.period === null ? null : periodOn(table.period.name, localDate(saved.due!));
      const question = { table, view, period, reach: reachOf(deps, saved.role, saved.org) };
      // Kept results stand in the record: small counts of persons are hidden whoever reads them.
      const cells = await figures.kept(`due ${saved.id} ${saved.due}`, () =>
        freeCells(figures.snapshot.connection, question, true),
      );
      return { at: deps.clock.now().toISOString(), seq: figures.seq, period: period?.name ?? null, cells };
    });
    if (!kept) {
      deps.log('warn', 'a saved table could not be made', { code: 'table-not-made' });
      continue;
    }
    if (await keepResult(deps, saved, kept, dueAfter(today, saved.every!))) made += 1;
  }
  return made;
}
