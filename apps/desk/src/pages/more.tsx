// The phone's fourth place: all other pages, the acting role, and the settings of this device.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { groupsFor } from '../app/places.ts';
import { useSay } from '../app/preferences.tsx';
import { roleKey, useSession } from '../app/session.tsx';
import { SettingsFields } from '../app/settings-fields.tsx';
import { Icon } from '../design/icon.tsx';

export function MorePage() {
  const { t } = useTranslation();
  const say = useSay();
  const { session, role, switchRole, signOut } = useSession();
  return (
    <div className="page">
      <h1>{t('nav.more')}</h1>
      {groupsFor(role?.places ?? []).map(({ group, places }) => (
        <section key={group} className="panel" aria-label={t(`nav.${group}`)}>
          {places.map((place) => (
            <Link key={place.to} to={place.to} className="menu-item">
              <Icon name={place.icon} />
              {t(`nav.${place.place}`)}
            </Link>
          ))}
        </section>
      ))}
      <section className="panel">
        <header>
          <h2>{t('shell.actingAs')}</h2>
        </header>
        {session?.roles.map((each) => (
          <button
            key={roleKey(each)}
            type="button"
            className="menu-item"
            aria-current={role !== null && roleKey(each) === roleKey(role)}
            onClick={() => switchRole(each)}
          >
            <span className="stack tight">
              <span>{each.orgName}</span>
              <span className="muted small">{say(each.roleName)}</span>
            </span>
          </button>
        ))}
      </section>
      <section className="panel">
        <header>
          <h2>{t('settings.title')}</h2>
          <span className="muted small">{t('settings.text')}</span>
        </header>
        <SettingsFields />
      </section>
      <Link to="/password" className="button">
        {t('shell.password')}
      </Link>
      <button type="button" className="button" onClick={() => void signOut()}>
        {t('shell.signOut')}
      </button>
    </div>
  );
}
