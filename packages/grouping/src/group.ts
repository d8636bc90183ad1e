// Puts one hospital stay into a payment group: input check, walk over the rules, retry where the scheme asks for it.
import type { CompiledScheme } from './compile.ts';
import { type Facts, INDEXED_GATES } from './facts.ts';
import { ANSWER, type Program, RULE_SIZE } from './program.ts';
import type { GroupResult, Stay } from './types.ts';

/**
 * The group of a stay; never throws and refuses nothing: a bad stay has a status of its own.
 * `group({ dx: ['H26.200x005'], proc: ['11.7902'], … }, chsDrg11)` -> `{ status: '分组成功', …, drg: 'CC19' }`
 */
export function group(stay: Stay, scheme: CompiledScheme): GroupResult {
  if (failedCheck(stay) !== 0) return scheme.checkFailed;
  const facts = scheme.facts;
  facts.take(stay);
  let found = walk(scheme, facts);
  if (found === null && scheme.rules.retrySecondaryProcedures) {
    for (let index = 1; index < stay.proc.length && found === null; index += 1) {
      facts.retakeProcedure(stay.proc, index);
      found = walk(scheme, facts);
    }
  }
  return found ?? scheme.ungrouped;
}

/** The number of the first input check that fails, 0 when all pass. Day 28 is still a newborn; weight 0 passes. */
export function failedCheck(stay: Stay): 0 | 1 | 2 | 3 | 4 {
  if (stay.gender !== '1' && stay.gender !== '2') return 1;
  if (isMissing(stay.age)) return 2;
  if (stay.age !== 0) return 0;
  if (isMissing(stay.ageDays)) return 3;
  if (stay.ageDays! <= 28 && isMissing(stay.weight)) return 4;
  return 0;
}

function isMissing(value: number | null | undefined): boolean {
  return value === null || value === undefined;
}

/** Passing an MDC gate or an ADRG rule commits to nothing: without a DRG the search goes on. */
function walk(scheme: CompiledScheme, facts: Facts): GroupResult | null {
  for (let open = facts.openGates; open !== 0; open &= open - 1) {
    const found = walkMdc(scheme.program, facts, (31 - Math.clz32(open & -open)) * RULE_SIZE);
    if (found !== null) return found;
  }
  for (let gate = INDEXED_GATES * RULE_SIZE; gate < scheme.program.gatesEnd; gate += RULE_SIZE) {
    const found = walkMdc(scheme.program, facts, gate);
    if (found !== null) return found;
  }
  return null;
}

function walkMdc({ rules, closures, results }: Program, { words }: Facts, gate: number): GroupResult | null {
  if ((words[rules[gate]!]! & rules[gate + 1]!) === 0 || !moreHolds(closures, rules[gate + 2]!)) return null;
  const stepsEnd = rules[gate + 4]!;
  for (let step = rules[gate + 3]!; step < stepsEnd; step += RULE_SIZE) {
    if ((words[rules[step]!]! & rules[step + 1]!) === 0 || !moreHolds(closures, rules[step + 2]!)) continue;
    const drgsEnd = rules[step + 4]!;
    if (drgsEnd === ANSWER) return results[rules[step + 3]!]!;
    for (let drg = rules[step + 3]!; drg < drgsEnd; drg += RULE_SIZE) {
      if ((words[rules[drg]!]! & rules[drg + 1]!) === 0 || !moreHolds(closures, rules[drg + 2]!)) continue;
      return results[rules[drg + 3]!]!;
    }
  }
  return null;
}

function moreHolds(closures: readonly (() => boolean)[], index: number): boolean {
  return index < 0 || closures[index]!();
}
