// The door of terms: code systems, check digits and look-ups in the words of Chinese health care.
export * from './pinyin.ts';
