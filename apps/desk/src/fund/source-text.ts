// A source is written "中文 (English)" in a rule set; a screen shows the half of its language.
import type { Text } from '@yimai/kit';

export function sourceText(source: string): Text {
  const [, zh, en] = /^(.*[^\x20-\x7e].*?) \(([\x20-\x7e]+)\)$/.exec(source) ?? [];
  return zh === undefined || en === undefined ? { zh: source, en: source } : { zh, en };
}
