// Groups a stay and tells how: each rule that decided, with its codes and table rows, and what became of every CC and MCC.
import type { Text } from '@yimai/kit';
import mdcNames from '../../../rules/drg/mdc-names.json' with { type: 'json' };
import type { CompiledScheme } from './compile.ts';
import { type Complication, complicationsOf, explain, type Inquiry, named, nameOf } from './explain.ts';
import { failedCheck } from './group.ts';
import { ambiguousResult, groupedResult } from './program.ts';
import type {
  CodeNames,
  Evidence,
  GroupResult,
  Mdc,
  Predicate,
  Stay,
  Step,
  TrailEntry,
  TrailKind,
} from './types.ts';

export interface TrailedResult extends GroupResult {
  readonly trail: readonly TrailEntry[];
}

/** The same answer as `group`, by reading the rules as they are written instead of running them compiled. */
export function groupWithTrail(stay: Stay, scheme: CompiledScheme, names?: CodeNames): TrailedResult {
  const failed = failedCheck(stay);
  if (failed !== 0) return { ...scheme.checkFailed, trail: [checkEntry(failed)] };
  const trail: TrailEntry[] = [];
  let found = new Walk(stay, scheme, names, trail).run();
  if (found === null && scheme.rules.retrySecondaryProcedures) {
    for (let index = 1; index < stay.proc.length && found === null; index += 1) {
      const procedure = stay.proc[index]!;
      trail.push(retryEntry(procedure, nameOf(procedure, 'procedure', names)));
      found = new Walk({ ...stay, proc: [procedure] }, scheme, names, trail).run();
    }
  }
  if (found !== null) return { ...found, trail };
  trail.push(ungroupedEntry(stay, names));
  return { ...scheme.ungrouped, trail };
}

/** One pass over the rules in their order, writing the trail as it goes. */
class Walk {
  readonly #inquiry: Inquiry;
  readonly #trail: TrailEntry[];
  #complicationsTold = false;

  constructor(stay: Stay, scheme: CompiledScheme, names: CodeNames | undefined, trail: TrailEntry[]) {
    const positionOf = (code: string): number => positionIn(scheme.tables.codes, code);
    this.#inquiry = {
      stay,
      scheme,
      names,
      positionOf,
      complications: complicationsOf(stay, scheme, positionOf),
    };
    this.#trail = trail;
  }

  run(): GroupResult | null {
    for (const mdc of this.#inquiry.scheme.rules.mdcs) {
      const gate = explain(mdc.when, this.#inquiry);
      if (!gate.holds) continue;
      this.#tell('mdc-entered', mdc.mdc, gate.because, {
        zh: `进入 ${labelOfMdc(mdc.mdc).zh}`,
        en: `entered ${labelOfMdc(mdc.mdc).en}`,
      });
      const found = this.#steps(mdc);
      if (found !== null) return found;
      this.#tell('mdc-left', mdc.mdc, [], {
        zh: `${mdc.mdc} 中没有符合的分组规则，继续下一个 MDC`,
        en: `no rule of ${mdc.mdc} fits; on to the next MDC`,
      });
    }
    return null;
  }

  #steps(mdc: Mdc): GroupResult | null {
    for (const step of mdc.steps) {
      const met = explain(step.when, this.#inquiry);
      if (!met.holds) continue;
      if (step.kind === 'ambiguous') {
        this.#tell('ambiguous', `${mdc.mdc}/${step.drg}`, met.because, {
          zh: `歧义病案 ${step.drg}：主要诊断属于 ${mdc.mdc}，手术操作不属于其任何手术组`,
          en: `ambiguous group ${step.drg}: the principal diagnosis belongs to ${mdc.mdc}, the operation to none of its surgical groups`,
        });
        return ambiguousResult(mdc.mdc, step.drg);
      }
      const rule = `${mdc.mdc}/${step.rule}`;
      this.#tell('adrg-met', rule, met.because, {
        zh: `符合 ADRG ${step.rule}`,
        en: `met ADRG ${step.rule}`,
      });
      const found = this.#drgs(step, rule);
      if (found !== null) return found;
      this.#tell('adrg-left', rule, [], {
        zh: `ADRG ${step.rule} 没有符合的细分组，继续下一条规则`,
        en: `no DRG of ADRG ${step.rule} fits; on to the next rule`,
      });
    }
    return null;
  }

  #drgs(step: Extract<Step, { kind: 'adrg' }>, rule: string): GroupResult | null {
    for (const drg of step.drgs) {
      if (asksForComplications(drg.when)) this.#tellComplications(rule);
      const met = explain(drg.when, this.#inquiry);
      const label = labelOfDrg(drg.drg, this.#inquiry.scheme);
      if (met.holds) {
        this.#tell('drg-chosen', `${rule}/${drg.drg}`, met.because, {
          zh: `入组 ${label}`,
          en: `grouped to ${label}`,
        });
        return groupedResult(drg.drg);
      }
      this.#tell('drg-passed-over', `${rule}/${drg.drg}`, met.because, {
        zh: `不入 ${label}`,
        en: `not grouped to ${label}`,
      });
    }
    return null;
  }

  #tellComplications(rule: string): void {
    if (this.#complicationsTold) return;
    this.#complicationsTold = true;
    for (const complication of this.#inquiry.complications) {
      const principal = this.#inquiry.stay.dx[0]!;
      this.#trail.push(complicationEntry(complication, principal, rule, this.#inquiry.names));
    }
  }

  #tell(kind: TrailKind, rule: string, because: readonly Evidence[], head: Text): void {
    this.#trail.push(entry(kind, rule, because, head));
  }
}

function entry(kind: TrailKind, rule: string, because: readonly Evidence[], head: Text): TrailEntry {
  const zh = because.map((evidence) => evidence.zh).join('；');
  const en = because.map((evidence) => evidence.en).join('; ');
  return {
    kind,
    rule,
    zh: zh ? `${head.zh}：${zh}` : head.zh,
    en: en ? `${head.en}: ${en}` : head.en,
    because,
  };
}

function complicationEntry(
  complication: Complication,
  principal: string,
  rule: string,
  names: CodeNames | undefined,
): TrailEntry {
  const { code, level, row, table, excludedBy } = complication;
  const name = nameOf(code, 'diagnosis', names);
  const label = level.toUpperCase();
  const own: Evidence = {
    code,
    ...(name === undefined ? {} : { name }),
    row,
    zh: `${named(code, name)} 在 ${row}`,
    en: `${named(code, name)} is ${row}`,
  };
  if (excludedBy === null) {
    return entry('complication-counted', rule, [own], { zh: `计为 ${label}`, en: `counts as ${label}` });
  }
  const principalName = nameOf(principal, 'diagnosis', names);
  const excluding: Evidence = {
    code: principal,
    ...(principalName === undefined ? {} : { name: principalName }),
    row: excludedBy,
    zh: `主要诊断 ${named(principal, principalName)} 在同一排除表 ${table}（${excludedBy}）`,
    en: `principal diagnosis ${named(principal, principalName)} is in the same exclusion table ${table} (${excludedBy})`,
  };
  return entry('complication-excluded', rule, [own, excluding], {
    zh: `${label} 被排除，不计`,
    en: `${label} excluded, does not count`,
  });
}

const CHECKS: readonly Text[] = [
  { zh: '性别不是 1（男）或 2（女）', en: 'gender is not 1 (male) or 2 (female)' },
  { zh: '年龄为空', en: 'age is empty' },
  { zh: '年龄为 0 而天龄为空', en: 'age is 0 and age in days is empty' },
  { zh: '新生儿（28 天以内）体重为空', en: 'a newborn (day 28 included) without weight' },
];

function checkEntry(failed: 1 | 2 | 3 | 4): TrailEntry {
  const check = CHECKS[failed - 1]!;
  return entry('check-failed', `check-${failed}`, [check], {
    zh: '信息校验不通过',
    en: 'input check failed',
  });
}

function retryEntry(procedure: string, name: string | undefined): TrailEntry {
  const label = named(procedure, name);
  const because: Evidence = {
    code: procedure,
    ...(name === undefined ? {} : { name }),
    zh: `手术操作 ${label}`,
    en: `procedure ${label}`,
  };
  return entry('retry', 'retry', [because], {
    zh: '未入组，改以其他手术操作为唯一手术操作重试',
    en: 'no group found; tried again with a secondary procedure alone',
  });
}

function ungroupedEntry(stay: Stay, names: CodeNames | undefined): TrailEntry {
  const principal = stay.dx[0];
  if (principal === undefined) {
    return entry('ungrouped', 'ungrouped', [], {
      zh: '无法入组：没有主要诊断',
      en: 'no group: no principal diagnosis',
    });
  }
  const label = named(principal, nameOf(principal, 'diagnosis', names));
  return entry('ungrouped', 'ungrouped', [], {
    zh: `无法入组：以主要诊断 ${label} 及其余信息，没有任何规则成立`,
    en: `no group: with principal diagnosis ${label} and the other data, no rule holds`,
  });
}

/** The position of a code among codes in order of their characters, -1 for a code that the scheme does not know. */
function positionIn(codes: readonly string[], code: string): number {
  let low = 0;
  let high = codes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codes[middle] === code) return middle;
    if (codes[middle]! < code) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function asksForComplications(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'complication':
      return true;
    case 'all':
    case 'any':
      return predicate.parts.some(asksForComplications);
    case 'not':
      return asksForComplications(predicate.part);
    default:
      return false;
  }
}

function labelOfMdc(mdc: string): Text {
  const name = (mdcNames as Record<string, Text>)[mdc];
  return name === undefined ? { zh: mdc, en: mdc } : { zh: `${mdc} ${name.zh}`, en: `${mdc} ${name.en}` };
}

function labelOfDrg(drg: string, scheme: CompiledScheme): string {
  const name = scheme.rules.drgNames[drg]?.trim();
  return name ? `${drg} ${name}` : drg;
}
