// What a settlement leaves in the record: a ClaimResponse for each stay, a PaymentReconciliation for each house and payment.
import { type Resource, rowKey } from '@yimai/fhir';
import { formatE4 } from '@yimai/fund';
import { type Fen, formatYuan, type LocalDate } from '@yimai/kit';
import type { SettledCase } from './plan-month.ts';

const FUND = 'https://yimai.example/fhir/CodeSystem/fund';
const RULE_ROW = 'https://yimai.example/fhir/StructureDefinition/rule-row';

export const ENGINE = 'settlement';

const money = (fen: Fen) => ({ value: Number(fen) / 100, currency: 'CNY' });
const concept = (code: string, text?: string) => ({
  coding: [{ system: FUND, code }],
  ...(text === undefined ? {} : { text }),
});
const org = (id: string) => ({ reference: `Organization/${id}` });

/** The response has its place by its Claim: settling again makes a new version of it. */
export const responseId = (claim: string): string => rowKey('ClaimResponse', `settlement/${claim}`);

export function claimResponse(
  one: SettledCase,
  { patient, insurer, on, run }: { patient: unknown; insurer: string; on: LocalDate; run: string },
): Resource {
  const { list, group, kind, row, standardFen, payFen, fundFen, weight } = one;
  const total = (code: string, fen: Fen) => ({ category: concept(code), amount: money(fen) });
  return {
    resourceType: 'ClaimResponse',
    id: responseId(list.stay.id),
    identifier: [{ system: `${FUND}/run`, value: run }],
    extension: [{ url: RULE_ROW, valueString: row }],
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'institutional' }],
    },
    use: 'claim',
    patient,
    created: on,
    insurer: org(insurer),
    requestor: org(list.org),
    request: { reference: `Claim/${list.stay.id}` },
    outcome: 'complete',
    disposition: `${group.drg || group.status} ${kind} ${formatYuan(fundFen)}`,
    adjudication: [
      { category: concept('group', group.drg), reason: concept(group.status, `${group.mdc} ${group.adrg}`) },
      { category: concept('kind'), reason: concept(kind) },
      { category: concept('weight'), value: Number(formatE4(weight)) },
    ],
    total: [
      total('submitted', list.costFen),
      total('standard', standardFen),
      total('eligible', payFen),
      total('patient', list.patientBorneFen),
      total('benefit', fundFen),
    ],
  };
}

export interface PaymentLine {
  readonly code: string;
  readonly amountFen: Fen;
  readonly payee?: string;
}

export function paymentReconciliation(
  key: string,
  payment: {
    readonly issuer: string;
    readonly house: string;
    readonly on: LocalDate;
    readonly period: { readonly start: string; readonly end: string };
    readonly amountFen: Fen;
    readonly lines: readonly PaymentLine[];
    readonly run: string;
  },
): Resource {
  const { issuer, house, on, period, amountFen, lines, run } = payment;
  return {
    resourceType: 'PaymentReconciliation',
    id: rowKey('PaymentReconciliation', key),
    identifier: [{ system: `${FUND}/run`, value: run }],
    status: 'active',
    period,
    created: on,
    paymentIssuer: org(issuer),
    requestor: org(house),
    outcome: 'complete',
    disposition: key,
    paymentDate: on,
    paymentAmount: money(amountFen),
    detail: lines.map((line) => ({
      type: concept(line.code),
      amount: money(line.amountFen),
      ...(line.payee === undefined ? {} : { payee: { reference: line.payee } }),
    })),
  };
}
