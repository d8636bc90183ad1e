// The group command to the letter: answers, errors, exit codes, gzip, odd line ends.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { runGroupCommand } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'yimai-group-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const OWN = fileURLToPath(new URL('fixtures/own-scheme.json', import.meta.url));
const RECORD = '{"id":"a","gender":"1","age":40,"dx":["A00.000"],"proc":[]}';
const ANSWER = '{"id":"a","status":"分组成功","mdc":"MDCB","adrg":"BB1","drg":"BB15"}\n';

class Collected extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    done();
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

async function run(argv: readonly string[], input: string | Buffer | readonly Buffer[] = '') {
  const chunks = typeof input === 'string' || Buffer.isBuffer(input) ? [Buffer.from(input)] : input;
  const stdout = new Collected();
  const stderr = new Collected();
  const exit = await runGroupCommand(argv, { stdin: Readable.from(chunks), stdout, stderr });
  return { exit, out: stdout.text, err: stderr.text };
}

test('[grouping G8] a record answers id, status, mdc, adrg and drg in that order, exit 0', async () => {
  assert.deepEqual(await run(['--scheme', OWN], `${RECORD}\n`), { exit: 0, out: ANSWER, err: '' });
});

test('[grouping G8] a last line without an end counts; CRLF and a byte order mark are no part of a line', async () => {
  const { exit, out } = await run(['--scheme', OWN], `\uFEFF${RECORD}\r\n${RECORD}`);
  assert.equal(exit, 0);
  assert.equal(out, ANSWER + ANSWER);
});

test('[grouping G9] lines that are no record answer an error with code, line and place, and the run goes on', async () => {
  const lines = [
    'not json 王小明',
    '',
    '[1]',
    '{"dx":[],"proc":[]}',
    '{"id":7,"dx":[],"proc":[]}',
    '{"id":"b","proc":[]}',
    '{"id":"c","dx":"A00.000","proc":[]}',
    '{"id":"d","dx":["A00.000",4],"proc":[]}',
    '{"id":"e","age":"40","dx":[],"proc":[]}',
    RECORD,
  ];
  const { exit, out, err } = await run(['--scheme', OWN], lines.join('\n'));
  assert.equal(exit, 1);
  const answers = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    answers.map(({ id, status, error }) => [id, status, error?.code, error?.line, error?.at]),
    [
      [null, '输入错误', 'not-json', 1, '$'],
      [null, '输入错误', 'line-empty', 2, '$'],
      [null, '输入错误', 'not-an-object', 3, '$'],
      [null, '输入错误', 'field-missing', 4, 'id'],
      [null, '输入错误', 'field-wrong-type', 5, 'id'],
      ['b', '输入错误', 'field-missing', 6, 'dx'],
      ['c', '输入错误', 'field-wrong-type', 7, 'dx'],
      ['d', '输入错误', 'field-wrong-type', 8, 'dx[1]'],
      ['e', '输入错误', 'field-wrong-type', 9, 'age'],
      ['a', '分组成功', undefined, undefined, undefined],
    ],
  );
  assert.deepEqual(Object.keys(answers[0]), ['id', 'status', 'mdc', 'adrg', 'drg', 'error']);
  assert.deepEqual(Object.keys(answers[0].error), ['code', 'line', 'at', 'text']);
  assert.doesNotMatch(out + err, /王小明/, 'an error text never quotes the record');
});

test('[grouping G9] bytes that are no UTF-8 spoil their own line only', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${RECORD}\n{"id":"`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(`"}\n${RECORD}\n`),
  ]);
  const { exit, out } = await run(['--scheme', OWN], bytes);
  assert.equal(exit, 1);
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).error?.code),
    [undefined, 'not-utf8', undefined],
  );
});

test('[grouping G9] a line of more than 16 MB answers an error without being held, the next line is read', async () => {
  const piece = Buffer.alloc(1024 * 1024, 0x20);
  const chunks = [...Array<Buffer>(18).fill(piece), Buffer.from(`\n${RECORD}\n`)];
  const { exit, out } = await run(['--scheme', OWN], chunks);
  assert.equal(exit, 1);
  const [first, second] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(first.error.code, 'line-too-long');
  assert.equal(second.drg, 'BB15');
});

test('[grouping G8] lines cut anywhere into chunks, also inside a character, are put together again', async () => {
  const bytes = Buffer.from(`${RECORD.replace('"a"', '"张"')}\n`.repeat(3));
  const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  const { exit, out } = await run(['--scheme', OWN], chunks);
  assert.equal(exit, 0);
  assert.equal(out, ANSWER.replace('"a"', '"张"').repeat(3));
});

test('[grouping G8] gzip is read by its content and written by the name of the file', async () => {
  const input = join(folder, 'in.bin');
  const output = join(folder, 'out.jsonl.gz');
  writeFileSync(input, gzipSync(`${RECORD}\n`.repeat(1000)));
  assert.equal((await run(['--scheme', OWN, '--in', input, '--out', output])).exit, 0);
  assert.equal(gunzipSync(readFileSync(output)).toString(), ANSWER.repeat(1000));
  const piped = await run(['--scheme', OWN], gzipSync(`${RECORD}\n`));
  assert.equal(piped.out, ANSWER);
});

test('[grouping G9] damaged gzip answers what was readable and one error', async () => {
  const packed = gzipSync(`${RECORD}\n`.repeat(100_000));
  const { exit, out } = await run(['--scheme', OWN], packed.subarray(0, packed.length - 100));
  assert.equal(exit, 1);
  const lines = out.trimEnd().split('\n');
  assert.equal(JSON.parse(lines.at(-1)!).error.code, 'gzip-damaged');
});

test('[grouping G8] --trail adds the trail to each answer', async () => {
  const { out } = await run(['--scheme', OWN, '--trail'], RECORD);
  const answer = JSON.parse(out);
  assert.deepEqual(Object.keys(answer), ['id', 'status', 'mdc', 'adrg', 'drg', 'trail']);
  assert.equal(answer.trail[0].kind, 'mdc-entered');
});

const WRONG: readonly [string, readonly string[]][] = [
  ['no scheme', []],
  ['an unknown scheme', ['--scheme', 'atlantis_2022']],
  ['an unknown option', ['--scheme', OWN, '--fast']],
  ['a stray argument', ['--scheme', OWN, 'stays.jsonl']],
  ['an input file that is not there', ['--scheme', OWN, '--in', join(folder, 'nothing')]],
  ['a folder as input', ['--scheme', OWN, '--in', folder]],
  ['an output file in a folder that is not there', ['--scheme', OWN, '--out', join(folder, 'no', 'out')]],
  ['the same file in and out', ['--scheme', OWN, '--in', OWN, '--out', OWN]],
  ['a scheme file that is no scheme', ['--scheme', fileURLToPath(import.meta.url)]],
];

test('[grouping G8] wrong usage names the option, in both languages', async () => {
  for (const [argv, option] of [
    [['--scheme', OWN, '--fast'], '--fast'],
    [['--scheme'], '--scheme'],
  ] as const) {
    const { exit, err } = await run(argv);
    assert.equal(exit, 2);
    assert.ok(err.startsWith('选项不对') && err.includes('wrong option') && err.includes(option), err);
  }
});

for (const [what, argv] of WRONG) {
  test(`[grouping G8] exit 2 for ${what}`, async () => {
    const { exit, out, err } = await run(argv, RECORD);
    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.ok(err.length > 0);
  });
}
