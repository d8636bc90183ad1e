// How a command speaks: results as JSON lines on stdout, words for people on stderr.
import { once } from 'node:events';
import type { Refusal, Text } from '@yimai/kit';

export type Language = 'zh' | 'en';

export interface Io {
  readonly language: Language;
  /** One result. Waits while the reader of the pipe is slow. */
  result(value: unknown): Promise<void>;
  /** Text that is a result already (NDJSON of an export). */
  raw(text: string): Promise<void>;
  say(text: Text): void;
  line(text: string): void;
  refusal(refusal: Refusal): void;
}

export function openIo(language: Language, stdout = process.stdout, stderr = process.stderr): Io {
  async function raw(text: string): Promise<void> {
    if (!stdout.write(text)) await once(stdout, 'drain');
  }
  const line = (text: string) => {
    stderr.write(`${text}\n`);
  };
  return {
    language,
    raw,
    result: (value) => raw(`${JSON.stringify(value)}\n`),
    line,
    say: (text) => line(text[language]),
    refusal: (refusal) => line(describe(refusal, language)),
  };
}

function describe(refusal: Refusal, language: Language): string {
  const place = refusal.at === undefined ? '' : ` [${refusal.at}]`;
  return `${refusal.code}${place}: ${refusal.detail?.[language] ?? ''}`;
}

/** `YIMAI_LANG`, else Chinese unless the machine speaks English. */
export function languageOf(asked: string | undefined, env: NodeJS.ProcessEnv): Language {
  const word = asked ?? env['YIMAI_LANG'] ?? env['LC_ALL'] ?? env['LANG'] ?? '';
  return word.toLowerCase().startsWith('en') ? 'en' : 'zh';
}
