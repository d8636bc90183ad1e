// Drafts: what a person typed, kept on this device until it is sent; one draft per person, case and act.
import type { Value } from '@yimai/forms';

export interface Draft {
  readonly at: string;
  readonly answers: Readonly<Record<string, Value>>;
  /** Of which act, and what it holds in words: read where the act is no longer offered. */
  readonly act?: string;
  readonly said?: readonly (readonly [question: string, answer: string])[];
}

const PREFIX = 'yimai.draft.';
const KEEP_MS = 30 * 86_400_000;

export function readDraft(key: string): Draft | null {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? null : (JSON.parse(text) as Draft);
  } catch {
    return null;
  }
}

/** Answers with the time of saving; a full store loses the oldest draft, never this one. */
export function writeDraft(key: string, draft: Draft): void {
  const text = JSON.stringify(draft);
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    for (const old of allDrafts().slice(0, 5)) localStorage.removeItem(old.key);
    localStorage.setItem(PREFIX + key, text);
  }
}

export function dropDraft(key: string): void {
  localStorage.removeItem(PREFIX + key);
}

/** Drafts whose keys begin so, with the rest of the key. */
export function draftsOf(start: string): readonly { readonly rest: string; readonly draft: Draft }[] {
  return Object.keys(localStorage).flatMap((key) => {
    const draft = key.startsWith(PREFIX + start) ? readDraft(key.slice(PREFIX.length)) : null;
    return draft ? [{ rest: key.slice(PREFIX.length + start.length), draft }] : [];
  });
}

/** Forgets drafts older than a month, so that personal data does not stay on a shared device. */
export function dropOldDrafts(nowMs: number): void {
  for (const draft of allDrafts())
    if (nowMs - Date.parse(draft.at) > KEEP_MS) localStorage.removeItem(draft.key);
}

function allDrafts(): { key: string; at: string }[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, at: readDraft(key.slice(PREFIX.length))?.at ?? '' }))
    .sort((a, b) => a.at.localeCompare(b.at));
}
