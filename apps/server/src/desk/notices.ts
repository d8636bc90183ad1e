// Notices to the reader: to the person, or to the role at the organisation; newest first.
import type { Notice } from '@yimai/desk/contract';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type DeskDeps, readerOf } from './desk-deps.ts';

const SHOWN = 100;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly about: string;
  readonly case_id: string | null;
  readonly loop: string | null;
  readonly number: string | null;
  readonly text_zh: string;
  readonly text_en: string;
  /** The case was opened by an alert of a live watch; it is open, and the alert still stands. */
  readonly acute: boolean;
}

const KINDS: Readonly<Record<string, Notice['kind']>> = {
  message: 'arrived',
  remind: 'due',
  escalate: 'late',
  overdue: 'late',
};

const ACUTE: readonly string[] = ['message', 'escalate', 'overdue'];

/** Alerts on readings that are awaited hour by hour, and their silence: they speak in quiet hours too. */
const watched = ({ runtime }: DeskDeps): string[] =>
  [...runtime.alerts.values()].filter((alert) => alert.silentAfter).flatMap(({ id }) => [id, `${id}-silent`]);

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/notices', async (request): Promise<{ items: readonly Notice[] }> => {
    const { actor, now } = await readerOf(deps, request);
    const { rows } =
      await deps.database.run<Row>(sql`select n.id, n.at, n.about, n.case_id, n.text_zh, n.text_en, c.loop,
        (c.closed_at is null
          and n.case_id in (select case_id from alert_open where rule = any(${watched(deps)}::text[]))) is true as acute,
        substring(c.title from '[0-9]{4}-[0-9]+$') as number
      from (select * from notice where (person = ${actor.person} or (person is null and org = ${actor.organisation}
          and (cardinality(roles) = 0 or ${actor.role} = any(roles))))
        and at <= ${now}::timestamptz
      order by at desc, id desc limit ${SHOWN}) n left join loop_case c on c.id = n.case_id
      order by n.at desc, n.id desc`);
    return {
      items: rows.map((row) => ({
        id: row.id,
        at: row.at.toISOString(),
        title: { zh: row.text_zh, en: row.text_en },
        ...aboutOf(deps, row),
        kind: row.acute && ACUTE.includes(row.about) ? 'critical' : (KINDS[row.about] ?? 'info'),
        link: row.case_id ? { kind: row.about === 'figure-table' ? 'table' : 'case', id: row.case_id } : null,
      })),
    };
  });
}

function aboutOf({ runtime }: DeskDeps, { loop, number }: Row): Pick<Notice, 'about'> {
  const title = loop === null ? undefined : runtime.loops.get(loop)?.at(-1)?.declaration.title;
  if (!title || number === null) return {};
  return { about: { zh: `${title.zh} ${number}`, en: `${title.en} ${number}` } };
}
