// Units of measure by UCUM: what a code measures, and the same amount in other units, exactly.

/** A number as it is, without binary or decimal rounding. */
interface Ratio {
  readonly n: bigint;
  /** Positive. */
  readonly d: bigint;
}

/** `amount * factor + offset` in base units of a dimension such as `g1.m-3`. */
interface Scale {
  readonly factor: Ratio;
  readonly offset: Ratio;
  readonly dimension: string;
}

type Powers = Readonly<Record<string, number>>;
interface Measure {
  readonly factor: Ratio;
  readonly powers: Powers;
}

const ONE: Ratio = { n: 1n, d: 1n };
const ZERO: Ratio = { n: 0n, d: 1n };
const times = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.n, d: a.d * b.d });
const inverse = ({ n, d }: Ratio): Ratio => (n < 0n ? { n: -d, d: -n } : { n: d, d: n });
const plus = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const minus = (a: Ratio, b: Ratio): Ratio => plus(a, { n: -b.n, d: b.d });
const tens = (power: number): Ratio =>
  power < 0 ? { n: 1n, d: 10n ** BigInt(-power) } : { n: 10n ** BigInt(power), d: 1n };

const DECIMAL = /^([+-]?)(\d{1,80})(?:\.(\d{1,80}))?(?:[eE]([+-]?\d{1,3}))?$/;

function ratio(decimal: string): Ratio | null {
  const match = DECIMAL.exec(decimal);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  return times({ n: sign === '-' ? -digits : digits, d: 1n }, tens(Number(exponent) - fraction.length));
}

const known = (decimal: string): Ratio => ratio(decimal)!;

/** Digits after the point of what does not end; no measurement has as many, so none lies on such an edge. */
const DIGITS = 60;

function text({ n, d }: Ratio): string {
  const scaled = (n * 10n ** BigInt(DIGITS)) / d;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(DIGITS + 1, '0');
  const cut = digits.length - DIGITS;
  const fraction = digits.slice(cut).replace(/0+$/, '');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Base units. UCUM counts `mol` as a number and `[iU]`, `eq`, `osm` as arbitrary or as `mol`; none is any of the others. */
const BASE = ['m', 'g', 's', 'K', 'mol', 'A', 'cd', '[iU]', 'eq', 'osm', 'deg', 'Sv'];

/** Units that are others: an amount and the UCUM code that it is of. */
const DERIVED: Readonly<Record<string, readonly [amount: string, of: string]>> = {
  '10*': ['10', ''],
  '10^': ['10', ''],
  '%': ['0.01', ''],
  '[ppth]': ['0.001', ''],
  '[ppm]': ['0.000001', ''],
  L: ['0.001', 'm3'],
  l: ['0.001', 'm3'],
  t: ['1000', 'kg'],
  min: ['60', 's'],
  h: ['3600', 's'],
  d: ['86400', 's'],
  wk: ['7', 'd'],
  mo: ['30.4375', 'd'],
  a: ['365.25', 'd'],
  Hz: ['1', '/s'],
  Bq: ['1', '/s'],
  N: ['1', 'kg.m/s2'],
  Pa: ['1', 'N/m2'],
  bar: ['100000', 'Pa'],
  atm: ['101325', 'Pa'],
  'm[Hg]': ['133.3220', 'kPa'],
  'm[H2O]': ['9.80665', 'kPa'],
  J: ['1', 'N.m'],
  W: ['1', 'J/s'],
  cal: ['4.184', 'J'],
  C: ['1', 'A.s'],
  V: ['1', 'J/C'],
  Ohm: ['1', 'V/A'],
  Gy: ['1', 'J/kg'],
  kat: ['1', 'mol/s'],
  U: ['1', 'umol/min'],
  '[IU]': ['1', '[iU]'],
  '[in_i]': ['2.54', 'cm'],
  '[ft_i]': ['30.48', 'cm'],
  '[mi_i]': ['1609.344', 'm'],
  '[mi_us]': ['1609.347219', 'm'],
  '[lb_av]': ['453.59237', 'g'],
  '[oz_av]': ['28.349523125', 'g'],
};

const METRIC = new Set(
  'm g s K mol A cd [iU] [IU] eq osm Sv L l t Hz Bq N Pa bar m[Hg] m[H2O] J W cal C V Ohm Gy kat U'.split(
    ' ',
  ),
);
const PREFIXES: Readonly<Record<string, number>> = {
  ...{ E: 18, P: 15, T: 12, G: 9, M: 6, k: 3, h: 2, da: 1 },
  ...{ d: -1, c: -2, m: -3, u: -6, n: -9, p: -12, f: -15, a: -18 },
};

/** Scales that begin elsewhere than at nothing: degrees. They stand alone. */
const FROM_ELSEWHERE: Readonly<Record<string, Omit<Scale, 'dimension'>>> = {
  Cel: { factor: ONE, offset: known('273.15') },
  '[degF]': { factor: { n: 5n, d: 9n }, offset: { n: 45967n * 5n, d: 900n } },
};

const atoms = new Map<string, Measure>(BASE.map((unit) => [unit, { factor: ONE, powers: { [unit]: 1 } }]));

function atom(symbol: string): Measure | null {
  const found = atoms.get(symbol);
  if (found) return found;
  const definition = DERIVED[symbol];
  if (!definition) return null;
  const [amount, of] = definition;
  const inner = of === '' ? { factor: ONE, powers: {} } : measure(of);
  const made = inner && { ...inner, factor: times(known(amount), inner.factor) };
  if (made) atoms.set(symbol, made);
  return made;
}

function unit(symbol: string): Measure | null {
  const whole = atom(symbol);
  if (whole) return whole;
  for (const length of [1, 2]) {
    const power = PREFIXES[symbol.slice(0, length)];
    const rest = symbol.slice(length);
    const inner = power !== undefined && METRIC.has(rest) ? atom(rest) : null;
    if (inner) return { ...inner, factor: times(tens(power!), inner.factor) };
  }
  return null;
}

function multiplied(a: Measure, b: Measure, power: number): Measure {
  let factor = a.factor;
  const step = power < 0 ? inverse(b.factor) : b.factor;
  for (let at = Math.abs(power); at > 0; at -= 1) factor = times(factor, step);
  const powers: Record<string, number> = { ...a.powers };
  for (const [base, exponent] of Object.entries(b.powers))
    powers[base] = (powers[base] ?? 0) + exponent * power;
  return { factor, powers };
}

const PIECE =
  /^(?:(?<factor>\d{1,9})(?![*^\d])|(?<symbol>10[*^]|[A-Za-z%']*(?:\[[A-Za-z0-9_']+\])?[A-Za-z]*)(?<power>[+-]?\d{1,2})?)(?<note>\{[^{}]*\})?/;
const CODE_MAX = 64;
const EXPONENT_MAX = 9;

/** Terms from left to right: `a/b.c` is `(a/b).c`. Null: not a code of this table. */
function measure(code: string): Measure | null {
  let rest = code.replaceAll('(24.h)', 'd');
  let result: Measure = { factor: ONE, powers: {} };
  let sign = 1;
  if (code === '' || code.length > CODE_MAX) return null;
  if (rest.startsWith('/')) {
    sign = -1;
    rest = rest.slice(1);
  }
  for (;;) {
    const { 0: piece = '', groups = {} } = PIECE.exec(rest) ?? {};
    const { factor, symbol = '', power } = groups;
    if (piece === '') return null;
    const one =
      factor !== undefined
        ? { factor: { n: BigInt(factor), d: 1n }, powers: {} }
        : symbol === ''
          ? { factor: ONE, powers: {} }
          : unit(symbol);
    if (!one || one.factor.n === 0n || (symbol === '' && power !== undefined)) return null;
    result = multiplied(result, one, sign * Number(power ?? 1));
    rest = rest.slice(piece.length);
    if (rest === '') return result;
    if (!/^[./]./.test(rest)) return null;
    sign = rest.startsWith('/') ? -1 : 1;
    rest = rest.slice(1);
  }
}

const scales = new Map<string, Scale | null>();
const SCALES_MAX = 5000;

function scaleOf(code: string): Scale | null {
  const found = scales.get(code);
  if (found !== undefined) return found;
  const made = makeScale(code);
  if (scales.size >= SCALES_MAX) scales.clear();
  scales.set(code, made);
  return made;
}

function makeScale(code: string): Scale | null {
  const elsewhere = FROM_ELSEWHERE[code];
  if (elsewhere) return { ...elsewhere, dimension: 'K1' };
  const found = measure(code);
  if (!found) return null;
  const powers = Object.entries(found.powers).filter(([, power]) => power !== 0);
  if (powers.some(([, power]) => Math.abs(power) > EXPONENT_MAX)) return null;
  const dimension = powers
    .map(([base, power]) => `${base}${power}`)
    .toSorted()
    .join('.');
  return { factor: found.factor, offset: ZERO, dimension };
}

/** Units that measure the same: codes in which the amount is the same number, and how to come to it. */
export interface SameMeasure {
  readonly codes: readonly string[];
  /** A decimal text in the unit asked, as a decimal text in these. */
  convert(amount: string): string;
}

/**
 * The units in common use that measure what this UCUM code measures, itself among them; empty for a code that is not
 * known here or measures by no ratio.
 */
export function unitsBeside(code: string): readonly SameMeasure[] {
  const from = scaleOf(code);
  if (!from) return [];
  const groups = new Map<string, { scale: Scale; codes: string[] }>();
  for (const other of new Set([code, ...(families().get(from.dimension) ?? [])])) {
    const scale = scaleOf(other)!;
    const key = `${text(scale.factor)} ${text(scale.offset)}`;
    const group = groups.get(key) ?? { scale, codes: [] };
    group.codes.push(other);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ scale, codes }) => ({
    codes,
    convert: (amount) => {
      const base = plus(times(known(amount), from.factor), from.offset);
      return text(times(minus(base, scale.offset), inverse(scale.factor)));
    },
  }));
}

let gathered: ReadonlyMap<string, readonly string[]> | undefined;

/** The codes in common use by what they measure. */
function families(): ReadonlyMap<string, readonly string[]> {
  if (gathered) return gathered;
  const found = new Map<string, string[]>();
  for (const code of codesInUse()) {
    const { dimension } = scaleOf(code)!;
    const family = found.get(dimension) ?? [];
    family.push(code);
    found.set(dimension, family);
  }
  gathered = found;
  return found;
}

const list = (codes: string): string[] => codes.split(' ');
const over = (above: readonly string[], below: readonly string[]): string[] =>
  above.flatMap((one) => below.map((other) => `${one}/${other}`));

const MASSES = list('kg g mg ug ng pg');
const AMOUNTS = list('mol mmol umol nmol pmol fmol');
const ACTIVITIES = list(
  'U mU kU kat ukat nkat [iU] [IU] k[iU] k[IU] m[iU] m[IU] u[iU] u[IU] eq meq osm mosm',
);
const COUNTS = ['', ...list('10*3 10*6 10*9 10*12 10^3 10^6 10^9 10^12')];
const VOLUMES = list('L dL mL uL nL pL fL l dl ml ul m3 cm3 mm3');
const SOLVENTS = list('L dL mL uL l dl ml ul mm3');
const TIMES = list('s min h d (24.h) wk');

function codesInUse(): Set<string> {
  const matter = [...MASSES, ...AMOUNTS, ...ACTIVITIES];
  return new Set([
    ...matter,
    ...list('t [lb_av] [oz_av]'),
    ...over([...matter, ...COUNTS], SOLVENTS),
    ...over(COUNTS, ['nL', 'pL', 'fL']),
    ...over(matter, ['kg', 'g', 'mg', 'mol', 'mmol', 'm2']),
    ...over(matter, TIMES),
    ...over(over(MASSES, ['kg']), TIMES),
    ...VOLUMES,
    ...over(VOLUMES, TIMES),
    ...over(['mL', 'L'], ['kg', 'm2', 'kg/h', 'min/m2']),
    ...list('km m dm cm mm um nm [in_i] [ft_i] [mi_i] [mi_us] m2 cm2 mm2 g/cm2 kg/m3 mg/m3 ug/m3'),
    ...list('ms us s min h d wk mo a /s /min /h /d Hz kHz m/s cm/s mm/s km/h mm/h'),
    ...list('Pa hPa kPa MPa mm[Hg] cm[H2O] m[H2O] bar mbar atm Cel K [degF]'),
    ...list('J kJ cal kcal kJ/d kcal/d W mW V mV uV A mA Ohm kOhm Gy cGy mGy Sv mSv uSv Bq kBq MBq'),
    ...list('1 % [ppth] [ppm] deg'),
  ]);
}
