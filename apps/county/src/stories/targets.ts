// The year's targets: set by the office, reported by the houses that answer for them, judged at their date.
import { addDays, chinaInstant } from '@yimai/kit';
import { type Script, type Stage, type Story, seat } from './stage.ts';

/** The target, how it is compared, what is wanted, who answers, when, and what was reported (null: not yet). */
const TARGETS: readonly (readonly [string, string, number, string, number, number | null])[] = [
  ['基层诊疗人次占比（%）', 'at-least', 60, 'consortium', 30, 58],
  ['村卫生室达标数', 'all', 87, 'bureau', 45, 85],
  ['四级手术占比（%）', 'at-least', 10, 'county-hospital', -20, 11],
  ['中医类诊疗量占比（%）', 'at-least', 20, 'tcm-hospital', -12, 18],
  ['高血压规范管理率（%）', 'at-least', 65, 'bureau', 60, null],
];

export function addTargets(stage: Stage, script: Script): void {
  if (!stage.knows('annual-target')) return;
  for (const [nth, target] of TARGETS.entries())
    script.add(chinaInstant(addDays(stage.begins, 60 + nth), '10:30'), oneTarget(stage, nth, target));
}

async function* oneTarget(
  stage: Stage,
  nth: number,
  [target, comparator, wanted, lead, dueIn, actual]: (typeof TARGETS)[number],
): Story {
  const name = `target-${nth}`;
  const due = addDays(stage.until, dueIn);
  const opened = await stage.send(name, seat('office'), 'loop.open', {
    loop: 'annual-target',
    answers: {
      target,
      year: Number(stage.until.slice(0, 4)),
      comparator,
      wanted,
      lead: `Organization/${lead}`,
      due,
    },
  });
  if (!opened || actual === null) return;
  yield chinaInstant(addDays(dueIn < 0 ? due : stage.until, -6), '16:40');
  const reporter = { consortium: 'president', bureau: 'director', 'county-hospital': 'doctor' }[lead];
  if (reporter === undefined) return;
  await stage.send(name, seat(reporter), 'loop.act', {
    case: opened['case'],
    event: 'report',
    answers: { actual, evidence: ['统计台账（合成）'] },
  });
}
