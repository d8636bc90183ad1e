// The rules of a scheme as one flat array of numbers, in the order of trying them: what `group` walks over.
//
// Every rule is five numbers: the word and the mask of its bit test, the index of a closure that must hold too (or -1),
// then for an MDC or an ADRG where its inner rules start and end, for an answer its index in `results` and ANSWER.
import { compileCondition } from './condition.ts';
import type { BitAddress, Facts } from './facts.ts';
import { type GroupResult, type Predicate, type SchemeRules, STATUS, type Step } from './types.ts';

export const RULE_SIZE = 5;
export const ANSWER = -1;

export interface Program {
  readonly rules: Int32Array;
  /** Where the MDC gates end; they start at 0. */
  readonly gatesEnd: number;
  readonly closures: readonly (() => boolean)[];
  readonly results: readonly GroupResult[];
}

export function buildProgram(rules: SchemeRules, facts: Facts): Program {
  const builder = new Builder(facts);
  const gatesEnd = builder.reserve(rules.mdcs.length);
  rules.mdcs.forEach((mdc, index) => {
    const start = builder.size;
    builder.reserve(mdc.steps.length);
    mdc.steps.forEach((step, position) => {
      builder.step(start + position * RULE_SIZE, mdc.mdc, step);
    });
    builder.inner(index * RULE_SIZE, mdc.when, start, start + mdc.steps.length * RULE_SIZE);
  });
  const program = builder.program(gatesEnd);
  facts.indexGates(rules.mdcs.map((_, gate) => addressAt(program.rules, gate * RULE_SIZE)));
  return program;
}

function addressAt(rules: Int32Array, at: number): BitAddress {
  return { word: rules[at]!, mask: rules[at + 1]! };
}

class Builder {
  readonly #facts: Facts;
  readonly #rules: number[] = [];
  readonly #closures: (() => boolean)[] = [];
  readonly #results: GroupResult[] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  get size(): number {
    return this.#rules.length;
  }

  /** Makes room for neighbours and answers where it ends. */
  reserve(count: number): number {
    for (let left = count * RULE_SIZE; left > 0; left -= 1) this.#rules.push(0);
    return this.#rules.length;
  }

  step(at: number, mdc: string, step: Step): void {
    if (step.kind === 'ambiguous') {
      this.answer(at, step.when, ambiguousResult(mdc, step.drg));
      return;
    }
    const start = this.size;
    const end = this.reserve(step.drgs.length);
    step.drgs.forEach(({ drg, when }, index) => {
      this.answer(start + index * RULE_SIZE, when, groupedResult(drg));
    });
    this.inner(at, step.when, start, end);
  }

  inner(at: number, when: Predicate, start: number, end: number): void {
    this.#write(at, when, start, end);
  }

  answer(at: number, when: Predicate, result: GroupResult): void {
    this.#write(at, when, this.#results.push(result) - 1, ANSWER);
  }

  program(gatesEnd: number): Program {
    return {
      rules: Int32Array.from(this.#rules),
      gatesEnd,
      closures: this.#closures,
      results: this.#results,
    };
  }

  #write(at: number, when: Predicate, fourth: number, fifth: number): void {
    const { word, mask, more } = compileCondition(when, this.#facts);
    const closure = more === null ? -1 : this.#closures.push(more) - 1;
    [word, mask, closure, fourth, fifth].forEach((value, offset) => {
      this.#rules[at + offset] = value;
    });
  }
}

export function groupedResult(drg: string): GroupResult {
  return Object.freeze({ status: STATUS.grouped, mdc: `MDC${drg.slice(0, 1)}`, adrg: drg.slice(0, 3), drg });
}

export function ambiguousResult(mdc: string, drg: string): GroupResult {
  return Object.freeze({ status: STATUS.ambiguous, mdc, adrg: 'QY', drg });
}
