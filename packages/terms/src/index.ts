// The door of terms: code systems, check digits and look-ups in the words of Chinese health care.
export * from './check-digits.ts';
export * from './code-sets.ts';
export { ICD_TABLES, type IcdEntry, type IcdHit, IcdTable, type IcdTableName, loadIcdTable } from './icd.ts';
export * from './organisation-levels.ts';
export { namePinyin, type Spelled, wordPinyin } from './pinyin.ts';
export * from './regions.ts';
export { type SameMeasure, unitsBeside } from './units.ts';
