// Cuts values at `,`, `|` and `$` where they are not escaped with a backslash (FHIR search §3.1.1.4.0.2).

/** Pieces with their escapes still in them, so that they can be cut again. */
export function split(text: string, separator: ',' | '|' | '$'): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if (char === '\\' && index + 1 < text.length) {
      piece += char + text[index + 1]!;
      index += 1;
    } else if (char === separator) {
      pieces.push(piece);
      piece = '';
    } else piece += char;
  }
  pieces.push(piece);
  return pieces;
}

/** Takes the escapes away: `\,` `\|` `\$` `\\` stand for the character itself; any other backslash stays. */
export function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}
