// What a command is: its words, its options, and how it ends.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { must, refuse, type Text } from '@yimai/kit';
import type { Io } from './io.ts';

/** How a command ends (issue 2, 6): the exit code of the process. */
export const EXIT = { done: 0, refusals: 1, usage: 2, fault: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help, such as `DIR`. */
  readonly value?: string;
  readonly help: Text;
}

export interface Given {
  readonly words: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

export interface Command {
  readonly name: string;
  /** What follows the name, such as `PATH`. */
  readonly words?: string;
  readonly wordsMin?: number;
  readonly wordsMax?: number;
  readonly summary: Text;
  readonly options?: Readonly<Record<string, Option>>;
  run(given: Given, io: Io): Promise<ExitCode>;
}

/** A command whose words another room reads itself. */
export interface Delegate {
  readonly name: string;
  readonly summary: Text;
  delegate(argv: readonly string[]): Promise<number>;
}

export const COMMON: Readonly<Record<string, Option>> = {
  data: {
    type: 'string',
    value: 'DIR',
    help: {
      zh: '数据文件夹；不给则用本克隆的文件夹',
      en: 'data folder; without it, the folder of this clone',
    },
  },
  lang: { type: 'string', value: 'zh|en', help: { zh: '提示语言', en: 'language of messages' } },
  help: { type: 'boolean', help: { zh: '显示帮助', en: 'show this help' } },
};

export function parseGiven(command: Command, argv: readonly string[]): Given {
  const options: ParseArgsConfig['options'] = {};
  for (const [name, { type }] of Object.entries({ ...COMMON, ...command.options })) options[name] = { type };
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(command.name, wordsOf(error));
  }
  const { positionals, values } = parsed;
  if (!['zh', 'en', undefined].includes(values['lang'] as string | undefined))
    throw usage(command.name, { zh: '--lang 是 zh 或 en', en: '--lang is zh or en' });
  const max = command.wordsMax ?? 0;
  if (values['help'] !== true) {
    const tooMuch = positionals[max];
    if (tooMuch !== undefined)
      throw usage(command.name, { zh: `多出“${tooMuch}”`, en: `unexpected "${tooMuch}"` });
    if (positionals.length < (command.wordsMin ?? 0))
      throw usage(command.name, { zh: `缺少 ${command.words}`, en: `needs ${command.words}` });
  }
  return {
    words: positionals,
    text: (name) => values[name] as string | undefined,
    flag: (name) => values[name] === true,
  };
}

export class UsageError extends Error {
  readonly detail: Text;
  constructor(detail: Text) {
    super(detail.en);
    this.detail = detail;
  }
}

export const usage = (command: string, { zh, en }: Text): UsageError =>
  new UsageError({ zh: `${command}：${zh}`, en: `${command}: ${en}` });

/** What Node says of a wrong option, in our languages: its own words are long and in English only. */
function wordsOf(error: unknown): Text {
  const { code, message } = error as { code?: string; message: string };
  const option = /'(-[^'\s]*)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return { zh: `没有选项 ${option}`, en: `there is no option ${option}` };
  if (/does not take/.test(message)) return { zh: `${option} 后面不带值`, en: `${option} takes no value` };
  return {
    zh: `${option} 缺少值（以 - 开头的值写成 ${option}=值）`,
    en: `${option} needs a value (one that begins with - is written ${option}=VALUE)`,
  };
}

export function readPort(given: Given, otherwise: number): number {
  const text = given.text('port');
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  must(
    refuse(
      'not-a-port',
      { zh: `“${text}”不是端口号`, en: `"${text}" is not a port number` },
      { at: '--port' },
    ),
  );
  return otherwise;
}
