// $export: the reader's view of the record as NDJSON, read in pages, so that memory stays flat whatever the size. The
// asynchronous form keeps only what was ordered; its files are streamed when they are fetched, under the fetcher's eyes.
import { Readable } from 'node:stream';
import { uuidv7 } from '@yimai/kit';
import type { Access, ExportOrder, Record } from '@yimai/record';

interface ExportJob {
  readonly user: string;
  readonly order: ExportOrder;
  readonly startedAt: Date;
  readonly base: string;
}

const JOBS_MAX = 200;
const jobs = new Map<string, ExportJob>();

export function streamExport(record: Record, access: Access, order: ExportOrder): Readable {
  return Readable.from(lines(record, access, order), { objectMode: false });
}

async function* lines(record: Record, access: Access, order: ExportOrder): AsyncGenerator<string> {
  for await (const page of record.export(access, order)) {
    let text = '';
    for (const row of page) text += `${await record.contentFor(access, row)}\n`;
    if (text !== '') yield text;
  }
}

/** Keeps the order and answers its number; at most the newest 200 are kept. */
export function startExport(record: Record, access: Access, order: ExportOrder, base: string): string {
  const id = uuidv7();
  jobs.set(id, { user: access.actor.user, order, startedAt: record.clock.now(), base });
  const oldest = jobs.keys().next().value;
  if (jobs.size > JOBS_MAX && oldest !== undefined) jobs.delete(oldest);
  return id;
}

export function exportOrder(id: string, access: Access): ExportOrder | null {
  const job = jobs.get(id);
  return job && job.user === access.actor.user ? job.order : null;
}

/** The manifest of the Bulk Data specification; null for a stranger's job. */
export function exportStatus(id: string, access: Access): object | null {
  const job = jobs.get(id);
  if (!job || job.user !== access.actor.user) return null;
  const types = job.order.types ?? [job.order.patientsOnly ? 'Patient' : '_all'];
  return {
    transactionTime: job.startedAt.toISOString(),
    request: `${job.base}/$export`,
    requiresAccessToken: true,
    output: types.map((type) => ({ type, url: `${job.base}/$export-file/${id}/${type}.ndjson` })),
    error: [],
  };
}
