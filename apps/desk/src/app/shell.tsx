// The frame of every page: top bar, navigation at the left or at the foot, the mark of synthetic data, keys for all pages.
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/icon.tsx';
import { Bones } from '../design/loaded.tsx';
import { KeysHelp } from './keys-help.tsx';
import { useLive } from './live.tsx';
import { PlaceClosed } from './place-closed.tsx';
import { bottomFor, groupsFor, placeAt } from './places.ts';
import { SearchBox } from './search-box.tsx';
import { useSession } from './session.tsx';
import './shell.css';
import { AccountMenu, AlertsLink, NetworkState, RoleMenu } from './shell-menus.tsx';
import { useSystem } from './system.ts';

export function Shell() {
  const { t } = useTranslation();
  const system = useSystem();
  const { live, online } = useLive();
  const [keys, setKeys] = useState(false);
  useShellKeys(() => setKeys(true));
  useFocusOnPage();
  useUnsentWork();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('act.skip')}
      </a>
      <header className="shell-top">
        <Link to="/" className="shell-mark" aria-label={t('product')}>
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span className="only-wide">{t('product')}</span>
        </Link>
        {system?.synthetic && (
          <span className="synthetic" title={t('synthetic')}>
            <Icon name="alert" size={14} />
            {t('syntheticShort')}
          </span>
        )}
        <SearchBox />
        <div className="shell-tools">
          <NetworkState online={online} live={live} />
          <RoleMenu />
          <AlertsLink />
          <AccountMenu onKeys={() => setKeys(true)} />
        </div>
      </header>
      {!online && (
        <p className="shell-offline" role="status">
          <Icon name="offline" size={16} /> {t('shell.offlineText')}
        </p>
      )}
      <Underway />
      <SideNav />
      <main id="main" className="shell-main" tabIndex={-1}>
        {system?.synthetic && <p className="only-print">{t('synthetic')}</p>}
        <Suspense fallback={<Bones rows={8} />}>
          <Page />
        </Suspense>
      </main>
      <BottomBar />
      {keys && <KeysHelp close={() => setKeys(false)} />}
    </div>
  );
}

/** On a slow network the page that was stays until the next one is here; this says that it is on its way. */
function Underway() {
  const { t } = useTranslation();
  const loads = useRouterState({ select: (state) => state.isLoading });
  if (!loads) return null;
  return <div className="shell-underway" role="progressbar" aria-label={t('loading')} />;
}

/** The page of this address, or the word that the acting role has no such place. */
function Page() {
  const { role } = useSession();
  const place = placeAt(useRouterState({ select: (state) => state.location.pathname }));
  if (place !== null && role !== null && !role.places.includes(place)) return <PlaceClosed place={place} />;
  return <Outlet />;
}

function SideNav() {
  const { t } = useTranslation();
  const { role } = useSession();
  return (
    <nav className="shell-nav" aria-label={t('nav.label')}>
      {groupsFor(role?.places ?? []).map(({ group, places }) => (
        <div key={group}>
          <p className="shell-nav-group">{t(`nav.${group}`)}</p>
          <ul>
            {places.map((place) => (
              <li key={place.to}>
                <Link
                  to={place.to}
                  activeOptions={{ exact: place.to === '/' }}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  <Icon name={place.icon} size={18} />
                  <span>{t(`nav.${place.place}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function BottomBar() {
  const { t } = useTranslation();
  const { role } = useSession();
  return (
    <nav className="shell-bottom" aria-label={t('nav.label')}>
      {bottomFor(role?.places ?? []).map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={{ exact: place.to === '/' }}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Icon name={place.icon} />
          <span>{t(`nav.${place.place}`)}</span>
        </Link>
      ))}
      <Link to="/more" activeProps={{ 'aria-current': 'page' }}>
        <Icon name="more" />
        <span>{t('nav.more')}</span>
      </Link>
    </nav>
  );
}

/** Work that waits on this device is sent from whatever page is open. */
function useUnsentWork(): void {
  const { session } = useSession();
  const user = session?.user.id;
  useEffect(() => {
    if (user) void import('../field/outbox.ts').then(({ openOutbox }) => openOutbox(user));
  }, [user]);
}

/** `?` shows the keys; `g h` and `g w` go home and to the work list. */
function useShellKeys(showKeys: () => void): void {
  const navigate = useNavigate();
  const afterG = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const soonAfterG = Date.now() - afterG.current < 1_000;
      if (event.key === '?') showKeys();
      else if (soonAfterG && event.key === 'h') void navigate({ to: '/' });
      else if (soonAfterG && event.key === 'w') void navigate({ to: '/work', search: {} });
      afterG.current = event.key === 'g' ? Date.now() : 0;
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, showKeys]);
}

/** After a change of page the focus goes to its beginning, as a screen reader expects. */
function useFocusOnPage(): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each new path
  useEffect(() => {
    if (first.current) first.current = false;
    else document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}

/** True while a person types into a field or holds a modifier: single-key shortcuts must stay out. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const field = target.closest(
    'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]',
  );
  return (
    field !== null ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector('dialog[open]') !== null
  );
}
