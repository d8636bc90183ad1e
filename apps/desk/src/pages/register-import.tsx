// Import into a register, with the register's own template.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { RegisterPage } from '../contract.ts';
import { SheetImport } from './sheet-import.tsx';

export function RegisterImportPage() {
  const { registerId = '' } = useParams({ strict: false });
  const { t } = useTranslation();
  const say = useSay();
  const queries = useQueryClient();
  const path = `/desk/registers/${encodeURIComponent(registerId)}`;
  const register = useQuery({
    queryKey: ['register', registerId, { count: 1 }],
    queryFn: ({ signal }) => post<RegisterPage>(path, { count: 1 }, signal),
  });
  return (
    <SheetImport
      name={register.data ? say(register.data.register.name) : ''}
      text={t('register.importText')}
      path={`${path}/import`}
      template={`${path}/template`}
      back={
        <Link to="/registers/$registerId" params={{ registerId }} className="button">
          {t('act.back')}
        </Link>
      }
      onStored={() => void queries.invalidateQueries({ queryKey: ['register', registerId] })}
    />
  );
}
