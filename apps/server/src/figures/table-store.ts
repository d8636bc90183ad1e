// Tables that people saved: each a Basic of its own, written by its owner only, read by those it is shared with.
import { type Resource, rowKey } from '@yimai/fhir';
import { type Clock, chinaDate, RefusalError, uuidv7 } from '@yimai/kit';
import type { FreeCell } from '@yimai/measures';
import { sql } from '@yimai/postgres';
import type { Reader } from '../desk/desk-deps.ts';
import { notFound } from '../desk/read-body.ts';
import type { FiguresDeps } from './figures-deps.ts';

const SYSTEM = 'https://yimai.example/fhir/CodeSystem/figure-table';
const CONTENT = 'https://yimai.example/fhir/StructureDefinition/figure-table';
const ENGINE = 'figure-table';
const SAVED_MOST = 500;

/** Everyone of an organisation, everyone with a role, or one person. */
export interface TableShare {
  readonly kind: 'organisation' | 'role' | 'person';
  readonly id: string;
}
export const TABLE_SHARES = ['organisation', 'role', 'person'] as const;
export const TABLE_STEPS = ['day', 'week', 'month'] as const;

/** The result of one appointed time, with small counts of persons hidden; opened by others it is asked anew as they. */
export interface KeptResult {
  readonly at: string;
  readonly seq: number;
  readonly period: string | null;
  readonly cells: readonly FreeCell[];
}

export interface SavedTable {
  readonly id: string;
  readonly title: string;
  /** As it was given; read anew against the views whenever it is used. */
  readonly table: unknown;
  readonly owner: string;
  readonly ownerName: string;
  /** In which role and organisation it was made: the results kept for it are those of that reach. */
  readonly role: string;
  readonly org: string;
  readonly shares: readonly TableShare[];
  readonly every: (typeof TABLE_STEPS)[number] | null;
  /** The next day on which it is made by itself. */
  readonly due: string | null;
  readonly kept: KeptResult | null;
}

export async function savedTables(deps: FiguresDeps): Promise<readonly SavedTable[]> {
  const access = deps.record.systemAccess();
  return deps.record.transaction(access, { via: 'command' }, async (tx) => {
    const found = await tx.search('Basic', `code=${SYSTEM}|saved&_count=${SAVED_MOST}`, { asSystem: true });
    return found.map(({ resource }) => contentOf(resource));
  });
}

export function mayOpen(table: SavedTable, { actor }: Reader): boolean {
  if (table.owner === actor.person) return true;
  return table.shares.some(
    ({ kind, id }) =>
      (kind === 'person' && id === actor.person) ||
      (kind === 'role' && id === actor.role) ||
      (kind === 'organisation' && `Organization/${id}` === actor.organisation),
  );
}

export async function openedTable(deps: FiguresDeps, reader: Reader, id: string): Promise<SavedTable> {
  const table = (await savedTables(deps)).find((each) => each.id === id);
  if (!table || !mayOpen(table, reader)) throw notFound();
  return table;
}

/** A second try with the same id has the effect of once; somebody else's table is not found. */
export async function saveTable(deps: FiguresDeps, table: SavedTable, shared: boolean): Promise<void> {
  await deps.record.transaction(deps.record.systemAccess(), { via: 'command' }, async (tx) => {
    const standing = await tx.readAsSystem('Basic', table.id, { forUpdate: true });
    if (standing && contentOf(standing.resource).owner !== table.owner) throw notFound();
    const labels = { org: rowKey('Organization', table.org) };
    if (standing) await tx.update(resourceOf(table), { engine: ENGINE, labels });
    else await tx.create(resourceOf(table), { id: table.id, engine: ENGINE, labels });
    if (!shared) return;
    const zh = `${table.ownerName}与您共享了统计表“${table.title}”`;
    await tell(tx, table, zh, `${table.ownerName} shares the table "${table.title}" with you`, deps.clock);
  });
}

export async function removeTable(deps: FiguresDeps, reader: Reader, id: string): Promise<void> {
  await deps.record.transaction(deps.record.systemAccess(), { via: 'command' }, async (tx) => {
    const standing = await tx.readAsSystem('Basic', id, { forUpdate: true });
    if (!standing || contentOf(standing.resource).owner !== reader.actor.person) throw notFound();
    await tx.delete('Basic', id);
  });
}

/** Keeps a result, moves the appointed day and tells the owner and those it is shared with, all or nothing. */
export async function keepResult(
  deps: FiguresDeps,
  table: SavedTable,
  kept: KeptResult,
  due: string,
): Promise<boolean> {
  return deps.record.transaction(deps.record.systemAccess(), { via: 'command' }, async (tx) => {
    const standing = await tx.readAsSystem('Basic', table.id, { forUpdate: true });
    if (!standing) return false;
    const now = contentOf(standing.resource);
    if (now.due !== table.due) return false;
    await tx.update(resourceOf({ ...now, kept, due }), { engine: ENGINE });
    const day = chinaDate(new Date(kept.at));
    const zh = `统计表“${table.title}”已按时生成（${day}）`;
    await tell(tx, now, zh, `the table "${table.title}" was made (${day})`, deps.clock, true);
    return true;
  });
}

type Tx = Parameters<Parameters<FiguresDeps['record']['transaction']>[2]>[0];

async function tell(
  tx: Tx,
  table: SavedTable,
  zh: string,
  en: string,
  clock: Clock,
  owner = false,
): Promise<void> {
  const to = [
    ...table.shares,
    ...(owner ? ([{ kind: 'person', id: table.owner }] as const satisfies readonly TableShare[]) : []),
  ];
  for (const { kind, id } of to) {
    const org =
      kind === 'organisation' ? `Organization/${id}` : kind === 'role' ? `Organization/${table.org}` : null;
    await tx.run(sql`insert into notice (id, at, org, roles, person, about, case_id, text_zh, text_en)
      values (${uuidv7(clock.now().getTime())}, ${tx.recordedAt}, ${org}, ${kind === 'role' ? [id] : []}::text[],
        ${kind === 'person' ? id : null}, 'figure-table', ${table.id}, ${zh}, ${en})`);
  }
}

function resourceOf({ id, ...content }: SavedTable): Resource {
  const author = /^Practitioner\//.test(content.owner) ? { author: { reference: content.owner } } : {};
  return {
    resourceType: 'Basic',
    id,
    meta: { tag: [{ system: 'https://yimai.example/fhir/CodeSystem/data-kind', code: 'figure' }] },
    code: { coding: [{ system: SYSTEM, code: 'saved' }], text: content.title },
    ...author,
    extension: [{ url: CONTENT, valueString: JSON.stringify(content) }],
  } as Resource;
}

function contentOf(resource: Resource): SavedTable {
  const extensions = resource['extension'] as readonly { url: string; valueString?: string }[] | undefined;
  const text = extensions?.find(({ url }) => url === CONTENT)?.valueString;
  if (text === undefined)
    throw new RefusalError({ code: 'not-found', detail: { zh: '没有找到', en: 'not found' } });
  return { ...(JSON.parse(text) as Omit<SavedTable, 'id'>), id: resource.id! };
}
