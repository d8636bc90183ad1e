// Files and photos: pictures are made smaller on the device and shown at once; several where the question takes several.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Unreachable } from '../api/client.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import type { ControlProps } from './field.tsx';
import { type FileDoorValue, fileHref, useFileDoor, usePicture } from './file-door.tsx';
import { forgetFile, keepFile, MAX_MB, prepared, sendFile, TooLarge } from './kept-files.ts';

export function AttachField({ item, id, value, onChange, about }: ControlProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const door = useFileDoor();
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(0);
  const photo = item.type === 'photo';
  const several = item.repeats === true;
  const urls = [value].flat().filter((url): url is string => typeof url === 'string' && url !== '');
  const remove = (url: string) => {
    const rest = urls.filter((each) => each !== url);
    onChange(several && rest.length > 0 ? rest : null);
    void forgetFile(url).catch(() => undefined);
  };

  const take = async (files: readonly File[]) => {
    setError(null);
    let now = urls;
    for (const [index, file] of files.entries()) {
      setBusy(files.length - index);
      try {
        const small = await prepared(file);
        const url = await stored(small, door);
        setNames((old) => ({ ...old, [url]: file.name }));
        now = several ? [...now, url] : [url];
        onChange(several ? now : url);
      } catch (cause) {
        setError(
          cause instanceof TooLarge
            ? t(cause.unread ? 'form.tooBigUnread' : 'form.tooBig', { mb: cause.mb.toFixed(1), max: MAX_MB })
            : words(cause),
        );
      }
    }
    setBusy(0);
  };

  return (
    <div className="attach">
      {urls.length > 0 && (
        <ul className={photo ? 'photos' : 'stack tight'}>
          {urls.map((url, index) => (
            <li key={url} className={photo ? 'photo' : 'row'}>
              {photo ? (
                <Photo url={url} label={t('form.photo', { n: index + 1 })} />
              ) : (
                <a href={fileHref(url)} target="_blank" rel="noreferrer" className="row">
                  <Icon name="file" size={16} />
                  {t('form.attached', { name: names[url] ?? '' })}
                </a>
              )}
              <button type="button" className="link-button" onClick={() => remove(url)}>
                {t('act.clear')}
                <span className="sr"> {t('form.photo', { n: index + 1 })}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className="button attach-take" aria-busy={busy > 0}>
        <Icon name={photo ? 'camera' : 'upload'} size={18} />
        {busy > 0
          ? t('form.making', { n: busy })
          : t(photo ? (urls.length > 0 && several ? 'form.photoMore' : 'form.photoTake') : 'form.attach')}
        <input
          id={id}
          type="file"
          className="sr"
          accept={photo ? 'image/*' : undefined}
          capture={photo ? 'environment' : undefined}
          multiple={several}
          aria-describedby={about}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            if (files.length > 0) void take(files);
          }}
        />
      </label>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** On the server, or on the device where it is to wait for its work or there is no way to the server now. */
async function stored(file: File, { later, about }: FileDoorValue): Promise<string> {
  if (later) return keepFile(file, about);
  try {
    return await sendFile(file, about);
  } catch (cause) {
    if (cause instanceof Unreachable) return keepFile(file, about);
    throw cause;
  }
}

function Photo({ url, label }: { readonly url: string; readonly label: string }) {
  const src = usePicture(url);
  return src === null ? (
    <span className="bone" style={{ width: 96, height: 96 }} />
  ) : (
    <a href={src} target="_blank" rel="noreferrer">
      <img src={src} alt={label} width="96" height="96" loading="lazy" />
    </a>
  );
}
