// Small words of the desk: values without words of their own, several in one line, the number of a case as it is said.
import type { Said } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';

/** `order-dispatch-2026-00007` is said `2026-00007`; the name of its loop stands beside it in the reader's language. */
export const saidNumber = (number: string): string => /\d{4}-\d+$/.exec(number)?.[0] ?? number;

export const allWords = (words: readonly Text[]): Text => ({
  zh: words.map(({ zh }) => zh).join('、'),
  en: words.map(({ en }) => en).join(', '),
});

/** A value without words of its own: yes and no, and what it points to by its name. */
export function plainWords(value: unknown, names: ReadonlyMap<string, string>): Text {
  if (value === true) return { zh: '是', en: 'Yes' };
  if (value === false) return { zh: '否', en: 'No' };
  const text = names.get(String(value)) ?? String(value);
  return { zh: text, en: text };
}

/** What is the same in both languages is one text. */
export const inOne = (text: Text): Said => (text.zh === text.en ? text.zh : text);
