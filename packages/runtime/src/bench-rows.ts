// The floor of committed acts: bare transactions that write the very rows of an act, in one statement, with one commit.
import { rowKey } from '@yimai/fhir';
import { type Clock, type Uuid, uuidv7 } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';

/** An act leaves one row for the version and one for the command. */
const AUDITS = 2;

/** What the last act on this case stored, to be stored again by the floor. */
export async function contentOf(database: Database, id: string): Promise<string> {
  const { rows } = await database.read<{ content: string }>(
    { 'app.reach': 'all' },
    sql`select content from resource where id = ${rowKey('Task', id)}`,
  );
  if (!rows[0]) throw new Error('fault: the case of the benchmark is not there');
  return rows[0].content;
}

/**
 * One statement a transaction: the version before into history, the case's index rows anew, the new version, change,
 * audit, command, case, stay and event, each with the values that an act gives them, so that each costs its indexes as
 * much. Nothing is read into this process, checked, decided or worked out. No two may have the same number.
 */
export async function bareActs(
  database: Database,
  cases: readonly string[],
  content: string,
  clients: number,
  acts: { readonly from: number; readonly count: number },
  clock: Clock,
): Promise<number> {
  const targets = cases.map((id) => ({ id, key: rowKey('Task', id) }));
  const answer = JSON.stringify({
    id: uuidv7(),
    outcome: 'applied',
    result: { case: cases[0], number: 'order-dispatch-2026-00001', states: ['filed'], seq: 1_000_000 },
  });
  const { from, count } = acts;
  let next = from;
  const one = async (): Promise<void> => {
    for (let n = next++; n < from + count; n = next++) {
      const { id, key } = targets[n % targets.length]!;
      const owner = Math.floor(n / targets.length) % 2 === 0 ? `User/${key}` : null;
      const act = bareAct({ id, key, content, answer, owner, seq: 1_000_000 + n, now: clock.now() });
      await database.tx({ 'app.reach': 'all' }, (run) => run.run(act));
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: clients }, one));
  return (count / (performance.now() - begin)) * 1000;
}

interface BareAct {
  readonly id: string;
  readonly key: Uuid;
  readonly content: string;
  readonly answer: string;
  /** Claimed and released in turn, as the acts are. */
  readonly owner: string | null;
  readonly seq: number;
  readonly now: Date;
}

/** Beyond every number that the record gives. */
const ENTRIES = 2 ** 50;

function bareAct({ id, key, content, answer, owner, seq, now }: BareAct) {
  const command = uuidv7();
  const entry = ENTRIES + seq;
  return sql`with
    old as (select * from resource where id = ${key}::uuid for update),
    kept as (insert into history (id, version, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content)
      select id, ${seq}::int, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content from old),
    gone_token as (delete from idx_token where entry = (select entry from old) returning *),
    new_token as (insert into idx_token (entry, resource, param, value, system, display, part)
      select ${entry}::bigint, resource, param, value, system, display, part from gone_token),
    gone_date as (delete from idx_date where entry = (select entry from old) returning *),
    new_date as (insert into idx_date (entry, resource, param, low, high, part)
      select ${entry}::bigint, resource, param, low, high, part from gone_date),
    gone_reference as (delete from idx_reference where entry = (select entry from old) returning *),
    new_reference as (insert into idx_reference (entry, resource, param, target, target_type, url, url_version, identifier, part)
      select ${entry}::bigint, resource, param, target, target_type, url, url_version, identifier, part from gone_reference),
    answered as (insert into command (id, person, body_hash, type, occurred_at, recorded_at, answer)
      values (${command}::uuid, ${key}::uuid, decode(repeat('a7', 32), 'hex'), 'loop.act', ${now}::timestamptz,
        ${now}::timestamptz, ${answer})),
    audited as (insert into audit_pending (id, at, person, org, patient, action, body)
      select gen_random_uuid(), ${now}::timestamptz, ${key}::uuid, ${key}::uuid, null, 'update', repeat('x', 300)
      from generate_series(1, ${AUDITS}::int)),
    kase as (update loop_case set seq = ${seq}::int, outcome = 'open' where id = ${id}),
    stay as (update loop_stay set owner_person = ${owner}, escalated = 0 where case_id = ${id} and until_at is null),
    event as (insert into loop_event (case_id, seq, event, person, org, role, at, command)
      values (${id}, ${seq}::int, '$claim', ${`User/${key}`}, 'Organization/hr-centre', 'hr-clerk', ${now}::timestamptz,
        ${command}::uuid)),
    changed as (insert into change_pending (tx, ord, resource, type, fhir_id, version, op, kind, locks, org, patient, command,
        recorded_at)
      select ${command}::uuid, 0, id, type, fhir_id, version + 1, 'update', kind, locks, org, patient, ${command}::uuid,
        ${now}::timestamptz from old)
    update resource r set version = r.version + 1, updated_at = ${now}::timestamptz, content = ${content}::text,
      entry = ${entry}::bigint
    from old where r.id = old.id`;
}
