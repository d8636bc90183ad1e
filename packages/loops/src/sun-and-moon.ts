// Where the sun stands and when the moon is new, right to a minute or so: what the lunar festivals and 清明 hang on.
// After J. Meeus, Astronomical Algorithms, 2nd ed., chapters 25 and 49; the official lunar calendar is GB/T 33661-2017.

const DAY_MS = 86_400_000;
/** 1970-01-01 as a Julian day. */
const EPOCH = 2_440_587.5;
/** Terrestrial time runs ahead of the clock by about so much in the first half of this century. */
const AHEAD_MS = 71_000;

const sin = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);

/** Apparent ecliptic longitude of the sun in degrees. */
export function solarLongitude(instant: number): number {
  const century = ((instant + AHEAD_MS) / DAY_MS + EPOCH - 2_451_545) / 36_525;
  const anomaly = 357.52911 + 35_999.05029 * century;
  const centre =
    (1.914602 - 0.004817 * century) * sin(anomaly) +
    0.019993 * sin(2 * anomaly) +
    0.000289 * sin(3 * anomaly);
  const mean = 280.46646 + 36_000.76983 * century;
  const apparent = mean + centre - 0.00569 - 0.00478 * sin(125.04 - 1934.136 * century);
  return ((apparent % 360) + 360) % 360;
}

/** Days to add, and how often the anomalies of sun and moon and the argument of latitude go into the sine. */
const MOON_TERMS: readonly (readonly [number, number, number, number])[] = [
  [-0.4072, 0, 1, 0],
  [0.17241, 1, 0, 0],
  [0.01608, 0, 2, 0],
  [0.01039, 0, 0, 2],
  [0.00739, -1, 1, 0],
  [-0.00514, 1, 1, 0],
  [0.00208, 2, 0, 0],
  [-0.00111, 0, 1, -2],
  [-0.00057, 0, 1, 2],
  [0.00056, 1, 2, 0],
  [-0.00042, 0, 3, 0],
  [0.00042, 1, 0, 2],
  [0.00038, 1, 0, -2],
  [-0.00024, -1, 2, 0],
];
const PLANET_TERMS: readonly (readonly [number, number, number])[] = [
  [0.000325, 299.77, 0.107408],
  [0.000165, 251.88, 0.016321],
  [0.000164, 251.83, 26.651886],
  [0.000126, 349.42, 36.412478],
  [0.00011, 84.66, 18.206239],
];

/** The new moon nearest to an instant. */
export function newMoonNear(instant: number): number {
  const lunation = Math.round((instant / DAY_MS + EPOCH - 2_451_550.09766) / 29.530588861);
  return [lunation - 1, lunation, lunation + 1]
    .map(newMoon)
    .reduce((a, b) => (Math.abs(a - instant) <= Math.abs(b - instant) ? a : b));
}

function newMoon(lunation: number): number {
  const century = lunation / 1236.85;
  const narrowing = 1 - 0.002516 * century;
  const sun = 2.5534 + 29.1053567 * lunation;
  const moon = 201.5643 + 385.81693528 * lunation + 0.0107582 * century ** 2;
  const latitude = 160.7108 + 390.67050284 * lunation - 0.0016118 * century ** 2;
  let days = 2_451_550.09766 + 29.530588861 * lunation + 0.00015437 * century ** 2;
  for (const [size, ofSun, ofMoon, ofLatitude] of MOON_TERMS)
    days += size * narrowing ** Math.abs(ofSun) * sin(ofSun * sun + ofMoon * moon + ofLatitude * latitude);
  days -= 0.00017 * sin(124.7746 - 1.56375588 * lunation);
  for (const [size, start, step] of PLANET_TERMS) days += size * sin(start + step * lunation);
  return (days - EPOCH) * DAY_MS - AHEAD_MS;
}
