// Chinese text as people type it: full pinyin without spaces or tones, and initials.
import { pinyin } from 'pinyin-pro';

export interface Spelled {
  /** Usually one; two when a syllable has ü, which people type as v or yu (吕: lv, lyu). */
  readonly full: readonly string[];
  readonly initials: string;
}

function spell(text: string, surname: boolean): Spelled {
  const syllables = pinyin(text, {
    toneType: 'none',
    type: 'array',
    nonZh: 'consecutive',
    ...(surname ? { surname: 'head' as const } : {}),
  }).map((one) => one.toLowerCase().replace(/\s+/g, ''));
  const joined = syllables.join('');
  const full = joined.includes('ü') ? [joined.replaceAll('ü', 'v'), joined.replaceAll('ü', 'yu')] : [joined];
  return { full, initials: syllables.map((one) => one.charAt(0)).join('') };
}

/** A person's name: the first character or two are read as a surname (单 shan, 曾 zeng, 仇 qiu). */
export const namePinyin = (name: string): Spelled => spell(name, true);

/** Any other word or title. */
export const wordPinyin = (text: string): Spelled => spell(text, false);
