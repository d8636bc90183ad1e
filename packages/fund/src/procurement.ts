// Volume-based procurement of drugs and consumables (集中采购): price cuts, completion of agreed volumes, savings.
import { type Fen, roundHalfUp } from '@yimai/kit';
import { type E4, larger, ONE, ratioE4 } from './decimal.ts';

export interface SelectedItem {
  readonly item: string;
  readonly oldFen: Fen;
  readonly newFen: Fen;
  readonly volume: bigint;
}

export interface PriceCut {
  /** Mean of the items' cuts, each counted once. */
  readonly simpleMean: E4;
  /** The fall of the bill for the agreed volumes. */
  readonly volumeWeighted: E4;
  readonly highest: E4;
}

export function priceCut(items: readonly SelectedItem[]): PriceCut {
  const cuts = items.map(({ oldFen, newFen }) => ratioE4(oldFen - newFen, oldFen));
  const before = items.reduce((sum, { oldFen, volume }) => sum + oldFen * volume, 0n);
  const after = items.reduce((sum, { newFen, volume }) => sum + newFen * volume, 0n);
  return {
    simpleMean: roundHalfUp(
      cuts.reduce((sum, cut) => sum + cut, 0n),
      BigInt(cuts.length),
    ),
    volumeWeighted: ratioE4(before - after, before),
    highest: cuts.reduce(larger, 0n),
  };
}

export interface Use {
  readonly institution: string;
  readonly agreed: bigint;
  readonly used: bigint;
}

/** Completion per institution; below the share of the year that has passed it warns. */
export function completion(
  uses: readonly Use[],
  monthsPassed: bigint,
): { institution: string; rate: E4; warns: boolean }[] {
  const expected = roundHalfUp(monthsPassed * ONE, 12n);
  return uses.map(({ institution, agreed, used }) => {
    const rate = ratioE4(used, agreed);
    return { institution, rate, warns: rate < expected };
  });
}

export function savingsFen({ oldFen, newFen }: SelectedItem, used: bigint): Fen {
  return (oldFen - newFen) * used;
}
