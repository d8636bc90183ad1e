// What a served house takes: the time to its first answer, memory at rest, and memory while much streams in and out.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Figure } from './bench.ts';

const STREAM_MB = Number(process.env['YIMAI_BENCH_STREAM_MB'] ?? 2048);
const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const NOTE = '合成文书，无真实患者。'.repeat(500);

export async function memoryFigures(): Promise<Figure[]> {
  const dir = join(tmpdir(), `yimai-bench-memory-${process.pid}`);
  try {
    await serving(dir, async () => []);
    return await serving(dir, async (house) => {
      await sleep(5000);
      const idle = house.memory();
      const incoming = await watched(house, () => streamIn(house));
      const outgoing = await watched(house, () => streamOut(house));
      return [
        { name: 'first answer after start', value: house.startedAfter, unit: 's', target: '< 3' },
        { name: 'idle app', value: idle, unit: 'MB', target: '< 350' },
        ...streamed(`${incoming.moved} MB in`, incoming),
        ...streamed(`${outgoing.moved} MB out`, outgoing),
        { name: 'app with its views after both', value: house.memory(), unit: 'MB' },
      ];
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface House {
  readonly url: string;
  readonly token: string;
  readonly startedAfter: number;
  /** Resident megabytes of the app's own processes (the server and the keeper of its views), without PostgreSQL. */
  memory(): number;
  /** Of the server alone: what streams pass through. */
  serverMemory(): number;
}

async function serving(dir: string, work: (house: House) => Promise<Figure[]>): Promise<Figure[]> {
  const flags = ['--data', join(dir, 'data')];
  const env = { ...process.env, YIMAI_KEY_FILE: join(dir, 'keys.json') };
  const start = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, CLI, 'serve', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  });
  try {
    const url = await firstLine(child);
    await fetch(`${url}/health`);
    const startedAfter = (performance.now() - start) / 1000;
    const { stdout } = spawnSync(process.execPath, [CLI, 'token', ...flags], { encoding: 'utf8', env });
    const token = /"token":\s*"([^"]+)"/.exec(stdout)?.[1] ?? stdout.trim();
    return await work({
      url,
      token,
      startedAfter,
      memory: () => residentOf(child.pid!, true),
      serverMemory: () => residentOf(child.pid!, false),
    });
  } finally {
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) return (JSON.parse(text.slice(0, text.indexOf('\n'))) as { url: string }).url;
  }
  throw new Error('fault: the server ended before it answered');
}

/** Megabytes of a process and those below it that are not PostgreSQL's; pages that they share are counted once. */
function residentOf(root: number, withChildren: boolean): number {
  const parents = new Map<number, number>();
  const pages = new Map<number, { own: number; shared: number }>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      if (stat.includes('(postgres)')) continue;
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      const sizes = readFileSync(`/proc/${name}/smaps_rollup`, 'utf8');
      const of = (kind: string) => Number(new RegExp(`^${kind}: +(\\d+)`, 'm').exec(sizes)?.[1] ?? 0) / 1024;
      pages.set(Number(name), {
        own: of('Private_Clean') + of('Private_Dirty'),
        shared: of('Shared_Clean') + of('Shared_Dirty'),
      });
    } catch {
      // The process has ended meanwhile.
    }
  }
  const below = (pid: number): boolean =>
    pid === root || (withChildren && pid > 1 && below(parents.get(pid) ?? 0));
  const ours = [...pages].filter(([pid]) => below(pid)).map(([, sizes]) => sizes);
  return ours.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...ours.map(({ shared }) => shared));
}

interface Watched {
  readonly moved: number;
  readonly seconds: number;
  /** Highest memory in the first and in the last fifth of the time: flat if they are alike. */
  readonly first: number;
  readonly last: number;
}

async function watched(house: House, work: () => Promise<number>): Promise<Watched> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(house.serverMemory()), 1000);
  const start = performance.now();
  const bytes = await work();
  clearInterval(timer);
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  return {
    moved: Math.round(bytes / 1_048_576),
    seconds: (performance.now() - start) / 1000,
    first: Math.max(0, ...samples.slice(0, fifth)),
    last: Math.max(0, ...samples.slice(-fifth)),
  };
}

const streamed = (name: string, { moved, seconds, first, last }: Watched): Figure[] => [
  {
    name: `${name}: memory in the last fifth (floor: in the first)`,
    value: last,
    unit: 'MB',
    floor: first,
    target: 'flat',
  },
  { name: `${name}: speed`, value: moved / seconds, unit: 'MB/s' },
];

async function streamIn({ url, token }: House): Promise<number> {
  let bytes = 0;
  function* lines() {
    for (let index = 0; bytes < STREAM_MB * 1_048_576; index += 1) {
      const line = Buffer.from(`${noteText(index)}\n`);
      bytes += line.length;
      yield line;
    }
  }
  const request = http.request(`${url}/fhir/R4/$import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+ndjson' },
  });
  const answer = once(request, 'response') as Promise<[http.IncomingMessage]>;
  Readable.from(lines()).pipe(request);
  const [response] = await answer;
  const text = await new Response(Readable.toWeb(response) as ReadableStream).text();
  if (response.statusCode !== 200 || !/"refused","valueInteger":0/.test(text))
    throw new Error(`fault: import answered ${response.statusCode} ${text.slice(0, 500)}`);
  return bytes;
}

async function streamOut({ url, token }: House): Promise<number> {
  const response = await fetch(`${url}/fhir/R4/$export`, { headers: { authorization: `Bearer ${token}` } });
  let bytes = 0;
  for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
  return bytes;
}

/** A letter of some 16 KB about one of a thousand residents. */
function noteText(index: number): string {
  return JSON.stringify({
    resourceType: 'Observation',
    id: `note-${index}`,
    status: 'final',
    code: { text: '合成病程记录' },
    subject: { reference: `Patient/note-${index % 1000}` },
    note: [{ text: `${index} ${NOTE}` }],
  });
}
