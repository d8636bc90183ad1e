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

function spell(text: string, surname: boolean): Spelled {
  const syllables = syllablesOf(text, surname);
  const joined = syllables.join('');
  const full = joined.includes('ü') ? [joined.replaceAll('ü', 'v'), joined.replaceAll('ü', 'yu')] : [joined];
  return { full, initials: syllables.map((one) => one.charAt(0)).join('') };
}

/** A person's name: the first character or two are read as a surname (单 shan, 曾 zeng, 仇 qiu). */
export const namePinyin = (name: string): Spelled => spell(name, true);

/** Any other word or title. */
export const wordPinyin = (text: string): Spelled => spell(text, false);
