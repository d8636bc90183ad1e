// Money is whole fen in bigint. Division happens only here, and the parts always add up to the whole.
import type { Fen } from './brand.ts';
import { assert, ok, type Result, refuse } from './result.ts';

/** `numerator / denominator` rounded half away from zero (四舍五入), as finance offices do. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  assert(denominator !== 0n, 'division by zero in roundHalfUp');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/**
 * Splits `total` by non-negative integer `shares` so that the parts add up exactly (largest remainder; ties go to the
 * earlier share). With a total of 100 and shares 1,1,1 the answer is 34,33,33.
 */
export function allocate(total: Fen, shares: readonly bigint[]): Fen[] {
  assert(shares.length > 0, 'allocate needs at least one share');
  const sum = shares.reduce((a, b) => a + b, 0n);
  assert(
    shares.every((share) => share >= 0n) && sum > 0n,
    'allocate needs non-negative shares of which one is positive',
  );
  const sign = total < 0n ? -1n : 1n;
  const whole = total * sign;
  const parts = shares.map((share) => (whole * share) / sum);
  const rests = shares.map((share, index) => ({ index, rest: (whole * share) % sum }));
  let left = whole - parts.reduce((a, b) => a + b, 0n);
  rests.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of rests) {
    if (left === 0n) break;
    parts[index] = parts[index]! + 1n;
    left -= 1n;
  }
  const signed = parts.map((part) => part * sign);
  assert(signed.reduce((a, b) => a + b, 0n) === total, 'allocate lost a fen');
  return signed;
}

/** Yuan text such as `1,234.5` or `-3` to fen; more than two decimals is refused, never rounded. */
export function parseYuan(text: string): Result<Fen> {
  const match = /^(-)?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) {
    return refuse('not-an-amount', {
      zh: `“${text}”不是金额（元，至多两位小数）`,
      en: `"${text}" is not an amount in yuan`,
    });
  }
  const fen = BigInt(match[2]!.replaceAll(',', '')) * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  return ok(match[1] ? -fen : fen);
}

/** `123456n` -> `1,234.56`; `-5n` -> `-0.05`. */
export function formatYuan(fen: Fen): string {
  const abs = fen < 0n ? -fen : fen;
  const yuan = (abs / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0n ? '-' : ''}${yuan}.${(abs % 100n).toString().padStart(2, '0')}`;
}
