// What a disk or a database that is not there says of itself, in words for the operator: weather is not a fault of ours.
import type { Text } from '@yimai/kit';

/** Null where it is none of these: then it is a fault. */
export async function weatherOf(error: unknown): Promise<Text | null> {
  const { isDatabaseAway, isDiskFull } = await import('@yimai/postgres');
  if (isDiskFull(error))
    return { zh: '磁盘已满：请腾出空间后再试', en: 'the disk is full: make room, then try again' };
  const { code, path = '', message } = error as { code?: string; path?: string; message: string };
  if (code === 'EROFS') return { zh: `${path} 所在的磁盘是只读的`, en: `the disk of ${path} is read-only` };
  if (code === 'EACCES' || code === 'EPERM')
    return { zh: `本用户无权使用 ${path || message}`, en: `this user may not use ${path || message}` };
  if (isDatabaseAway(error))
    return { zh: `连不上数据库：${message}`, en: `the database cannot be reached: ${message}` };
  return null;
}
