// Surplus kept and overrun shared (结余留用、合理超支分担) by the bands of the rule set, each band for the money inside it.
import { type Fen, roundHalfUp } from '@yimai/kit';
import { larger, ONE, smaller } from './decimal.ts';
import type { ShareBand } from './rule-set.ts';

export interface SharedResult {
  /** Payment minus cost: positive is a surplus. */
  readonly resultFen: Fen;
  /** Of a surplus: what the hospital keeps; the rest returns to the fund. */
  readonly keptFen: Fen;
  readonly returnedFen: Fen;
  /** Of an overrun: what the fund bears; the rest stays with the hospital. */
  readonly fundBearsFen: Fen;
  readonly hospitalBearsFen: Fen;
  readonly rows: readonly string[];
}

/** `dueFen` is what the rules pay, `costFen` what the same care cost. */
export function shareResult(dueFen: Fen, costFen: Fen, bands: readonly ShareBand[]): SharedResult {
  const resultFen = dueFen - costFen;
  const low = resultFen > 0n ? costFen : dueFen;
  const high = resultFen > 0n ? dueFen : costFen;
  let sharedE4 = 0n;
  const rows: string[] = [];
  for (const { from, to, share, id } of bands) {
    const start = larger(dueFen * from, low * ONE);
    const end = to === null ? high * ONE : smaller(dueFen * to, high * ONE);
    if (end <= start) continue;
    sharedE4 += (end - start) * share;
    rows.push(id);
  }
  const shared = roundHalfUp(sharedE4, ONE * ONE);
  const whole = high - low;
  if (resultFen > 0n) {
    return {
      resultFen,
      keptFen: shared,
      returnedFen: whole - shared,
      fundBearsFen: 0n,
      hospitalBearsFen: 0n,
      rows,
    };
  }
  return {
    resultFen,
    keptFen: 0n,
    returnedFen: 0n,
    fundBearsFen: shared,
    hospitalBearsFen: whole - shared,
    rows,
  };
}
