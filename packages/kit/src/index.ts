// The door of kit: the small nouns that every room speaks.
export * from './brand.ts';
export * from './clock.ts';
export * from './local-date.ts';
export * from './money.ts';
export * from './result.ts';
export * from './uuid.ts';
