// `yimai import PATH`: files of resources into the record; running it again over the same files changes nothing.
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parseResourceText } from '@yimai/fhir';
import { must, type Refusal, refuse } from '@yimai/kit';
import type { Importer, ImportReport } from '@yimai/record';
import type { Consortium } from '@yimai/server';
import { type Command, EXIT } from '../command.ts';
import { inHouse } from '../house.ts';
import {
  type FindConditional,
  isBundleToTakeApart,
  takeApart,
  withExactNumbers,
} from '../importing/bundle-entries.ts';
import { hashOf, Ledger } from '../importing/ledger.ts';
import { sourceFilesOf } from '../importing/source-files.ts';
import { sourceItems } from '../importing/source-items.ts';
import { SourceError } from '../importing/source-lines.ts';
import type { Io } from '../io.ts';
import { refuseUnwritable } from '../writable.ts';

const TELL_EVERY_MS = 2_000;

export const importCommand: Command = {
  name: 'import',
  words: 'PATH',
  wordsMin: 1,
  wordsMax: 1,
  summary: { zh: '导入 NDJSON、Bundle、文件夹、gz', en: 'bring in NDJSON, Bundles, folders, gzip files' },
  options: {
    again: {
      type: 'boolean',
      help: {
        zh: '此前完整导入过的文件也重新比对',
        en: 'compare files again that were brought in whole before',
      },
    },
    errors: {
      type: 'string',
      value: 'FILE',
      help: {
        zh: '逐行错误写到此文件；默认 import-errors.ndjson',
        en: 'row errors go to this file; default import-errors.ndjson',
      },
    },
  },
  async run(given, io) {
    const path = given.words[0]!;
    if (!existsSync(path))
      must(refuse('file-not-found', { zh: `找不到 ${path}`, en: `${path} does not exist` }, { at: 'PATH' }));
    const errorsPath = given.text('errors') ?? 'import-errors.ndjson';
    refuseUnwritable(errorsPath, '--errors');
    const errors = new ErrorFile(errorsPath);
    const total: Counts = { created: 0, updated: 0, unchanged: 0, refused: 0 };
    await inHouse(given, io, async (house) => {
      const find = conditionalFinder(house);
      const ledger = await Ledger.open(house);
      for (const file of sourceFilesOf(path)) {
        const hash = await hashOf(file);
        const known = given.flag('again') ? undefined : ledger.resourcesOf(hash);
        const counts =
          known === undefined ? await importFile(house, file, find, errors, io) : unchanged(known);
        if (known === undefined && counts.refused === 0) await ledger.add(hash, sumOf(counts));
        for (const key of COUNTED) total[key] += counts[key];
        await io.result({ file, ...counts });
      }
    });
    await errors.end();
    io.line(COUNTED.map((key) => `${key} ${total[key]}`).join(', '));
    if (errors.path !== undefined)
      io.say({ zh: `错误见 ${errors.path}`, en: `errors are in ${errors.path}` });
    return total.refused > 0 ? EXIT.refusals : EXIT.done;
  },
};

const COUNTED = ['created', 'updated', 'unchanged', 'refused'] as const;
type Counts = { [key in (typeof COUNTED)[number]]: number };
const unchanged = (resources: number): Counts => ({
  created: 0,
  updated: 0,
  unchanged: resources,
  refused: 0,
});
const sumOf = ({ created, updated, unchanged: same }: Counts): number => created + updated + same;

type Place = { readonly line: number; readonly entry?: number };

async function importFile(
  house: Consortium,
  file: string,
  find: FindConditional,
  errors: ErrorFile,
  io: Io,
): Promise<Counts> {
  const importer = house.record.importer(house.record.systemAccess(), { via: 'import' });
  // The importer counts lines; an entry of a Bundle gets a negative number, whose place is kept here.
  const places = new Map<number, Place>();
  let refused = 0;
  let told = performance.now();
  let seen = 0;
  try {
    for await (const { line, text } of sourceItems(file)) {
      seen = line;
      const taken = text === null ? undefined : await addBundle(importer, text, line, places, find);
      if (taken === undefined) await importer.add(text, line);
      for (const { index, refusal } of taken ?? []) {
        refused += 1;
        errors.add(file, { line, entry: index }, refusal);
      }
      if (performance.now() - told > TELL_EVERY_MS) {
        told = performance.now();
        io.say({ zh: `${file}：已读 ${seen} 行`, en: `${file}: ${seen} lines read` });
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // What was read before is brought in; the other files of the folder go on.
    refused += 1;
    errors.add(file, { line: seen + 1 }, unreadable(error));
  }
  const report: ImportReport = await importer.finish();
  for (const { line, refusal } of report.errors) errors.add(file, places.get(line) ?? { line }, refusal);
  const { created, updated, unchanged } = report;
  return { created, updated, unchanged, refused: refused + report.refused };
}

const unreadable = ({ message }: SourceError): Refusal =>
  refuse(
    'file-unreadable',
    {
      zh: `从这里起读不出文件（${message}）：已损坏、不完整或无权读取`,
      en: `the file cannot be read from here on (${message}): damaged, cut off or closed to this user`,
    },
    { at: '' },
  ).refusal;

/** Adds the entries of a Bundle and gives those that could not be read; undefined if the text is no such Bundle. */
async function addBundle(
  importer: Importer,
  text: string,
  line: number,
  places: Map<number, Place>,
  find: FindConditional,
): Promise<{ index: number; refusal: Refusal }[] | undefined> {
  if (!/"resourceType"\s*:\s*"Bundle"/.test(text)) return undefined;
  const parsed = parseResourceText(text.replace(/^\uFEFF/, ''));
  if (!parsed.ok || !isBundleToTakeApart(parsed.value)) return undefined;
  const { entries, refused } = await takeApart(withExactNumbers(text, parsed.value), find);
  for (const { index, type, id, text: entryText } of entries) {
    const number = -(places.size + 1);
    places.set(number, { line, entry: index });
    await importer.addResource({ line: number, type, id, text: entryText });
  }
  return [...refused];
}

function conditionalFinder(house: Consortium): FindConditional {
  const known = new Map<string, string>();
  return async (type, query) => {
    const key = `${type}?${query}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const page = await house.record.search(house.record.systemAccess(), type, `${query}&_count=2`);
    if (page.matches.length !== 1) return null;
    const place = `${type}/${page.matches[0]!.fhirId}`;
    known.set(key, place);
    return place;
  };
}

/** Made when the first error is written, so that an import without errors leaves no file. */
class ErrorFile {
  readonly #asked: string;
  #stream: WriteStream | undefined;
  constructor(asked: string) {
    this.#asked = asked;
  }
  get path(): string | undefined {
    return this.#stream && this.#asked;
  }
  add(file: string, place: Place, { code, at, detail }: Refusal): void {
    this.#stream ??= createWriteStream(this.#asked, { mode: 0o600 });
    this.#stream.write(`${JSON.stringify({ file, ...place, code, at, detail })}\n`);
  }
  async end(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await finished(this.#stream);
  }
}
