// How identifiers look to who may not see them whole: ID first 4 / last 4, phone first 3 / last 2, name 张*, address to
// township (facts: masking of the field).

/** `11010519491231002X` -> `1101**********002X`. */
export function maskNationalId(value: string): string {
  return middle(value, 4, 4);
}

/** `13800138000` -> `138******00`. */
export function maskPhone(value: string): string {
  return middle(value, 3, 2);
}

// A number too short to keep both ends shows none of itself.
function middle(value: string, head: number, tail: number): string {
  if (value.length <= head + tail) return '*'.repeat(Math.max(1, value.length));
  return value.slice(0, head) + '*'.repeat(value.length - head - tail) + value.slice(-tail);
}

/** `张三丰` -> `张*`; a name of one character shows nothing. */
export function maskName(value: string): string {
  const first = [...value.trim()][0];
  return first === undefined || [...value.trim()].length === 1 ? '*' : `${first}*`;
}

/** Keeps all up to the township (乡、镇、街道); without one, up to the county; else nothing. */
export function maskAddress(value: string): string {
  const match = /^(.*?(?:街道|乡镇?|镇))/u.exec(value) ?? /^(.*?(?:县|区|旗))/u.exec(value);
  return match ? `${match[1]}*` : '*';
}

/** Whether a text holds a value as it stands in the masked view of what it would overwrite, and not in the clear one. */
export function bringsMaskBack(text: string, masked: string, clear: string): boolean {
  const starred = masked.match(/"[^"\\]*\*[^"\\]*"/g) ?? [];
  return starred.some((literal) => text.includes(literal) && !clear.includes(literal));
}
