// A figure as all rooms give it, however they write it down, and how it is shown.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without anything of ours around it, in the same run. */
  readonly floor?: number;
  readonly ratio?: number;
  readonly target?: string;
}

export function readFigures(bench: string, given: unknown): Figure[] {
  if (Array.isArray(given)) return given.map((figure) => readFigure(bench, figure));
  if (typeof given === 'object' && given !== null && 'name' in given) return [readFigure(bench, given)];
  if (typeof given === 'object' && given !== null) return readFields(bench, given);
  throw new Error(`fault: ${bench} gave no figures`);
}

/** `{stepsPerSecond: 5, target: 3}`: every number is a figure, its unit stands in its name. */
function readFields(bench: string, given: object): Figure[] {
  const numbers = Object.entries(given).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return numbers.map(([field, value]) => ({
    name: `${bench.replace(/^bench/, '')}: ${field}`,
    value,
    unit: '',
  }));
}

function readFigure(bench: string, given: unknown): Figure {
  const { name, value, unit, floor, ratio, target } = given as Record<string, unknown>;
  if (typeof name !== 'string' || typeof value !== 'number' || typeof unit !== 'string')
    throw new Error(`fault: ${bench} gave a figure without name, value or unit`);
  const derived = typeof ratio === 'number' ? ratio : typeof floor === 'number' ? value / floor : undefined;
  return {
    name,
    value,
    unit,
    ...(typeof floor === 'number' ? { floor } : {}),
    ...(derived === undefined ? {} : { ratio: derived }),
    ...(target === undefined ? {} : { target: String(target) }),
  };
}

export const COLUMNS = ['figure', 'value', 'unit', 'floor', 'ratio', 'target'] as const;

export function cells(figure: Figure): string[] {
  const number = (value: number | undefined) => (value === undefined ? '' : shorten(value));
  return [
    figure.name,
    shorten(figure.value),
    figure.unit,
    number(figure.floor),
    number(figure.ratio),
    figure.target ?? '',
  ];
}

/** Three digits say what a single run can say. */
function shorten(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

export function table(figures: readonly Figure[]): string {
  const rows = [[...COLUMNS], ...figures.map(cells)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')}`.trimEnd())
    .join('\n');
}
