// Users with the roles they hold now and the time they last signed in.
import { type Database, sql } from '@yimai/postgres';

export interface UserEntry {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly active: boolean;
  readonly lastSignIn: Date | null;
  readonly roles: readonly { readonly role: string; readonly org: string }[];
}

interface Row {
  id: string;
  login: string;
  name: string;
  active: boolean;
  last_at: Date | null;
  roles: { role: string; org: string }[] | null;
}

export async function usersOf(database: Database, now: Date): Promise<UserEntry[]> {
  const { rows } = await database.run<Row>(sql`select u.id, u.login, u.name, u.active,
      (select max(s.created_at) from session s where s.user_id = u.id and s.kind = 'web') as last_at,
      (select json_agg(json_build_object('role', r.role, 'org', r.org_fhir_id) order by r.from_at)
        from role_assignment r where r.user_id = u.id and r.from_at <= ${now}::timestamptz
          and (r.until_at is null or r.until_at > ${now}::timestamptz)) as roles
    from app_user u order by u.login`);
  return rows.map((row) => ({
    id: row.id,
    login: row.login,
    name: row.name,
    active: row.active,
    lastSignIn: row.last_at,
    roles: row.roles ?? [],
  }));
}
