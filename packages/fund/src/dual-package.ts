// The dual package (按人头+DRG“双打包”): outpatient care and health management per head, stays by DRG, one account for both.
import type { Fen } from '@yimai/kit';
import { incentivePool } from './global-budget.ts';
import type { Consortium } from './rule-set.ts';

export interface DualPackageYear {
  /** Heads × rate, by member months. */
  readonly capitationFen: Fen;
  /** What the DRG rules pay for the stays of covered residents. */
  readonly drgFen: Fen;
  readonly outpatientCostFen: Fen;
  readonly inpatientCostFen: Fen;
}

export interface DualPackageResult {
  readonly packageFen: Fen;
  readonly chargedFen: Fen;
  /** Negative for a deficit. */
  readonly balanceFen: Fen;
  /** For primary-care staff; nothing when there is no surplus. */
  readonly incentivePoolFen: Fen;
}

export function settleDualPackage(year: DualPackageYear, consortium: Consortium): DualPackageResult {
  const packageFen = year.capitationFen + year.drgFen;
  const chargedFen = year.outpatientCostFen + year.inpatientCostFen;
  const balanceFen = packageFen - chargedFen;
  return { packageFen, chargedFen, balanceFen, incentivePoolFen: incentivePool(balanceFen, consortium) };
}
