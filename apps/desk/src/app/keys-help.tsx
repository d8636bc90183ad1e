// The list of keyboard shortcuts, as a dialog.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = [
  ['/', 'search'],
  ['j k', 'move'],
  ['Enter', 'open'],
  ['c', 'claim'],
  ['x', 'select'],
  ['g h', 'home'],
  ['g w', 'work'],
  ['Ctrl Enter', 'submit'],
  ['?', 'help'],
] as const;

export function KeysHelp({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">{t('keys.title')}</h2>
      <dl className="facts">
        {KEYS.map(([keys, word]) => (
          <div key={word} style={{ display: 'contents' }}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`keys.${word}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        {t('act.close')}
      </button>
    </dialog>
  );
}
