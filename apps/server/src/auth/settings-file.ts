// Reads a JSON file that the operator named in an environment variable; a file that cannot be used is told by that name.
import { readFileSync } from 'node:fs';
import { must, refuse } from '@yimai/kit';

export function readSettings(variable: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return must(
      refuse(
        'settings-unusable',
        {
          zh: `${variable} 指向的文件读不到或不是 JSON`,
          en: `the file of ${variable} cannot be read or is not JSON`,
        },
        { at: variable },
      ),
    );
  }
}
