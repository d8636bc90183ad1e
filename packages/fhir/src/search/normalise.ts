// One spelling for what people write in different ways: half and full width, capitals, accents, white space.

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

export const hasChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
