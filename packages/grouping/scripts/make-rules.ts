// Makes rules/drg/<scheme>/scheme.json.gz and rules/icd/*.tsv.gz from a folder of neutral schemes and ICD name tables.
//
//   node packages/grouping/scripts/make-rules.ts FOLDER
//
// FOLDER holds schemes/<scheme>.json.gz (format chs-drg-rules/1) and icd/{diagnoses,procedures}.tsv.gz.
// The same input gives the same bytes: no time, no host and no operating system is written into the gzip header.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compactScheme } from '../src/compile.ts';

const RULES = fileURLToPath(new URL('../../../rules', import.meta.url));
const SOURCE = 'OpenDRG (Apache-2.0), extracted as facts; see rules/drg/PROVENANCE.md';
const UNKNOWN_SYSTEM = 255;
const SYSTEM_BYTE = 9;

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: make-rules.ts FOLDER');

for (const file of readdirSync(join(folder, 'schemes')).sort()) {
  const neutral = gunzipSync(readFileSync(join(folder, 'schemes', file)));
  const provenance = { source: SOURCE, neutralSha256: createHash('sha256').update(neutral).digest('hex') };
  const name = file.replace('.json.gz', '');
  const compact = { ...compactScheme(JSON.parse(neutral.toString('utf8'))), provenance };
  write(join(RULES, 'drg', name), 'scheme.json.gz', `${JSON.stringify(compact)}\n`);
}

for (const table of ['diagnoses', 'procedures']) {
  const lines = gunzipSync(readFileSync(join(folder, 'icd', `${table}.tsv.gz`)))
    .toString('utf8')
    .split('\n');
  const rows = lines
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t').map((cell) => cell.trim()));
  rows.sort(([left], [right]) => (left! < right! ? -1 : 1));
  write(join(RULES, 'icd'), `${table}.tsv.gz`, `${rows.map((row) => row.join('\t')).join('\n')}\n`);
}

function write(into: string, name: string, text: string): void {
  mkdirSync(into, { recursive: true });
  const packed = gzipSync(text, { level: 9 });
  packed[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  writeFileSync(join(into, name), packed);
}
