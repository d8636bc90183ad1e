// The words of the mechanism pages in the reader's language; fetched with these pages, not with the first load.
import { usePreferences } from '../app/preferences.tsx';
import { en } from './words-en.ts';
import { type MechanismWords, zh } from './words-zh.ts';

export function useMechanismWords(): MechanismWords {
  return usePreferences().preferences.language === 'en' ? en : zh;
}
