// Puts the rows of a run into docs/BENCH.md, room by room; what stands between the rooms' marks is ours to replace.
import { COLUMNS, cells, type Figure } from './figures.ts';

export function writeRows(
  page: string,
  results: ReadonlyMap<string, readonly Figure[]>,
  machine: string,
  at: Date,
): string {
  let text = page;
  for (const [room, figures] of results) {
    const [open, close] = [`<!-- bench:${room} -->`, `<!-- /bench:${room} -->`];
    const block = `${open}\n${at.toISOString().slice(0, 10)}, ${machine}\n\n${markdown(figures)}\n${close}`;
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    text =
      from === -1 || to === -1
        ? `${text.trimEnd()}\n\n## ${room}\n\n${block}\n`
        : text.slice(0, from) + block + text.slice(to + close.length);
  }
  return text;
}

function markdown(figures: readonly Figure[]): string {
  const row = (parts: readonly string[]) =>
    `| ${parts.map((part) => part.replaceAll('|', '/')).join(' | ')} |`;
  return [row(COLUMNS), row(COLUMNS.map(() => '---')), ...figures.map((figure) => row(cells(figure)))].join(
    '\n',
  );
}
