// Reminders and passed deadlines that only tell their owner: hundreds in one statement, the cases untouched.
import { uuidv7 } from '@yimai/kit';
import { type Loop, spanText } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { RecordTx } from '@yimai/record';
import { loopVersion, type RuntimeContext } from './context.ts';
import type { DueBatchHandler, DueRow } from './due-runner.ts';

interface Stay {
  case_id: string;
  branch: string;
  entry: number;
  loop: string;
  loop_version: number;
  state: string;
  owner_org: string | null;
  owner_roles: string[];
  owner_person: string | null;
}

interface Notice {
  readonly stay: Stay;
  readonly about: 'remind' | 'overdue';
  readonly zh: string;
  readonly en: string;
}

/** A stay that is over has nothing to be told: its timers are stale. */
export function loopNotices(context: RuntimeContext): DueBatchHandler {
  return async (tx, rows) => {
    const stays = await openStays(tx, rows);
    const notices = rows.flatMap((row): Notice[] => {
      const [branch, entry, kind, index] = row.key.split('|');
      const stay = stays.get(`${row.target}|${branch}|${entry}`);
      const loop = stay ? loopVersion(context, stay.loop, stay.loop_version) : undefined;
      return stay && loop?.ok ? [noticeOf(loop.value, stay, kind === 'remind', Number(index))] : [];
    });
    if (notices.length > 0) await tell(tx, notices);
  };
}

async function openStays(tx: RecordTx, rows: readonly DueRow[]): Promise<Map<string, Stay>> {
  const targets = [...new Set(rows.map((row) => row.target))];
  const found =
    await tx.run<Stay>(sql`select s.case_id, s.branch, s.entry, s.loop, c.loop_version, s.state, s.owner_org,
      s.owner_roles, s.owner_person
    from loop_stay s join loop_case c on c.id = s.case_id
    where s.case_id = any(${targets}::text[]) and s.until_at is null`);
  return new Map(found.rows.map((stay) => [`${stay.case_id}|${stay.branch}|${stay.entry}`, stay]));
}

function noticeOf(loop: Loop, stay: Stay, reminds: boolean, index: number): Notice {
  const state = loop.states.get(stay.state);
  const title = state?.declaration.title ?? loop.declaration.title;
  if (!reminds) return { stay, about: 'overdue', zh: `“${title.zh}”已逾期`, en: `"${title.en}" is overdue` };
  const span = state?.due?.remind[index] ?? state?.due?.deadline.span;
  const left = span ? spanText(span) : { zh: '', en: '' };
  return {
    stay,
    about: 'remind',
    zh: `“${title.zh}”还有 ${left.zh} 到期`,
    en: `"${title.en}" is due in ${left.en}`,
  };
}

async function tell(tx: RecordTx, notices: readonly Notice[]): Promise<void> {
  const ids = notices.map(() => uuidv7(tx.recordedAt.getTime()));
  await tx.run(sql`insert into notice (id, at, org, roles, person, about, case_id, text_zh, text_en)
    select n.id, ${tx.recordedAt}::timestamptz, n.org, string_to_array(n.roles, ','), n.person, n.about, n.case_id, n.zh, n.en
    from unnest(${ids}::uuid[], ${notices.map((one) => one.stay.owner_org)}::text[],
      ${notices.map((one) => one.stay.owner_roles.join(','))}::text[], ${notices.map((one) => one.stay.owner_person)}::text[],
      ${notices.map((one) => one.about)}::text[], ${notices.map((one) => one.stay.case_id)}::text[],
      ${notices.map((one) => one.zh)}::text[], ${notices.map((one) => one.en)}::text[])
      as n(id, org, roles, person, about, case_id, zh, en)`);
}
