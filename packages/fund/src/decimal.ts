// Scaled integers for what is not money: weights, coefficients, shares and points are whole ten-thousandths in bigint.
import { type Fen, ok, type Result, refuse, roundHalfUp } from '@yimai/kit';

/** A number times 10,000: 1.5 is 15000n. */
export type E4 = bigint;

export const ONE: E4 = 10_000n;

/** `"1.05"` -> `10500n`; more than four decimals is refused, never rounded. */
export function parseE4(text: string): Result<E4> {
  const match = /^(-)?(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text);
  if (!match) {
    return refuse('not-a-decimal', {
      zh: `“${text}”不是至多四位小数的数`,
      en: `"${text}" is not a number of at most four decimals`,
    });
  }
  const value = BigInt(match[2]!) * ONE + BigInt((match[3] ?? '').padEnd(4, '0'));
  return ok(match[1] ? -value : value);
}

/** `15000n` -> `1.5`; `3333n` -> `0.3333`. */
export function formatE4(value: E4): string {
  const abs = value < 0n ? -value : value;
  const rest = (abs % ONE).toString().padStart(4, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${abs / ONE}${rest ? `.${rest}` : ''}`;
}

/** `amount × factor`, rounded half up once to whole fen. */
export function timesE4(amount: Fen, factor: E4): Fen {
  return roundHalfUp(amount * factor, ONE);
}

/** `part / whole` in ten-thousandths, rounded half up; 0 when the whole is 0. */
export function ratioE4(part: bigint, whole: bigint): E4 {
  return whole === 0n ? 0n : roundHalfUp(part * ONE, whole);
}

/** `Math.min` and `Math.max` know no bigint. */
export function smaller(left: bigint, right: bigint): bigint {
  if (left < right) return left;
  return right;
}

export function larger(left: bigint, right: bigint): bigint {
  if (left > right) return left;
  return right;
}
