// The list of residents that the reader may see, found by name, pinyin, initials or ID.
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ResidentFinder } from './resident-finder.tsx';

export function ResidentsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('resident.title')}</h1>
          <p>{t('resident.intro')}</p>
        </div>
      </header>
      <section className="panel">
        <div className="body">
          <ResidentFinder
            name="page"
            choose={(row) => void navigate({ to: '/residents/$residentId', params: { residentId: row.id } })}
          />
        </div>
      </section>
    </div>
  );
}
