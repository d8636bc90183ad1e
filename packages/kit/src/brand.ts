// Brands keep values of one primitive type apart that must never be confused (an organisation id, a patient id).
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type Uuid = Brand<string, 'Uuid'>;
export type Fen = bigint;
/** A relative weight times 10,000. */
export type WeightE4 = Brand<number, 'WeightE4'>;
