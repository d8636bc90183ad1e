// Import of organisations from a sheet.
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHouseWords } from './house-words.ts';
import { SheetImport } from './sheet-import.tsx';

export function OrganisationImportPage() {
  const { t } = useTranslation();
  const words = useHouseWords();
  const queries = useQueryClient();
  return (
    <SheetImport
      name={words.organisations}
      text={words.importOrganisationsText}
      path="/desk/organisations/import"
      template="/desk/organisations/template"
      back={
        <Link to="/organisations" className="button">
          {t('act.back')}
        </Link>
      }
      onStored={() => {
        for (const key of ['organisations', 'offices', 'first-day', 'system'])
          void queries.invalidateQueries({ queryKey: [key] });
      }}
      after={() => (
        <Link to="/users/import" className="button main">
          {words.dayNext}: {words.importStaff}
        </Link>
      )}
    />
  );
}
