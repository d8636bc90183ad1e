// The four faces of a page that waits for data: skeleton, error with retry, offline in words, the thing itself.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused, Unreachable } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import { Icon } from './icon.tsx';

interface LoadedProps<T> {
  readonly query: {
    readonly data: T | undefined;
    readonly isError: boolean;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
  readonly bones?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

export function Loaded<T>({ query, bones, children }: LoadedProps<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <Stale error={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <>{bones ?? <Bones rows={6} />}</>;
}

/** Says what went wrong in the server's own words where it has some. */
export function useErrorWords(): (error: unknown) => string {
  const { t } = useTranslation();
  const say = useSay();
  return (error) => {
    if (error instanceof Unreachable) return t('error.unreachable');
    if (error instanceof Refused) {
      if (error.detail) return say(error.detail);
      if (error.status === 403) return t('error.forbidden');
      if (error.status === 404) return t('error.notFound');
      if (error.status === 401) return t('error.sessionOver');
      return t('error.refused', { code: error.code });
    }
    return t('error.fault');
  };
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const away = error instanceof Unreachable;
  // Who may not see a thing may not see it at the second try either.
  const closed = error instanceof Refused && (error.status === 403 || error.status === 404);
  return (
    <div className="blank" role="alert">
      <Icon name={away ? 'offline' : 'alert'} size={28} />
      <h2>{t(away ? 'error.unreachableTitle' : closed ? 'error.closedTitle' : 'error.title')}</h2>
      <p>{words(error)}</p>
      {!closed && (
        <button type="button" className="button" onClick={retry}>
          {t('act.retry')}
        </button>
      )}
    </div>
  );
}

function Stale({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  return (
    <div className="note soon no-print" role="status">
      <Icon name="offline" size={16} />
      <span className="grow">
        {words(error)} {t('error.showingOld')}
      </span>
      <button type="button" className="button quiet" onClick={retry}>
        {t('act.retry')}
      </button>
    </div>
  );
}

export function Bones({ rows, height = 20 }: { readonly rows: number; readonly height?: number }) {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status" aria-label={t('loading')} style={{ padding: 16 }}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity of their own
        <span key={row} className="bone" style={{ height, width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

interface BlankProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** What would be here and how it comes. */
export function Blank({ title, children }: BlankProps) {
  return (
    <div className="blank">
      <h3>{title}</h3>
      {children}
    </div>
  );
}
