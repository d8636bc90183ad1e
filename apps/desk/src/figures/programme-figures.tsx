// The figures of a programme on its page, each a way to its value, trend and cases.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { ProgrammeFigure } from '../contract.ts';

export function ProgrammeFigures({ programme }: { readonly programme: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const query = useQuery({
    queryKey: ['programme', programme, 'figures'],
    queryFn: ({ signal }) => get<readonly ProgrammeFigure[]>(`/desk/programmes/${programme}/figures`, signal),
  });
  const all = query.data ?? [];
  if (all.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="programme-figures">
      <header>
        <h2 id="programme-figures">{t('programme.figures')}</h2>
      </header>
      <ul className="body stack tight">
        {all.map((one) => (
          <li key={one.id}>
            <Link to="/figures/$figureId" params={{ figureId: one.id }} search={{}}>
              {say(one.name)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
