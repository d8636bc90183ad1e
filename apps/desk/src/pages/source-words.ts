// Where a programme comes from, in the reader's language: the declarations cite it in English with a Chinese quotation.
import type { Language } from '../app/language.ts';

const IN_CHINESE: readonly (readonly [RegExp, string])[] = [
  [/newspaper page \(about autumn (\d{4}), year inferred\)/g, '报刊版面（约 $1 年秋，年份为推断）'],
  [/newspaper page \(about February (\d{4})\)/g, '报刊版面（约 $1 年 2 月）'],
  [/newspaper page, spring (\d{4})/g, '报刊版面（$1 年春）'],
  [/newspaper page, (\d{4}-\d{2}-\d{2})/g, '报刊版面（$1）'],
  [/reform bulletin of (\d{4}-\d{2}-\d{2})/g, '改革简报（$1）'],
  [/reform bulletin/g, '改革简报'],
  [/, (?=[\u4e00-\u9fff])/g, '，'],
];
/** The number of a page in the collection that it was read from. */
const PAGE_NUMBER = /\b\d{3}_[0-9a-f]{16}\b/g;

export function sourceWords(source: string, language: Language): string {
  if (language === 'en') return source.replace(PAGE_NUMBER, 'case material,');
  const parts = source.replace(PAGE_NUMBER, '典型案例').split('; ');
  const said = parts.map((part) => IN_CHINESE.reduce((text, [from, to]) => text.replace(from, to), part));
  const quoted = said.filter((part) => /[\u4e00-\u9fff]/.test(part));
  return quoted.join('；') + (quoted.length < said.length ? '（步骤和时限为通行做法，可按县调整）' : '');
}
