// What a person chooses for this device: language, tone, type size, row height. Remembered in the browser.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Text } from '../contract.ts';
import type { Tone } from '../design/tokens.ts';
import { type Language, setLanguage } from './language.ts';

export interface Preferences {
  readonly language: Language;
  readonly tone: Tone | 'system';
  readonly type: 'normal' | 'large';
  readonly density: 'comfortable' | 'compact';
}

const FIRST: Preferences = {
  language: 'zh',
  tone: 'system',
  type: 'normal',
  density: 'comfortable',
};
const KEY = 'yimai.preferences';

interface PreferencesValue {
  readonly preferences: Preferences;
  readonly tone: Tone;
  readonly change: (some: Partial<Preferences>) => void;
}

const PreferencesContext = createContext<PreferencesValue | null>(null);

export function readPreferences(): Preferences {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return FIRST;
  }
}

export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [preferences, setPreferences] = useState(readPreferences);
  const systemTone = useSystemTone();
  const tone = preferences.tone === 'system' ? systemTone : preferences.tone;

  useEffect(() => {
    const root = document.documentElement;
    root.dataset['tone'] = tone;
    root.dataset['type'] = preferences.type;
    root.dataset['density'] = preferences.density;
    root.lang = preferences.language === 'zh' ? 'zh-CN' : 'en';
    localStorage.setItem(KEY, JSON.stringify(preferences));
    void setLanguage(preferences.language);
  }, [preferences, tone]);

  const value = useMemo(
    () => ({
      preferences,
      tone,
      change: (some: Partial<Preferences>) => setPreferences((old) => ({ ...old, ...some })),
    }),
    [preferences, tone],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesValue {
  const value = useContext(PreferencesContext);
  if (!value) throw new Error('fault: usePreferences outside its provider');
  return value;
}

/** Picks the reader's language out of a text of the server; what is the same in every language stays as it is. */
export function useSay(): (text: Text | string) => string {
  const { language } = usePreferences().preferences;
  return (text) => (typeof text === 'string' ? text : (language === 'zh' ? text.zh : text.en) || text.zh);
}

function useSystemTone(): Tone {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), []);
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const listener = () => setDark(query.matches);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  }, [query]);
  return dark ? 'dark' : 'light';
}
