// Whether a file that a command is to write can be written, asked before anything is opened.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { must, refuse } from '@yimai/kit';

export function refuseUnwritable(path: string, at: string): void {
  if (isWritable(resolve(path))) return;
  must(refuse('file-not-writable', { zh: `写不了 ${path}`, en: `${path} cannot be written` }, { at }));
}

function isWritable(path: string): boolean {
  try {
    const isThere = existsSync(path);
    accessSync(isThere ? path : dirname(path), constants.W_OK);
    return isThere ? !statSync(path).isDirectory() : statSync(dirname(path)).isDirectory();
  } catch {
    return false;
  }
}
