// The help texts: one screen for all commands, one for each.
import { COMMON, type Command, type Delegate, type Option } from './command.ts';
import type { Language } from './io.ts';

export function helpOfAll(commands: readonly (Command | Delegate)[], language: Language): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary[language]}`);
  const [title, more] = {
    zh: ['用法：npm run -s yimai -- 命令 [选项]', '每个命令都可加 --data DIR；命令 --help 看详情。'],
    en: [
      'usage: npm run -s yimai -- COMMAND [OPTIONS]',
      'Every command takes --data DIR; COMMAND --help tells more.',
    ],
  }[language] as [string, string];
  const exits = {
    zh: 'stdout 只有结果（JSON 行），提示走 stderr。退出码：0 完成，1 完成但有被拒绝的，2 用法错误，3 故障。',
    en: 'stdout is the result only (JSON lines), messages go to stderr. Exit 0 done, 1 done with refusals, 2 wrong usage, 3 fault.',
  }[language];
  return [title, '', ...rows, '', more, exits].join('\n');
}

export function helpOf(command: Command, language: Language): string {
  const options = Object.entries({ ...command.options, ...COMMON });
  const left = ([name, { value }]: [string, Option]) => `--${name}${value ? ` ${value}` : ''}`;
  const width = Math.max(...options.map((option) => left(option).length)) + 2;
  return [
    `yimai ${command.name}${command.words ? ` ${command.words}` : ''}`,
    `  ${command.summary[language]}`,
    '',
    ...options.map((option) => `  ${left(option).padEnd(width)}${option[1].help[language]}`),
  ].join('\n');
}
