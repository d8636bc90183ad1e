// The floor of committed acts: bare transactions that write the very rows of an act, in one statement, with one commit.
import { rowKey } from '@yimai/fhir';
import { type Uuid, uuidv7 } from '@yimai/kit';
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
 * audit, command, case, stay and event. Nothing is read into this process, checked, decided or worked out.
 */
export async function bareActs(
  database: Database,
  cases: readonly string[],
  content: string,
  clients: number,
  count: number,
  now: Date,
): Promise<number> {
  const targets = cases.map((id) => ({ id, key: rowKey('Task', id) }));
  let next = 0;
  const one = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const { id, key } = targets[n % targets.length]!;
      await database.tx({ 'app.reach': 'all' }, (run) =>
        run.run(bareAct(id, key, content, 1_000_000 + n, now)),
      );
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: clients }, one));
  return (count / (performance.now() - begin)) * 1000;
}

function bareAct(id: string, key: Uuid, content: string, seq: number, now: Date) {
  const command = uuidv7();
  return sql`with
    old as (select * from resource where id = ${key}::uuid for update),
    kept as (insert into history (id, version, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content)
      select id, ${seq}::int, type, fhir_id, updated_at, deleted, kind, locks, org, patient, engine, content from old),
    gone_token as (delete from idx_token where entry = (select entry from old) returning *),
    new_token as (insert into idx_token select * from gone_token),
    gone_date as (delete from idx_date where entry = (select entry from old) returning *),
    new_date as (insert into idx_date select * from gone_date),
    gone_reference as (delete from idx_reference where entry = (select entry from old) returning *),
    new_reference as (insert into idx_reference select * from gone_reference),
    answered as (insert into command (id, person, body_hash, type, occurred_at, recorded_at, answer)
      values (${command}::uuid, ${command}::uuid, ''::bytea, 'bench', ${now}::timestamptz, ${now}::timestamptz, '{}')),
    audited as (insert into audit_pending (id, at, person, org, patient, action, body)
      select gen_random_uuid(), ${now}::timestamptz, ${command}::uuid, ${command}::uuid, null, 'update', repeat('x', 300)
      from generate_series(1, ${AUDITS}::int)),
    kase as (update loop_case set seq = ${seq}::int, outcome = 'open' where id = ${id}),
    stay as (update loop_stay set owner_person = 'x', escalated = 0 where case_id = ${id} and until_at is null),
    event as (insert into loop_event (case_id, seq, event, person, org, role, at)
      values (${id}, ${seq}::int, 'x', 'x', 'x', 'x', ${now}::timestamptz)),
    changed as (insert into change_pending (tx, ord, resource, type, fhir_id, version, op, kind, recorded_at)
      values (${command}::uuid, 0, ${key}::uuid, 'Task', ${id}, 1, 'update', 'work', ${now}::timestamptz))
    update resource r set version = r.version + 1, updated_at = ${now}::timestamptz, content = ${content}
    from old where r.id = old.id`;
}
