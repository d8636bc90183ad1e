// Chinese comes with the page; English is fetched when a person switches. A missing key is a type error.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { zh } from '../locales/zh.ts';

export type Language = 'zh' | 'en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'desk';
    resources: { desk: typeof zh };
  }
}

void i18next.use(initReactI18next).init({
  lng: 'zh',
  fallbackLng: 'zh',
  defaultNS: 'desk',
  resources: { zh: { desk: zh } },
  interpolation: { escapeValue: false },
});

export async function setLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'desk')) {
    const { en } = await import('../locales/en.ts');
    i18next.addResourceBundle('en', 'desk', en);
  }
  await i18next.changeLanguage(language);
}
