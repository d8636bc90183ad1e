// One pass over JSON text that the native parser has accepted: depth, number of keys, and numbers that would lose digits.

export interface Scan {
  readonly depth: number;
  readonly keys: number;
  /** Some number is written in a way that a JavaScript number does not keep (1.00, 1e2, 20 digits). */
  readonly losesDigits: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const NINE = 57;
const ZERO = 48;
const COLON = 58;
const BACKSLASH = 92;
const SAFE_DIGITS = 15;

export function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at > 0) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const inNumber = (code: number): boolean =>
  (code >= ZERO && code <= NINE) ||
  code === 46 ||
  code === MINUS ||
  code === 43 ||
  code === 69 ||
  code === 101;

export function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (inNumber(text.charCodeAt(at))) at += 1;
  return at;
}

const keepsDigits = (token: string): boolean =>
  token.length <= SAFE_DIGITS && /^(?:0|-?[1-9]\d*)$/.test(token) ? true : String(Number(token)) === token;

export function scanJson(text: string): Scan {
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  let losesDigits = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      let next = at + 1;
      while (isSpace(text.charCodeAt(next))) next += 1;
      if (text.charCodeAt(next) === COLON) {
        keys += 1;
        at = next;
      }
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth -= 1;
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      if (!losesDigits && !keepsDigits(text.slice(at, end))) losesDigits = true;
      at = end - 1;
    } else if (code === COMMA) continue;
  }
  return { depth: deepest, keys, losesDigits };
}

/** Keys in the parsed value; fewer than in the text means that some key stood twice. */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === 'object' && one !== null) count += countKeys(one);
    return count;
  }
  for (const key of Object.keys(value)) {
    const child = (value as Record<string, unknown>)[key];
    count += 1;
    if (typeof child === 'object' && child !== null) count += countKeys(child);
  }
  return count;
}
