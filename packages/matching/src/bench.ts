// Measures a year's plan: 200 experts, 120 orders over 12 months, beside the time HiGHS takes for an empty model.
import type { LocalDate } from '@yimai/kit';
import { planAssignments } from './assign.ts';
import { loadSolver } from './solver.ts';
import { DEFAULT_RULES, type Order, type Person } from './types.ts';

export interface MatchingBench {
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly targetSeconds: number;
  readonly filled: number;
  readonly asked: number;
}

export async function benchMatching(): Promise<MatchingBench> {
  const { orders, people } = syntheticYear(120, 200);
  const begin = performance.now();
  (await loadSolver()).solve('Maximize\n obj: x\nSubject To\n c: x <= 1\nEnd', { output_flag: false });
  const floor = performance.now();
  const plan = await planAssignments(orders, people, DEFAULT_RULES);
  const end = performance.now();
  const seconds = (end - floor) / 1000;
  return {
    seconds,
    floorSeconds: (floor - begin) / 1000,
    targetSeconds: 10,
    filled: plan.filled,
    asked: plan.asked,
  };
}

/** A small congruential generator, so that the made-up year is the same each time. */
export function syntheticYear(
  orderCount: number,
  personCount: number,
): { orders: Order[]; people: Person[] } {
  let seed = 42;
  const next = (limit: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 16) % limit;
  };
  const specialties = [
    '内科',
    '外科',
    '妇产科',
    '儿科',
    '中医科',
    '急诊科',
    '影像科',
    '检验科',
    '康复科',
    '眼科',
  ];
  const skills = ['超声', '内镜', '腔镜', '针灸', '血透', '骨折', '产检', '心电'];
  const date = (month: number) => `2026-${String(month).padStart(2, '0')}-01` as LocalDate;
  const orders = Array.from({ length: orderCount }, (_, index): Order => {
    const month = 1 + next(7);
    return {
      id: `order-${String(index).padStart(3, '0')}`,
      site: `township-${next(8)}`,
      specialty: specialties[next(10)]!,
      gradeLeast: 2 + next(2),
      skills: [skills[next(8)]!, skills[next(8)]!],
      places: 1 + (next(5) === 0 ? 1 : 0),
      priority: 1,
      from: date(month),
      to: date(month + 3 + next(3)),
    };
  });
  const people = Array.from(
    { length: personCount },
    (_, index): Person => ({
      id: `person-${String(index).padStart(3, '0')}`,
      home: `county-${next(3)}`,
      specialties: [specialties[next(10)]!],
      grade: 1 + next(4),
      skills: [skills[next(8)]!, skills[next(8)]!, skills[next(8)]!],
      away: next(4) === 0 ? [{ from: date(1 + next(6)), to: date(7 + next(6)) }] : [],
      lastPosted: next(3) === 0 ? null : (`2025-0${1 + next(9)}-15` as LocalDate),
      load: next(2),
    }),
  );
  return { orders, people };
}
