// Fiscal money to hospitals: six categories of input, subsidies tied to appraisal, zero-markup drug compensation.
import { type Fen, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';
import { type E4, ONE, ratioE4, timesE4 } from './decimal.ts';

export interface FiscalInput {
  readonly hospital: string;
  readonly year: number;
  /** One of the region's six categories, e.g. 基本建设; null for input outside them. */
  readonly category: string | null;
  readonly amountFen: Fen;
}

export interface InputSummary {
  readonly meanFen: Fen;
  readonly sixCategoryMeanFen: Fen;
  /** The share of total income; null where the income is not known. */
  readonly shareOfIncome: E4 | null;
  /** The six categories can never be more than all input. */
  readonly isConsistent: boolean;
}

export function summarizeInputs(
  inputs: readonly FiscalInput[],
  categories: readonly string[],
  years: readonly number[],
  incomeFen: Fen | null,
): Result<InputSummary> {
  const strange = inputs.findIndex(
    ({ category }) => category === '' || (category !== null && !categories.includes(category)),
  );
  if (strange >= 0) {
    const detail = {
      zh: '投入没有类别或类别不在六类之内',
      en: 'an input without a category or with an unknown one',
    };
    return refuse('category-missing', detail, { at: `inputs[${strange}].category`, rule: 'F13' });
  }
  const inYears = inputs.filter(({ year }) => years.includes(year));
  const mean = (amounts: readonly FiscalInput[]): Fen =>
    roundHalfUp(
      amounts.reduce((sum, { amountFen }) => sum + amountFen, 0n),
      BigInt(years.length),
    );
  const meanFen = mean(inYears);
  const sixCategoryMeanFen = mean(inYears.filter(({ category }) => category !== null));
  const shareOfIncome = incomeFen === null ? null : ratioE4(meanFen, incomeFen);
  return ok({ meanFen, sixCategoryMeanFen, shareOfIncome, isConsistent: sixCategoryMeanFen <= meanFen });
}

/** The income that a mean and its share of income imply: 11.54 at 29.73 % is 38.82. */
export function impliedIncome(meanFen: Fen, share: E4): Fen {
  return roundHalfUp(meanFen * ONE, share);
}

/** A band of scores and what it pays; `from` counts as inside the band. Bands lie side by side, lowest first. */
export interface ScoreBand {
  readonly from: E4;
  readonly coefficient: E4;
}

/** Without a published appraisal there is no final payment. */
export function linkedSubsidy(
  baseFen: Fen,
  appraisal: { score: E4; isPublished: boolean } | null,
  bands: readonly ScoreBand[],
): Result<Fen> {
  if (appraisal === null || !appraisal.isPublished) {
    const detail = {
      zh: '考核结果未公布，不得最终支付',
      en: 'no final payment before the appraisal is published',
    };
    return refuse('appraisal-not-published', detail, { at: 'appraisal', rule: 'F13' });
  }
  const band = bands.findLast(({ from }) => appraisal.score >= from);
  return ok(band === undefined ? 0n : timesE4(baseFen, band.coefficient));
}

export interface DrugSale {
  readonly id: string;
  readonly quantity: bigint;
  readonly purchaseFen: Fen;
  readonly saleFen: Fen;
}

/** The lost markup is compensated; a sale above the purchase price is a breach of zero markup and earns nothing. */
export function zeroMarkupSubsidy(
  sales: readonly DrugSale[],
  formerMarkup: E4,
): { dueFen: Fen; breaches: readonly string[] } {
  const breaches = sales.filter(({ saleFen, purchaseFen }) => saleFen > purchaseFen).map(({ id }) => id);
  const dueFen = sales.reduce(
    (sum, sale) =>
      breaches.includes(sale.id) ? sum : sum + timesE4(sale.purchaseFen * sale.quantity, formerMarkup),
    0n,
  );
  return { dueFen, breaches };
}

/** Every one of the last `years` totals is over the line (超过: the line itself does not count). */
export function isAboveForYears(
  totals: ReadonlyMap<number, Fen>,
  lastYear: number,
  years: number,
  lineFen: Fen,
): boolean {
  return Array.from({ length: years }, (_, back) => totals.get(lastYear - back)).every(
    (total) => total !== undefined && total > lineFen,
  );
}
