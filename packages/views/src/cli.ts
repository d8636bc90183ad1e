// `yimai views run --view VIEW.json --resources FILE.ndjson[.gz]`: one JSON array of row objects on stdout.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { must, type Refusal, RefusalError } from '@yimai/kit';
import { runView } from './duckdb/run-view.ts';
import { parseView } from './parse-view.ts';

/** What a command needs of the process; `process` itself fits. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown; once?(event: 'drain', then: () => void): unknown };
  readonly stderr: { write(text: string): unknown };
}

const USAGE = 'yimai views run --view VIEW.json --resources FILE.ndjson[.gz]';

/** `argv` is what follows `yimai views`. Exit 0: rows printed; 2: refused, the reason is on stderr. */
export async function runViewsCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  if (argv.includes('--help')) {
    io.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    await run(argv, io);
    return 0;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    io.stderr.write(`${sentence(error.refusal)}\n`);
    return 2;
  }
}

async function run(argv: readonly string[], io: CommandIo): Promise<void> {
  const files = readArguments(argv);
  const view = must(parseView(await readJson(files.view)));
  await openable(files.resources);
  let count = 0;
  for await (const rows of runView(view, lines(files.resources))) {
    let text = '';
    for (const row of rows) {
      text += `${count === 0 ? '[' : ',\n '}${JSON.stringify(row)}`;
      count += 1;
    }
    if (text !== '') await written(io.stdout, text);
  }
  io.stdout.write(count === 0 ? '[]\n' : ']\n');
}

/** Waits for a slow reader, so that a large answer does not pile up in memory. */
async function written(stdout: CommandIo['stdout'], text: string): Promise<void> {
  if (stdout.write(text) !== false || stdout.once === undefined) return;
  await new Promise<void>((resolve) => stdout.once!('drain', resolve));
}

function readArguments(argv: readonly string[]): { view: string; resources: string } {
  const [action, ...rest] = argv;
  try {
    const { values } = parseArgs({
      args: rest,
      options: { view: { type: 'string' }, resources: { type: 'string' } },
    });
    if (action === 'run' && values.view && values.resources)
      return { view: values.view, resources: values.resources };
  } catch {
    // An unknown option: the usage says what there is.
  }
  throw no('wrong-arguments', '参数', `用法：${USAGE}`, `usage: ${USAGE}`);
}

async function readJson(path: string): Promise<unknown> {
  await openable(path);
  try {
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch {
    throw no('not-json', path, '不是 JSON 文件', 'this is not a JSON file');
  }
}

async function openable(path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stream = createReadStream(path, { end: 0 });
    stream.on('error', () => reject(no('file-missing', path, '文件无法打开', 'the file cannot be opened')));
    stream.on('close', () => resolve());
    stream.resume();
  });
}

// The archive may turn out broken at any line; what the consumer throws is not caught here.
async function* lines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = (await isGzip(path)) ? file.pipe(createGunzip()) : file;
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await reader.next().catch(() => {
      throw no('file-broken', path, '文件损坏', 'the file is broken');
    });
    if (next.done) return;
    yield next.value;
  }
}

// By its first two bytes, whatever the file is called.
async function isGzip(path: string): Promise<boolean> {
  const start: Buffer[] = [];
  for await (const piece of createReadStream(path, { end: 1 })) start.push(piece as Buffer);
  return Buffer.concat(start).toString('hex') === '1f8b';
}

function no(code: string, at: string, zh: string, en: string): RefusalError {
  return new RefusalError({ code, at, rule: 'V10', detail: { zh, en } });
}

function sentence({ code, at, detail }: Refusal): string {
  return `${code}${at ? ` at ${at}` : ''}: ${detail?.en ?? ''} / ${detail?.zh ?? ''}`;
}
