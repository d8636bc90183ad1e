// One spelling for what people write in different ways: half and full width, capitals, accents, white space.
import { replaceMobiles, replaceNationalIds } from '../profiles/systems.ts';
import { fnv1a32 } from './parameters.ts';

const PLAIN = /^[a-z0-9]*$/;
const ASCII = /^[\x20-\x7e]*$/;

/** NFKC, lower case, accents folded, white space collapsed: `Ｍüller  Ａ` gives `muller a`. */
export function normaliseText(text: string): string {
  if (PLAIN.test(text)) return text;
  const lower = ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKC')
        .toLowerCase()
        .normalize('NFD')
        .replace(/\p{Mn}+/gu, '')
        .normalize('NFC');
  return lower.replace(/\s+/g, ' ').trim();
}

/** A text in which an ID number or a phone number stands lies encrypted; the index tells the rest of it. */
export const tellable = (text: string): string =>
  text.length < 12
    ? text
    : replaceMobiles(
        replaceNationalIds(text, () => ''),
        () => '',
      );

/** The index keeps this much of a text: an index page of PostgreSQL holds no more than some 2,700 bytes in one entry. */
const INDEX_TEXT_MAX = 400;

/** The beginning of a long text: what is searched by its beginning is still found. */
export function indexedText(text: string): string {
  return text.length <= INDEX_TEXT_MAX ? text : text.slice(0, INDEX_TEXT_MAX).toWellFormed();
}

/** The same for what must be equal as a whole: two long keys with one beginning stay two. */
export function indexedKey(text: string): string {
  return text.length <= INDEX_TEXT_MAX ? text : `${indexedText(text)}…${fnv1a32(text)}`;
}

export const hasChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
