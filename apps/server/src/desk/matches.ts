// A plan of matching: who goes to which order with the reasons of each score, which orders stay unmet and why.
import type { Act, MatchPage } from '@yimai/desk/contract';
import { must } from '@yimai/kit';
import { asList, type Loop } from '@yimai/loops';
import { newestLoop, planMatch } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { notFound, notPermitted } from './read-body.ts';
import { namesOf } from './resources.ts';
import { itemsOfCases, programmeHolding } from './work-items.ts';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/matches/:id', async (request): Promise<MatchPage> => {
    const reader = await readerOf(deps, request);
    return pageOf(deps, reader, (request.params as { id: string }).id);
  });
}

async function pageOf(deps: DeskDeps, reader: Reader, id: string): Promise<MatchPage> {
  const match = deps.runtime.matches.get(id);
  if (!match) throw notFound();
  const loop = must(newestLoop(deps.runtime, match.orders.loop));
  const choice = choosing(loop, match.orders.state);
  // The plan shows all orders and people: it is for those who make the choice.
  if (!choice?.roles.includes(reader.actor.role)) throw notPermitted();
  const plan = must(await planMatch(deps.runtime, deps, id));
  const people = plan.assignments.flatMap((one) => [
    one.person,
    ...one.passedOver.map((other) => other.person),
  ]);
  const names = await namesOf(deps, reader, people);
  const orders = [...plan.assignments.map((one) => one.order), ...plan.unmet.map((one) => one.order)];
  const rows = [...new Set(orders)].map((order) => ({
    case_id: order,
    loop: '',
    branch: null,
    since_at: null,
    due_at: null,
  }));
  const items = new Map((await itemsOfCases(deps, reader, rows)).map((item) => [item.id, item]));
  return {
    id,
    name: match.title,
    programme: programmeHolding(deps, (one) => one.matches.some((each) => each.id === id)),
    asked: plan.asked,
    filled: plan.filled,
    assignments: plan.assignments.flatMap((one) => {
      const item = items.get(one.order);
      if (!item) return [];
      return [
        {
          item,
          person: names.get(one.person) ?? one.person,
          score: one.score,
          parts: one.parts.map((part) => ({ name: part.because, value: part.points })),
          passedOver: one.passedOver.map((other) => ({
            person: names.get(other.person) ?? other.person,
            score: other.score,
          })),
          act: confirmAct(one.order, one.person, choice),
        },
      ];
    }),
    unmet: plan.unmet.flatMap((one) => {
      const item = items.get(one.order);
      return item ? [{ item, missing: one.missing, because: one.because }] : [];
    }),
  };
}

interface Choosing {
  readonly event: string;
  readonly field: string;
  readonly roles: readonly string[];
}

/** The act by which a person is chosen in that state: the one that fills a field for a person. */
function choosing(loop: Loop, state: string): Choosing | null {
  for (const [event, choices] of loop.states.get(state)?.events ?? []) {
    const first = choices[0];
    const field = first?.takes.find((name) => loop.declaration.fields[name]?.type === 'person');
    if (!first || !field) continue;
    return {
      event,
      field,
      roles: first.by.flatMap((party) => asList(loop.declaration.parties[party]?.role)),
    };
  }
  return null;
}

function confirmAct(order: string, person: string, { event, field }: Choosing): Act {
  return {
    id: `${order}.${person}`,
    name: { zh: '按此派单', en: 'Confirm' },
    tone: 'main',
    form: null,
    needsReason: false,
    barred: null,
    command: { type: 'loop.act', payload: { case: order, event, answers: { [field]: person } } },
    answersAs: 'answers',
    final: false,
  };
}
