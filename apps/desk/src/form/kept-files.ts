// Photos and signatures: made small on the device, kept there under the id they will have, sent now or with their work.
import { upload } from '../api/client.ts';
import { uuidv7 } from '../api/uuid.ts';
import { allKept, drop, keep, kept } from './device-store.ts';

export interface KeptFile {
  readonly id: string;
  readonly blob: Blob;
  readonly name: string;
  readonly about: string | null;
  readonly at: string;
}

export const MAX_MB = 20;
const LONGEST_SIDE = 2000;
const JPEG_QUALITY = 0.85;
const KEEP_MS = 30 * 86_400_000;

/** A file that stays too large after making it smaller; the size is told in MB. */
export class TooLarge extends Error {
  readonly mb: number;
  /** The device could not read the picture, so it was not made smaller. */
  readonly unread: boolean;
  constructor(mb: number, unread: boolean) {
    super('too-large');
    this.mb = mb;
    this.unread = unread;
  }
}

export async function prepared(file: File): Promise<File> {
  const picture = file.type.startsWith('image/');
  const small = picture ? await smaller(file) : file;
  const mb = (small ?? file).size / 1_000_000;
  if (mb > MAX_MB) throw new TooLarge(mb, picture && small === null);
  return small ?? file;
}

/** A picture of at most 2000 px a side as JPEG; null for what the browser cannot read. */
async function smaller(file: File): Promise<File | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  return blob && blob.size < file.size ? new File([blob], file.name, { type: 'image/jpeg' }) : file;
}

/** Keeps a file on the device; its address is already the one that the server will give it. */
export async function keepFile(file: File, about: string | null): Promise<string> {
  const id = uuidv7();
  const value: KeptFile = { id, blob: file, name: file.name, about, at: new Date().toISOString() };
  await keep('files', value);
  return `Binary/${id}`;
}

/** Those of the answers that are files. */
export const filesIn = (answers: Readonly<Record<string, unknown>>): string[] =>
  Object.values(answers)
    .flat()
    .filter((value): value is string => typeof value === 'string' && /^Binary\//.test(value));

const idOf = (url: string): string => url.slice(url.indexOf('/') + 1);

export const keptFile = (url: string): Promise<KeptFile | undefined> => kept<KeptFile>('files', idOf(url));
export const forgetFile = (url: string): Promise<unknown> => drop('files', idOf(url));

/** Sends one file; sent again under its id it is kept once. */
export async function sendFile(file: File, about: string | null, id: string = uuidv7()): Promise<string> {
  const query = new URLSearchParams({ id, ...(about === null ? {} : { about }) });
  const { url } = await upload<{ url: string }>(`/desk/files?${query}`, file);
  return url;
}

/** Sends those of the files that are still on this device only. */
export async function sendKept(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const file = await keptFile(url);
    if (!file) continue;
    await sendFile(new File([file.blob], file.name, { type: file.blob.type }), file.about, file.id);
  }
}

/** Forgets pictures of forms that were never sent, after a month; those of `waiting` work stay until it is sent. */
export async function forgetOldFiles(nowMs: number, waiting: readonly string[]): Promise<void> {
  const wanted = new Set(waiting.map(idOf));
  for (const file of await allKept<KeptFile>('files'))
    if (!wanted.has(file.id) && nowMs - Date.parse(file.at) > KEEP_MS) await drop('files', file.id);
}
