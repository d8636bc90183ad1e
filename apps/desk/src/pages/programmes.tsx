// The catalogue of programmes by domain.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { addressOf } from '../app/link-to.ts';
import { useSay } from '../app/preferences.tsx';
import type { ProgrammeSummary, Text } from '../contract.ts';
import { Blank, Loaded } from '../design/loaded.tsx';
import './programmes.css';

export function ProgrammesPage() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const query = useQuery({
    queryKey: ['programmes'],
    queryFn: ({ signal }) => get<readonly ProgrammeSummary[]>('/desk/programmes', signal),
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('programme.title')}</h1>
          <p>{t('programme.intro')}</p>
        </div>
        <input
          className="input"
          style={{ maxWidth: 280 }}
          type="search"
          aria-label={t('programme.search')}
          placeholder={t('programme.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </header>
      <Loaded query={query}>
        {(programmes) => <Domains programmes={programmes.filter((programme) => fits(programme, text))} />}
      </Loaded>
    </div>
  );
}

const fits = (programme: ProgrammeSummary, text: string): boolean =>
  `${programme.id} ${programme.name.zh} ${programme.name.en}`
    .toLowerCase()
    .includes(text.trim().toLowerCase());

function Domains({ programmes }: { readonly programmes: readonly ProgrammeSummary[] }) {
  const { t } = useTranslation();
  const say = useSay();
  if (programmes.length === 0) return <Blank title={t('programme.empty')} />;
  const domains = new Map<string, { name: Text; programmes: ProgrammeSummary[] }>();
  for (const programme of programmes) {
    const domain = domains.get(programme.domain) ?? { name: programme.domainName, programmes: [] };
    domain.programmes.push(programme);
    domains.set(programme.domain, domain);
  }
  return [...domains].map(([id, domain]) => (
    <section key={id} className="panel" aria-labelledby={`domain-${id}`}>
      <header>
        <h2 id={`domain-${id}`}>{say(domain.name)}</h2>
        <span className="muted small">{domain.programmes.length}</span>
      </header>
      <ul className="programme-list">
        {domain.programmes.map((programme) => (
          <li key={programme.id}>
            <Link to={addressOf({ kind: 'programme', id: programme.id })}>{say(programme.name)}</Link>
            <span className="muted small truncate">{programme.summary && say(programme.summary)}</span>
            <span className="row small muted nowrap">
              {programme.loops > 0 && <span>{t('programme.loops', { n: programme.loops })}</span>}
              {programme.registers > 0 && <span>{t('programme.registers', { n: programme.registers })}</span>}
              {programme.openCases !== null && programme.openCases > 0 && (
                <span className="tag accent">{t('programme.open', { n: programme.openCases })}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ));
}
