// A file of settlement lists that comes in by parts (`settlement-list.begin`, its imports, `settlement-list.finish`): none of its
// lists counts for the fund before the whole is in, and a part that was sent twice comes in once. One that was given up
// (`settlement-list.drop`) counts for nothing, and its lists may come in with another file.
import { type Resource, rowKey } from '@yimai/fhir';
import { ok, type Result, refuse } from '@yimai/kit';
import { type Fragment, sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { mustHold, payloadOf, textOf, wrong } from './deps.ts';

export const LIST_BATCH_SYSTEM = 'https://yimai.example/id/settlement-list-batch';
export const BATCH = /^[0-9a-f]{64}$/;
const BATCH_ENGINE = 'settlement-list-batch';
const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const CONTENT = 'https://yimai.example/fhir/StructureDefinition/settlement-list-batch';
const ROLES = ['insurer-clerk', 'coder', 'finance-clerk'];

interface ListBatch {
  readonly batch: string;
  readonly state: 'open' | 'finished' | 'dropped';
  readonly begunAt: string;
  readonly imported: number | null;
}

const idOf = (batch: string): string => rowKey('Basic', `settlement-list-batch/${batch}`);

export type UnfinishedBatch = Omit<ListBatch, 'imported'>;

/** Batches that began and are not whole: their lists are left out of every calculation. */
export async function unfinishedBatches(
  read: <T>(fragment: Fragment) => Promise<{ rows: T[] }>,
): Promise<ReadonlyMap<string, UnfinishedBatch>> {
  const { rows } = await read<{ content: string }>(sql`
    select r.content from resource r where r.type = 'Basic' and r.engine = ${BATCH_ENGINE} and not r.deleted`);
  const batches = rows.flatMap(({ content }) => batchOf(JSON.parse(content)) ?? []);
  return new Map(batches.filter(({ state }) => state !== 'finished').map((one) => [one.batch, one]));
}

export async function mustBeOpen(tx: RecordTx, batch: string): Promise<Result<null>> {
  const found = await read(tx, batch);
  if (found?.state === 'open') return ok(null);
  const detail = { zh: '该批次未开始或已完成', en: 'the batch has not begun or is finished' };
  return refuse('batch-not-open', detail, { at: 'payload.batch', rule: 'L9' });
}

export function batchCommands(): readonly unknown[] {
  return [beginCommand(), finishCommand(), dropCommand()];
}

/** The same file again goes on where it stopped; one that is finished is not begun a second time. */
function beginCommand(): CommandHandler<{ readonly batch: string }> {
  return {
    type: 'settlement-list.begin',
    parse: readBatch,
    async apply(tx, _command, { batch }) {
      const allowed = mustHold(tx, ROLES);
      if (!allowed.ok) return allowed;
      const there = await read(tx, batch);
      if (there?.state === 'finished') {
        const detail = { zh: '该文件已导入', en: 'the file was imported before' };
        return refuse('already-imported', detail, { at: 'file', rule: 'L9' });
      }
      const begunAt = there?.begunAt ?? tx.recordedAt.toISOString();
      await keep(tx, { batch, state: 'open', begunAt, imported: null });
      return ok({ batch, resumed: there !== null });
    },
  };
}

function finishCommand(): CommandHandler<{ readonly batch: string; readonly imported: number }> {
  return {
    type: 'settlement-list.finish',
    parse(value) {
      const payload = payloadOf(value, ['batch', 'imported']);
      if (!payload.ok) return payload;
      const batch = textOf(payload.value, 'batch', BATCH);
      if (!batch.ok) return batch;
      const { imported } = payload.value;
      if (!Number.isSafeInteger(imported))
        return wrong('payload.imported', '应为条数', 'expected a number of lists');
      return ok({ batch: batch.value, imported: imported as number });
    },
    async apply(tx, _command, { batch, imported }) {
      const allowed = mustHold(tx, ROLES);
      if (!allowed.ok) return allowed;
      const open = await mustBeOpen(tx, batch);
      if (!open.ok) return open;
      const there = await read(tx, batch);
      await keep(tx, { batch, state: 'finished', begunAt: there!.begunAt, imported });
      tx.audit('settlement-list.finish', { text: `${imported}` });
      return ok({ batch, imported });
    },
  };
}

/** The same file may be sent again later: then it goes on where it stopped. */
function dropCommand(): CommandHandler<{ readonly batch: string }> {
  return {
    type: 'settlement-list.drop',
    parse: readBatch,
    async apply(tx, _command, { batch }) {
      const allowed = mustHold(tx, ROLES);
      if (!allowed.ok) return allowed;
      const open = await mustBeOpen(tx, batch);
      if (!open.ok) return open;
      const there = await read(tx, batch);
      await keep(tx, { batch, state: 'dropped', begunAt: there!.begunAt, imported: null });
      tx.audit('settlement-list.drop', { text: batch.slice(0, 12) });
      return ok({ batch });
    },
  };
}

function readBatch(value: unknown): Result<{ readonly batch: string }> {
  const payload = payloadOf(value, ['batch']);
  if (!payload.ok) return payload;
  const batch = textOf(payload.value, 'batch', BATCH);
  return batch.ok ? ok({ batch: batch.value }) : batch;
}

async function read(tx: RecordTx, batch: string): Promise<ListBatch | null> {
  const found = await tx.readAsSystem('Basic', idOf(batch), { forUpdate: true });
  return found === null ? null : batchOf(found.resource);
}

async function keep(tx: RecordTx, batch: ListBatch): Promise<void> {
  const resource: Resource = {
    resourceType: 'Basic',
    id: idOf(batch.batch),
    code: { coding: [{ system: FUND, code: 'settlement-list-batch' }] },
    created: batch.begunAt.slice(0, 10),
    extension: [{ url: CONTENT, valueString: JSON.stringify(batch) }],
  };
  await tx.update(resource, {
    engine: BATCH_ENGINE,
    labels: { kind: 'settlement', org: null, patient: null, locks: [] },
  });
}

function batchOf(resource: Resource): ListBatch | null {
  const { extension } = resource as { extension?: { url: string; valueString?: string }[] };
  const text = extension?.find(({ url }) => url === CONTENT)?.valueString;
  return text === undefined ? null : (JSON.parse(text) as ListBatch);
}
