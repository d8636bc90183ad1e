// How dates, ages and working time are written on screen, in China time whatever the device says.
import type { TFunction } from 'i18next';

const CHINA_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const WORKING_DAY_MIN = 8 * 60;

/** `2026-03-05 14:20` */
export function dateTime(instant: string): string {
  return new Date(Date.parse(instant) + CHINA_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2026-03-05` */
export function dateOf(instant: string): string {
  return instant.length === 10 ? instant : dateTime(instant).slice(0, 10);
}

/** Relative under a day, else the date. */
export function when(instant: string, now: number, t: TFunction): string {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000);
  if (minutes < 0 || minutes >= 24 * 60) return dateTime(instant);
  if (minutes < 1) return t('time.justNow');
  return minutes < 60
    ? t('time.minutesAgo', { n: minutes })
    : t('time.hoursAgo', { n: Math.floor(minutes / 60) });
}

/** Time since an instant in its largest unit: `3 天`, `5 小时`. */
export function since(instant: string, now: number, t: TFunction): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
  if (minutes < 1) return t('time.underMinute');
  if (minutes < 60) return t('time.minutes', { n: minutes });
  if (minutes < 24 * 60) return t('time.hours', { n: Math.floor(minutes / 60) });
  return t('time.days', { n: Math.floor(minutes / (24 * 60)) });
}

/** Working minutes in working days of eight hours: `2 天 3 小时`. */
export function workingTime(minutes: number, t: TFunction): string {
  const whole = Math.abs(Math.round(minutes));
  const days = Math.floor(whole / WORKING_DAY_MIN);
  const hours = Math.floor((whole % WORKING_DAY_MIN) / 60);
  if (days > 0) return hours > 0 ? t('time.workDaysHours', { days, hours }) : t('time.workDays', { days });
  return hours > 0 ? t('time.hours', { n: hours }) : t('time.minutes', { n: whole });
}

/** Years; under 2 years months, under 28 days days. */
export function ageOf(birthDate: string, now: number, t: TFunction): string {
  const today = new Date(now + CHINA_MS).toISOString().slice(0, 10);
  const days = Math.floor((Date.parse(today) - Date.parse(birthDate)) / DAY_MS);
  if (days < 28) return t('age.days', { n: Math.max(0, days) });
  const beforeBirthday = today.slice(5) < birthDate.slice(5) ? 1 : 0;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - beforeBirthday;
  if (years >= 2) return t('age.years', { n: years });
  const beforeDay = today.slice(8) < birthDate.slice(8) ? 1 : 0;
  const monthOf = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return t('age.months', { n: monthOf(today) - monthOf(birthDate) - beforeDay });
}
