// Puts one hospital stay into a payment group: input check, walk over the rules, retry where the scheme asks for it.
import type { CompiledScheme } from './compile.ts';
import type { Facts } from './facts.ts';
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
  const words = facts.words;
  for (const mdc of scheme.mdcs) {
    if ((words[mdc.word]! & mdc.mask) === 0 || (mdc.more !== null && !mdc.more())) continue;
    for (const step of mdc.steps) {
      if ((words[step.word]! & step.mask) === 0 || (step.more !== null && !step.more())) continue;
      if (step.result !== null) return step.result;
      for (const drg of step.drgs) {
        if ((words[drg.word]! & drg.mask) !== 0 && (drg.more === null || drg.more())) return drg.result;
      }
    }
  }
  return null;
}
