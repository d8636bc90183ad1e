// Turns a written rule set (parsed YAML) and its weight table into a checked `RuleSet`; refuses with place and reason.
import { ok, RefusalError, type Result } from '@yimai/kit';
import { type E4, ONE, parseE4 } from './decimal.ts';
import { FieldReader, wrong } from './field-reader.ts';
import { readConsortium } from './read-consortium.ts';
import {
  BED_DAY_CATEGORIES,
  type BedDayPhase,
  type ByItem,
  type HighBand,
  LEVELS,
  METHODS,
  type Outliers,
  PAYERS,
  type Points,
  READMISSION_SCOPES,
  type RuleSet,
  type Settlement,
  type ShareBand,
  type StayLimits,
  type WarningLimits,
} from './rule-set.ts';

export const RULE_FORMAT = 'yimai-fund/1';

/** `weightTable` is the content of the weight file: DRG code TAB weight, one a line, `#` begins a remark. */
export function readRuleSet(written: unknown, weightTable: string): Result<RuleSet> {
  try {
    const rules = readFields(new FieldReader(written, ''), weightTable);
    checkWhole(rules);
    return ok(rules);
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function readFields(file: FieldReader, weightTable: string): RuleSet {
  file.oneOf('format', [RULE_FORMAT]);
  const rules: RuleSet = {
    region: file.text('region'),
    year: file.integer('year'),
    title: file.table('title', (title) => ({ zh: title.text('zh'), en: title.text('en') })),
    effectiveFrom: file.date('effectiveFrom'),
    effectiveTo: file.date('effectiveTo'),
    scheme: file.text('scheme'),
    method: file.oneOf('method', METHODS),
    weights: file.table('weights', (row) => {
      row.text('file');
      return { ...row.row(), byDrg: readWeights(weightTable) };
    }),
    baseRates: file.list('baseRates', (row) => ({
      ...row.row(),
      payer: row.oneOf('payer', PAYERS),
      level: row.oneOf('level', LEVELS),
      rateFen: row.yuan('rate'),
    })),
    levelCoefficients: file.list('levelCoefficients', (row) => ({
      ...row.row(),
      level: row.oneOf('level', LEVELS),
      value: row.decimal('value'),
    })),
    orgCoefficients: file.list('orgCoefficients', (row) => ({
      ...row.row(),
      org: row.text('org'),
      value: row.decimal('value'),
    })),
    sameEverywhere: file.table('sameEverywhere', (row) => ({ ...row.row(), drgs: row.texts('drgs') })),
    outliers: file.table('outliers', readOutliers),
    ambiguous: file.table('ambiguous', readByItem),
    ungrouped: file.table('ungrouped', readByItem),
    unstable: file.table('unstable', readByItem),
    stays: file.table('stays', readStays),
    readmission: file.table('readmission', (row) => ({
      ...row.row(),
      scope: row.oneOf('scope', READMISSION_SCOPES),
      withinDays: row.threshold('withinDays'),
      earlierShare: row.share('earlierShare'),
    })),
    bedDays: file.list('bedDays', readPhase),
    points: file.has('points') ? file.table('points', readPoints) : null,
    reserve: file.table('reserve', (row) => ({ ...row.row(), share: row.share('share') })),
    prepayment: file.table('prepayment', (row) => ({ ...row.row(), months: row.decimal('months') })),
    settlement: file.table('settlement', readSettlement),
    sharing: file.list('sharing', readBand),
    consortium: file.has('consortium') ? file.table('consortium', readConsortium) : null,
    warnings: file.has('warnings') ? file.table('warnings', readWarnings) : null,
  };
  file.end();
  return rules;
}

function readWeights(table: string): ReadonlyMap<string, E4> {
  const byDrg = new Map<string, E4>();
  for (const [index, line] of table.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [drg, text] = line.split('\t');
    const weight = parseE4(text ?? '');
    const at = `weights:${index + 1}`;
    if (!drg || !weight.ok || weight.value <= 0n)
      return wrong(at, '应为“组码 TAB 权重”', 'expected "DRG TAB weight"');
    if (byDrg.has(drg)) return wrong(at, `组码 ${drg} 重复`, `DRG ${drg} is there twice`);
    byDrg.set(drg, weight.value);
  }
  return byDrg;
}

function readOutliers(table: FieldReader): Outliers {
  return {
    low: table.table('low', (row) => ({ ...row.row(), below: row.threshold('below') })),
    high: table.list('high', readHighBand),
    highCap: table.has('highCap')
      ? table.table('highCap', (row) => ({ ...row.row(), atMost: row.share('atMost') }))
      : null,
  };
}

function readHighBand(row: FieldReader): HighBand {
  const above = row.threshold('above');
  const bounded = row.has('weightUpTo');
  return {
    ...row.row(),
    above,
    weightUpTo: bounded
      ? {
          value: row.decimal('weightUpTo'),
          includesEdge: row.oneOf('weightEdge', ['included', 'excluded']) === 'included',
        }
      : null,
    excessShare: row.share('excessShare'),
  };
}

function readByItem(row: FieldReader): ByItem {
  return { ...row.row(), share: row.share('share') };
}

function readStays(table: FieldReader): StayLimits {
  return {
    short: table.table('short', (row) => ({ ...row.row(), upTo: row.threshold('upToDays') })),
    long: table.table('long', (row) => ({ ...row.row(), from: row.threshold('fromDays') })),
    pay: table.table('pay', readByItem),
  };
}

function readPhase(row: FieldReader): BedDayPhase {
  return {
    ...row.row(),
    category: row.oneOf('category', BED_DAY_CATEGORIES),
    fromDay: row.integer('fromDay'),
    toDay: row.has('toDay') ? row.integer('toDay') : null,
    dayFen: row.yuan('day'),
  };
}

function readPoints(table: FieldReader): Points {
  return {
    averageCost: table.table('averageCost', (row) => ({ ...row.row(), costFen: row.yuan('cost') })),
    perWeight: table.table('perWeight', (row) => ({ ...row.row(), points: row.decimal('points') })),
  };
}

function readSettlement(table: FieldReader): Settlement {
  return {
    monthly: table.table('monthly', (row) => ({ ...row.row(), share: row.share('share') })),
    deposit: table.table('deposit', (row) => ({ ...row.row(), share: row.share('share') })),
    assessment: table.table('assessment', (row) => ({ ...row.row(), fullFrom: row.threshold('fullFrom') })),
    specialReviewCap: table.table('specialReviewCap', (row) => ({
      ...row.row(),
      atMost: row.share('atMost'),
    })),
    specialReview: table.table('specialReview', (row) => ({
      ...row.row(),
      withinDays: row.threshold('withinDays'),
      share: row.share('share'),
    })),
    publicNotice: table.table('publicNotice', (row) => ({ ...row.row(), days: row.integer('days') })),
  };
}

function readWarnings(table: FieldReader): WarningLimits {
  return {
    running: table.table('running', (row) => ({
      ...row.row(),
      costNear: row.decimal('costNear'),
      costReached: row.decimal('costReached'),
      drugShareAbove: row.share('drugShareAbove'),
      leastCases: row.integer('leastCases'),
      predictFrom: row.has('predictFrom') ? row.share('predictFrom') : null,
    })),
    hospital: table.table('hospital', (row) => ({
      ...row.row(),
      leastCases: row.integer('leastCases'),
      highShareAbove: row.share('highShareAbove'),
      lowShareAbove: row.share('lowShareAbove'),
      ungroupedShareAbove: row.share('ungroupedShareAbove'),
      shortShareAbove: row.share('shortShareAbove'),
    })),
    after: table.table('after', (row) => ({
      ...row.row(),
      splitDays: row.integer('splitDays'),
      readmissionDays: row.integer('readmissionDays'),
      longReadmissionDays: row.integer('longReadmissionDays'),
      paceAbove: row.share('paceAbove'),
    })),
    coding: table.has('coding')
      ? table.table('coding', (row) => ({
          ...row.row(),
          leastCases: row.integer('leastCases'),
          costBelow: row.decimal('costBelow'),
        }))
      : null,
    around: table.has('around')
      ? table.table('around', (row) => ({
          ...row.row(),
          days: row.integer('days'),
          fromFen: row.yuan('from'),
        }))
      : null,
  };
}

function readBand(row: FieldReader): ShareBand {
  return {
    ...row.row(),
    from: row.decimal('from'),
    to: row.has('to') ? row.decimal('to') : null,
    share: row.share('share'),
  };
}

/** What no single field can say: phases and bands without gaps, unique row ids, a base rate or points where needed. */
function checkWhole(rules: RuleSet): void {
  if (rules.effectiveTo < rules.effectiveFrom) wrong('effectiveTo', '早于生效日', 'before effectiveFrom');
  const { low, high } = rules.outliers;
  if (low.below.value >= ONE) wrong('outliers.low.below', '应小于 1', 'expected less than 1');
  if (high.length === 0) wrong('outliers.high', '至少一档', 'expected at least one band');
  high.forEach((band, index) => {
    if (band.above.value < ONE) wrong(`outliers.high[${index}].above`, '应不小于 1', 'expected 1 or more');
    const isLast = index === high.length - 1;
    if (isLast !== (band.weightUpTo === null)) {
      wrong(`outliers.high[${index}].weightUpTo`, '只有末档不设上限', 'only the last band is open');
    }
  });
  if (rules.settlement.publicNotice.days < 1)
    wrong('settlement.publicNotice.days', '至少一天', 'expected one day or more');
  checkPhases(rules.bedDays);
  checkBands(rules.sharing);
  if (rules.method === 'drg-points' && rules.points === null)
    wrong('points', '点数法需要', 'needed by the point method');
  if (rules.method !== 'drg-points' && rules.baseRates.length === 0)
    wrong('baseRates', '费率法需要', 'needed by rate');
  if (rules.method === 'global-budget' && rules.consortium === null)
    wrong('consortium', '总额打包需要', 'needed');
  checkUniqueIds(rules);
}

function checkPhases(phases: readonly BedDayPhase[]): void {
  for (const category of BED_DAY_CATEGORIES) {
    let next = 1;
    phases.forEach((phase, index) => {
      if (phase.category !== category) return;
      if (phase.fromDay !== next) wrong(`bedDays[${index}].fromDay`, `应为 ${next}`, `expected ${next}`);
      if (phase.toDay !== null && phase.toDay < phase.fromDay) {
        wrong(`bedDays[${index}].toDay`, '早于起始日', 'before fromDay');
      }
      next = phase.toDay === null ? Number.NaN : phase.toDay + 1;
    });
    const isOpen = Number.isNaN(next) || next === 1;
    if (!isOpen)
      wrong('bedDays', `${category} 的末段应不设止日`, `the last phase of ${category} must be open`);
  }
}

function checkBands(bands: readonly ShareBand[]): void {
  bands.forEach((band, index) => {
    const before = bands[index - 1];
    const from = before === undefined ? 0n : before.to;
    if (band.from !== from) wrong(`sharing[${index}].from`, '各档应首尾相接', 'bands must lie side by side');
    if (band.to !== null && band.to <= band.from)
      wrong(`sharing[${index}].to`, '应大于 from', 'expected more than from');
    if (band.from < ONE && (band.to === null || band.to > ONE)) {
      wrong(`sharing[${index}].to`, '不得跨越 1', 'a band cannot cross 1');
    }
  });
  if (bands.at(-1)?.to !== null) wrong('sharing', '末档应不设上限', 'the last band must be open');
}

function checkUniqueIds(value: unknown, seen = new Set<string>(), at = ''): void {
  if (typeof value !== 'object' || value === null || value instanceof Map) return;
  const { id } = value as { id?: unknown };
  if (typeof id === 'string') {
    if (seen.has(id)) wrong(at, `行号 ${id} 重复`, `row id ${id} is there twice`);
    seen.add(id);
  }
  for (const [key, inner] of Object.entries(value))
    checkUniqueIds(inner, seen, at === '' ? key : `${at}.${key}`);
}
