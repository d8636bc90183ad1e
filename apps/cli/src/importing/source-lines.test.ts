// Lines of a file: whole characters only, also where a chunk ends within one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SourceError, sourceLines } from './source-lines.ts';

test('[cli C3] lines come as they are; a file in another encoding ends at the line that shows it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yimai-lines-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const linesOf = async (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const texts: (string | null)[] = [];
    let ended: unknown = null;
    try {
      for await (const { text } of sourceLines(path)) texts.push(text);
    } catch (error) {
      ended = error;
    }
    return { texts, ended };
  };
  // Three bytes a character, and more of them than a chunk of the file holds.
  const long = '长'.repeat(400_000);
  for (const [name, pack] of [
    ['plain.ndjson', (bytes: Buffer) => bytes],
    ['packed.ndjson.gz', gzipSync],
  ] as const) {
    const good = await linesOf(name, pack(Buffer.from(`${long}\n王\n`)));
    assert.deepEqual(good, { texts: [long, '王'], ended: null }, name);
    // 王 in GBK.
    const gbk = Buffer.concat([Buffer.from('first\n'), Buffer.from([0xcd, 0xf5]), Buffer.from('\nlast\n')]);
    const other = await linesOf(name, pack(gbk));
    assert.deepEqual(other.texts, ['first'], name);
    assert.ok(other.ended instanceof SourceError);
  }
});
