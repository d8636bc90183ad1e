// What stands at the address of a place that the acting role does not have: why, and in which own role it would open.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Place } from '../contract.ts';
import { useSay } from './preferences.tsx';
import { roleKey, useSession } from './session.tsx';

export function PlaceClosed({ place }: { readonly place: Place }) {
  const { t } = useTranslation();
  const say = useSay();
  const { session, role, switchRole } = useSession();
  const others = session?.roles.filter((each) => each.places.includes(place)) ?? [];
  return (
    <div className="page">
      <h1>{t(`nav.${place}`)}</h1>
      <div className="blank" role="alert">
        <h2>{t('closed.title', { role: role ? say(role.roleName) : '' })}</h2>
        <p>{t(place === 'residents' ? 'closed.persons' : 'closed.text')}</p>
        {others.map((each) => (
          <button key={roleKey(each)} type="button" className="button" onClick={() => switchRole(each)}>
            {t('closed.as', { role: say(each.roleName), org: each.orgName })}
          </button>
        ))}
        <Link to="/" className="button">
          {t('closed.home')}
        </Link>
      </div>
    </div>
  );
}
