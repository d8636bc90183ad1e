// $export: the reader's view of the record as NDJSON, read in pages, so that memory stays flat whatever the size. The
// asynchronous form keeps in the database what was ordered, so that it outlives the process; its files are streamed when
// they are fetched, pinned to the moment of the order and under the fetcher's eyes.
import { Readable } from 'node:stream';
import { rowKey } from '@yimai/fhir';
import { uuidv7 } from '@yimai/kit';
import { type Access, type ExportOrder, project, type Record, type StoredRow } from '@yimai/record';
import type { Accounts } from '../accounts.ts';

/** What is exported, and how much of each. */
export interface ExportWish extends ExportOrder {
  /** Only these elements and what must be there, of all types (`birthDate`) or of one (`Patient.birthDate`). */
  readonly elements?: readonly string[];
}

/** What is kept of an order; instants as text. */
interface ExportJob {
  readonly user: string;
  /** The types that had something for this reader when the order came in. */
  readonly types: readonly string[];
  readonly since: string | null;
  readonly patientsOnly: boolean;
  readonly patients?: readonly string[];
  readonly filters?: ExportWish['filters'];
  readonly elements?: ExportWish['elements'];
  readonly startedAt: string;
  readonly base: string;
  readonly request: string;
}

const JOB_SECONDS = 7 * 24 * 3600;

export type ExportJobs = ReturnType<typeof openExportJobs>;

export function openExportJobs(record: Record, accounts: Accounts) {
  const store = accounts.oidc.adapter('BulkExport');
  /** Null for a job that is unknown, over, or a stranger's. */
  async function jobOf(id: string, access: Access): Promise<ExportJob | null> {
    const job = (await store.find(id)) as ExportJob | undefined;
    return job && job.user === access.actor.user ? job : null;
  }
  return {
    /** Keeps the order and answers its number. */
    async start(access: Access, order: ExportWish, base: string, request: string): Promise<string> {
      const id = uuidv7();
      const startedAt = record.clock.now();
      const job: ExportJob = {
        user: access.actor.user,
        types: await record.exportTypes(access, { ...order, until: startedAt }),
        since: order.since?.toISOString() ?? null,
        patientsOnly: order.patientsOnly,
        ...(order.patients ? { patients: order.patients } : {}),
        ...(order.filters ? { filters: order.filters } : {}),
        ...(order.elements ? { elements: order.elements } : {}),
        startedAt: startedAt.toISOString(),
        base,
        request,
      };
      await store.upsert(id, { ...job }, JOB_SECONDS);
      return id;
    },
    /** The manifest of the Bulk Data specification. */
    async manifest(id: string, access: Access): Promise<object | null> {
      const job = await jobOf(id, access);
      if (!job) return null;
      const url = (type: string) => `${job.base}/$export-file/${id}/${type}.ndjson`;
      return {
        transactionTime: job.startedAt,
        request: job.request,
        requiresAccessToken: true,
        output: job.types.map((type) => ({ type, url: url(type) })),
        error: [],
      };
    },
    /** What one file of the job holds. */
    async order(id: string, type: string, access: Access): Promise<ExportWish | null> {
      const job = await jobOf(id, access);
      if (!job?.types.includes(type)) return null;
      return {
        types: [type],
        since: job.since === null ? null : new Date(job.since),
        patientsOnly: job.patientsOnly,
        ...(job.patients ? { patients: job.patients } : {}),
        ...(job.filters ? { filters: job.filters } : {}),
        ...(job.elements ? { elements: job.elements } : {}),
        until: new Date(job.startedAt),
      };
    },
    /** True if there was such a job of this person; its files are over with it. */
    async end(id: string, access: Access): Promise<boolean> {
      const job = await jobOf(id, access);
      if (job) await store.destroy(id);
      return job !== null;
    },
  };
}

const MEMBERS_DEPTH_MAX = 4;

/** Row keys of the Patients in a Group that the reader may see, those of Groups within it included; null: no such Group. */
export async function patientsOfGroup(record: Record, access: Access, id: string): Promise<string[] | null> {
  const patients = new Set<string>();
  const seen = new Set<string>();
  async function gather(group: string, depth: number): Promise<boolean> {
    if (seen.has(group) || depth > MEMBERS_DEPTH_MAX) return true;
    seen.add(group);
    const row = await record.read(access, 'Group', group);
    if (!row?.content) return false;
    const { member } = JSON.parse(row.content) as {
      member?: { entity?: { reference?: string }; inactive?: boolean }[];
    };
    for (const { entity, inactive } of member ?? []) {
      const [type, target] = (entity?.reference ?? '').split('/');
      if (inactive || !target) continue;
      if (type === 'Patient') patients.add(rowKey('Patient', target));
      else if (type === 'Group') await gather(target, depth + 1);
    }
    return true;
  }
  return (await gather(id, 0)) ? [...patients] : null;
}

/** The first page is read before anything is answered: what is wrong with the order has its own answer. */
export async function streamExport(record: Record, access: Access, order: ExportWish): Promise<Readable> {
  const pages = record.export(access, order);
  const first = await pages.next();
  return Readable.from(lines(record, access, order, first, pages), { objectMode: false });
}

const PIECE_LENGTH = 1024 * 1024;

async function* lines(
  record: Record,
  access: Access,
  order: ExportWish,
  first: IteratorResult<StoredRow[]>,
  pages: AsyncGenerator<StoredRow[]>,
): AsyncGenerator<string> {
  for (let page = first; !page.done; page = await pages.next()) {
    let text = '';
    for (const row of page.value) {
      text += `${narrowed(row.type, await record.contentFor(access, row), order)}\n`;
      // Files among the rows are let go one by one, not held until the page is full.
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  }
}

/** A type of which no element is named comes whole. */
function narrowed(type: string, content: string, { elements = [] }: ExportWish): string {
  const own = elements.flatMap((one) => {
    const [first = '', second] = one.split('.');
    return second === undefined ? [first] : first === type ? [second] : [];
  });
  return own.length === 0 ? content : project(content, { summary: 'false', elements: own });
}
