// What the OpenID provider inside needs from us: its items in PostgreSQL, and the account behind a subject.
import { isUuid, type Uuid } from '@yimai/kit';
import { type Database, sql } from '@yimai/postgres';

/** The shape that oidc-provider asks of an adapter; written out here, so that this room does not import it. */
export interface OidcAdapter {
  upsert(id: string, payload: Record<string, unknown>, expiresIn?: number): Promise<void>;
  find(id: string): Promise<Record<string, unknown> | undefined>;
  findByUserCode(userCode: string): Promise<Record<string, unknown> | undefined>;
  findByUid(uid: string): Promise<Record<string, unknown> | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

interface Item {
  payload: string;
  consumed_at: Date | null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `new Provider(issuer, { adapter: oidcAdapter(database, clock.now) })`: one store for each of its models. */
export function oidcAdapter(database: Database, now: () => Date): (model: string) => OidcAdapter {
  return (model) => {
    const one = async (where: ReturnType<typeof sql>): Promise<Record<string, unknown> | undefined> => {
      const { rows } = await database.run<Item>(sql`select payload, consumed_at from oidc_item
        where model = ${model} and ${where} and (expires_at is null or expires_at > ${now()}::timestamptz)`);
      const item = rows[0];
      if (!item) return undefined;
      const payload = JSON.parse(item.payload) as Record<string, unknown>;
      return item.consumed_at
        ? { ...payload, consumed: Math.floor(item.consumed_at.getTime() / 1000) }
        : payload;
    };
    return {
      async upsert(id, payload, expiresIn) {
        const expires = expiresIn === undefined ? null : new Date(now().getTime() + expiresIn * 1000);
        await database.run(sql`insert into oidc_item (model, id, payload, grant_id, user_code, uid, expires_at)
          values (${model}, ${id}, ${JSON.stringify(payload)}, ${textOf(payload['grantId'])},
            ${textOf(payload['userCode'])}, ${textOf(payload['uid'])}, ${expires})
          on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
            user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`);
      },
      find: (id) => one(sql`id = ${id}`),
      findByUserCode: (userCode) => one(sql`user_code = ${userCode}`),
      findByUid: (uid) => one(sql`uid = ${uid}`),
      async consume(id) {
        await database.run(
          sql`update oidc_item set consumed_at = ${now()} where model = ${model} and id = ${id}`,
        );
      },
      async destroy(id) {
        await database.run(sql`delete from oidc_item where model = ${model} and id = ${id}`);
      },
      async revokeByGrantId(grantId) {
        await database.run(sql`delete from oidc_item where grant_id = ${grantId}`);
      },
    };
  };
}

export interface OidcAccount {
  readonly accountId: string;
  claims(): Promise<Record<string, unknown> & { sub: string }>;
}

/** The user behind a subject; a switched-off user has no account. */
export async function findAccount(database: Database, subject: string): Promise<OidcAccount | undefined> {
  if (!isUuid(subject)) return undefined;
  const { rows } = await database.run<{ id: Uuid; login: string; name: string }>(
    sql`select id, login, name from app_user where id = ${subject} and active`,
  );
  const user = rows[0];
  if (!user) return undefined;
  return {
    accountId: user.id,
    claims: () => Promise.resolve({ sub: user.id, name: user.name, preferred_username: user.login }),
  };
}
