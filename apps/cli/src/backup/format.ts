// What a back-up is: a folder with one gzip file a table, the blobs, and a manifest that is written last.
// It holds no key: encrypted fields stay encrypted, and the key file is kept elsewhere (docs/OPERATIONS.md).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, refuse } from '@yimai/kit';

export const FORMAT = 'yimai-backup-1';

export interface TableEntry {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Sum of the rows' hashes: the same whatever the order of the rows. */
  readonly digest: string;
  readonly file: string;
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly at: string;
  readonly schema: string;
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly tables: readonly TableEntry[];
  /** Names of the blobs: each is the SHA-256 of its bytes. */
  readonly blobs: readonly string[];
}

export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  } catch {
    return noBackup(folder, '没有 manifest.json', 'it has no manifest.json');
  }
  try {
    const manifest: unknown = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch {
    // Said below.
  }
  return noBackup(folder, 'manifest.json 无法识别', 'its manifest.json is not one of ours');
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf = <T>(value: unknown, is: (one: unknown) => one is T): value is T[] =>
  Array.isArray(value) && value.every(is);
const hasTexts = (value: unknown, ...names: string[]): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && names.every((name) => isText(Reflect.get(value, name)));

function isManifest(value: unknown): value is Manifest {
  return (
    hasTexts(value, 'format', 'at', 'schema') &&
    value['format'] === FORMAT &&
    isListOf(value['blobs'], isText) &&
    isListOf(value['migrations'], isMigration) &&
    isListOf(value['tables'], isTable)
  );
}

const isMigration = (value: unknown): value is Manifest['migrations'][number] =>
  hasTexts(value, 'name', 'checksum');

const isTable = (value: unknown): value is TableEntry =>
  hasTexts(value, 'name', 'digest', 'file', 'sha256') &&
  isListOf(value['columns'], isText) &&
  Number.isInteger(value['rows']) &&
  value['file'] === `tables/${String(value['name'])}.copy.gz`;

/** Bad input, not a fault of ours: the operator is told which file of the back-up it is. */
export function refuseDamaged(file: string, zh: string, en: string): never {
  must(
    refuse(
      'backup-damaged',
      {
        zh: `备份已损坏：${file} ${zh}；没有恢复任何内容，请改用另一份备份`,
        en: `the back-up is damaged: ${file} ${en}; nothing was restored, use another back-up`,
      },
      { at: 'DIR' },
    ),
  );
  throw new Error('fault: a refusal was not thrown');
}

function noBackup(folder: string, zh: string, en: string): never {
  must(
    refuse(
      'not-a-backup',
      { zh: `${folder} 不是完整的备份：${zh}`, en: `${folder} is no complete back-up: ${en}` },
      { at: 'DIR' },
    ),
  );
  throw new Error('fault: a refusal was not thrown');
}
