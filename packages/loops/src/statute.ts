// The days off of a year by law alone, for a year whose holidays the State Council has not yet arranged.
import { addDays, type LocalDate } from '@yimai/kit';
import { type CalendarYear, dateOfDay, dayOf, dayOfDate, startOfDay } from './calendar.ts';
import { newMoonNear, solarLongitude } from './sun-and-moon.ts';

const SOURCE =
  '《全国年节及纪念日放假办法》（国务院令第795号，2024-11-10 修订，2025-01-01 起施行）第二条、第六条';

/** A festival of all citizens (art. 2); `to` is its last day. */
interface Festival {
  readonly name: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * Festivals and weekends, nothing exchanged. A festival day that falls on a weekend, or on a day of another festival, is
 * made good on the next day that would be worked (art. 6), so that thirteen working days fall away as in every notice.
 */
export function statuteTable(year: number): CalendarYear {
  const festivals = festivalsOf(year);
  const taken = new Set<string>();
  const off: Festival[] = [];
  for (const { name, from, to } of festivals) {
    let owed = 0;
    for (let day = from; day <= to; day = addDays(day, 1)) {
      if (isWeekend(day) || taken.has(day)) owed += 1;
      taken.add(day);
    }
    off.push({ name, from, to });
    const instead: LocalDate[] = [];
    const free = (day: LocalDate) =>
      !isWeekend(day) && !taken.has(day) && !festivals.some((one) => one.from <= day && day <= one.to);
    for (let day = addDays(to, 1); instead.length < owed; day = addDays(day, 1)) {
      if (free(day)) instead.push(day);
    }
    for (const day of instead) {
      taken.add(day);
      off.push({ name: `${name}补假`, from: day, to: day });
    }
  }
  return { year, basis: 'statute', source: SOURCE, off, work: [] };
}

export function festivalsOf(year: number): Festival[] {
  const on = (monthDay: string) => `${year}-${monthDay}` as LocalDate;
  const newYear = lunarDay(year, '1', 1);
  const one = (name: string, day: LocalDate): Festival => ({ name, from: day, to: day });
  return [
    one('元旦', on('01-01')),
    { name: '春节', from: addDays(newYear, -1), to: addDays(newYear, 2) },
    one('清明节', qingming(year)),
    { name: '劳动节', from: on('05-01'), to: on('05-02') },
    one('端午节', lunarDay(year, '5', 5)),
    { name: '国庆节', from: on('10-01'), to: on('10-03') },
    one('中秋节', lunarDay(year, '8', 15)),
  ].sort((a, b) => (a.from < b.from ? -1 : 1));
}

const isWeekend = (date: LocalDate): boolean => [0, 6].includes((dayOfDate(date) + 4) % 7);

const LUNAR = new Intl.DateTimeFormat('en-u-ca-chinese', {
  timeZone: 'UTC',
  month: 'numeric',
  day: 'numeric',
});

/**
 * The day of the year with this lunar date; a leap month is written `5bis` and has no festival. Which month it is comes
 * from Intl, the day on which it begins from the new moon: Intl is a day late where that is minutes before midnight
 * (2027-02-06, 23:56).
 */
function lunarDay(year: number, month: string, day: number): LocalDate {
  for (let date = dayOfDate(`${year}-01-01` as LocalDate); ; date += 1) {
    const parts = LUNAR.formatToParts(new Date(`${dateOfDay(date)}T00:00:00Z`));
    const part = (type: string) => parts.find((one) => one.type === type)?.value;
    if (part('month') !== month || part('day') !== '15') continue;
    return dateOfDay(dayOf(newMoonNear(startOfDay(date - 14))) + day - 1);
  }
}

/** The day in China on which the sun reaches 15° of ecliptic longitude. */
function qingming(year: number): LocalDate {
  let day = dayOfDate(`${year}-04-03` as LocalDate);
  while (solarLongitude(startOfDay(day + 1)) <= 15) day += 1;
  return dateOfDay(day);
}
