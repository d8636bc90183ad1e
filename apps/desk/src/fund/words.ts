// The words of the fund in both languages; fetched with its pages, not with the first load.
import { usePreferences } from '../app/preferences.tsx';
import { boardEn, boardZh } from './board-words.ts';
import { caseEn, caseZh } from './case-words.ts';
import { clearingEn, clearingZh } from './clearing-words.ts';
import { ledgerEn, ledgerZh } from './ledger-words.ts';
import { listEn, listZh } from './list-words.ts';
import { ruleSetEn, ruleSetZh } from './rule-set-words.ts';
import { statementEn, statementZh } from './statement-words.ts';

const zh = {
  ...boardZh,
  ...caseZh,
  ...statementZh,
  ...clearingZh,
  ...ledgerZh,
  ...ruleSetZh,
  ...listZh,
};
type Words = typeof zh;
const en: Words = {
  ...boardEn,
  ...caseEn,
  ...statementEn,
  ...clearingEn,
  ...ledgerEn,
  ...ruleSetEn,
  ...listEn,
};

export function useWords(): Words {
  return usePreferences().preferences.language === 'en' ? en : zh;
}
