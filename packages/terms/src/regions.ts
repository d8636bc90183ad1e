// Administrative region codes (GB/T 2260, with 3 digits each for township and village): levels and sub-trees by prefix.

export const REGION_LEVELS = ['country', 'province', 'city', 'county', 'township', 'village'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

/** The 34 provinces and their equals (省级行政区). */
export const PROVINCES: Readonly<Record<string, string>> = {
  11: '北京市',
  12: '天津市',
  13: '河北省',
  14: '山西省',
  15: '内蒙古自治区',
  21: '辽宁省',
  22: '吉林省',
  23: '黑龙江省',
  31: '上海市',
  32: '江苏省',
  33: '浙江省',
  34: '安徽省',
  35: '福建省',
  36: '江西省',
  37: '山东省',
  41: '河南省',
  42: '湖北省',
  43: '湖南省',
  44: '广东省',
  45: '广西壮族自治区',
  46: '海南省',
  50: '重庆市',
  51: '四川省',
  52: '贵州省',
  53: '云南省',
  54: '西藏自治区',
  61: '陕西省',
  62: '甘肃省',
  63: '青海省',
  64: '宁夏回族自治区',
  65: '新疆维吾尔自治区',
  71: '台湾省',
  81: '香港特别行政区',
  82: '澳门特别行政区',
};

const WIDTHS: readonly (readonly [RegionLevel, number])[] = [
  ['village', 12],
  ['township', 9],
  ['county', 6],
  ['city', 4],
  ['province', 2],
];

/** The digits that say something: `530000` gives `53`, `532301000000` gives `532301`; null if this is no region code. */
export function regionPrefix(code: string): string | null {
  if (!/^\d{2}(?:\d{2}|\d{4}|\d{7}|\d{10})?$/.test(code) || !Object.hasOwn(PROVINCES, code.slice(0, 2)))
    return null;
  for (const [level, width] of WIDTHS) {
    if (code.length < width) continue;
    const last = code.slice(width - (level === 'village' || level === 'township' ? 3 : 2), width);
    if (/[1-9]/.test(last)) return code.slice(0, width);
  }
  return null;
}

export function regionLevel(code: string): RegionLevel | null {
  const prefix = regionPrefix(code);
  return prefix === null ? null : (WIDTHS.find(([, width]) => width === prefix.length)?.[0] ?? null);
}

/** True if `code` is `ancestor` or lies inside it. */
export function isInRegion(code: string, ancestor: string): boolean {
  const [inner, outer] = [regionPrefix(code), regionPrefix(ancestor)];
  return inner !== null && outer !== null && inner.startsWith(outer);
}

/** The next region above, as its prefix; null for a province. */
export function parentRegion(code: string): string | null {
  const prefix = regionPrefix(code);
  const wider = prefix === null ? undefined : WIDTHS.find(([, width]) => width < prefix.length);
  return prefix === null || !wider ? null : regionPrefix(prefix.slice(0, wider[1]));
}

/**
 * Bounds for a range scan over stored codes of one width: every code of the sub-tree is `>= low` and `< high`.
 * `regionRange('5323')` gives `['5323', '5324']`.
 */
export function regionRange(code: string): readonly [low: string, high: string] | null {
  const prefix = regionPrefix(code);
  if (prefix === null) return null;
  return [prefix, (BigInt(prefix) + 1n).toString().padStart(prefix.length, '0')];
}
