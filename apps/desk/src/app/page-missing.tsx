// A place that does not exist.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <div className="blank">
      <h2>{t('error.pageTitle')}</h2>
      <p>{t('error.pageText')}</p>
      <Link to="/" className="button">
        {t('nav.home')}
      </Link>
    </div>
  );
}
