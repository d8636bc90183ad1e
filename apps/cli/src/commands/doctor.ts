// `yimai doctor`: looks whether the house is sound: chain of the audit, feed, blobs, keys, roles, settings, room on disk.
import { existsSync, statfsSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { roleOf } from '@yimai/postgres';
import { verifyChain } from '@yimai/record';
import type { Consortium } from '@yimai/server';
import pg from 'pg';
import { isSound } from '../backup/blobs.ts';
import { type Command, EXIT } from '../command.ts';
import { checkFeed } from '../feed-check.ts';
import { inHouse, keyFileOf } from '../house.ts';

interface Finding {
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

type Check = (house: Consortium, owner: pg.Client) => Promise<Finding>;

const FREE_BYTES_MIN = 2 * 1024 ** 3;

const CHECKS: Readonly<Record<string, Check>> = {
  migrations: async ({ migrations }) => ({ ok: migrations.drift.length === 0, drift: migrations.drift }),
  'audit-chain': async ({ database }) => {
    const report = await verifyChain(database);
    return { ok: report.broken === null, ...report };
  },
  feed: (_house, owner) => checkFeed(owner),
  'row-security': checkRowSecurity,
  blobs: checkBlobs,
  keys: checkKeys,
  durability: checkDurability,
  disk: async ({ dataDir }) => {
    const { bavail, bsize } = statfsSync(dataDir);
    return { ok: bavail * bsize >= FREE_BYTES_MIN, freeBytes: bavail * bsize, needBytes: FREE_BYTES_MIN };
  },
  'demo-sign-ins': async ({ accounts }) => ({ ok: true, present: await accounts.hasDemoUsers() }),
};

export const doctor: Command = {
  name: 'doctor',
  summary: {
    zh: '体检：审计链、变更流、附件、密钥、权限、磁盘',
    en: 'look whether all is sound: audit chain, feed, blobs, keys, rights, disk',
  },
  async run(given, io) {
    let sound = true;
    await inHouse(given, io, async (house) => {
      const owner = new pg.Client({
        connectionString: house.ownerUrl,
        options: `-c search_path=${house.schema},public`,
      });
      await owner.connect();
      try {
        for (const [name, check] of Object.entries(CHECKS)) {
          const finding = await check(house, owner);
          sound &&= finding.ok;
          await io.result({ check: name, ...finding });
        }
      } finally {
        await owner.end();
      }
    });
    io.say(
      sound
        ? { zh: '一切正常', en: 'all is sound' }
        : { zh: '有问题，见上', en: 'something is wrong, see above' },
    );
    return sound ? EXIT.done : EXIT.refusals;
  },
};

/** The second belt holds only while the application's role owns nothing and cannot pass by it. */
async function checkRowSecurity(house: Consortium, owner: pg.Client): Promise<Finding> {
  const role = roleOf(house.appUrl);
  const { rows } = await owner.query<{ passes: boolean; owned: number; open: string[] }>(
    `select (r.rolsuper or r.rolbypassrls) as passes,
       (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $2 and c.relowner = r.oid) as owned,
       (select coalesce(array_agg(c.relname::text), '{}') from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $2 and c.relname in ('resource', 'history', 'change') and not c.relrowsecurity) as open
     from pg_roles r where r.rolname = $1`,
    [role, house.schema],
  );
  const { passes = true, owned = -1, open = [] } = rows[0] ?? {};
  return {
    ok: !passes && owned === 0 && open.length === 0,
    role,
    passesRowSecurity: passes,
    ownedTables: owned,
    open,
  };
}

async function checkBlobs(house: Consortium, owner: pg.Client): Promise<Finding> {
  const { rows } = await owner.query<{ name: string }>(
    `select distinct substring(content from '"data":"blob:([0-9a-f]{64})"') as name from (
       select content from resource where type = 'Binary' union all select content from history where type = 'Binary') b
     where content like '%"data":"blob:%'`,
  );
  const damaged: string[] = [];
  for (const { name } of rows) if (!(await isSound(house.record.blobs.folder, name))) damaged.push(name);
  return { ok: damaged.length === 0, blobs: rows.length, damaged };
}

async function checkKeys({ dataDir, keyring }: Consortium, owner: pg.Client): Promise<Finding> {
  const file = keyFileOf(dataDir);
  const outside = !resolve(file).startsWith(resolve(dataDir) + sep);
  const onlyOwner = existsSync(file) && (statSync(file).mode & 0o077) === 0;
  const { rows } = await owner.query<{ key: string; rows: number }>(
    `select substring(content from '"enc:v1:([A-Za-z0-9]+):') as key, count(*)::int as rows from resource
     where content like '%"enc:v1:%' group by 1`,
  );
  const missing = rows.filter(({ key }) => !keyring.keyIds.includes(key));
  return { ok: outside && onlyOwner && missing.length === 0, file, outside, onlyOwner, inUse: rows, missing };
}

async function checkDurability(_house: Consortium, owner: pg.Client): Promise<Finding> {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
  const { rows } = await owner.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1) order by name',
    [names],
  );
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  return { ok: names.every((name) => settings[name] === 'on'), ...settings };
}
