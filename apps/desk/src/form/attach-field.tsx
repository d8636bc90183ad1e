// A file or a photo: pictures are made smaller on the device, then sent at once; what is kept as the answer is its address.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../api/client.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import type { ControlProps } from './field.tsx';

const MAX_MB = 20;
const LONGEST_SIDE = 2000;
const JPEG_QUALITY = 0.85;

export function AttachField({ item, id, value, onChange, about }: ControlProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const photo = item.type === 'photo';
  const urls = [value].flat().filter((url): url is string => typeof url === 'string' && url !== '');
  const drop = (url: string) => {
    const rest = urls.filter((each) => each !== url);
    onChange(rest.length > 0 ? rest : null);
  };

  const send = async (file: File) => {
    setError(null);
    setBusy(true);
    try {
      const small = file.type.startsWith('image/') ? await smaller(file) : file;
      const mb = small.size / 1_000_000;
      if (mb > MAX_MB) {
        setError(t('form.tooBig', { mb: mb.toFixed(1), max: MAX_MB }));
        return;
      }
      const { url } = await upload<{ url: string }>('/desk/files', small);
      setName(file.name);
      onChange(item.repeats ? [...urls, url] : url);
    } catch (cause) {
      setError(words(cause));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="attach">
      <label className="button" aria-busy={busy}>
        <Icon name="upload" size={18} />
        {busy ? t('loading') : t('form.attach')}
        <input
          id={id}
          type="file"
          className="sr"
          accept={photo ? 'image/*' : undefined}
          capture={photo ? 'environment' : undefined}
          aria-describedby={about}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void send(file);
          }}
        />
      </label>
      {urls.map((url) => (
        <span key={url} className="row">
          <Icon name="file" size={16} />
          <a href={`/desk/files/${encodeURIComponent(url)}`} target="_blank" rel="noreferrer">
            {t('form.attached', { name: name ?? '' })}
          </a>
          <button type="button" className="link-button" onClick={() => drop(url)}>
            {t('act.clear')}
          </button>
        </span>
      ))}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A picture of at most 2000 px a side as JPEG; what the browser cannot read goes as it is. */
async function smaller(file: File): Promise<File> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  return blob && blob.size < file.size ? new File([blob], file.name, { type: 'image/jpeg' }) : file;
}
