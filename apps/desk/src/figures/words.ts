// The words of figures and command centre in the reader's language; fetched with their pages, not with the first load.
import { usePreferences } from '../app/preferences.tsx';
import { en } from './words-en.ts';
import type { Words } from './words-needed.ts';
import { zh } from './words-zh.ts';

export function useWords(): Words {
  return usePreferences().preferences.language === 'en' ? en : zh;
}
