// Import of a sheet: a file, its preview with every faulty row named, and only then the good rows stored.

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, upload } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { ImportDone, ImportError, ImportPreview } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { State } from '../design/state.tsx';
import { FileDrop } from '../form/file-drop.tsx';
import './register.css';

interface SheetImportProps {
  /** What the file holds, in words. */
  readonly name: string;
  readonly text: string;
  /** Takes the file for a preview; `/store` below it stores the good rows. */
  readonly path: string;
  readonly template: string;
  readonly back: ReactNode;
  readonly onStored: () => void;
  /** What to do next, when it is done. */
  readonly after?: (done: ImportDone) => ReactNode;
}

export function SheetImport({ name, text, path, template, back, onStored, after }: SheetImportProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const preview = useMutation({ mutationFn: (file: File) => upload<ImportPreview>(path, file) });
  const [file, setFile] = useState<File | null>(null);
  const store = useMutation({
    mutationFn: (chosen: File) => upload<ImportDone>(`${path}/store`, chosen),
    onSuccess: onStored,
  });
  const choose = (chosen: File) => {
    setFile(chosen);
    preview.mutate(chosen);
  };
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('register.importTitle', { name })}</h1>
          <p>{text}</p>
        </div>
        <div className="row">
          <button
            type="button"
            className="button"
            onClick={() => void download(template, {}, `${name}.xlsx`)}
          >
            <Icon name="download" size={16} />
            {t('register.template')}
          </button>
          {back}
        </div>
      </header>
      {!store.data && (
        <FileDrop
          word={t(preview.isPending ? 'register.importReading' : 'register.importDrop')}
          accept={SHEETS}
          busy={preview.isPending}
          choose={choose}
        />
      )}
      {(preview.isError || store.isError) && (
        <p className="note late" role="alert">
          <Icon name="alert" size={16} />
          {words(preview.error ?? store.error)}
        </p>
      )}
      {store.data ? (
        <section className="panel">
          <div className="body stack">
            <State
              kind="done"
              word={t('register.importDone', { stored: store.data.stored, same: store.data.same })}
            />
            {after?.(store.data)}
            <span>
              <button
                type="button"
                className="button"
                onClick={() => {
                  store.reset();
                  preview.reset();
                }}
              >
                {t('register.importAgain')}
              </button>
            </span>
            {store.data.refused.length > 0 && <Errors errors={store.data.refused} name={name} />}
          </div>
        </section>
      ) : (
        preview.data && (
          <Preview
            preview={preview.data}
            name={name}
            busy={store.isPending}
            store={() => file && store.mutate(file)}
          />
        )
      )}
    </div>
  );
}

const SHEETS = '.xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface PreviewProps {
  readonly preview: ImportPreview;
  readonly name: string;
  readonly busy: boolean;
  readonly store: () => void;
}

function Preview({ preview, name, busy, store }: PreviewProps) {
  const { t } = useTranslation();
  const { rows, good, same, errors } = preview;
  const bad = new Set(errors.map((error) => error.row)).size;
  return (
    <>
      <section className="panel">
        <div className="body between">
          <strong className="import-counts">{t('register.importRows', { rows, good, same, bad })}</strong>
          <button type="button" className="button main" disabled={good === 0 || busy} onClick={store}>
            {t(busy ? 'register.importStoring' : 'register.importGood', { n: good })}
          </button>
        </div>
      </section>
      {errors.length > 0 && <Errors errors={errors} name={name} />}
      <section className="panel">
        <header>
          <h2>{t('register.importSample')}</h2>
        </header>
        <ScrollBox label={t('register.importSample')}>
          <table className="table" aria-label={t('register.importSample')}>
            <thead>
              <tr>
                {preview.columns.map((column) => (
                  <th key={column}>{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.sample.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file are known by their place
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={preview.columns[column] ?? column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </section>
    </>
  );
}

function Errors({ errors, name }: { readonly errors: readonly ImportError[]; readonly name: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const save = () => {
    const lines = [
      [
        t('register.importRow'),
        t('register.importColumn'),
        t('register.importValue'),
        t('register.importWhy'),
      ],
      ...errors.map((error) => [String(error.row), error.column ?? '', error.value ?? '', say(error.detail)]),
    ];
    const text = lines.map((line) => line.map((cell) => `"${safeCell(cell)}"`).join(',')).join('\r\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`\uFEFF${text}`], { type: 'text/csv' }));
    link.download = `${name}-${t('register.importErrors')}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section className="panel" aria-labelledby="import-errors">
      <header>
        <h2 id="import-errors">
          {t('register.importErrors')} ({errors.length})
        </h2>
        <button type="button" className="button" onClick={save}>
          {t('register.importErrorsDownload')}
        </button>
      </header>
      <ScrollBox label={t('register.importErrors')}>
        <table className="table" aria-labelledby="import-errors">
          <thead>
            <tr>
              <th className="number">{t('register.importRow')}</th>
              <th>{t('register.importColumn')}</th>
              <th>{t('register.importValue')}</th>
              <th>{t('register.importWhy')}</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, SHOWN_MAX).map((error) => (
              <tr key={`${error.row}/${error.column}/${error.detail.zh}`}>
                <td className="number">{error.row}</td>
                <td>{error.column}</td>
                <td>{error.value}</td>
                <td className="field-error">{say(error.detail)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {errors.length > SHOWN_MAX && (
        <footer className="muted small">
          {t('register.importMore', { shown: SHOWN_MAX, n: errors.length })}
        </footer>
      )}
    </section>
  );
}

const SHOWN_MAX = 200;

/** A cell that a spreadsheet would run as a formula is written as text. */
const safeCell = (cell: string): string =>
  (/^[=+\-@\t]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""');
