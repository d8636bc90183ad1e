// One text that a person types outside a form, such as a reason or a message, kept on the device like the answers of a form.
import { useState } from 'react';
import { type Draft, dropDraft, readDraft, writeDraft } from './draft.ts';

const TEXT = 'text';

/** The text, its change, and what forgets it once it is sent; `act` names what it is the reason of. */
export function useKeptText(
  key: string,
  act?: string,
): readonly [text: string, change: (text: string) => void, forget: () => void] {
  const [text, setText] = useState(() => textOf(readDraft(key)));
  const change = (next: string) => {
    setText(next);
    keepText(key, next, act);
  };
  return [text, change, () => change('')];
}

export const textOf = (draft: Draft | null | undefined): string => String(draft?.answers[TEXT] ?? '');

export function keepText(key: string, text: string, act?: string): void {
  const at = new Date().toISOString();
  if (text === '') dropDraft(key);
  else writeDraft(key, { at, answers: { [TEXT]: text }, ...(act === undefined ? {} : { act }) });
}

/** Where the reason of an act is kept beside its form. */
export const reasonKey = (draftKey: string): string => `${draftKey}${REASON}`;
export const REASON = '.reason';
