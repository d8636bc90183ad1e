// What a person chose at the desk, kept for all their devices: saved filters, read mark of notices, quiet hours.
import type { DeskSettings } from '@yimai/desk/contract';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, readerOf } from './desk-deps.ts';
import { bad, bodyOf, choiceOf } from './read-body.ts';

const KEYS = ['filters', 'noticesRead', 'quiet'] as const;
const FILTERS_MAX = 20;
const HOURS = 24;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/settings', async (request): Promise<DeskSettings> => {
    const { signedIn } = await readerOf(deps, request);
    const { rows } = await deps.database.run<{ key: string; value: unknown }>(
      sql`select key, value from desk_setting where user_id = ${signedIn.actor.user}`,
    );
    return Object.fromEntries(rows.map((row) => [row.key, row.value])) as DeskSettings;
  });
  app.post('/desk/settings', { bodyLimit: 20_000 }, async (request, reply) => {
    const { signedIn, now } = await readerOf(deps, request);
    const body = bodyOf(request.body);
    const key = choiceOf(body, 'key', KEYS, 'filters');
    const value = JSON.stringify(checked(key, body['value']));
    await deps.database.run(sql`insert into desk_setting (user_id, key, value, changed_at)
      values (${signedIn.actor.user}, ${key}, ${value}::jsonb, ${now}::timestamptz)
      on conflict (user_id, key) do update set value = excluded.value, changed_at = excluded.changed_at`);
    return reply.code(204).send();
  });
}

function checked(key: (typeof KEYS)[number], value: unknown): unknown {
  switch (key) {
    case 'filters':
      if (Array.isArray(value) && value.length <= FILTERS_MAX && value.every(isFilter)) return value;
      throw bad('value', `至多 ${FILTERS_MAX} 个标签`, `at most ${FILTERS_MAX} named filters`);
    case 'noticesRead':
      if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value;
      throw bad('value', '应为时刻', 'should be an instant');
    case 'quiet':
      if (value === null || isHours(value)) return value;
      throw bad('value', '应为起止整点', 'should be two whole hours');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isFilter = (value: unknown): boolean =>
  isObject(value) && typeof value['name'] === 'string' && isObject(value['query']);
const isHour = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < HOURS;
const isHours = (value: unknown): boolean => isObject(value) && isHour(value['from']) && isHour(value['to']);
