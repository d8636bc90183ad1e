// All registers that the reader may open.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { useSay } from '../app/preferences.tsx';
import type { RegisterSummary } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import { grouped } from '../design/number.ts';
import { ScrollBox } from '../design/scroll-box.tsx';

export function RegistersPage() {
  const { t } = useTranslation();
  const say = useSay();
  const [text, setText] = useState('');
  const query = useQuery({
    queryKey: ['registers'],
    queryFn: ({ signal }) => get<readonly RegisterSummary[]>('/desk/registers', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('register.title')}</h1>
          <p>{t('register.intro')}</p>
        </div>
        <input
          className="input"
          style={{ maxWidth: 280 }}
          type="search"
          aria-label={t('register.find')}
          placeholder={t('register.find')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </header>
      <section className="panel">
        <Loaded query={query}>
          {(all) => {
            const registers = all.filter((register) => fits(register, text));
            if (registers.length === 0)
              return all.length === 0 ? (
                <Blank title={t('register.emptyTitle')}>
                  <p>{t('register.emptyText')}</p>
                </Blank>
              ) : (
                <Blank title={t('register.noneFits')} />
              );
            return (
              <ScrollBox label={t('register.title')}>
                <table className="table" aria-label={t('register.title')}>
                  <thead>
                    <tr>
                      <th>{t('register.title')}</th>
                      <th>{t('programme.title')}</th>
                      <th className="number">{t('register.count')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {registers.map((register) => (
                      <tr key={register.id}>
                        <td>
                          <Link to="/registers/$registerId" params={{ registerId: register.id }}>
                            <strong>{say(register.name)}</strong>
                          </Link>
                        </td>
                        <td className="muted">{say(register.programme.name)}</td>
                        <td className="number">
                          {register.entries === null
                            ? ''
                            : t('register.entries', { n: grouped(register.entries) })}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollBox>
            );
          }}
        </Loaded>
      </section>
    </div>
  );
}

const fits = ({ name, programme }: RegisterSummary, text: string): boolean =>
  [name.zh, name.en, programme.name.zh, programme.name.en]
    .join(' ')
    .toLowerCase()
    .includes(text.trim().toLowerCase());
