// A sheet leaves the desk: printed, or as XLSX under a name that says what it is.
import { download } from '../api/client.ts';
import { Icon } from '../design/icon.tsx';

interface SheetToolsProps {
  readonly words: { readonly print: string; readonly xlsx: string };
  readonly path: string;
  readonly asked: unknown;
  /** Without its ending. */
  readonly name: string;
  readonly ready?: boolean;
}

export function SheetTools({ words, path, asked, name, ready = true }: SheetToolsProps) {
  return (
    <>
      <button type="button" className="button" onClick={() => print()}>
        <Icon name="print" size={16} />
        {words.print}
      </button>
      <button
        type="button"
        className="button"
        disabled={!ready}
        onClick={() => void download(path, asked as object, `${name}.xlsx`)}
      >
        <Icon name="download" size={16} />
        {words.xlsx}
      </button>
    </>
  );
}
