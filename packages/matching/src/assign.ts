// The plan: as many places filled as can be, then the best total fit; solved as an integer programme by HiGHS.
import { assert } from '@yimai/kit';
import { rankCandidates } from './candidates.ts';
import { loadSolver } from './solver.ts';
import type { Assignment, BarCode, Barred, Candidate, Order, Person, Plan, Rules, Unmet } from './types.ts';

interface Ranked {
  readonly order: Order;
  readonly candidates: readonly Candidate[];
  readonly barred: readonly Barred[];
}

/**
 * Takes orders and people in any order and gives the same plan each time. Nobody stands in two places on one day.
 * The solver blocks its thread: the server calls this from a worker.
 */
export async function planAssignments(
  orders: readonly Order[],
  people: readonly Person[],
  rules: Rules,
): Promise<Plan> {
  const sortedOrders = [...orders].sort(byId);
  const sortedPeople = [...people].sort(byId);
  const ranked = sortedOrders.map(
    (order): Ranked => ({ order, ...rankCandidates(order, sortedPeople, rules) }),
  );
  const variables = ranked.flatMap((one) => one.candidates.slice(0, rules.candidatesPerOrder));
  const chosen = variables.length === 0 ? [] : await solve(ranked, variables, sortedPeople, rules);
  return describe(ranked, chosen);
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** Scores are whole hundredths; one more filled place outweighs any difference of scores. */
async function solve(
  ranked: readonly Ranked[],
  variables: readonly Candidate[],
  people: readonly Person[],
  rules: Rules,
): Promise<Candidate[]> {
  const highs = await loadSolver();
  const orders = new Map(ranked.map(({ order }) => [order.id, order]));
  const places = ranked.reduce((sum, { order }) => sum + order.places, 0);
  const bestScore = Math.max(...variables.map((one) => one.score), 1);
  const fillBonus =
    Math.ceil(bestScore * 100 + 1) * (Math.min(places, people.length * rules.mostPerPerson) + 1);
  const objective = variables.map((one, index) => {
    const worth = fillBonus * (orders.get(one.order)?.priority ?? 1) + Math.round(one.score * 100);
    return `+ ${worth} x${index}`;
  });
  const rows = [
    ...orderRows(ranked, variables),
    ...personRows(orders, variables, rules),
    ...homeRows(orders, variables, people, rules),
  ];
  const problem = [
    'Maximize',
    ` obj: ${wrap(objective)}`,
    'Subject To',
    ...rows.map((row, index) => ` c${index}: ${row}`),
    'Binary',
    wrap(variables.map((_, index) => `x${index}`)),
    'End',
  ].join('\n');
  const solution = highs.solve(problem, { output_flag: false, mip_rel_gap: 0, random_seed: 1 });
  assert(solution.Status === 'Optimal', `the assignment ended with status ${solution.Status}`);
  return variables.filter((_, index) => (solution.Columns[`x${index}`]?.Primal ?? 0) > 0.5);
}

/** LP text has a limit on line length. */
const wrap = (parts: readonly string[]): string => {
  const lines: string[] = [];
  for (let at = 0; at < parts.length; at += 12) lines.push(parts.slice(at, at + 12).join(' '));
  return lines.join('\n ');
};

const sumOf = (indexes: readonly number[]): string => wrap(indexes.map((index) => `+ x${index}`));

function orderRows(ranked: readonly Ranked[], variables: readonly Candidate[]): string[] {
  const byOrder = group(variables, (one) => one.order);
  return ranked.flatMap(({ order }) => {
    const indexes = byOrder.get(order.id) ?? [];
    return indexes.length > order.places ? [`${sumOf(indexes)} <= ${order.places}`] : [];
  });
}

/** For each person: on the first day of every order the orders under way add up to at most one. */
function personRows(
  orders: ReadonlyMap<string, Order>,
  variables: readonly Candidate[],
  rules: Rules,
): string[] {
  const rows: string[] = [];
  for (const indexes of group(variables, (one) => one.person).values()) {
    if (indexes.length > rules.mostPerPerson) rows.push(`${sumOf(indexes)} <= ${rules.mostPerPerson}`);
    const spans = indexes.map((index) => ({ index, order: orders.get(variables[index]!.order)! }));
    rows.push(...cliques(spans, 1));
  }
  return rows;
}

function homeRows(
  orders: ReadonlyMap<string, Order>,
  variables: readonly Candidate[],
  people: readonly Person[],
  rules: Rules,
): string[] {
  const most = rules.mostAwayPerHome;
  if (most === null) return [];
  const home = new Map(people.map((person) => [person.id, person.home]));
  return [...group(variables, (one) => home.get(one.person) ?? '').values()].flatMap((indexes) =>
    cliques(
      indexes.map((index) => ({ index, order: orders.get(variables[index]!.order)! })),
      most,
    ),
  );
}

function cliques(
  spans: readonly { readonly index: number; readonly order: Order }[],
  most: number,
): string[] {
  const starts = [...new Set(spans.map((span) => span.order.from))].sort();
  const rows = new Set<string>();
  for (const start of starts) {
    const under = spans
      .filter(({ order }) => order.from <= start && start <= order.to)
      .map(({ index }) => index);
    if (under.length > most) rows.add(`${sumOf(under)} <= ${most}`);
  }
  return [...rows];
}

function group<T>(items: readonly T[], key: (item: T) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const list = groups.get(key(item));
    if (list) list.push(index);
    else groups.set(key(item), [index]);
  }
  return groups;
}

function describe(ranked: readonly Ranked[], chosen: readonly Candidate[]): Plan {
  const takenBy = new Map<string, string[]>();
  for (const one of chosen) takenBy.set(one.person, [...(takenBy.get(one.person) ?? []), one.order]);
  const assignments: Assignment[] = [];
  const unmet: Unmet[] = [];
  for (const { order, candidates, barred } of ranked) {
    const mine = chosen.filter((one) => one.order === order.id);
    for (const one of mine) {
      const better = candidates.filter((other) => other.score > one.score && !mine.includes(other));
      const passedOver = better.map((other) => ({
        person: other.person,
        score: other.score,
        takenBy: takenBy.get(other.person) ?? [],
      }));
      assignments.push({ ...one, passedOver });
    }
    if (mine.length < order.places) unmet.push(unmetOf(order, mine.length, candidates, barred, takenBy));
  }
  return {
    assignments,
    unmet,
    totalScore: Math.round(chosen.reduce((sum, one) => sum + one.score, 0) * 100) / 100,
    filled: chosen.length,
    asked: ranked.reduce((sum, { order }) => sum + order.places, 0),
  };
}

function unmetOf(
  order: Order,
  filled: number,
  candidates: readonly Candidate[],
  barred: readonly Barred[],
  takenBy: ReadonlyMap<string, readonly string[]>,
): Unmet {
  const counts: Partial<Record<BarCode, number>> = {};
  for (const { code } of barred) counts[code] = (counts[code] ?? 0) + 1;
  const none = candidates.length === 0;
  const best = none ? nearest(counts) : undefined;
  return {
    order: order.id,
    missing: order.places - filled,
    code: none ? 'no-candidate' : 'candidates-taken',
    because: none
      ? { zh: `人才库中没有合适人选：${best?.zh}`, en: `nobody in the pool fits: ${best?.en}` }
      : { zh: '合适人选均已派往其他订单', en: 'everyone who fits has been sent elsewhere' },
    barred: counts,
    taken: candidates
      .filter((one) => !(takenBy.get(one.person) ?? []).includes(order.id))
      .map((one) => ({ person: one.person, by: takenBy.get(one.person) ?? [] })),
  };
}

/** The bar nearest to success is the one worth telling: away before grade before specialty. */
function nearest(counts: Partial<Record<BarCode, number>>): { zh: string; en: string } {
  if (counts.away)
    return { zh: `${counts.away} 人专业和职称相符但时间不合`, en: `${counts.away} would fit but are away` };
  if (counts['own-site'])
    return { zh: '符合条件者即在该机构工作', en: 'those who fit already work at the site' };
  if (counts['grade-below'])
    return {
      zh: `${counts['grade-below']} 人专业相符但职称不够`,
      en: `${counts['grade-below']} are below the grade`,
    };
  return { zh: '没有该专业的人员', en: 'nobody has the specialty' };
}
