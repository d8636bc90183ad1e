// One programme: its place in the reform, the diagram of each loop with its figures, its registers and other parts.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import type { LoopStatistics, ProgrammeDetail } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Loaded } from '../design/loaded.tsx';
import { LoopPicture } from '../design/loop-diagram.tsx';
import { ProgrammeFigures } from '../figures/programme-figures.tsx';
import { ProgrammeMechanisms } from '../mechanisms/mechanism-lists.tsx';
import './programmes.css';
import { sourceWords } from './source-words.ts';
import './tree.css';

export function ProgrammePage() {
  const { domain = '', programme = '' } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['programme', domain, programme],
    queryFn: ({ signal }) => get<ProgrammeDetail>(`/desk/programmes/${domain}/${programme}`, signal),
  });
  return (
    <div className="page">
      <Loaded query={query}>
        {(detail) => <ProgrammeView detail={detail} domain={domain} id={programme} />}
      </Loaded>
    </div>
  );
}

function ProgrammeView({
  detail,
  domain,
  id,
}: {
  readonly detail: ProgrammeDetail;
  readonly domain: string;
  readonly id: string;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const { language } = usePreferences().preferences;
  const { programme } = detail;
  return (
    <>
      <header className="page-head">
        <div className="stack tight">
          <p>{say(programme.domainName)}</p>
          <h1>{say(programme.name)}</h1>
          {programme.summary && <p>{say(programme.summary)}</p>}
        </div>
      </header>
      {(detail.reform.length > 0 || detail.sources.length > 0) && (
        <section className="panel">
          <dl className="facts body">
            {detail.reform.length > 0 && (
              <>
                <dt>{t('programme.place')}</dt>
                <dd>{detail.reform.map(say).join(' › ')}</dd>
              </>
            )}
            {detail.sources.length > 0 && (
              <>
                <dt>{t('programme.sources')}</dt>
                <dd>{detail.sources.map((source) => sourceWords(source, language)).join(t('listComma'))}</dd>
              </>
            )}
          </dl>
        </section>
      )}
      {detail.loops.map((loop) => (
        <section key={loop.id} className="panel" aria-labelledby={`loop-${loop.id}`}>
          <header>
            <h2 id={`loop-${loop.id}`}>{say(loop.name)}</h2>
            {loop.canStart && (
              <Link
                to="/start/$domain/$programme/$loop"
                params={{ domain, programme: id, loop: loop.id }}
                className="button main"
              >
                <Icon name="plus" size={16} />
                {t('programme.start', { name: say(loop.name) })}
              </Link>
            )}
          </header>
          {loop.statistics && <Statistics statistics={loop.statistics} />}
          <div className="body">
            <LoopPicture diagram={loop.diagram} label={say(loop.name)} />
          </div>
        </section>
      ))}
      {detail.registers.length > 0 && (
        <section className="panel" aria-labelledby="programme-registers">
          <header>
            <h2 id="programme-registers">{t('register.title')}</h2>
          </header>
          <ul className="body stack tight">
            {detail.registers.map((register) => (
              <li key={register.id}>
                <Link to="/registers/$registerId" params={{ registerId: register.id }}>
                  {say(register.name)}
                </Link>{' '}
                {register.entries !== null && (
                  <span className="muted small">{t('register.entries', { n: register.entries })}</span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {(detail.trees.length > 0 || detail.matches.length > 0) && (
        <section className="panel" aria-label={t('programme.statistics')}>
          {detail.trees.map((tree) => (
            <p key={tree.id} className="run">
              <span className="muted">{t('programme.trees')}</span>
              <Link to="/trees/$treeId" params={{ treeId: tree.id }}>
                {say(tree.name)}
              </Link>
            </p>
          ))}
          {detail.matches.map((match) => (
            <p key={match.id} className="run">
              <span className="muted">{t('programme.matches')}</span>
              <Link to="/matches/$matchId" params={{ matchId: match.id }}>
                {say(match.name)}
              </Link>
            </p>
          ))}
        </section>
      )}
      <ProgrammeFigures programme={programme.id} />
      <ProgrammeMechanisms programme={programme.id} />
      {detail.parts.length > 0 && (
        <section className="panel" aria-labelledby="programme-parts">
          <header>
            <h2 id="programme-parts">{t('programme.parts')}</h2>
          </header>
          <dl className="facts body">
            {detail.parts.map((part) => (
              <div key={part.kind.zh} style={{ display: 'contents' }}>
                <dt>{say(part.kind)}</dt>
                <dd>{part.names.map(say).join(t('listComma'))}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

function Statistics({ statistics }: { readonly statistics: LoopStatistics }) {
  const { t } = useTranslation();
  const figures = [
    [t('programme.inHand'), String(statistics.open)],
    [t('programme.late'), String(statistics.late)],
    [t('programme.closedCount'), String(statistics.closed)],
    [t('programme.onTime'), percent(statistics.onTimeRate)],
    [t('programme.closure'), percent(statistics.closureRate)],
    [t('programme.rating'), statistics.ratingAverage ?? '–'],
  ] as const;
  return (
    <dl className="statistics">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const percent = (share: string | null): string =>
  share === null ? '–' : `${(Number(share) * 100).toFixed(1)}%`;
