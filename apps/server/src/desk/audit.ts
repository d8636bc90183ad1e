// The audit and the emergency looks that wait for review, in words for who watches.
import type { AuditRow, BreakGlassRow, Page } from '@yimai/desk/contract';
import { must } from '@yimai/kit';
import { looksToReview } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { bodyOf, countOf, notPermitted, textOf } from './read-body.ts';
import { type Json, namesOf } from './resources.ts';

const PAGE = 50;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.post('/desk/audit', async (request): Promise<Page<AuditRow>> => {
    const { access } = await readerOf(deps, request);
    const body = bodyOf(request.body);
    const cursor = textOf(body, 'cursor');
    const { events, next } = must(
      await deps.accounts.audit(access, {
        count: countOf(body, PAGE),
        ...(cursor ? { before: Number(cursor) } : {}),
        ...(body['breakGlass'] === true ? { action: 'break-glass.open' } : {}),
      }),
    );
    const items = events.map((event) => toRow(deps, event));
    return {
      items,
      next: next === null ? null : String(next),
      total: { count: items.length, more: next !== null },
    };
  });
  app.get('/desk/break-glass', async (request): Promise<readonly BreakGlassRow[]> => {
    const reader = await readerOf(deps, request);
    if (!deps.accounts.policy.breakGlass.review.includes(reader.actor.role)) throw notPermitted();
    const looks = await looksToReview(deps.database);
    const names = await namesOf(
      deps,
      reader,
      looks.map((look) => `Patient/${look.patient}`),
    );
    return looks.map((look) => ({
      id: look.id,
      at: look.opened.toISOString(),
      who: look.user,
      role: deps.accounts.policy.roles.get(look.role)?.name ?? { zh: look.role, en: look.role },
      person: { id: look.patient, name: names.get(`Patient/${look.patient}`) ?? '' },
      reason: look.reason,
      until: look.until.toISOString(),
      reviewUntil: look.reviewUntil.toISOString(),
    }));
  });
}

function toRow(deps: DeskDeps, event: Json): AuditRow {
  const agent = event.agent?.[0] ?? {};
  const role = agent.role?.[0]?.coding?.[0]?.code;
  const word = String(event.subtype?.[0]?.code ?? '');
  return {
    id: event.id,
    at: event.recorded,
    who: agent.who?.display ?? '',
    role: role ? (deps.accounts.policy.roles.get(role)?.name ?? { zh: role, en: role }) : null,
    org: agent.location?.display ?? null,
    action: event.action,
    word,
    what: (event.entity ?? [])
      .map((entity: Json) => entity.what?.reference)
      .filter(Boolean)
      .join('，'),
    outcome: event.outcome === '0' ? 'done' : 'refused',
    breakGlass: word.startsWith('break-glass'),
  };
}
