// Numbers as people read them: thousands, the unit beside, changes with their sign and in their right kind.
import type { FigureChange, FigureTarget, FigureTile, FigureUnit, FigureValue } from './contract.ts';
import type { Words } from './words-needed.ts';

export const number = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Counts stand without decimals though a definition may allow some. */
export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

export function valueText(value: FigureValue, digits: number, words: Words): string {
  if (value.masked) return words.masked;
  return value.value === null ? words.missing : number(value.value, digits);
}

export const unitText = (unit: FigureUnit, words: Words): string => words.units[unit];

export function changeText(change: FigureChange, words: Words): string {
  if (change.value === 0) return words.changes.same;
  const sign = change.value > 0 ? '+' : '−';
  const unit = words.changes[change.kind];
  return `${sign}${count(Math.abs(change.value))}${unit === '%' ? '' : ' '}${unit}`.trim();
}

export const targetText = (target: FigureTarget, tile: Pick<FigureTile, 'unit'>, words: Words): string =>
  `${words.edges[target.edge]} ${count(target.value)}${words.units[tile.unit] === '%' ? '%' : ''}`;

const CHINA_MS = 8 * 3_600_000;
/** `10:42:05` in China time. */
export const clockText = (at: string): string =>
  new Date(Date.parse(at) + CHINA_MS).toISOString().slice(11, 19);
export const dayText = (at: string): string => new Date(Date.parse(at) + CHINA_MS).toISOString().slice(0, 10);
