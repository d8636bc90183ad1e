// Brings many resources in: batches of one transaction each, wrong ones reported by line, unchanged ones left alone.
// Running it again over the same lines changes nothing, so an interrupted import is resumed by starting it again.
import { createHash } from 'node:crypto';
import { parseResourceText } from '@yimai/fhir';
import { ok, type Refusal, type Result } from '@yimai/kit';
import type { Access } from '../types.ts';
import type { StoreDeps } from './deps.ts';
import { runTransaction } from './run-transaction.ts';

/** A batch has some costs of its own: statements, an answer waited for, a sync. */
const BATCH_ITEMS = 2000;
const BATCH_CHARS = 4_000_000;
/** One that is read and checked, one that the database writes, one that waits for its turn there. */
const UNDER_WAY = 3;
/** Types whose rows other rows of one import may depend on while it is under way. */
const ALONE = new Set(['Organization', 'PractitionerRole', 'RelatedPerson']);

const keyOf = (item: ImportItem) => `${item.type}/${item.id}`;

export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  readonly errors: { readonly line: number; readonly refusal: Refusal }[];
}

/** A text, not what was read from it: read when its turn comes, thousands of resources need not be kept meanwhile. */
export interface ImportItem {
  readonly line: number;
  readonly type: string;
  readonly id: string;
  readonly text: string;
}

export interface Importer {
  /** One line of NDJSON; null stands for a line that was too long to hold. */
  add(text: string | null, line: number): Promise<void>;
  /** The text of a resource (an entry of a Bundle) with the id that follows from its source. */
  addResource(item: ImportItem): Promise<void>;
  finish(): Promise<ImportReport>;
}

export function openImporter(
  deps: StoreDeps,
  access: Access,
  options: {
    readonly via: 'import' | 'command';
    readonly onError?: (line: number, refusal: Refusal) => void;
  },
): Importer {
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, refused: 0, errors: [] };
  let batch: ImportItem[] = [];
  let chars = 0;

  function refuseLine(line: number, refusal: Refusal): void {
    report.refused += 1;
    if (report.errors.length < 10_000) report.errors.push({ line, refusal });
    options.onError?.(line, refusal);
  }

  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    // The same id twice in one batch: the later line waits for the next one, so that it becomes a version of its own.
    const seen = new Set<string>();
    const now: ImportItem[] = [];
    const later: ImportItem[] = [];
    for (const item of batch) {
      const key = keyOf(item);
      (seen.has(key) ? later : now).push(item);
      seen.add(key);
    }
    batch = later;
    chars = later.reduce((sum, item) => sum + item.text.length, 0);
    await depart(now, seen);
    if (later.length > 0) await flush();
  }

  // While the database writes one batch the next is read and checked: several are on their way, never with one resource
  // in two of them, and a batch that shapes the tree of organisations goes alone.
  const onTheWay = new Set<{
    readonly keys: ReadonlySet<string>;
    readonly alone: boolean;
    readonly done: Promise<void>;
  }>();
  let failure: Error | null = null;

  async function depart(items: readonly ImportItem[], keys: ReadonlySet<string>): Promise<void> {
    const alone = items.some((item) => ALONE.has(item.type));
    const mustWait = () =>
      onTheWay.size >= UNDER_WAY ||
      [...onTheWay].some((one) => alone || one.alone || [...keys].some((key) => one.keys.has(key)));
    while (mustWait()) await Promise.race([...onTheWay].map((one) => one.done));
    if (failure) throw failure;
    const work = runTransaction(deps, access, { via: options.via }, (tx) => tx.upsertMany(items)).then(
      (result) => {
        report.created += result.created;
        report.updated += result.updated;
        report.unchanged += result.unchanged;
        for (const { line, refusal } of result.refused) refuseLine(line, refusal);
      },
      (error: Error) => {
        failure ??= error;
      },
    );
    const trip = { keys, alone, done: work.then(() => void onTheWay.delete(trip)) };
    onTheWay.add(trip);
  }

  async function arrived(): Promise<void> {
    await Promise.all([...onTheWay].map((one) => one.done));
    if (failure) throw failure;
  }

  async function addResource(item: ImportItem): Promise<void> {
    batch.push(item);
    chars += item.text.length;
    if (batch.length >= BATCH_ITEMS || chars >= BATCH_CHARS) await flush();
  }

  return {
    async add(text, line) {
      if (text === null) {
        refuseLine(line, { code: 'too-large', detail: { zh: '这一行过长', en: 'this line is too long' } });
        return;
      }
      const trimmed = text.replace(/^\uFEFF/, '').trim();
      if (trimmed === '') return;
      const named = nameOf(trimmed);
      if (named.ok) await addResource({ line, ...named.value, text: trimmed });
      else refuseLine(line, named.refusal);
    },
    addResource,
    async finish() {
      await flush();
      await arrived();
      return report;
    },
  };
}

/** As most writers begin a resource; what follows is read, and refused if it must be, in its turn. */
const HEAD = /^\{"resourceType":"([A-Za-z]+)","id":"([A-Za-z0-9\-.]{1,64})"[,}]/;

function nameOf(text: string): Result<{ readonly type: string; readonly id: string }> {
  const [, type, id] = HEAD.exec(text) ?? [];
  if (type !== undefined && id !== undefined) return ok({ type, id });
  const parsed = parseResourceText(text);
  if (!parsed.ok) return parsed;
  const { resource } = parsed.value;
  return ok({ type: resource.resourceType, id: resource.id ?? idFromContent(text) });
}

/** A resource without an id gets one that follows from its bytes: the same line again is the same resource. */
export function idFromContent(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Whether the stored text says the same as the incoming one but for its version stamp. */
export function sameContent(stored: string, incoming: string): boolean {
  return withoutStamp(stored) === withoutStamp(incoming);
}

function withoutStamp(text: string): string {
  const resource = JSON.parse(text) as { id?: unknown; meta?: { [key: string]: unknown } };
  const { versionId: _version, lastUpdated: _updated, ...meta } = resource.meta ?? {};
  return canonical({ ...resource, meta: Object.keys(meta).length === 0 ? undefined : meta });
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
