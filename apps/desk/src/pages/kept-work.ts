// The work list without network: each tab's first rows stay on the device for a day and are filtered there.
import { post, Unreachable } from '../api/client.ts';
import { askOrKept, keptAnswer } from '../app/kept-answers.ts';
import type { WorkPage, WorkQuery } from '../contract.ts';
import { CASE_KEPT_MS } from './kept-cases.ts';

export interface WorkAnswer extends WorkPage {
  /** When the rows were saved, where they come from the device. */
  readonly savedAt?: string | null;
}

export async function workOrKept(
  owner: string,
  asked: WorkQuery,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<WorkAnswer> {
  const ask = () => post<WorkPage>('/desk/work', cursor ? { ...asked, cursor } : asked, signal);
  if (cursor) return ask();
  const id = `${owner}|work|${asked.tab}`;
  if (isWhole(asked)) {
    const { data, savedAt } = await askOrKept(id, CASE_KEPT_MS, ask);
    return savedAt === null ? data : keptRows(data, asked, savedAt);
  }
  try {
    return await ask();
  } catch (cause) {
    const found = cause instanceof Unreachable ? await keptAnswer<WorkPage>(id) : null;
    if (!found) throw cause;
    return keptRows(found.data, asked, found.savedAt);
  }
}

/** Asked for without a filter: this is what is kept. */
const isWhole = ({ loop, state, late, text, sort = 'deadline' }: WorkQuery): boolean =>
  !loop && !state && !late && !text && sort === 'deadline';

function keptRows(page: WorkPage, asked: WorkQuery, savedAt: string | null): WorkAnswer {
  const now = Date.now();
  const text = asked.text?.toLowerCase() ?? '';
  const items = page.items.filter(
    (item) =>
      (!asked.loop || item.loop.id === asked.loop) &&
      (!asked.late || (item.deadline !== null && Date.parse(item.deadline.at) < now)) &&
      JSON.stringify([item.title, item.loop.name, item.number]).toLowerCase().includes(text),
  );
  if (asked.sort === 'age') items.sort((a, b) => a.enteredAt.localeCompare(b.enteredAt));
  // Only the rows that stand on the device can be counted.
  return { ...page, items, next: null, total: { count: items.length, more: page.next !== null }, savedAt };
}
