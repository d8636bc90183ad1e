// The tools at the right of the top bar: network, acting role, notices, account with language, tone, type and density.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import type { Notice } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Popup } from '../design/popup.tsx';
import { QUIET_FIRST, useDeskSettings } from './desk-settings.ts';
import { useSay } from './preferences.tsx';
import { isQuiet, spokenOf } from './quiet.ts';
import { useReadMark } from './read-marks.ts';
import { roleKey, useSession } from './session.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { useToast } from './toast.tsx';

export function NetworkState({ online, live }: { readonly online: boolean; readonly live: boolean }) {
  const { t } = useTranslation();
  const word = !online ? t('shell.offline') : live ? t('shell.online') : t('shell.notLive');
  return (
    <span className={`network ${!online ? 'late' : live ? 'done' : 'soon'}`} title={word} role="status">
      {online && live ? <i className="network-dot" aria-hidden="true" /> : <Icon name="offline" size={16} />}
      <span className={online && live ? 'sr' : 'only-wide'}>{word}</span>
    </span>
  );
}

export function RoleMenu() {
  const { t } = useTranslation();
  const say = useSay();
  const navigate = useNavigate();
  const { session, role, switchRole } = useSession();
  if (!session || !role) return null;
  const label = (
    <>
      <span className="role-label">
        <span className="truncate">{role.orgName}</span>
        <span className="muted small truncate">{say(role.roleName)}</span>
      </span>
      <Icon name="down" size={16} />
    </>
  );
  return (
    <Popup label={label} title={t('shell.actingAs')} className="button quiet role-button">
      {(close) => (
        <>
          <p className="menu-title">{t('shell.switchRole')}</p>
          {session.roles.map((each) => (
            <button
              key={roleKey(each)}
              type="button"
              className="menu-item"
              aria-current={roleKey(each) === roleKey(role)}
              onClick={() => {
                switchRole(each);
                close();
                void navigate({ to: '/' });
              }}
            >
              <span className="stack tight">
                <span>{each.orgName}</span>
                <span className="muted small">{say(each.roleName)}</span>
              </span>
            </button>
          ))}
        </>
      )}
    </Popup>
  );
}

export function AlertsLink() {
  const { t } = useTranslation();
  const { readUpTo } = useReadMark();
  const { data } = useQuery({
    queryKey: ['notices'],
    queryFn: ({ signal }) => get<{ items: readonly Notice[] }>('/desk/notices', signal),
  });
  useNewNotices(data?.items);
  const unread = data?.items.filter((notice) => notice.at > readUpTo).length ?? 0;
  return (
    <Link to="/notices" className="button quiet icon alerts" title={t('shell.alerts')}>
      <Icon name="bell" />
      {unread > 0 && (
        <span className="alerts-count" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
      <span className="sr">{unread > 0 ? t('shell.alertsUnread', { n: unread }) : t('shell.alerts')}</span>
    </Link>
  );
}

/** Says a notice aloud when it arrives, unless it is quiet time and it can wait. */
function useNewNotices(items: readonly Notice[] | undefined): void {
  const toast = useToast();
  const say = useSay();
  const { quiet = QUIET_FIRST } = useDeskSettings().settings;
  const newest = items?.[0];
  const known = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: speaks once for each newest notice
  useEffect(() => {
    if (!items) return;
    const before = known.current;
    known.current = newest?.at ?? '';
    if (before === null) return;
    const spoken = spokenOf(items, before, isQuiet(quiet, new Date()));
    if (!spoken) return;
    const words = [spoken.about, spoken.title].flatMap((text) => (text ? [say(text)] : []));
    toast(words.join(' · '), spoken.kind === 'critical' || spoken.kind === 'late' ? { tone: 'late' } : {});
  }, [newest?.at]);
}

export function AccountMenu({ onKeys }: { readonly onKeys: () => void }) {
  const { t } = useTranslation();
  const { session, signOut } = useSession();
  const name = session?.user.name ?? '';
  const label = (
    <>
      <span className="avatar" aria-hidden="true">
        {name.slice(-1)}
      </span>
      <span className="only-wide truncate">{name}</span>
      <span className="sr">{t('shell.account')}</span>
    </>
  );
  return (
    <Popup label={label} title={t('shell.account')}>
      {(close) => (
        <div className="account">
          <SettingsFields />
          <hr />
          <button
            type="button"
            className="menu-item only-wide"
            onClick={() => {
              close();
              onKeys();
            }}
          >
            <span className="grow">{t('shell.keys')}</span>
            <kbd>?</kbd>
          </button>
          <Link to="/password" className="menu-item" onClick={close}>
            {t('shell.password')}
          </Link>
          <button type="button" className="menu-item" onClick={() => void signOut()}>
            {t('shell.signOut')}
          </button>
        </div>
      )}
    </Popup>
  );
}
