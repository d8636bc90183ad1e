// A signature drawn with finger or mouse; kept as a small picture.
import { type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../api/client.ts';
import { useErrorWords } from '../design/loaded.tsx';
import type { ControlProps } from './field.tsx';

export function SignatureField({ id, value, onChange, about }: ControlProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);
  const [error, setError] = useState<string | null>(null);

  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) * 600) / box.width, ((event.clientY - box.top) * 200) / box.height];
  };
  const start = (event: PointerEvent) => {
    const pen = canvas.current?.getContext('2d');
    if (!pen) return;
    drawing.current = true;
    canvas.current?.setPointerCapture(event.pointerId);
    pen.lineWidth = 4;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(...at(event));
  };
  const move = (event: PointerEvent) => {
    const pen = canvas.current?.getContext('2d');
    if (!drawing.current || !pen) return;
    pen.lineTo(...at(event));
    pen.stroke();
  };
  const end = () => {
    drawing.current = false;
    canvas.current?.toBlob((blob) => {
      if (!blob) return;
      upload<{ url: string }>('/desk/files', new File([blob], 'signature.png', { type: 'image/png' }))
        .then(({ url }) => onChange(url))
        .catch((cause: unknown) => setError(words(cause)));
    }, 'image/png');
  };
  const clear = () => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, 600, 200);
    onChange(null);
  };
  return (
    <div className="stack tight">
      <canvas
        ref={canvas}
        id={id}
        width={600}
        height={200}
        className="signature"
        aria-describedby={about}
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
      />
      <button type="button" className="link-button" onClick={clear} disabled={value === null}>
        {t('act.clear')}
      </button>
      {error && <p className="field-error">{error}</p>}
    </div>
  );
}
