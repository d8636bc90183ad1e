// A PostgreSQL server of the county's own: its two addresses, looked at before anything is done with them, so that what
// is wrong with one is told in words and not by the first statement that fails.
import { must, RefusalError, refuse } from '@yimai/kit';
import pg from 'pg';
import { isDatabaseAway } from './away.ts';

export interface OwnServer {
  /** Owns the schema and migrates it. */
  readonly owner: string;
  /** Uses the tables under row-level security. */
  readonly app: string;
}

type Variable = 'DATABASE_URL' | 'DATABASE_OWNER_URL';

const VERSION_LEAST = 15;
const CONNECT_MS = 10_000;

/** Null where none is named: then the embedded server is used. */
export async function ownServer(env: NodeJS.ProcessEnv = process.env): Promise<OwnServer | null> {
  const app = env['DATABASE_URL'];
  const owner = env['DATABASE_OWNER_URL'];
  if (!app) {
    if (owner)
      no(
        'database-url-missing',
        'DATABASE_URL',
        '给了 DATABASE_OWNER_URL，但没有应用角色的 DATABASE_URL',
        'DATABASE_OWNER_URL is given, but not DATABASE_URL of the application’s role',
      );
    return null;
  }
  if (owner) await look('DATABASE_URL', app, false);
  await look(owner ? 'DATABASE_OWNER_URL' : 'DATABASE_URL', owner || app, true);
  return { owner: owner || app, app };
}

/** The role that an address signs in as, as the database spells it. */
export const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

async function look(at: Variable, url: string, makesTables: boolean): Promise<void> {
  const parsed = URL.parse(url);
  if (!parsed?.username || !/^postgres(ql)?:$/.test(parsed.protocol))
    no(
      'database-url-wrong',
      at,
      `${at} 应形如 postgresql://用户:口令@主机/库`,
      `${at} is written postgresql://user:password@host/database`,
    );
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; encoding: string; creates: boolean }>(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
         has_database_privilege(current_database(), 'create') as creates`,
    );
    refuseUnfit(at, rows[0]!, makesTables);
  } catch (error) {
    throw refusalOf(at, error) ?? error;
  } finally {
    await client.end().catch(() => {});
  }
}

function refuseUnfit(
  at: Variable,
  { version, encoding, creates }: { version: number; encoding: string; creates: boolean },
  makesTables: boolean,
): void {
  const major = Math.floor(version / 10_000);
  if (major < VERSION_LEAST)
    no(
      'database-too-old',
      at,
      `数据库是 PostgreSQL ${major}，须为 ${VERSION_LEAST} 或更新`,
      `the database is PostgreSQL ${major}; ${VERSION_LEAST} or newer is needed`,
    );
  if (encoding !== 'UTF8')
    no(
      'database-not-utf8',
      at,
      `数据库的编码是 ${encoding}，须为 UTF8`,
      `the encoding of the database is ${encoding}; it must be UTF8`,
    );
  if (makesTables && !creates)
    no(
      'database-owner-missing',
      at,
      '此角色无权在库中建表：请用 DATABASE_OWNER_URL 给出拥有该库的角色（见 docs/OPERATIONS.md 第 4 节）',
      'this role may not make tables there: name the role that owns the database with DATABASE_OWNER_URL (docs/OPERATIONS.md, section 4)',
    );
}

/** What the server says to an address that it does not take; null for weather and for faults of ours. */
function refusalOf(at: Variable, error: unknown): RefusalError | null {
  if (error instanceof RefusalError || isDatabaseAway(error)) return null;
  const { code = '', message } = error as { code?: string; message: string };
  const said = (word: string, zh: string, en: string) =>
    new RefusalError(refuse(word, { zh: `${zh}：${message}`, en: `${en}: ${message}` }, { at }).refusal);
  if (code.startsWith('28'))
    return said('database-sign-in-refused', '数据库拒绝登录', 'the database refuses the sign-in');
  if (code === '3D000') return said('database-not-there', '没有这个库', 'there is no such database');
  if (/CERT|TLS|SSL|SIGNATURE/.test(`${code} ${message}`))
    return said(
      'database-tls-refused',
      '与数据库的 TLS 连接不成立',
      'TLS with the database does not come about',
    );
  return null;
}

function no(code: string, at: Variable, zh: string, en: string): void {
  must(refuse(code, { zh, en }, { at }));
}
