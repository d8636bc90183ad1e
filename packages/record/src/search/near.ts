// Places around a point: `near=latitude|longitude|distance|unit` of a Location.
import { sameMeasure } from '@yimai/fhir';
import { ok, type Result } from '@yimai/kit';
import { and, type Fragment, or, raw, sql } from '@yimai/postgres';
import { no } from './refusals.ts';
import { split, unescaped } from './split.ts';
import type { Filter, NearValue } from './tree.ts';

/** Where no distance is asked for: what counts as near in a county. */
const KILOMETRES = '10';
const EARTH_KILOMETRES = 6371.0088;
const NUMBER = /^-?\d{1,5}(\.\d{1,20})?$/;

export function readNear(written: string, at: string): Result<Filter | null> {
  const pieces = split(written, ',').filter((piece) => piece.trim() !== '');
  const values: NearValue[] = [];
  for (const piece of pieces) {
    const value = nearValue(split(piece, '|').map((part) => unescaped(part).trim()));
    if (!value)
      return no('search-value-invalid', at, {
        zh: '应为 纬度|经度|距离|单位（如 30.9|118.9|5|km）',
        en: 'expected latitude|longitude|distance|unit, for example 30.9|118.9|5|km',
      });
    values.push(value);
  }
  return ok(values.length === 0 ? null : { kind: 'near', values });
}

function nearValue([
  latitude = '',
  longitude = '',
  distance = '',
  unit = '',
  ...rest
]: readonly string[]): NearValue | null {
  const far = distance === '' ? KILOMETRES : distance;
  if (rest.length > 0 || ![latitude, longitude, far].every((one) => NUMBER.test(one))) return null;
  const length = sameMeasure('http://unitsofmeasure.org', unit === '' ? 'km' : unit).find(({ codes }) =>
    codes.includes('km'),
  );
  const kilometres = length && Number(length.convert(far));
  const place = { latitude: Number(latitude), longitude: Number(longitude) };
  if (kilometres === undefined || kilometres < 0) return null;
  return Math.abs(place.latitude) > 90 || Math.abs(place.longitude) > 180 ? null : { ...place, kilometres };
}

/** Great-circle distances from the position in the resource itself: a county's places are few, and no index holds them. */
export function isNear(alias: string, values: readonly NearValue[]): Fragment {
  const r = raw(alias);
  const coordinate = (name: string) =>
    sql`radians((${r}.content::jsonb -> 'position' ->> ${raw(`'${name}'`)})::double precision)`;
  const [north, east] = [coordinate('latitude'), coordinate('longitude')];
  const within = values.map(({ latitude, longitude, kilometres }) => {
    const [lat, long] = [
      sql`radians(${latitude}::double precision)`,
      sql`radians(${longitude}::double precision)`,
    ];
    const half = sql`power(sin((${north} - ${lat}) / 2), 2)
      + cos(${lat}) * cos(${north}) * power(sin((${east} - ${long}) / 2), 2)`;
    return sql`2 * ${raw(String(EARTH_KILOMETRES))} * asin(sqrt(least(1, ${half}))) <= ${kilometres}::double precision`;
  });
  return and([sql`${r}.type = 'Location'`, or(within)]);
}
