// The desk's home by role: what waits for me, late first; what I wait for; what is due today; my figures; what I may start.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readOrKept, useOwner } from '../app/kept-answers.ts';
import { addressOf } from '../app/link-to.ts';
import { useOfflinePages } from '../app/offline-pages.ts';
import { useSay } from '../app/preferences.tsx';
import { useSession } from '../app/session.tsx';
import type { Home } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Bones, Loaded } from '../design/loaded.tsx';
import { grouped } from '../design/number.ts';
import { Popup } from '../design/popup.tsx';
import { Shape, State } from '../design/state.tsx';
import { dateOf, dateTime } from '../design/time.ts';
import { WorkTable } from '../design/work-table.tsx';
import { OutboxLine } from '../field/outbox-panel.tsx';
import { WaitingMechanisms } from '../mechanisms/mechanism-lists.tsx';
import { FirstDayPanel } from './first-day.tsx';
import './home.css';
import { CASE_KEPT_MS, useCasesAhead } from './kept-cases.ts';

export function HomePage() {
  const owner = useOwner();
  useOfflinePages(() => Promise.all([import('./case.tsx'), import('./work.tsx')]));
  const query = useQuery({
    queryKey: ['home', owner],
    queryFn: ({ signal }) => readOrKept<Home>(owner, '/desk/home', CASE_KEPT_MS, signal),
  });
  const { data: home, savedAt = null } = query.data ?? {};
  useCasesAhead(home?.mine ?? [], savedAt === null);
  return (
    <div className="page home">
      <OutboxLine savedAt={savedAt} />
      <Loaded query={query} bones={<Bones rows={10} />}>
        {(answer) => <HomeView home={answer.data} />}
      </Loaded>
    </div>
  );
}

function HomeView({ home }: { readonly home: Home }) {
  const { t } = useTranslation();
  const { role } = useSession();
  return (
    <>
      <Head home={home} />
      {role?.role === 'administrator' && <FirstDayPanel />}
      <div className={home.kinds.length > 0 ? 'home-grid' : 'home-grid no-kinds'}>
        <Kinds home={home} />
        <section className="panel home-mine" aria-labelledby="home-mine">
          <header>
            <h2 id="home-mine">{t('home.mine')}</h2>
            <Link to="/work" search={{}}>
              {t('home.allWork')}
            </Link>
          </header>
          {home.mine.length === 0 ? (
            <Blank title={t('home.emptyTitle')}>
              <p>{t('home.emptyText')}</p>
            </Blank>
          ) : (
            <WorkTable items={home.mine} label={t('home.mine')} slim />
          )}
        </section>
        <Side home={home} />
      </div>
      <p className="muted small">{t('home.asOf', { at: dateTime(home.asOf) })}</p>
    </>
  );
}

function Head({ home }: { readonly home: Home }) {
  const { t } = useTranslation();
  const say = useSay();
  const { session } = useSession();
  const day = dateOf(home.asOf);
  const weekday = t('time.weekdays').split(',')[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
  const late = home.kinds.reduce((sum, kind) => sum + kind.late, 0);
  const open = home.kinds.reduce((sum, kind) => sum + kind.open, 0);
  return (
    <header className="page-head">
      <div>
        <h1>{t('nav.home')}</h1>
        <p>{t('home.greeting', { name: session?.user.name ?? '', date: day, weekday })}</p>
      </div>
      <div className="row wrap">
        {late > 0 && <State kind="late" word={t('home.lineLate', { n: late })} />}
        {open > 0 ? (
          <State kind="waiting" word={t('home.lineWaiting', { n: open })} />
        ) : (
          <State kind="done" word={t('home.lineClear')} />
        )}
        {home.starts.length > 0 && (
          <Popup
            title={t('home.startText')}
            className="button main"
            label={
              <>
                <Icon name="plus" size={16} />
                {t('home.start')}
              </>
            }
          >
            {(close) =>
              home.starts.map((start) => {
                const [domain = '', programme = ''] = start.programme.id.split('/');
                return (
                  <Link
                    key={`${start.programme.id}/${start.loop}`}
                    to="/start/$domain/$programme/$loop"
                    params={{ domain, programme, loop: start.loop }}
                    className="menu-item"
                    onClick={close}
                  >
                    <span className="stack tight">
                      <span>{say(start.name)}</span>
                      <span className="muted small">{say(start.programme.name)}</span>
                    </span>
                  </Link>
                );
              })
            }
          </Popup>
        )}
      </div>
    </header>
  );
}

function Kinds({ home }: { readonly home: Home }) {
  const { t } = useTranslation();
  const say = useSay();
  if (home.kinds.length === 0) return null;
  return (
    <nav className="home-kinds" aria-label={t('home.byKind')}>
      <h2 className="small muted">{t('home.byKind')}</h2>
      <ul>
        {home.kinds.map((kind) => (
          <li key={kind.loop}>
            <Link to="/work" search={{ loop: kind.loop }}>
              <span className="grow">{say(kind.name)}</span>
              {kind.late > 0 && (
                <span className="state late" title={t('home.late', { n: kind.late })}>
                  <Shape kind="late" size={10} />
                  {kind.late}
                </span>
              )}
              <strong>{kind.open}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Side({ home }: { readonly home: Home }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <div className="home-side">
      <WaitingMechanisms />
      {home.figures.length > 0 && (
        <section className="panel" aria-labelledby="home-figures">
          <header>
            <h2 id="home-figures">{t('home.figures')}</h2>
          </header>
          <dl className="home-figures">
            {home.figures.map((figure) => (
              <div key={figure.id}>
                <dt className="muted small">
                  {figure.link ? (
                    <Link to={addressOf(figure.link)}>{say(figure.name)}</Link>
                  ) : (
                    say(figure.name)
                  )}
                </dt>
                <dd>
                  {grouped(figure.value)}
                  {figure.unit && <span className="muted small"> {say(figure.unit)}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className="panel" aria-labelledby="home-waiting">
        <header>
          <h2 id="home-waiting">{t('home.waitingFor')}</h2>
        </header>
        {home.waitingFor.length === 0 ? (
          <p className="muted home-none">{t('home.waitingEmpty')}</p>
        ) : (
          <ul className="home-list">
            {home.waitingFor.map((item) => (
              <li key={item.id}>
                <Link to="/cases/$caseId" params={{ caseId: item.id }} className="truncate">
                  {say(item.title)}
                </Link>
                <State kind={item.state.kind} word={say(item.state.name)} />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="panel" aria-labelledby="home-calendar">
        <header>
          <h2 id="home-calendar">{t('home.calendar')}</h2>
        </header>
        {home.calendar.length === 0 ? (
          <p className="muted home-none">{t('home.calendarEmpty')}</p>
        ) : (
          <ul className="home-list">
            {home.calendar.map((entry) => (
              <li key={`${entry.at}${entry.title.zh}`}>
                <span className="muted nowrap">{dateTime(entry.at).slice(5)}</span>
                <span className="grow truncate">
                  {entry.link ? <Link to={addressOf(entry.link)}>{say(entry.title)}</Link> : say(entry.title)}
                </span>
                <State kind={entry.state} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
