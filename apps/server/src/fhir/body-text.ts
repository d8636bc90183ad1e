// A request body as text: UTF-8 or nothing, without a byte order mark, no longer than allowed.
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { say } from './interaction-context.ts';

/** A text that is not UTF-8 would be stored with its characters replaced. */
export function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes))
    throw say('invalid-utf8', 'Content-Type', '正文不是合法的 UTF-8', 'the body is not well-formed UTF-8');
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

export async function textOfBody(body: Readable | undefined, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw say('too-large', 'body', '正文过大', 'the body is too large');
    pieces.push(piece);
  }
  return textOf(Buffer.concat(pieces));
}
