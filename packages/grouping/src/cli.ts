// `yimai group`: groups JSON lines of stays, one answer a line in the order of the input.
import { once } from 'node:events';
import { createReadStream, createWriteStream, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable, type Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { Answerer } from './answer-line.ts';
import { lineBlocks } from './line-reader.ts';
import { loadCodeNames, loadScheme, shippedSchemes } from './rule-files.ts';

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** 0: every line was a record; 1: some were not; 2: wrong usage, scheme, file or a broken output. */
export type ExitCode = 0 | 1 | 2;

const READ_BYTES = 256 * 1024;

class UsageError extends Error {}

/** `argv` is what stands after `yimai group`. */
export async function runGroupCommand(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    const usage = readUsage(argv);
    if (usage === 'help') {
      streams.stdout.write(helpText());
      return 0;
    }
    const scheme = loadScheme(usage.scheme);
    if (!scheme.ok) throw new UsageError(`${scheme.refusal.detail?.zh}\n${scheme.refusal.detail?.en}`);
    const input = usage.in === undefined ? streams.stdin : await openInput(usage.in, usage.out);
    const output = await openOutput(usage.out, streams.stdout);
    const answerer = new Answerer({
      scheme: scheme.value,
      names: usage.trail ? loadCodeNames() : undefined,
    });
    for await (const lines of lineBlocks(input)) {
      let text = '';
      for (const line of lines) text += answerer.answer(line);
      await output.write(text);
    }
    await output.end();
    if (answerer.errorCount > 0) streams.stderr.write(summary(answerer));
    return answerer.errorCount > 0 ? 1 : 0;
  } catch (error) {
    streams.stderr.write(
      error instanceof UsageError ? `${error.message}\n\n${helpText()}` : `${messageOf(error)}\n`,
    );
    return 2;
  }
}

interface Usage {
  readonly scheme: string;
  readonly trail: boolean;
  readonly in: string | undefined;
  readonly out: string | undefined;
}

function readUsage(argv: readonly string[]): Usage | 'help' {
  let values: { scheme?: string; trail?: boolean; in?: string; out?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        scheme: { type: 'string' },
        trail: { type: 'boolean' },
        in: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    // The parser names the option; its code alone would say nothing to whoever typed it.
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`选项不对：${why}\nwrong option: ${why}`);
  }
  if (values.help) return 'help';
  if (!values.scheme) throw new UsageError('缺少 --scheme\n--scheme is missing');
  const named = (path: string | undefined): string | undefined => (path === '-' ? undefined : path);
  return {
    scheme: values.scheme,
    trail: values.trail ?? false,
    in: named(values.in),
    out: named(values.out),
  };
}

function helpText(): string {
  return [
    '用法 Usage: yimai group --scheme NAME|FILE [--trail] [--in FILE] [--out FILE]',
    `  --scheme  自带方案名或方案文件  a shipped scheme or a scheme file: ${shippedSchemes().join(', ')}`,
    '  --trail   附分组理由  with the reasons of each answer',
    '  --in      JSON 行文件，可为 gzip；缺省读标准输入  JSON lines, gzip too; standard input by default',
    '  --out     输出文件，以 .gz 结尾则压缩；缺省写标准输出  packed when it ends in .gz; standard output by default',
    '退出码 Exit: 0 全部为记录 all records, 1 部分不是记录 some lines were none, 2 用法或方案错误 wrong usage or scheme',
    '',
  ].join('\n');
}

function summary({ errorCount, lineCount }: Answerer): string {
  return `${lineCount} 行中有 ${errorCount} 行不是记录\n${errorCount} of ${lineCount} lines were no record\n`;
}

async function openInput(path: string, out: string | undefined): Promise<Readable> {
  if (out !== undefined && realPath(path) === realPath(out)) {
    throw new UsageError('--in 与 --out 是同一文件\n--in and --out are the same file');
  }
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) throw new Error('EISDIR');
    return createReadStream('', { fd: file, highWaterMark: READ_BYTES });
  } catch (error) {
    throw new UsageError(
      `无法读取 ${path}（${messageOf(error)}）\ncannot read ${path} (${messageOf(error)})`,
    );
  }
}

interface Output {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

async function openOutput(path: string | undefined, stdout: Writable): Promise<Output> {
  if (path === undefined) return outputTo(stdout, () => flushed(stdout));
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
  } catch (error) {
    throw new UsageError(
      `无法写入 ${path}（${messageOf(error)}）\ncannot write ${path} (${messageOf(error)})`,
    );
  }
  if (!path.endsWith('.gz')) return outputTo(file, () => ended(file, file));
  const gzip = createGzip({ chunkSize: READ_BYTES });
  pipeline(gzip, file, () => undefined);
  return outputTo(gzip, () => ended(gzip, file));
}

/** Waits whenever the stream is full, and fails when the stream has failed at any time. */
function outputTo(stream: Writable, end: () => Promise<void>): Output {
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  stream.on('error', fail);
  return {
    async write(text) {
      if (failure !== undefined) throw failure;
      if (text !== '' && !stream.write(text)) await once(stream, 'drain');
    },
    async end() {
      if (failure !== undefined) throw failure;
      await end();
      stream.off('error', fail);
    },
  };
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write('', (error) => (error ? reject(error) : resolve()));
  });
}

async function ended(first: Writable, last: Writable): Promise<void> {
  const done = once(last, 'finish');
  first.end();
  await done;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
}
