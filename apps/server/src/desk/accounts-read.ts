// Users with the roles they hold now and the time they last signed in.
import type { Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';

export interface UserEntry {
  readonly id: Uuid;
  readonly login: string;
  readonly name: string;
  readonly active: boolean;
  /** Row key of the Practitioner that the user is. */
  readonly practitioner: Uuid | null;
  readonly hasPassword: boolean;
  readonly lastSignIn: Date | null;
  readonly roles: readonly { readonly assignment: string; readonly role: string; readonly org: string }[];
}

interface Row {
  id: Uuid;
  login: string;
  name: string;
  active: boolean;
  practitioner: Uuid | null;
  has_password: boolean;
  last_at: Date | null;
  roles: { assignment: string; role: string; org: string }[] | null;
}

export async function usersOf(database: Database, now: Date): Promise<UserEntry[]> {
  const { rows } = await database.run<Row>(sql`select u.id, u.login, u.name, u.active, u.practitioner,
      u.password is not null as has_password,
      (select max(s.created_at) from session s where s.user_id = u.id and s.kind = 'web') as last_at,
      (select json_agg(json_build_object('assignment', r.id, 'role', r.role, 'org', r.org_fhir_id)
          order by r.from_at, r.id)
        from role_assignment r where r.user_id = u.id and r.from_at <= ${now}::timestamptz
          and (r.until_at is null or r.until_at > ${now}::timestamptz)) as roles
    from app_user u order by u.login`);
  return rows.map((row) => ({
    id: row.id,
    login: row.login,
    name: row.name,
    active: row.active,
    practitioner: row.practitioner,
    hasPassword: row.has_password,
    lastSignIn: row.last_at,
    roles: row.roles ?? [],
  }));
}
