// `yimai export`: the current version of every resource as NDJSON.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isResourceType } from '@yimai/fhir';
import type { Consortium } from '@yimai/server';
import { type Command, EXIT, type Given, usage } from '../command.ts';
import { inHouse } from '../house.ts';
import { refuseUnwritable } from '../writable.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: { zh: '导出全部资源（NDJSON）', en: 'every resource as NDJSON' },
  options: {
    types: { type: 'string', value: 'A,B', help: { zh: '只导出这些类型', en: 'only these types' } },
    since: {
      type: 'string',
      value: 'INSTANT',
      help: { zh: '只导出此后更新的', en: 'only what changed since' },
    },
    out: {
      type: 'string',
      value: 'FILE',
      help: {
        zh: '写入文件（.gz 则压缩）；默认标准输出',
        en: 'to a file (.gz compresses); default standard output',
      },
    },
  },
  async run(given, io) {
    const order = readOrder(given);
    const out = given.text('out');
    if (out !== undefined) refuseUnwritable(out, '--out');
    await inHouse(given, io, async (house) => {
      let resources = 0;
      const texts = linesOf(house, order, (count) => {
        resources += count;
      });
      if (out === undefined) for await (const text of texts) await io.raw(text);
      else await toFile(out, texts);
      io.say({ zh: `导出 ${resources} 个资源`, en: `${resources} resources exported` });
    });
    return EXIT.done;
  },
};

interface Order {
  readonly types: readonly string[] | null;
  readonly since: Date | null;
  readonly patientsOnly: boolean;
}

function readOrder(given: Given): Order {
  const types =
    given
      .text('types')
      ?.split(',')
      .filter((type) => type !== '') ?? null;
  const unknown = types?.find((type) => !isResourceType(type));
  if (unknown !== undefined)
    throw usage('export', { zh: `“${unknown}”不是资源类型`, en: `"${unknown}" is not a resource type` });
  const since = given.text('since');
  const at = since === undefined ? null : new Date(since);
  if (at !== null && Number.isNaN(at.getTime()))
    throw usage('export', { zh: `“${since}”不是时刻`, en: `"${since}" is not an instant` });
  return { types, since: at, patientsOnly: false };
}

async function* linesOf(
  house: Consortium,
  order: Order,
  count: (rows: number) => void,
): AsyncGenerator<string> {
  const access = house.record.systemAccess();
  for await (const page of house.record.export(access, order)) {
    let text = '';
    for (const row of page) text += `${await house.record.contentFor(access, row)}\n`;
    count(page.length);
    yield text;
  }
}

async function toFile(path: string, texts: AsyncGenerator<string>): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600 });
  const source = Readable.from(texts, { objectMode: false });
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
}
