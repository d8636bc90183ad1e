// Instants out of FHIR dates: the start and end of what a date names, and the birthday that ends childhood.
import { addDays, addMonths, chinaInstant, isLocalDate, type LocalDate } from '@yimai/kit';
import type { Resource } from '../types.ts';
import { textAt } from './elements.ts';

/** A FHIR dateTime as an instant; a whole day is the day in China, its end included when asked for. */
export function instantAt(resource: Resource, path: string, edge: 'start' | 'end'): Date | null {
  const text = path === '' ? null : textAt(resource, path);
  if (text === null) return null;
  if (text.includes('T')) {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? null : at;
  }
  const day = edge === 'end' ? lastDay(text) : firstDay(text);
  if (day === null) return null;
  return chinaInstant(edge === 'end' ? addDays(day, 1) : day);
}

function firstDay(text: string): LocalDate | null {
  const full = `${text}-01-01`.slice(0, 10);
  return isLocalDate(text) ? text : isLocalDate(full) && text.length < 10 ? full : null;
}

/** Midnight in China of the birthday; a birth date that is not a whole day counts as its last possible day. */
export function comingOfAge(birthDate: string | null, years: number): Date | null {
  const date = lastDay(birthDate);
  if (date === null) return null;
  const birthday = addMonths(date, years * 12);
  // Born on 29 February: a year older on 1 March, where there is no such day.
  const shifted = birthday.slice(5) !== date.slice(5) ? addDays(birthday, 1) : birthday;
  return chinaInstant(shifted);
}

function lastDay(text: string | null): LocalDate | null {
  if (text === null) return null;
  if (isLocalDate(text)) return text;
  if (/^\d{4}$/.test(text)) return `${text}-12-31` as LocalDate;
  if (/^\d{4}-\d{2}$/.test(text) && isLocalDate(`${text}-01`))
    return addDays(addMonths(`${text}-01` as LocalDate, 1), -1);
  return null;
}
