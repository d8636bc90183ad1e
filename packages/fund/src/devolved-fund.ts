// The right to pay basic public-health money, devolved to the county group (公卫资金支付权下放): before it, no order; after it, by work.
import { allocate, type Fen, type LocalDate, ok, type Result, refuse } from '@yimai/kit';

export interface AssessedWork {
  readonly institution: string;
  readonly record: string;
  readonly points: bigint;
}

export interface DevolvedFund {
  readonly allocationFen: Fen;
  /** The day from which the group may pay; null while the plan is not in force. */
  readonly devolvedFrom: LocalDate | null;
  readonly paidFen: Fen;
}

export interface WorkPayment {
  readonly institution: string;
  readonly amountFen: Fen;
  readonly records: readonly string[];
}

/** Pays `amountFen` by assessed work; paid and remaining always sum to the allocation. */
export function payByWork(
  fund: DevolvedFund,
  on: LocalDate,
  amountFen: Fen,
  work: readonly AssessedWork[],
): Result<{ fund: DevolvedFund; payments: WorkPayment[] }> {
  const no = (code: string, at: string, zh: string, en: string) =>
    refuse(code, { zh, en }, { at, rule: 'F16' });
  if (fund.devolvedFrom === null || on < fund.devolvedFrom) {
    return no('not-devolved', 'on', '支付权尚未下放', 'the right to pay has not been devolved yet');
  }
  if (amountFen <= 0n || amountFen > fund.allocationFen - fund.paidFen) {
    return no('allocation-exceeded', 'amountFen', '超出剩余额度', 'more than is left of the allocation');
  }
  const institutions = [
    ...new Set(work.filter(({ points }) => points > 0n).map(({ institution }) => institution)),
  ].sort();
  if (institutions.length === 0)
    return no('no-assessed-work', 'work', '没有考核工作量', 'there is no assessed work');
  const ofInstitution = (institution: string) => work.filter((entry) => entry.institution === institution);
  const parts = allocate(
    amountFen,
    institutions.map((institution) =>
      ofInstitution(institution).reduce((sum, { points }) => sum + points, 0n),
    ),
  );
  const payments = institutions.map((institution, index) => ({
    institution,
    amountFen: parts[index]!,
    records: ofInstitution(institution).map(({ record }) => record),
  }));
  return ok({ fund: { ...fund, paidFen: fund.paidFen + amountFen }, payments });
}
