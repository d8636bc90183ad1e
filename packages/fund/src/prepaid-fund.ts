// The prepaid fund of RED and MES (预付资金): opened with an amount, drawn per case on result, never below zero.
//
// RED pays for a risk eliminated (地方高发病风险消除付费), MES for milestones of early management (重病发病早期健康管理付费). Both
// need an active four-party agreement; the rule set names amounts and evidence, as the pilots publish neither.
import { type Fen, type LocalDate, ok, type Result, refuse, type Text } from '@yimai/kit';
import { account, type Posting, transfer } from './postings.ts';
import type { Consortium } from './rule-set.ts';

export interface Agreement {
  readonly id: string;
  /** Parties that have signed, of insurer, hospital, village-doctor and patient. */
  readonly signedBy: readonly string[];
  readonly isBreached: boolean;
}

export const AGREEMENT_PARTIES = ['insurer', 'hospital', 'village-doctor', 'patient'] as const;

/** Active only after the fourth signature and while no party is in breach. */
export function isActive({ signedBy, isBreached }: Agreement): boolean {
  return !isBreached && AGREEMENT_PARTIES.every((party) => signedBy.includes(party));
}

export interface ResultClaim {
  readonly kind: 'red' | 'mes';
  /** The row of the rule set that is claimed. */
  readonly row: string;
  readonly caseId: string;
  readonly org: string;
  readonly on: LocalDate;
  readonly agreement: Agreement | null;
  /** RED: evidence of elimination. MES: the follow-up records of the milestone. */
  readonly evidence: readonly string[];
  /** RED only: false when the elimination failed. */
  readonly isEliminated: boolean;
}

export interface Draw {
  readonly claim: ResultClaim;
  readonly amountFen: Fen;
}

interface Refund {
  readonly on: LocalDate;
  readonly amountFen: Fen;
}

export interface PrepaidFund {
  readonly openingFen: Fen;
  readonly draws: readonly Draw[];
  readonly refunds: readonly Refund[];
  /** Paid from the funds of other years: nothing of it is paid again, and this balance is not theirs. */
  readonly otherYears?: readonly Draw[];
}

export function openPrepaidFund({ prepaidFund }: Consortium): PrepaidFund {
  return { openingFen: prepaidFund.openingFen, draws: [], refunds: [] };
}

/** Prepaid minus draws plus refunds, at any date when one is given. */
export function balanceOf(fund: PrepaidFund, until?: LocalDate): Fen {
  const isThen = (on: LocalDate): boolean => until === undefined || on <= until;
  const sum = (list: readonly { readonly amountFen: Fen }[]): Fen =>
    list.reduce((total, { amountFen }) => total + amountFen, 0n);
  const drawn = fund.draws.filter(({ claim }) => isThen(claim.on));
  return fund.openingFen - sum(drawn) + sum(fund.refunds.filter(({ on }) => isThen(on)));
}

/** What came back, whenever it did. */
export function refundedOf({ refunds }: PrepaidFund): Fen {
  return refunds.reduce((sum, { amountFen }) => sum + amountFen, 0n);
}

/** RED and MES apart, within the one fund. */
export function reportOf(fund: PrepaidFund): { redFen: Fen; mesFen: Fen; balanceFen: Fen } {
  const of = (kind: string): Fen =>
    fund.draws.reduce((sum, { claim, amountFen }) => (claim.kind === kind ? sum + amountFen : sum), 0n);
  return { redFen: of('red'), mesFen: of('mes'), balanceFen: balanceOf(fund) };
}

/** The fund after a payment on result, or why there is none. */
export function drawOnResult(fund: PrepaidFund, claim: ResultClaim, rules: Consortium): Result<PrepaidFund> {
  const no = (code: string, at: string, detail: Text) => refuse(code, detail, { at, rule: 'F10' });
  if (claim.agreement === null || !isActive(claim.agreement)) {
    return no('agreement-not-active', 'agreement', {
      zh: '四方协议未生效或有一方违约',
      en: 'the four-party agreement is not active or a party is in breach',
    });
  }
  const rule = [...rules.red, ...rules.mes].find(({ id }) => id === claim.row);
  if (rule === undefined || !claim.row.startsWith(`${claim.kind}/`)) {
    return no('payment-unknown', 'row', { zh: '规则集没有该项付费', en: 'the rule set has no such payment' });
  }
  if (claim.kind === 'red' && !claim.isEliminated) {
    return no('not-eliminated', 'isEliminated', {
      zh: '风险未消除，不付费',
      en: 'the risk was not eliminated: no pay',
    });
  }
  const wanted = 'evidence' in rule ? rule.evidence : [`follow-up:${rule.milestone}`];
  const missing = wanted.filter((evidence) => !claim.evidence.includes(evidence));
  if (missing.length > 0) {
    return no('evidence-missing', 'evidence', {
      zh: `缺少依据：${missing.join('、')}`,
      en: `evidence missing: ${missing.join(', ')}`,
    });
  }
  const paid = [...fund.draws, ...(fund.otherYears ?? [])].filter(
    (draw) => draw.claim.caseId === claim.caseId,
  );
  if (paid.some((draw) => draw.claim.row === claim.row))
    return no('already-paid', 'caseId', { zh: '该病例此项已付', en: 'this was already paid for the case' });
  const otherKind = claim.kind === 'mes' ? 'red' : 'mes';
  if (paid.some((draw) => rowsFor(otherKind, rule.disease, rules).includes(draw.claim.row))) {
    const name = otherKind.toUpperCase();
    return no(`paid-under-${otherKind}`, 'caseId', {
      zh: `该病例已按 ${name} 付费`,
      en: `the case was already paid under ${name}`,
    });
  }
  if (balanceOf(fund) < rule.amountFen) {
    return no('prepaid-fund-exhausted', 'amount', {
      zh: '预付资金余额不足',
      en: 'the prepaid fund would fall below zero',
    });
  }
  return ok({ ...fund, draws: [...fund.draws, { claim, amountFen: rule.amountFen }] });
}

/** What comes back of a draw: never more than was drawn, never twice. */
export function drawRefund(
  { amountFen }: Pick<Draw, 'amountFen'>,
  refundedFen: Fen,
  wantedFen: Fen,
): Result<Fen> {
  if (refundedFen > 0n) {
    const detail = { zh: '该笔已退回', en: 'this was given back before' };
    return refuse('already-refunded', detail, { at: 'payload.claim', rule: 'F10' });
  }
  if (wantedFen > 0n && wantedFen <= amountFen) return ok(wantedFen);
  const detail = { zh: '退回额应为正且不超过已付额', en: 'what is given back lies within what was paid' };
  return refuse('refund-above-draw', detail, { at: 'payload.amount', rule: 'F10' });
}

/** A patient in RED who turns out ill moves to MES, and back, without double payment for the same disease. */
function rowsFor(kind: ResultClaim['kind'], disease: string, rules: Consortium): string[] {
  return rules[kind].filter((row) => row.disease === disease).map(({ id }) => id);
}

export function drawPostings(fund: PrepaidFund, year: string): Posting[] {
  return fund.draws
    .map(({ claim, amountFen }) =>
      transfer(
        {
          key: `${year}/${claim.kind}/${claim.caseId}/${claim.row}`,
          kind: `${claim.kind}-payment`,
          source: 'insurance',
          purpose: claim.kind,
          period: year,
          on: claim.on,
          caseId: claim.caseId,
          row: claim.row,
          text: { zh: '按结果付费', en: 'paid on result' },
        },
        account.expense(claim.kind),
        account.prepaid(claim.org),
        amountFen,
      ),
    )
    .filter((made) => made !== null);
}
