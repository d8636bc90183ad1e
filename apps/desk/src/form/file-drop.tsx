// A place to drop a file on, or to choose one by hand or keyboard.
import { type DragEvent, useState } from 'react';
import { Icon } from '../design/icon.tsx';

interface FileDropProps {
  /** What stands in it: what to drop, or that it is being read. */
  readonly word: string;
  readonly accept: string;
  readonly busy: boolean;
  readonly choose: (file: File) => void;
}

export function FileDrop({ word, accept, busy, choose }: FileDropProps) {
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) choose(file);
  };
  return (
    <label
      className={`drop ${over ? 'over' : ''}`}
      aria-busy={busy}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Icon name="upload" size={28} />
      {word}
      <input
        type="file"
        className="sr"
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) choose(file);
          event.target.value = '';
        }}
      />
    </label>
  );
}
