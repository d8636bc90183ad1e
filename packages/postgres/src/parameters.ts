// Turns values into the texts that PostgreSQL reads; arrays of plain values, which bulk writes consist of, in one pass.

/** A text where this module knows how to write it; else the value itself, which `pg` turns into one. */
export function parameter(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return instant(value) ?? value;
  if (Array.isArray(value)) return arrayText(value);
  // A flight writes what it is given: whatever has a plain text goes as that text.
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return value;
}

/** Elements that need no quotes: keys, numbers, booleans, instants. `null` in any case would be read as nothing. */
const PLAIN = /^[\w:.+-]+$/;
const NULL = /^null$/i;

function arrayText(values: readonly unknown[]): unknown {
  const parts: string[] = [];
  for (const value of values) {
    if (value === null || value === undefined) parts.push('NULL');
    else if (typeof value === 'string') parts.push(element(value));
    else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
      parts.push(String(value));
    else if (Buffer.isBuffer(value)) parts.push(`"\\\\x${value.toString('hex')}"`);
    else {
      const text = value instanceof Date ? instant(value) : null;
      // Nested arrays and years beyond four digits are left to `pg`.
      if (text === null) return values;
      parts.push(text);
    }
  }
  return `{${parts.join(',')}}`;
}

function instant(date: Date): string | null {
  const text = date.toISOString();
  return text.length === 24 ? text : null;
}

function element(text: string): string {
  if (PLAIN.test(text)) return NULL.test(text) ? `"${text}"` : text;
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
