// Finds and reads scheme files and ICD name tables: the shipped ones by name, any other by path, plain or gzip.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type Result, refuse } from '@yimai/kit';
import { type CompiledScheme, compileScheme } from './compile.ts';
import type { CodeNames } from './types.ts';

const RULES = fileURLToPath(new URL('../../../rules', import.meta.url));
const SCHEME_FILE = 'scheme.json.gz';

/** The names of the schemes under `rules/drg/`, in order of their characters. */
export function shippedSchemes(rules: string = RULES): string[] {
  const folder = join(rules, 'drg');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, SCHEME_FILE)))
    .sort();
}

/** Loads a shipped scheme by name, or a neutral or compact scheme file by path. */
export function loadScheme(nameOrFile: string, rules: string = RULES): Result<CompiledScheme> {
  const isShipped = shippedSchemes(rules).includes(nameOrFile);
  const path = isShipped ? join(rules, 'drg', nameOrFile, SCHEME_FILE) : nameOrFile;
  const at = 'scheme';
  if (!existsSync(path)) {
    const known = shippedSchemes(rules).join(', ');
    const detail = {
      zh: `没有名为“${nameOrFile}”的方案或文件；自带方案：${known}`,
      en: `no scheme and no file is called "${nameOrFile}"; shipped schemes: ${known}`,
    };
    return refuse('scheme-unknown', detail, { at, rule: 'G8' });
  }
  let file: unknown;
  try {
    file = JSON.parse(readMaybePacked(path).replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const detail = { zh: `方案文件无法读取：${why}`, en: `the scheme file cannot be read: ${why}` };
    return refuse('scheme-unreadable', detail, { at, rule: 'G8' });
  }
  return compileScheme(file);
}

/** The Chinese names of ICD-10 and ICD-9-CM-3 codes, as shipped under `rules/icd/`. */
export function loadCodeNames(rules: string = RULES): CodeNames {
  const diagnoses = readNames(join(rules, 'icd', 'diagnoses.tsv.gz'));
  const procedures = readNames(join(rules, 'icd', 'procedures.tsv.gz'));
  return { diagnosis: (code) => diagnoses.get(code), procedure: (code) => procedures.get(code) };
}

function readNames(path: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of readMaybePacked(path).split('\n')) {
    const tab = line.indexOf('\t');
    if (tab > 0) names.set(line.slice(0, tab), line.slice(tab + 1));
  }
  return names;
}

function readMaybePacked(path: string): string {
  const bytes = readFileSync(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
}
