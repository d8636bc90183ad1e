// The levels of a county consortium's organisation tree and which may stand below which.

export const ORGANISATION_LEVELS = ['city', 'county', 'township', 'village'] as const;
export type OrganisationLevel = (typeof ORGANISATION_LEVELS)[number];

export const ORGANISATION_LEVEL_NAMES: Readonly<
  Record<OrganisationLevel, { readonly zh: string; readonly en: string }>
> = {
  city: { zh: '市级', en: 'city' },
  county: { zh: '县级', en: 'county' },
  township: { zh: '乡镇级', en: 'township' },
  village: { zh: '村级', en: 'village' },
};

export const isOrganisationLevel = (text: unknown): text is OrganisationLevel =>
  ORGANISATION_LEVELS.includes(text as OrganisationLevel);

/** Below zero if `a` stands above `b`, zero if they are the same level. */
export const compareLevels = (a: OrganisationLevel, b: OrganisationLevel): number =>
  ORGANISATION_LEVELS.indexOf(a) - ORGANISATION_LEVELS.indexOf(b);

/** Primary care (基层医疗卫生机构) is what stands at township and village. */
export const isPrimaryCare = (level: OrganisationLevel): boolean =>
  level === 'township' || level === 'village';
