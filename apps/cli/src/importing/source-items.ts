// Tells what a file holds (NDJSON, one resource, a Bundle over many lines) and gives its texts with their places.
import { sourceLines } from './source-lines.ts';

export interface SourceItem {
  readonly line: number;
  /** Null: too long to hold. */
  readonly text: string | null;
}

/** A file is NDJSON if its first line is a whole JSON text; else all of it is one JSON text. */
export async function* sourceItems(path: string): AsyncGenerator<SourceItem> {
  let whole: string[] | undefined;
  let bytes = 0;
  let isFirst = true;
  for await (const { number, text } of sourceLines(path)) {
    if (isFirst && text !== null && text.trim() === '') continue;
    if (isFirst) {
      isFirst = false;
      if (text !== null && !isJson(text)) whole = [];
    }
    if (whole === undefined) {
      yield { line: number, text };
      continue;
    }
    bytes += text?.length ?? 0;
    if (text === null || bytes > WHOLE_CHARS_MAX) {
      yield { line: 1, text: null };
      return;
    }
    whole.push(text);
  }
  if (whole !== undefined) yield { line: 1, text: whole.join('\n') };
}

const WHOLE_CHARS_MAX = 256 * 1024 * 1024;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
