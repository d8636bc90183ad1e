// Import of staff with their sign-ins from a sheet.
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHouseWords } from './house-words.ts';
import { SheetImport } from './sheet-import.tsx';

export function StaffImportPage() {
  const { t } = useTranslation();
  const words = useHouseWords();
  const queries = useQueryClient();
  return (
    <SheetImport
      name={words.staff}
      text={words.importStaffText}
      path="/desk/staff/import"
      template="/desk/staff/template"
      back={
        <Link to="/users" className="button">
          {t('act.back')}
        </Link>
      }
      onStored={() => {
        for (const key of ['users', 'first-day']) void queries.invalidateQueries({ queryKey: [key] });
      }}
      after={(done) => (
        <div className="stack">
          <p>{words.usersMade(done.users ?? 0)}</p>
          <span>
            <Link to="/users" className="button main">
              {words.dayNext}: {words.dayPasswords}
            </Link>
          </span>
        </div>
      )}
    />
  );
}
