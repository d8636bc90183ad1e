// Chinese text as people type it: full pinyin without spaces or tones, and initials.
import { createRequire } from 'node:module';

export interface Spelled {
  /** Usually one; two when a syllable has ü, which people type as v or yu (吕: lv, lyu). */
  readonly full: readonly string[];
  readonly initials: string;
}

/** The one use that we make of pinyin-pro: a list of syllables. */
type SpellSyllables = (
  text: string,
  options: { toneType: 'none'; type: 'array'; nonZh: 'consecutive'; surname?: 'head' },
) => string[];
let library: SpellSyllables | undefined;

/** Loaded on first use: the dictionary takes some 100 ms and 40 MB that a process without Chinese names need not spend. */
function spellSyllables(...args: Parameters<SpellSyllables>): string[] {
  if (!library) {
    const require = createRequire(import.meta.url);
    library = (require('pinyin-pro') as { pinyin: SpellSyllables }).pinyin;
  }
  return library(...args);
}

/** One syllable per character without tones; what is not Chinese stays as it is, in lower case. */
export function syllablesOf(text: string, surname = false): string[] {
  const syllables = spellSyllables(text.normalize('NFKC'), {
    toneType: 'none',
    type: 'array',
    nonZh: 'consecutive',
    ...(surname ? { surname: 'head' as const } : {}),
  });
  return syllables.map((one) => one.toLowerCase().replace(/\s+/g, ''));
}

/** Names and their parts come again and again; the letters and digits after one change nothing in how it is read. */
const READ_BEFORE: Readonly<Record<'name' | 'word', Map<string, Spelled>>> = {
  name: new Map(),
  word: new Map(),
};
const READ_MAX = 20_000;
const WITH_TAIL = /^(\p{Script=Han}+)([a-z0-9]*)$/u;

function spell(text: string, kind: 'name' | 'word'): Spelled {
  const [, said = text, tail = ''] = WITH_TAIL.exec(text) ?? [];
  const known = READ_BEFORE[kind];
  let spelled = known.get(said);
  if (spelled === undefined) {
    spelled = spellAnew(said, kind === 'name');
    if (known.size >= READ_MAX) known.clear();
    known.set(said, spelled);
  }
  if (tail === '') return spelled;
  return { full: spelled.full.map((one) => one + tail), initials: spelled.initials + tail.charAt(0) };
}

function spellAnew(text: string, surname: boolean): Spelled {
  const syllables = syllablesOf(text, surname);
  const joined = syllables.join('');
  const full = joined.includes('ü') ? [joined.replaceAll('ü', 'v'), joined.replaceAll('ü', 'yu')] : [joined];
  return { full, initials: syllables.map((one) => one.charAt(0)).join('') };
}

/** A person's name: the first character or two are read as a surname (单 shan, 曾 zeng, 仇 qiu). */
export const namePinyin = (name: string): Spelled => spell(name, 'name');

/** Any other word or title. */
export const wordPinyin = (text: string): Spelled => spell(text, 'word');
