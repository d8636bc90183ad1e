// Opens one consortium on its data folder: database, migrations, keys, record, accounts. The server, the command line
// and the tests all come in here, so that every one of them works on the same house.
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, ok, RefusalError, systemClock } from '@yimai/kit';
import { measureCommands } from '@yimai/measures';
import {
  type Database,
  type MigrationReport,
  migrate,
  openDatabase,
  ownServer,
  readMigrations,
  roleOf,
  sql,
} from '@yimai/postgres';
import { APP_ROLE, dataFolder, startEmbedded } from '@yimai/postgres/embedded';
import {
  accessCommands,
  type CommandHandler,
  ensureFirstUsers,
  type Keyring,
  loadPolicy,
  makeProtection,
  openBlobs,
  openKeyring,
  openRecord,
  openSubscriptionWorker,
  type Policy,
  type Record,
  type SubscriptionWorker,
  secondBeltHolds,
} from '@yimai/record';
import { type DueRunner, loadCalendar, loadProgrammes, openRuntime, type Runtime } from '@yimai/runtime';
import { type Accounts, openAccounts } from './accounts.ts';
import { type DatabaseWatch, watchDatabase } from './database-watch.ts';
import { messageCommand } from './desk/messages.ts';
import { FigureShelf } from './figures/figure-shelf.ts';
import { CLOSING, closingDue } from './figures/period-closing.ts';
import { viewsFolder } from './figures/view-keeper.ts';
import { fundCommands } from './fund/fund-commands.ts';
import { type FundHouseDoor, openFund } from './fund/fund-house.ts';
import type { ServerDeps } from './http/deps.ts';
import { placesOf } from './http/errors.ts';
import { sendHook } from './rest-hook.ts';

export interface ConsortiumOptions {
  /** Where the data live; without it, the folder of this clone. */
  readonly dataDir?: string;
  /** A PostgreSQL server instead of the embedded one: `{owner, app}` connection URLs. */
  readonly databaseUrls?: { readonly owner: string; readonly app: string };
  readonly schema?: string;
  readonly clock?: Clock;
  /** The key file; default `YIMAI_KEY_FILE`, else beside the data folder. */
  readonly keyFile?: string;
  readonly poolSize?: number;
  /** Commits do not wait for the disk: only where a play that is broken off is taken up again. */
  readonly asynchronousCommit?: boolean;
  readonly log: ServerDeps['log'];
}

export interface Consortium {
  readonly dataDir: string;
  readonly schema: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly clock: Clock;
  readonly database: Database;
  readonly policy: Policy;
  readonly record: Record;
  readonly keyring: Keyring;
  readonly accounts: Accounts;
  readonly migrations: MigrationReport;
  readonly runtime: Runtime;
  /** Stays, rule sets and ledger, for the routes of the fund. */
  readonly fund: FundHouseDoor;
  /** Fires what has become due; a server starts it, a simulator calls it. */
  readonly due: DueRunner;
  readonly subscriptions: SubscriptionWorker;
  readonly watch: DatabaseWatch;
  close(): Promise<void>;
}

/** Rooms that keep tables, in the order of their dependence. */
const MIGRATING_ROOMS = ['record', 'runtime', 'ledger'] as const;

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export function allMigrations() {
  return [
    ...MIGRATING_ROOMS.flatMap((room) =>
      readMigrations(room, join(REPOSITORY, 'packages', room, 'migrations/')),
    ),
    ...readMigrations('server', join(REPOSITORY, 'apps/server/migrations/')),
  ];
}

export async function openConsortium(options: ConsortiumOptions): Promise<Consortium> {
  const clock = options.clock ?? systemClock;
  const schema = options.schema ?? 'county';
  const { log } = options;
  const dataDir = dataFolder(options.dataDir);
  const urls = options.databaseUrls ?? (await ownServer());
  const starting = urls ? null : startEmbedded({ dataDir, onLog: (line) => log('info', line) });
  starting?.catch(() => {});
  let opened: Database | undefined;
  try {
    // The declarations are read while the database starts.
    const [policy, programmes, calendar] = declarations();
    const embedded = await starting;
    const ownerUrl = urls?.owner ?? embedded!.url;
    const appUrl = urls?.app ?? embedded!.appUrl;
    const migrations = await migrate({
      ownerUrl,
      schema,
      appRole: urls ? roleOf(appUrl) : APP_ROLE,
      migrations: allMigrations(),
      now: clock.now(),
    });
    for (const line of migrations.drift) log('warn', `drift: ${line}`);
    const database = openDatabase({
      url: appUrl,
      schema,
      poolSize: options.poolSize ?? 20,
      asynchronousCommit: options.asynchronousCommit ?? false,
      onIdleError: (error) => {
        if (!watch.notes(error))
          log('warn', 'database connection lost', { code: String((error as { code?: unknown }).code ?? '') });
      },
    });
    opened = database;
    const watch: DatabaseWatch = watchDatabase(() => database, log);
    await refuseWithoutBelt(database);
    const keyFile = options.keyFile ?? process.env['YIMAI_KEY_FILE'] ?? `${dataDir}.key`;
    if (!existsSync(keyFile)) await refuseLostKey(database, keyFile);
    const keyring = openKeyring(keyFile, { createIfMissing: true });
    await ensureFirstUsers(database, policy, clock.now());
    const runtime = openRuntime(programmes, calendar);
    const onFault = (error: Error, work: string) => {
      if (watch.notes(error)) return;
      log('error', 'fault', {
        work,
        code: String((error as { code?: unknown }).code ?? error.name),
        stack: placesOf(error),
      });
    };
    const shelf = new FigureShelf(viewsFolder(dataDir));
    // The commands are made before the record opens; they ask for the system's sight only when one is carried out.
    const fund = openFund({ database, clock, systemAccess: () => record.systemAccess() });
    const record: Record = openRecord({
      database,
      clock,
      blobs: openBlobs(blobFolder(dataDir)),
      handlers: [
        ...(accessCommands(policy) as readonly unknown[] as readonly CommandHandler[]),
        ...runtime.commands,
        messageCommand() as unknown as CommandHandler,
        ...(measureCommands(shelf) as readonly unknown[] as readonly CommandHandler[]),
        ...fundCommands(fund, runtime.context),
      ],
      protection: makeProtection(policy, keyring),
      onFault,
    });
    await fund.adopted.load(database, record.systemAccess());
    const accounts = openAccounts(database, policy, keyring, clock);
    const subscriptions = openSubscriptionWorker({
      database,
      record,
      keyring,
      onFault,
      send: sendHook,
      async accessOfToken(token) {
        const signedIn = await accounts.signedIn(token, clock.now());
        return signedIn.ok ? ok(accounts.accessOf(signedIn.value, clock.now())) : signedIn;
      },
    });
    const closing = closingDue({ shelf, calendar, head: () => record.sequencer.head(), log });
    const due = runtime.dueRunner({ record, database, clock, onFault, more: new Map([[CLOSING, closing]]) });
    return {
      dataDir,
      schema,
      ownerUrl,
      appUrl,
      clock,
      database,
      policy,
      record,
      keyring,
      accounts,
      subscriptions,
      watch,
      migrations,
      runtime,
      fund,
      due,
      async close() {
        await subscriptions.stop();
        await due.stop();
        await record.close();
        watch.close();
        shelf.close();
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await opened?.close();
    await starting?.then(
      (embedded) => embedded.stop(),
      () => {},
    );
    throw error;
  }
}

const declarations = () =>
  [
    loadPolicy(),
    loadProgrammes(programmesFolder()),
    loadCalendar(process.env['YIMAI_CALENDAR'] ?? join(REPOSITORY, 'rules/calendar')),
  ] as const;

/** A misspelt folder would open a house without a single programme, and nobody would know why. */
function programmesFolder(): string {
  const asked = process.env['YIMAI_PROGRAMS'];
  if (asked !== undefined && !existsSync(asked))
    throw new RefusalError({
      code: 'file-not-found',
      at: 'YIMAI_PROGRAMS',
      detail: { zh: `没有文件夹 ${asked}`, en: `there is no folder ${asked}` },
    });
  return asked ?? join(REPOSITORY, 'programs');
}

/** A role that owns the tables or passes by row-level security would go unseen past every policy: it is not worked with. */
async function refuseWithoutBelt(database: Database): Promise<void> {
  if (await secondBeltHolds(database)) return;
  throw new RefusalError({
    code: 'row-security-open',
    at: 'DATABASE_URL',
    detail: {
      zh: '应用的数据库角色拥有这些表或能绕过行级安全：请另建所有者角色并设 DATABASE_OWNER_URL（见 docs/OPERATIONS.md 第 4 节）',
      en: 'the database role of the application owns the tables or passes by row-level security: give the tables an owner of their own and set DATABASE_OWNER_URL (docs/OPERATIONS.md, section 4)',
    },
  });
}

/** A new key would open nothing of what an earlier one closed: after a restore the old one has to come first. */
async function refuseLostKey(database: Database, keyFile: string): Promise<void> {
  const { rows } = await database.tx({ 'app.reach': 'all' }, (run) =>
    run.run(sql`select 1 from resource where content like '%"enc:v1:%' limit 1`),
  );
  if (rows.length === 0) return;
  throw new RefusalError({
    code: 'key-missing',
    at: 'YIMAI_KEY_FILE',
    detail: {
      zh: `库中有加密字段，但找不到密钥文件 ${keyFile}：请先放回原密钥文件`,
      en: `there are encrypted fields, but no key file ${keyFile}: put the original one back first`,
    },
  });
}

function blobFolder(dataDir: string): string {
  const folder = join(dataDir, 'blobs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}
