// Where the files of a form go: which case or object they belong to, and whether they wait on the device for their work.
import { createContext, useContext, useEffect, useState } from 'react';
import { keptFile } from './kept-files.ts';

export interface FileDoorValue {
  readonly about: string | null;
  /** Kept on the device and sent together with the work, so that nothing is lost without network. */
  readonly later: boolean;
}

export const FileDoor = createContext<FileDoorValue>({ about: null, later: false });
export const useFileDoor = (): FileDoorValue => useContext(FileDoor);

export const fileHref = (url: string): string => `/desk/files/${encodeURIComponent(url)}`;

/** Address of a picture: from this device while it is here, else from the server. Null until that is known. */
export function usePicture(url: string): string | null {
  const [src, setSrc] = useState<string | null>(null);
  useEffect(() => {
    let local: string | null = null;
    let gone = false;
    keptFile(url)
      .catch(() => undefined)
      .then((file) => {
        if (gone) return;
        if (file) local = URL.createObjectURL(file.blob);
        setSrc(local ?? fileHref(url));
      });
    return () => {
      gone = true;
      if (local !== null) URL.revokeObjectURL(local);
    };
  }, [url]);
  return src;
}
