// The audit and the emergency looks that wait for review, in words for who watches.
import type { AuditRow, BreakGlassRow, Page } from '@yimai/desk/contract';
import { must, type Text } from '@yimai/kit';
import { looksToReview } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { actInWords, typeInWords } from './audit-words.ts';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { bodyOf, countOf, notPermitted, textOf } from './read-body.ts';
import { type Json, namesOf } from './resources.ts';
import { spokenCases } from './work-rows.ts';

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
    const cases = await casesCalled(deps, events);
    const items = events.map((event) => toRow(deps, event, cases));
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

function toRow(deps: DeskDeps, event: Json, cases: ReadonlyMap<string, Text>): AuditRow {
  const agent = event.agent?.[0] ?? {};
  const role = agent.role?.[0]?.coding?.[0]?.code;
  const word = String(event.subtype?.[0]?.code ?? '');
  return {
    id: event.id,
    at: event.recorded,
    who: agent.who?.display === 'system' ? OTHER_ROLES['system']! : (agent.who?.display ?? ''),
    role: role
      ? (deps.accounts.policy.roles.get(role)?.name ?? OTHER_ROLES[role] ?? { zh: role, en: role })
      : null,
    org: agent.location?.display ?? null,
    action: event.action,
    word,
    act: actInWords(word),
    what: (event.entity ?? []).flatMap((entity: Json) => whatOf(entity.what?.reference, cases)),
    outcome: event.outcome === '0' ? 'done' : 'refused',
    breakGlass: word.startsWith('break-glass'),
  };
}

const OTHER_ROLES: Readonly<Record<string, Text>> = { system: { zh: '系统', en: 'System' } };

/** `Patient/x/_history/1`: which kind of thing, where it can be opened, its number for who must look it up. */
function whatOf(reference: string | undefined, cases: ReadonlyMap<string, Text>): AuditRow['what'][number][] {
  const [type, id] = (reference ?? '').split('/');
  if (!type || !id) return [];
  const kind = type === 'Patient' ? 'resident' : type === 'Task' ? 'case' : null;
  const called = type === 'Task' ? cases.get(id) : undefined;
  return [{ type: called ?? typeInWords(type), id, link: kind === null ? null : { kind, id } }];
}

/** The cases among what was looked at, by loop and number: these name no resident. */
async function casesCalled(deps: DeskDeps, events: readonly Json[]): Promise<ReadonlyMap<string, Text>> {
  const ids = events.flatMap((event) =>
    (event.entity ?? []).flatMap(
      (entity: Json) => /^Task\/([^/]+)/.exec(entity.what?.reference ?? '')?.[1] ?? [],
    ),
  );
  const called = await spokenCases(deps.database, ids);
  return new Map(
    called.flatMap(({ id, loop, number }) => {
      const title = deps.runtime.loops.get(loop)?.at(-1)?.declaration.title;
      return title ? [[id, { zh: `${title.zh} ${number}`, en: `${title.en} ${number}` }] as const] : [];
    }),
  );
}
