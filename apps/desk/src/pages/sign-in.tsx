// Sign-in: one form; a demo system lists its sign-ins beside it. Over a page whose session ended, the same form returns.
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, Refused } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import { useSystem } from '../app/system.ts';
import type { DemoSignIn } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { useErrorWords } from '../design/loaded.tsx';
import './sign-in.css';

const FirstStart = lazy(() => import('./first-start.tsx').then((module) => ({ default: module.FirstStart })));

export function SignIn() {
  const { t } = useTranslation();
  const say = useSay();
  const system = useSystem();
  const { preferences, tone, change } = usePreferences();
  const { data: demo } = useQuery({
    queryKey: ['demo-sign-ins'],
    queryFn: ({ signal }) => get<readonly DemoSignIn[]>('/auth/demo', signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <main className="sign-in">
      <header className="sign-in-head">
        <div className="sign-in-mark">
          <img src="/mark.svg" alt="" width="40" height="40" />
          <div>
            <h1>{t('product')}</h1>
            <p className="muted">{system ? say(system.name) : t('productLine')}</p>
          </div>
        </div>
        <div className="row">
          <button
            type="button"
            className="button quiet"
            lang={preferences.language === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => change({ language: preferences.language === 'zh' ? 'en' : 'zh' })}
          >
            {preferences.language === 'zh' ? 'English' : '中文'}
          </button>
          <button
            type="button"
            className="button quiet"
            onClick={() => change({ tone: tone === 'dark' ? 'light' : 'dark' })}
          >
            {tone === 'dark' ? t('shell.light') : t('shell.dark')}
          </button>
        </div>
      </header>
      {system?.synthetic && (
        <p className="note soon">
          <Icon name="alert" size={16} /> {t('synthetic')}
        </p>
      )}
      {system?.loading && <LoadingYear share={system.loading.done} words={say(system.loading.text)} />}
      <div className={demo && demo.length > 0 ? 'sign-in-two' : 'sign-in-one'}>
        <section className="panel">
          <div className="body">
            {system?.firstStart ? (
              <Suspense>
                <FirstStart />
              </Suspense>
            ) : (
              <>
                <h2>{t('signIn.title')}</h2>
                <SignInForm />
              </>
            )}
            {system?.outside && (
              <a className="button" href="/auth/outside">
                {t('signIn.outside', { name: say(system.outside.name) })}
              </a>
            )}
          </div>
        </section>
        {demo && demo.length > 0 && <DemoSignIns all={demo} />}
      </div>
      <Pulse />
    </main>
  );
}

/** The form over the page that stays underneath, with all that was typed there. */
export function SignInAgain() {
  const { t } = useTranslation();
  const { session, signOut } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="sign-in-again"
      aria-labelledby="over-title"
      onCancel={(event) => event.preventDefault()}
    >
      <h2 id="over-title">{t('signIn.overTitle')}</h2>
      <p className="muted">{t('signIn.overText')}</p>
      <SignInForm {...(session ? { login: session.user.login } : {})} />
      <button type="button" className="button quiet" onClick={() => void signOut()}>
        {t('signIn.otherPerson')}
      </button>
    </dialog>
  );
}

function SignInForm({ login: known = '' }: { readonly login?: string }) {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const words = useErrorWords();
  const id = useId();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [needsTotp, setNeedsTotp] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!login || !password) return setError(t('signIn.need'));
    setBusy(true);
    setError(null);
    try {
      await signIn(login.trim(), password, totp.trim() || undefined);
    } catch (cause) {
      if (cause instanceof Refused && cause.code.includes('totp')) setNeedsTotp(true);
      setError(words(cause));
      setBusy(false);
    }
  };

  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor={`${id}-login`}>{t('signIn.login')}</label>
        <input
          id={`${id}-login`}
          className="input"
          autoComplete="username"
          autoCapitalize="none"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t('signIn.password')}</label>
        <input
          id={`${id}-password`}
          className="input"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      {needsTotp && (
        <div className="field">
          <label htmlFor={`${id}-totp`}>{t('signIn.totp')}</label>
          <input
            id={`${id}-totp`}
            className="input"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={totp}
            onChange={(event) => setTotp(event.target.value)}
          />
          <span className="help">{t('signIn.totpHelp')}</span>
        </div>
      )}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <button type="submit" className="button main big" disabled={busy}>
        {busy ? t('signIn.wait') : t('signIn.submit')}
      </button>
    </form>
  );
}

function DemoSignIns({ all }: { readonly all: readonly DemoSignIn[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const { signIn } = useSession();
  const words = useErrorWords();
  const [error, setError] = useState<string | null>(null);
  return (
    <section className="panel demo-list" aria-labelledby="demo-title">
      <header>
        <div>
          <h2 id="demo-title">{t('signIn.demoTitle')}</h2>
          <p className="muted small">{t('signIn.demoText')}</p>
        </div>
      </header>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <ul>
        {all.map((each) => (
          <li key={each.login}>
            <button
              type="button"
              onClick={() =>
                void signIn(each.login, each.password).catch((cause: unknown) => setError(words(cause)))
              }
            >
              <span className="demo-role">{say(each.role)}</span>
              <span className="muted truncate">{each.org}</span>
              <span className="demo-name">{each.name}</span>
              <code className="muted small">{each.login}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LoadingYear({ share, words }: { readonly share: number; readonly words: string }) {
  const { t } = useTranslation();
  const percent = Math.round(share * 100);
  return (
    <div className="note">
      <div className="grow stack tight">
        <span>
          {t('signIn.loadingYear')} {percent}% <span className="muted">{words}</span>
        </span>
        <div
          className="bar"
          role="progressbar"
          aria-label={t('signIn.loadingYear')}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      </div>
    </div>
  );
}

/** The line of a pulse along the foot of the page: the one ornament of the product. */
function Pulse() {
  return (
    <svg className="pulse" viewBox="0 0 1200 80" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <path
        d="M0 46h180l14-6 12 6h40l10-30 16 52 12-34 8 12h260l14-6 12 6h40l10-30 16 52 12-34 8 12h260l14-6 12 6h40l10-30 16 52 12-34 8 12h240"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}
