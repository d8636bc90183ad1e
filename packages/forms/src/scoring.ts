// From answers to a score, from the score to a tier, with veto items, items that do not apply, and the recheck period.
import type { Text } from '@yimai/kit';
import type { Answers } from './answers.ts';
import type { ItemDeclaration } from './author.ts';
import { type Compiled, roundHalfAway, type Value } from './expression.ts';
import { type Issue, issue } from './shape.ts';

/** A tier begins at `from` (or ends at `up-to`); `edge` says whether that number itself belongs to it. */
export interface TierDeclaration {
  readonly tier: string;
  readonly title: Text;
  readonly from?: number;
  readonly 'up-to'?: number;
  readonly edge?: 'including' | 'excluding';
  readonly colour?: 'red' | 'yellow' | 'green';
  readonly recheck?: string;
  readonly action?: string;
}

export interface ScoringDeclaration {
  readonly method: 'sum' | 'percent-of-applicable' | 'expression';
  readonly value?: string;
  /** Rounded before tiering only when given; 89.95 with no rounding stays below 90. */
  readonly digits?: number;
  /** What the full marks of all items must add up to. */
  readonly full?: number;
  readonly tiers: readonly TierDeclaration[];
  /** The tier that any veto item forces. */
  readonly 'veto-tier'?: string;
}

export interface Scoring {
  readonly declaration: ScoringDeclaration;
  readonly items: readonly {
    readonly id: string;
    readonly item: ItemDeclaration;
    readonly full: number | null;
    readonly veto: Compiled | null;
  }[];
  readonly value: Compiled | null;
}

export interface ScoreResult {
  readonly score: number | null;
  /** Full marks of the items that apply. */
  readonly full: number | null;
  readonly tier: string | null;
  readonly colour: 'red' | 'yellow' | 'green' | null;
  readonly recheck: string | null;
  readonly action: string | null;
  readonly vetoes: readonly string[];
  readonly missing: readonly string[];
  readonly trail: readonly {
    readonly item: string;
    readonly got: number | null;
    readonly full: number | null;
  }[];
}

export function compileScoring(
  declaration: ScoringDeclaration,
  all: readonly ItemDeclaration[],
  compile: (text: string, at: string, more?: readonly string[]) => Compiled,
  issues: Issue[],
): Scoring {
  const items = all
    .filter((item) => isScored(item) || item.veto !== undefined)
    .map((item) => ({
      id: item.id,
      item,
      full: fullMarks(item),
      veto: item.veto === undefined ? null : compile(item.veto, `items.${item.id}.veto`),
    }));
  const sum = items.reduce((total, one) => total + (one.full ?? 0), 0);
  if (declaration.full !== undefined && roundHalfAway(sum, 6) !== declaration.full) {
    issues.push(
      issue(
        'score.full',
        'full-marks',
        `满分合计 ${sum}，应为 ${declaration.full}`,
        `full marks add up to ${sum}, not ${declaration.full}`,
      ),
    );
  }
  issues.push(...checkTiers(declaration));
  if (items.some((one) => one.veto) && declaration['veto-tier'] === undefined) {
    issues.push(
      issue(
        'score.veto-tier',
        'veto-tier-missing',
        '有否决项但没有否决等级',
        'there are veto items but no veto-tier',
      ),
    );
  }
  if ((declaration.method === 'expression') !== (declaration.value !== undefined)) {
    issues.push(
      issue(
        'score.value',
        'score-value',
        '仅 expression 方法须写 value',
        'value belongs to the method "expression"',
      ),
    );
  }
  const value = declaration.value === undefined ? null : compile(declaration.value, 'score.value');
  return { declaration, items, value };
}

function checkTiers(declaration: ScoringDeclaration): Issue[] {
  const issues: Issue[] = [];
  for (const [index, tier] of declaration.tiers.entries()) {
    const at = `score.tiers[${index}]`;
    const bounded = tier.from !== undefined || tier['up-to'] !== undefined;
    if (bounded && tier.edge === undefined) {
      issues.push(
        issue(`${at}.edge`, 'edge-missing', '须写明分界值是否计入', 'must say whether the edge counts'),
      );
    }
    if (!bounded && index < declaration.tiers.length - 1) {
      issues.push(
        issue(at, 'tier-unbounded', '只有最后一档可以没有分界值', 'only the last tier has no threshold'),
      );
    }
  }
  if (declaration.tiers.length === 0)
    issues.push(issue('score.tiers', 'tiers-missing', '须有等级', 'tiers are missing'));
  const veto = declaration['veto-tier'];
  if (veto !== undefined && !declaration.tiers.some((tier) => tier.tier === veto)) {
    issues.push(issue('score.veto-tier', 'name-unknown', `没有等级“${veto}”`, `there is no tier "${veto}"`));
  }
  return issues;
}

const isScored = (item: ItemDeclaration): boolean =>
  item.points !== undefined || (item.options ?? []).some((option) => option.score !== undefined);

/** Full marks: the points given, or the best option; several choices add up. */
function fullMarks(item: ItemDeclaration): number | null {
  if (!isScored(item)) return null;
  const scores = (item.options ?? []).flatMap((option) =>
    typeof option.score === 'number' ? [option.score] : [],
  );
  if (scores.length === 0) return item.points ?? null;
  return item.type === 'choices'
    ? scores.filter((one) => one > 0).reduce((a, b) => a + b, 0)
    : Math.max(...scores);
}

/** `enabled` are the items that skip logic leaves open; the others neither count nor are missing. */
export function score(scoring: Scoring, answers: Answers, enabled?: ReadonlySet<string>): ScoreResult {
  const trail: { item: string; got: number | null; full: number | null }[] = [];
  const missing: string[] = [];
  const vetoes: string[] = [];
  for (const { id, item, full, veto } of scoring.items) {
    if (enabled && !enabled.has(id)) continue;
    const given = answers[id] ?? null;
    if (veto !== null && veto(answers) === true) vetoes.push(id);
    if (!isScored(item)) continue;
    if (given === null) {
      missing.push(id);
      continue;
    }
    const got = marks(item, given);
    if (got !== 'not-applicable') trail.push({ item: id, got, full });
  }
  const total = trail.reduce((sum, one) => sum + (one.got ?? 0), 0);
  const full = trail.reduce((sum, one) => sum + (one.full ?? 0), 0);
  const raw = rawScore(scoring, answers, total, full, missing);
  const digits = scoring.declaration.digits;
  const value = raw === null || digits === undefined ? raw : roundHalfAway(raw, digits);
  const tier = tierOf(scoring.declaration, value, vetoes.length > 0);
  return {
    score: value,
    full: trail.length > 0 ? full : null,
    tier: tier?.tier ?? null,
    colour: tier?.colour ?? null,
    recheck: tier?.recheck ?? null,
    action: tier?.action ?? null,
    vetoes,
    missing,
    trail,
  };
}

/** A sheet with an unanswered scored item has no score. */
function rawScore(
  scoring: Scoring,
  answers: Answers,
  total: number,
  full: number,
  missing: readonly string[],
): number | null {
  if (missing.length > 0) return null;
  if (scoring.value) {
    const value = scoring.value(answers);
    return typeof value === 'number' ? value : null;
  }
  if (scoring.declaration.method === 'sum') return total;
  return full === 0 ? null : (total / full) * 100;
}

function marks(item: ItemDeclaration, given: Value): number | 'not-applicable' {
  if (item.options) {
    const list = Array.isArray(given) ? given : [given];
    const scores = list.map((code) => item.options?.find((option) => option.code === code)?.score ?? 0);
    if (scores.includes('not-applicable')) return 'not-applicable';
    return scores.reduce<number>((sum, one) => sum + (one as number), 0);
  }
  if (typeof given === 'boolean') return given ? (item.points ?? 0) : 0;
  return typeof given === 'number' ? Math.min(Math.max(given, 0), item.points ?? given) : 0;
}

/** The first tier from the top that fits; a veto overrides whatever the score says. */
export function tierOf(
  declaration: ScoringDeclaration,
  value: number | null,
  vetoed: boolean,
): TierDeclaration | undefined {
  if (vetoed) return declaration.tiers.find((tier) => tier.tier === declaration['veto-tier']);
  if (value === null) return undefined;
  return declaration.tiers.find((tier) => {
    const including = tier.edge === 'including';
    const from = tier.from;
    const upTo = tier['up-to'];
    const above = from === undefined || (including ? value >= from : value > from);
    const below = upTo === undefined || (including ? value <= upTo : value < upTo);
    return above && below;
  });
}
