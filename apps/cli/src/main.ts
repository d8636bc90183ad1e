// The command line: finds the command, runs it, and turns how it ended into an exit code.
import { Console } from 'node:console';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RefusalError } from '@yimai/kit';
import { type Command, type Delegate, EXIT, parseGiven, UsageError } from './command.ts';
import { delegates } from './delegates.ts';
import { helpOf, helpOfAll } from './help.ts';
import { type Io, languageOf, openIo } from './io.ts';
import { weatherOf } from './weather.ts';

/** One file a command; a command loads what it needs only when it runs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demo,
  serve: async () => (await import('./commands/serve.ts')).serve,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  token: async () => (await import('./commands/token.ts')).token,
  user: async () => (await import('./commands/user.ts')).user,
  import: async () => (await import('./commands/import.ts')).importCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  key: async () => (await import('./commands/key.ts')).key,
};

async function main(argv: readonly string[]): Promise<number> {
  const io = openIo(languageOf(askedLanguage(argv), process.env));
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.line(helpOfAll(await all(), io.language));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  try {
    const delegate = delegates.find((one) => one.name === name);
    if (delegate) return await delegate.delegate(rest);
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) {
      io.say({ zh: `没有“${name}”这个命令`, en: `there is no command "${name}"` });
      io.line(helpOfAll(await all(), io.language));
      return EXIT.usage;
    }
    const command = await load();
    const given = parseGiven(command, rest);
    if (given.flag('help')) {
      io.line(helpOf(command, io.language));
      return EXIT.done;
    }
    return await command.run(given, io);
  } catch (error) {
    return await endedBy(error, io);
  }
}

async function endedBy(error: unknown, io: Io): Promise<number> {
  if (error instanceof UsageError) {
    io.say({ zh: `用法错误：${error.detail.zh}`, en: `wrong usage: ${error.detail.en}` });
    return EXIT.usage;
  }
  if (error instanceof RefusalError) {
    io.refusal(error.refusal);
    // What an option or the environment named cannot be used: nothing was done.
    return /^(--|[A-Z_]+$)/.test(error.refusal.at ?? '') ? EXIT.usage : EXIT.refusals;
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return EXIT.done;
  if (process.env['YIMAI_DEBUG']) io.line(stack ?? message);
  const weather = await weatherOf(error);
  if (weather) {
    io.say(weather);
    return EXIT.fault;
  }
  io.say({
    zh: `故障：${message ?? String(error)}（YIMAI_DEBUG=1 可看详情）`,
    en: `fault: ${message ?? String(error)} (YIMAI_DEBUG=1 tells more)`,
  });
  return EXIT.fault;
}

const all = async (): Promise<(Command | Delegate)[]> => [
  ...(await Promise.all(Object.values(COMMANDS).map((load) => load()))),
  ...delegates,
];

function askedLanguage(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--lang');
  return at === -1 ? argv.find((word) => word.startsWith('--lang='))?.slice(7) : argv[at + 1];
}

const KEPT_AFTER_MS = 10_000;

// stdout belongs to results: what a library has to say goes where our own words go.
globalThis.console = new Console(process.stderr, process.stderr);
// A reader that closed its end (`yimai export | head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
// Compiled code is kept beside the clone's own state, for the processes of this one too: a start takes a third less.
const compiled = enableCompileCache(
  process.env['NODE_COMPILE_CACHE'] ?? fileURLToPath(new URL('../../../.yimai/compiled', import.meta.url)),
);
if (compiled.directory) process.env['NODE_COMPILE_CACHE'] ??= compiled.directory;
// A server is killed more often than it ends: what it compiled is kept once it has started.
setTimeout(flushCompileCache, KEPT_AFTER_MS).unref();
process.exitCode = await main(process.argv.slice(2));
// The command is over and everything it opened is closed; a timer that somebody forgot must not keep a script waiting.
const LINGER_MS = 2_000;
setTimeout(() => process.exit(), LINGER_MS).unref();
