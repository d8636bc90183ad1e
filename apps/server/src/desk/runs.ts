// How the smaller mechanisms of a programme stand: recurring work, surveys, pools, stock, each in a few figures.
import type { ProgrammeRun } from '@yimai/desk/contract';
import { addDays, chinaDate, type LocalDate, type Text } from '@yimai/kit';
import { completion, type Programme, poolOn, surveyRate } from '@yimai/runtime';
import type { DeskDeps } from './desk-deps.ts';

const YEAR_DAYS = 365;

export async function runsOf(deps: DeskDeps, programme: Programme, now: Date): Promise<ProgrammeRun[]> {
  const parts = await Promise.all([
    recurringRuns(deps, programme, now),
    surveyRuns(deps, programme, now),
    poolRuns(deps, programme, now),
  ]);
  return parts.flat();
}

const figure = (zh: string, en: string, value: number | string, tone: 'late' | null = null) => ({
  name: { zh, en } satisfies Text,
  value: String(value),
  tone,
});

async function recurringRuns(deps: DeskDeps, programme: Programme, now: Date): Promise<ProgrammeRun[]> {
  if (programme.recurring.length === 0) return [];
  const today = chinaDate(now);
  const from = addDays(today as LocalDate, -YEAR_DAYS);
  const ids = programme.recurring.map((one) => one.id);
  const found = await completion(deps.database, ids, from, addDays(today as LocalDate, YEAR_DAYS), today);
  return programme.recurring.map((plan) => {
    const one = found.find((each) => each.plan === plan.id);
    const overdue = one?.overdue ?? 0;
    return {
      name: plan.title,
      kind: { zh: '周期工作', en: 'Recurring work' },
      figures: [
        figure('应做', 'Due', one?.due ?? 0),
        figure('已做', 'Done', one?.done ?? 0),
        figure('逾期', 'Late', overdue, overdue > 0 ? 'late' : null),
      ],
    };
  });
}

async function surveyRuns(deps: DeskDeps, programme: Programme, now: Date): Promise<ProgrammeRun[]> {
  const from = new Date(now.getTime() - YEAR_DAYS * 86_400_000);
  return Promise.all(
    programme.surveys.map(async (survey) => {
      const rate = await surveyRate(deps.runtime, deps.database, survey.id, from, now);
      return {
        name: survey.title,
        kind: { zh: '调查', en: 'Survey' },
        figures: [
          figure('有效答卷', 'Valid answers', rate.valid),
          figure('满意率', 'Satisfied', rate.publishable && rate.rate !== null ? `${rate.rate}%` : '–'),
          figure('低分回访', 'Follow-ups', rate.followUps),
        ],
      };
    }),
  );
}

async function poolRuns(deps: DeskDeps, programme: Programme, now: Date): Promise<ProgrammeRun[]> {
  return Promise.all(
    programme.pools.map(async (pool) => {
      const units = await poolOn(deps.database, pool.id, now);
      const sum = (key: 'capacity' | 'taken') => units.reduce((total, unit) => total + unit[key], 0);
      return {
        name: pool.title,
        kind: { zh: '资源池', en: 'Pool' },
        figures: [
          figure('单元', 'Units', units.length),
          figure('容量', 'Capacity', sum('capacity')),
          figure('已占用', 'Taken', sum('taken')),
        ],
      };
    }),
  );
}
