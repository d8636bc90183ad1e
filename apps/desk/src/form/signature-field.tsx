// A signature drawn with finger, pen or mouse, or by keyboard as the signer's written name; kept as a small picture.
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorWords } from '../design/loaded.tsx';
import type { ControlProps } from './field.tsx';
import { useFileDoor, usePicture } from './file-door.tsx';
import { forgetFile, keepFile, sendFile } from './kept-files.ts';

const WIDTH = 600;
const HEIGHT = 200;
/** A name is several strokes: kept when the pen has rested. */
const REST_MS = 900;

export function SignatureField(props: ControlProps) {
  const { value, onChange } = props;
  const [again, setAgain] = useState(0);
  const clear = () => {
    if (typeof value === 'string') void forgetFile(value).catch(() => undefined);
    onChange(null);
    setAgain((old) => old + 1);
  };
  return typeof value === 'string' && value !== '' && again >= 0 ? (
    <Signed {...props} url={value} clear={clear} />
  ) : (
    <Pad key={again} {...props} />
  );
}

function Signed({ url, about, clear }: ControlProps & { readonly url: string; readonly clear: () => void }) {
  const { t } = useTranslation();
  const src = usePicture(url);
  return (
    <div className="stack tight">
      {src === null ? (
        <span className="bone signature" />
      ) : (
        <img src={src} className="signature" alt={t('form.signed')} aria-describedby={about} />
      )}
      <button type="button" className="button" onClick={clear}>
        {t('form.signAgain')}
      </button>
    </div>
  );
}

function Pad({ id, onChange, about }: ControlProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const door = useFileDoor();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);
  const resting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  useEffect(() => () => clearTimeout(resting.current ?? undefined), []);

  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * WIDTH) / box.width,
      ((event.clientY - box.top) * HEIGHT) / box.height,
    ];
  };
  const pen = () => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context) {
      context.strokeStyle = '#1B2426';
      context.fillStyle = '#1B2426';
      context.lineWidth = 4;
      context.lineCap = 'round';
      context.lineJoin = 'round';
    }
    return context;
  };
  const store = () =>
    canvas.current?.toBlob((blob) => {
      if (!blob) return;
      const file = new File([blob], 'signature.png', { type: 'image/png' });
      (door.later ? keepFile(file, door.about) : sendFile(file, door.about))
        .then((url) => onChange(url))
        .catch((cause: unknown) => setError(words(cause)));
    }, 'image/png');
  const start = (event: PointerEvent) => {
    const context = pen();
    if (!context) return;
    clearTimeout(resting.current ?? undefined);
    drawing.current = true;
    canvas.current?.setPointerCapture(event.pointerId);
    context.beginPath();
    context.moveTo(...at(event));
  };
  const move = (event: PointerEvent) => {
    const context = canvas.current?.getContext('2d');
    if (!drawing.current || !context) return;
    context.lineTo(...at(event));
    context.stroke();
  };
  const end = () => {
    if (!drawing.current) return;
    drawing.current = false;
    resting.current = setTimeout(store, REST_MS);
  };
  const write = () => {
    const context = pen();
    if (!context || typed.trim() === '') return;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.font = '72px "Kaiti SC","STKaiti","KaiTi",serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(typed.trim(), WIDTH / 2, HEIGHT / 2, WIDTH - 40);
    store();
  };
  return (
    <div className="stack tight">
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        className="signature"
        aria-label={t('form.signPad')}
        role="img"
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <span className="row sign-typed">
        <input
          id={id}
          className="input grow"
          autoComplete="off"
          placeholder={t('form.signTyped')}
          aria-describedby={about}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="button" className="button" disabled={typed.trim() === ''} onClick={write}>
          {t('form.signWrite')}
        </button>
      </span>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
