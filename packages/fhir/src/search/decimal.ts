// Decimal text without binary rounding: plain notation and the range that its last digit stands for.

const FORM = /^(-)?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const MAX_EXPONENT = 60;

interface Scaled {
  readonly digits: bigint;
  /** Digits after the point; never negative. */
  readonly scale: number;
}

function parse(text: string): Scaled | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const digits = BigInt(whole + fraction) * (sign ? -1n : 1n);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function print({ digits, scale }: Scaled): string {
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${negative ? '-' : ''}${whole}${scale ? `.${text.slice(text.length - scale)}` : ''}`;
}

export interface DecimalRange {
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

/** `5.40` gives 5.40, 5.395 and 5.405; null if the text is no number or absurdly large. */
export function decimalRange(text: string): DecimalRange | null {
  const parsed = parse(text);
  if (!parsed) return null;
  const { digits, scale } = parsed;
  return {
    value: print(parsed),
    low: print({ digits: digits * 10n - 5n, scale: scale + 1 }),
    high: print({ digits: digits * 10n + 5n, scale: scale + 1 }),
  };
}
