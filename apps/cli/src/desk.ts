// The built desk for a server that starts: built if it is missing or stale; without it the interfaces still work.
import { mkdirSync } from 'node:fs';
import { distFolder, ensureBuilt } from '@yimai/desk';
import type { Io } from './io.ts';

export async function deskFolder(io: Io): Promise<string | null> {
  try {
    const slow = setTimeout(() => io.say({ zh: '正在构建网页 ...', en: 'building the web desk ...' }), 500);
    await ensureBuilt().finally(() => clearTimeout(slow));
    return distFolder;
  } catch (error) {
    io.say({
      zh: `网页未能构建，只提供接口：${(error as Error).message}`,
      en: `the web desk did not build, serving the interfaces only: ${(error as Error).message}`,
    });
    return null;
  }
}

/**
 * The place of the built desk for a server that must answer at once; a missing or stale desk is built once `build` is called,
 * which takes both cores for some seconds.
 */
export function deskFolderMeanwhile(io: Io): { readonly folder: string; build(): void } {
  mkdirSync(distFolder, { recursive: true });
  return { folder: distFolder, build: () => void deskFolder(io) };
}
