// Where this clone keeps its data, and as which user the database runs there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, refuse, type Text } from '@yimai/kit';

/** The user that the database server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Everything that belongs to one embedded database, below one folder of mode 0700. */
export interface Place {
  readonly dir: string;
  /** PostgreSQL's own data folder. */
  readonly pgData: string;
  /** Holds the socket; only the server's user and root may enter. */
  readonly socketDir: string;
  /** Lock, hold and passwords; only the user who starts `yimai` may enter. */
  readonly runDir: string;
  readonly logDir: string;
  /** Set when we are root and must give the server a user of its own. */
  readonly serverUser: ServerUser | undefined;
}

// 60706-61183 is given to nobody by Debian's policy (9.2.2) and by systemd's list of user ids, so no other service of
// the machine runs as this number and none can read the county's data.
const OWN_UID = 60872;
const SOCKET_PATH_MAX = 100;

/** The folder below which every clone of this user keeps its data. */
export function dataRoot(): string {
  const root = ownRoot(process.env);
  if (root !== null) return root;
  must(
    refuse(
      'data-place-not-named',
      {
        zh: '本用户没有主目录：请用 --data 指定数据文件夹（或设 XDG_DATA_HOME）',
        en: 'this user has no home: name a data folder with --data (or set XDG_DATA_HOME)',
      },
      { at: '--data' },
    ),
  );
  throw new Error('fault: a refusal was not thrown');
}

/** Where the programs of the database are copied to: once for all clones of a user, or beside the data of one without a home. */
export function programsRoot(place: Place): string {
  const root = ownRoot(process.env);
  if (root === null) return place.dir;
  try {
    mkdirSync(root, { recursive: true, mode: 0o755 });
    accessSync(root, constants.W_OK | constants.X_OK);
    return root;
  } catch {
    return place.dir;
  }
}

function ownRoot(env: NodeJS.ProcessEnv): string | null {
  if (process.getuid?.() === 0) return '/var/lib/yimai';
  if (env['XDG_DATA_HOME']) return join(env['XDG_DATA_HOME'], 'yimai');
  try {
    return join(homedir(), '.local', 'share', 'yimai');
  } catch {
    // Neither HOME nor an entry in the list of users: a number in a container.
    return null;
  }
}

/** The data folder of this clone, or the one that was asked for. */
export function dataFolder(asked?: string): string {
  return asked === undefined ? join(dataRoot(), cloneKey(repositoryRoot())) : resolve(asked);
}

/** `yimai-3fa29c10`: readable, and different for two clones of the same name. */
function cloneKey(root: string): string {
  const name = basename(root).replace(/[^\w.-]/g, '_') || 'root';
  return `${name}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
}

function repositoryRoot(): string {
  return realpathSync(resolve(dirname(fileURLToPath(import.meta.url)), '../../../..'));
}

/** Names the parts of a data folder and makes the one that holds the lock; the rest is `claimPlace`, under that lock. */
export function openPlace(dir: string): Place {
  makeFolder(dir);
  const real = realpathSync(dir);
  refuseStrangersFolder(real);
  const place: Place = {
    dir: real,
    pgData: join(real, 'pg'),
    socketDir: socketFolder(real),
    runDir: join(real, 'run'),
    logDir: join(real, 'log'),
    serverUser: chooseServerUser(process.env),
  };
  claim(place.runDir, undefined);
  return place;
}

/** Sets owners and modes; refuses a place that the server's user cannot enter. Called under the lock. */
export function claimPlace(place: Place): void {
  claim(place.dir, place.serverUser);
  for (const folder of [place.socketDir, place.logDir]) claim(folder, place.serverUser);
  if (place.serverUser) refuseClosedPlace(place.dir, place.serverUser);
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    // Node says ENOENT of a folder below a read-only place: what cannot be made is told as that, whatever the word.
    const { code = '' } = error as NodeJS.ErrnoException;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    refusePlace(
      dir,
      isFile
        ? { zh: '它或其上级是文件，不是文件夹', en: 'it, or what it lies in, is a file and no folder' }
        : {
            zh: `不能在那里建立或写入文件夹（${code}：只读，或无权限）`,
            en: `no folder can be made or written there (${code}: read-only, or not permitted)`,
          },
    );
  }
}

// Taking a folder over changes its owner and mode: never one that holds somebody else's files.
function refuseStrangersFolder(dir: string): void {
  const entries = readdirSync(dir);
  if (entries.length === 0 || entries.includes('run')) return;
  refusePlace(dir, {
    zh: '文件夹不是空的，也不是 yimai 的数据文件夹',
    en: 'the folder is neither empty nor a data folder of yimai',
  });
}

function claim(folder: string, user: ServerUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  const uid = user?.uid ?? process.getuid?.() ?? stat.uid;
  const mine = stat.isDirectory() && (stat.uid === uid || process.getuid?.() === 0);
  if (!mine) refusePlace(folder, { zh: '不是本用户的文件夹', en: 'it is not a folder of this user' });
  if (stat.uid !== uid) chownSync(folder, uid, user?.gid ?? process.getgid?.() ?? stat.gid);
  chmodSync(folder, 0o700);
}

function chooseServerUser(env: NodeJS.ProcessEnv): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const asked = env['YIMAI_DB_UID'];
  if (asked === undefined || asked === '') return { uid: OWN_UID, gid: OWN_UID };
  const uid = Number(asked);
  if (!Number.isSafeInteger(uid) || uid <= 0) {
    must(
      refuse(
        'database-user-not-usable',
        {
          zh: `YIMAI_DB_UID="${asked}" 不能用：数据库不以 root 运行，请给出大于 0 的用户号`,
          en: `YIMAI_DB_UID="${asked}" cannot be used: the database never runs as root, give a user id above 0`,
        },
        { at: 'YIMAI_DB_UID' },
      ),
    );
  }
  return { uid, gid: uid };
}

// Asks the system itself, as that user: modes, access lists and mount options all count, and only it knows them.
function refuseClosedPlace(dir: string, user: ServerUser): void {
  const tried = spawnSync(
    '/bin/sh',
    ['-c', 'cd -- "$1" && : >"$1/.enter.$$" && rm "$1/.enter.$$"', 'sh', dir],
    {
      ...user,
      cwd: '/',
      encoding: 'utf8',
    },
  );
  if (tried.error) {
    refusePlace(dir, {
      zh: `无法切换到用户号 ${user.uid}（${tried.error.message}），可用 YIMAI_DB_UID 另行指定`,
      en: `cannot become user ${user.uid} (${tried.error.message}); YIMAI_DB_UID names another`,
    });
  }
  if (tried.status === 0) return;
  const closed = firstClosed(dir, user) ?? dir;
  refusePlace(dir, {
    zh: `数据库以用户号 ${user.uid} 运行，进不了 ${closed}；请用 --data 换一个位置，或放开该文件夹的进入权限`,
    en: `the database runs as user ${user.uid}, which may not enter ${closed}; choose another place with --data, or open that folder`,
  });
}

function firstClosed(dir: string, user: ServerUser): string | undefined {
  const parents: string[] = [];
  for (let at = dir; at !== dirname(at); at = dirname(at)) parents.unshift(at);
  return parents.find((at) => {
    const entered = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', at], { ...user, cwd: '/' });
    return entered.status !== 0;
  });
}

function refusePlace(dir: string, why: Text): never {
  must(
    refuse(
      'data-place-not-usable',
      { zh: `数据位置 ${dir} 不能用：${why.zh}`, en: `the data place ${dir} cannot be used: ${why.en}` },
      { at: '--data' },
    ),
  );
  throw new Error('fault: a refusal was not thrown');
}

// A socket path longer than 107 bytes is refused by the kernel; such a place gets a short folder of its own.
function socketFolder(dir: string): string {
  const inside = join(dir, 'socket');
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432')) <= SOCKET_PATH_MAX) return inside;
  const key = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  return `/tmp/yimai-${process.getuid?.() ?? 0}-${key}`;
}
