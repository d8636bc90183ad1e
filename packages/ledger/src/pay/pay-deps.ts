// The nouns of frozen pay, and who keeps it: what a house is asked, what is stored with a run, how it is found again.
import { rowKey } from '@yimai/fhir';
import type { Deduction, PayPlan } from '@yimai/fund';
import { type Fen, ok, type Result, refuse } from '@yimai/kit';
import type { RecordTx } from '@yimai/record';
import { mustHold } from '../settlement/deps.ts';
import { reportsOf, type StoredReport } from '../settlement/reports.ts';
import type { Statements } from '../types.ts';

/** Kinds of pay that a house freezes by itself; the surplus pool goes with the year's distribution. */
export const FROZEN_KINDS = ['rbrvs', 'posts', 'merit', 'teams'] as const;
export type FrozenKind = (typeof FROZEN_KINDS)[number];

export interface PayAsk {
  readonly kind: FrozenKind;
  readonly org: string;
  readonly month: string;
  readonly poolFen: Fen;
  /** Appraisal scores by person, for merit pay. */
  readonly scores: ReadonlyMap<string, bigint>;
  readonly deductions: readonly (Deduction & { readonly reason: string })[];
}

export interface PayReport extends PayPlan {
  readonly kind: FrozenKind;
  readonly org: string;
  readonly month: string;
  readonly deductions: PayAsk['deductions'];
  /** The granted appeal behind a later version. */
  readonly appeal: string | null;
}

export interface PayDeps {
  /** The plan by the record as it is now; the preview and the command ask the same. */
  planPay(ask: PayAsk): Promise<Result<PayPlan>>;
  /** The last day on which a result frozen at that time may be appealed against. */
  appealUntil(frozenAt: Date): Result<string>;
}

/** Who freezes and answers appeals: finance, for the houses of its own tree. */
export const PAY_KEEPERS = ['finance-clerk'];

export const scopeOf = ({ kind, org }: Pick<PayAsk, 'kind' | 'org'>): string => `${kind}/${org}`;

export async function frozenPay(
  on: Statements,
  ask: Pick<PayAsk, 'kind' | 'org' | 'month'>,
): Promise<StoredReport<PayReport> | null> {
  const all = await reportsOf<PayReport>(on, 'pay', ask.month);
  return all.find(({ scope }) => scope === scopeOf(ask)) ?? null;
}

export function mustKeep(tx: RecordTx, org: string): Result<null> {
  const held = mustHold(tx, PAY_KEEPERS);
  if (!held.ok) return held;
  const { role, orgs } = tx.access.actor;
  if (role === 'system' || role === 'script' || orgs.includes(rowKey('Organization', org))) return ok(null);
  const detail = { zh: '不是本单位的绩效', en: 'not the pay of your house' };
  return refuse('not-your-house', detail, { at: 'payload.org' });
}
