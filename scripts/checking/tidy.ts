// House rules that can be read from a file: its opening sentence, its length, and words that must not be in it.
import { type Finding, isTest, lineAt, type SourceFile } from './source-files.ts';

const LINES_MAX = 400;
const OPENING: readonly (readonly [RegExp, RegExp])[] = [
  [/\.(ts|tsx|mts|mjs)$/, /^(?:#![^\n]*\n)?(?:\/\/|\/\*\*?)\s*(\S.*)/],
  [/\.sql$/, /^(?:--![^\n]*\n)?--\s*(\S.*)/],
  [/\.sh$/, /^(?:#![^\n]*\n)?#\s*(\S.*)/],
];
// Places that exist on one machine only: home folders, and the folders around a clone.
const PLACES = ['root/\\.', 'work/(?:main|shared|\\.)', 'home/[a-z]\\w*/'].join('|');
const MACHINE_PATH = new RegExp(`(?<![\\w.])/(?:${PLACES})[\\w./-]*`, 'g');
// A clone may lie below a folder with a space or Chinese characters, which a URL spells with `%`.
const URL_AS_PATH = /new URL\([^()]*import\.meta\.url\)\.pathname/g;
const REGISTRY_HOST = new RegExp(['registry', '(npmjs|npmmirror|yarnpkg)', '(com|org)'].join('\\.'), 'g');

export function checkTidy(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) => [
    ...opening(file),
    ...tooLong(file),
    ...forbidden(file, MACHINE_PATH, 'machine-path', 'names a path of one machine'),
    ...forbidden(file, URL_AS_PATH, 'url-as-path', 'is no path where the clone lies below 一 or a space'),
    ...forbidden(file, REGISTRY_HOST, 'registry-host', 'names a package registry'),
    ...noConsole(file),
  ]);
}

function opening({ path, text }: SourceFile): Finding[] {
  const form = OPENING.find(([name]) => name.test(path))?.[1];
  if (form === undefined) return [];
  const sentence = form.exec(text)?.[1] ?? '';
  if (sentence.trim().split(/\s+/).length >= 4) return [];
  return [
    { path, line: 1, rule: 'opening-sentence', message: 'a file opens with one sentence: what it is for' },
  ];
}

function tooLong({ path, text }: SourceFile): Finding[] {
  const lines = text.split('\n').length;
  if (!/\.(ts|tsx|mjs)$/.test(path) || lines <= LINES_MAX) return [];
  return [
    { path, line: lines, rule: 'file-length', message: `${lines} lines; split it by noun`, warning: true },
  ];
}

function forbidden({ path, text }: SourceFile, words: RegExp, rule: string, message: string): Finding[] {
  return [...text.matchAll(words)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    rule,
    message: `${message}: ${match[0]}`,
  }));
}

function noConsole({ path, text }: SourceFile): Finding[] {
  if (!/^packages\/.*\.ts$/.test(path) || isTest(path) || path.includes('/scripts/')) return [];
  return forbidden({ path, text }, /\bconsole\.\w+\(/g, 'no-console', 'a room does not write to the console');
}
