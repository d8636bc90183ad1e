// Encrypted values (`enc:...`) never reach a view: they are taken out of a resource before it is read.

const MARK = 'enc:';

/** The JSON text of a resource without its encrypted values; the element falls away, in a list its place is null. */
export function withoutEncrypted(json: string): string {
  return json.includes(`"${MARK}`) ? JSON.stringify(JSON.parse(json), dropEncrypted) : json;
}

function dropEncrypted(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  return Array.isArray(this) ? null : undefined;
}
