// Posts a run within its command: first time, the same again, or as a correction; its report and receipt go with it.
import type { Posting } from '@yimai/fund';
import { ok, type Result, refuse } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandEnvelope, RecordTx } from '@yimai/record';
import { digestOf, entriesOf } from '../entries.ts';
import { correctRunIn, latestPostings } from '../ledger.ts';
import { postRunIn } from '../post-run.ts';
import type { RunReceipt } from '../types.ts';
import { keepReport, type RunKind, writeJson } from './reports.ts';

/** Takes the period's row: two settlements of one period queue from here on, and the second sees what the first did. */
export async function holdPeriod(tx: RecordTx, period: string): Promise<void> {
  await tx.run(sql`
    insert into ledger_period (period, state) values (${period}, 'open') on conflict (period) do nothing`);
  await tx.run(sql`select 1 as held from ledger_period where period = ${period} for update`);
}

export interface RunToPost {
  readonly period: string;
  readonly kind: RunKind;
  readonly scope: string;
  readonly postings: readonly Posting[];
  readonly report: unknown;
  /** The clerk knows that there is an earlier version and replaces it. */
  readonly correction: boolean;
}

export async function postWithReport(
  tx: RecordTx,
  command: CommandEnvelope,
  run: RunToPost,
): Promise<Result<RunReceipt>> {
  const { period, kind, scope, postings } = run;
  const request = { command: command.id, period, kind, scope, postings };
  const posted = await postRunIn(tx, request, tx.recordedAt);
  const found =
    !posted.ok && posted.refusal.code === 'already-settled'
      ? await again(tx, request, run.correction, posted)
      : posted;
  const receipt = await sameReport(tx, request, run, found);
  if (receipt.ok && !receipt.value.wasThere) await keepReport(tx, receipt.value.run, run.report);
  return receipt;
}

/** The same entries with another report, e.g. a budget that moves no money yet, are another result. */
async function sameReport(
  tx: RecordTx,
  request: Parameters<typeof postRunIn>[1],
  { report, correction }: RunToPost,
  posted: Result<RunReceipt>,
): Promise<Result<RunReceipt>> {
  if (!posted.ok || !posted.value.wasThere) return posted;
  const { rows } = await tx.run<{ same: boolean }>(sql`
    select report = ${writeJson(report)}::jsonb as same from settlement_report where run = ${posted.value.run}`);
  if (rows[0]?.same !== false) return posted;
  if (correction) return correctRunIn(tx, request, tx.recordedAt);
  const detail = {
    zh: '该期间已有不同的结果，更正须形成新版本',
    en: 'there is another result: a correction makes a new version',
  };
  return refuse('already-settled', detail, { at: 'period', rule: 'L3' });
}

/** What says the same as the latest version is that version; what differs is a correction or refused. */
async function again(
  tx: RecordTx,
  request: Parameters<typeof postRunIn>[1],
  correction: boolean,
  refused: Result<RunReceipt>,
): Promise<Result<RunReceipt>> {
  const latest = await latestPostings(tx, request);
  if (latest === null) return refused;
  const digest = digestOf(entriesOf(request.postings));
  if (digestOf(entriesOf(latest.postings)) === digest) {
    const { run, version, postings } = latest;
    return ok({ run, version, entryCount: postings.length, digest, wasThere: true });
  }
  return correction ? correctRunIn(tx, request, tx.recordedAt) : refused;
}
