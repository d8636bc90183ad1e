// The command centre (数据指挥中心) for a desk and for a wall: the same parts, the wall dark, large and over everything.
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { useSystem } from '../app/system.ts';
import { Icon } from '../design/icon.tsx';
import { Bones, Loaded } from '../design/loaded.tsx';
import { Shape } from '../design/state.tsx';
import type { Tone } from '../design/tokens.ts';
import { CareLine, LoopsPanel } from './centre-charts.tsx';
import { Flow } from './centre-flow.tsx';
import './centre.css';
import { Beds, FundLine, Queues } from './centre-means.tsx';
import type { FigureTile, Pulse } from './contract.ts';
import { Tile } from './figure-tile.tsx';
import './figures.css';
import { clockText, dayText } from './format.ts';
import { TownshipMap } from './township-map.tsx';
import { query, useFigureAge, usePulse, useTiles } from './use-figures.ts';
import { useWords } from './words.ts';

const KEY_FIGURES = 8;

export function CentrePage() {
  const words = useWords();
  const { t } = useTranslation();
  const { language } = usePreferences().preferences;
  const pulse = usePulse();
  const age = useFigureAge();
  return (
    <div className="page centre">
      <header className="page-head">
        <div>
          <h1>{words.centre}</h1>
          <p>{words.centreIntro}</p>
        </div>
        <div className="row wrap">
          <Age dataAt={age?.dataAt ?? pulse.data?.dataAt ?? null} />
          <span className="row no-print">
            <button
              type="button"
              className="button quiet"
              onClick={() =>
                void download(`/desk/pulse/export?${query({ language })}`, {}, `${words.centre}.xlsx`)
              }
            >
              <Icon name="download" size={16} />
              {t('act.exportXlsx')}
            </button>
            <button type="button" className="button quiet only-wide" onClick={() => print()}>
              <Icon name="print" size={16} />
              {t('act.print')}
            </button>
            <Link to="/wall" className="button only-wide">
              {words.wall}
            </Link>
          </span>
        </div>
      </header>
      <Loaded query={pulse} bones={<Bones rows={12} />}>
        {(data) => <Parts data={data} />}
      </Loaded>
    </div>
  );
}

/** One screen for a wall: 1920 x 1080 and its multiples, dark, nothing to press but the way out. */
export function WallPage() {
  const words = useWords();
  const system = useSystem();
  const pulse = usePulse();
  const age = useFigureAge();
  useWholePage();
  return (
    <div className="wall" data-tone="dark">
      <header className="wall-head">
        <h1>{pulse.data?.scope?.name ?? words.centre}</h1>
        <span className="wall-word">{words.centre}</span>
        {system?.synthetic && (
          <span className="synthetic">
            <SyntheticWord />
          </span>
        )}
        <span className="grow" />
        <Age dataAt={age?.dataAt ?? pulse.data?.dataAt ?? null} />
        <Link to="/centre" className="button quiet">
          {words.leaveWall}
        </Link>
      </header>
      <Loaded query={pulse} bones={<Bones rows={12} />}>
        {(data) => <Parts data={data} tone="dark" />}
      </Loaded>
    </div>
  );
}

function SyntheticWord() {
  const { t } = useTranslation();
  return t('syntheticShort');
}

/** The wall lies over the frame of the desk; what is under it must not scroll. */
function useWholePage(): void {
  useEffect(() => {
    document.body.style.overflow = 'hidden';
    return () => {
      document.body.style.overflow = '';
    };
  }, []);
}

function Age({ dataAt }: { readonly dataAt: string | null }) {
  const words = useWords();
  if (dataAt === null) return null;
  return (
    <span className="centre-age nowrap" role="status">
      <span className="muted">{words.asOf}</span> {dayText(dataAt)} <strong>{clockText(dataAt)}</strong>
    </span>
  );
}

function Parts({ data, tone }: { readonly data: Pulse; readonly tone?: Tone }) {
  return (
    <div className="centre-grid">
      <Flow data={data} />
      <KeyFigures scope={data.scope?.id} />
      <TownshipMap data={data} />
      <CareLine data={data} {...(tone ? { tone } : {})} />
      <Alerts data={data} />
      <LoopsPanel data={data} />
      <Queues data={data} />
      <Beds data={data} />
      <FundLine data={data} {...(tone ? { tone } : {})} />
    </div>
  );
}

/** What the county is judged by: the monitoring list, then the core list; grades, which stand still for a year, after what moves. */
function KeyFigures({ scope }: { readonly scope: string | undefined }) {
  const words = useWords();
  const search = scope === undefined ? {} : { scope };
  const monitoring = useTiles(search, 'monitoring');
  const core = useTiles(search, 'core');
  const all = [...(monitoring.data?.tiles ?? []), ...(core.data?.tiles ?? [])];
  const once = [...new Map(all.map((tile) => [tile.id, tile])).values()];
  const rankOf = (tile: FigureTile): number => (isCollected(tile) ? Number(tile.unit === 'level') : 2);
  const chosen = [...once].sort((a, b) => rankOf(a) - rankOf(b));
  const period = monitoring.data?.period.name;
  return (
    <section className="centre-figures" aria-labelledby="centre-figures">
      <header className="between">
        <h2 id="centre-figures">
          {words.keyFigures} <span className="muted small">{period}</span>
        </h2>
        <Link to="/figures" search={{}} className="no-print">
          {words.allFigures}
        </Link>
      </header>
      <div className="centre-tiles">
        {once.length === 0 && !monitoring.isError && <Waiting />}
        {chosen.slice(0, KEY_FIGURES).map((tile) => (
          <Tile
            key={tile.id}
            tile={tile}
            search={{ ...(period ? { period } : {}), ...(scope ? { scope } : {}) }}
          />
        ))}
      </div>
    </section>
  );
}

/** The places of the tiles while they come. */
function Waiting() {
  return Array.from({ length: KEY_FIGURES }, (_, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity of their own
    <span key={place} className="bone figure-tile" />
  ));
}

const isCollected = (tile: FigureTile): boolean =>
  tile.value !== null && tile.spark.some((each) => each !== null);

function Alerts({ data }: { readonly data: Pulse }) {
  const words = useWords();
  const say = useSay();
  const [shown, setShown] = useState(6);
  return (
    <section className="panel centre-alerts" aria-labelledby="centre-alerts">
      <header>
        <h2 id="centre-alerts">{words.alerts}</h2>
        <span className="muted small">{data.alerts.length}</span>
      </header>
      {data.alerts.length === 0 ? (
        <p className="centre-none">
          <span className="state done">
            <Shape kind="done" /> {words.alertsNone}
          </span>
        </p>
      ) : (
        <ul className="centre-list">
          {data.alerts.slice(0, shown).map((alert) => (
            <li key={`${alert.rule} ${alert.scope}`}>
              <span className={`state ${alert.acknowledged ? 'running' : 'late'}`}>
                <Shape kind={alert.acknowledged ? 'running' : 'late'} />
                {say(alert.state)}
              </span>
              <span className="grow truncate">
                {alert.caseId ? (
                  <Link to="/cases/$caseId" params={{ caseId: alert.caseId }}>
                    {say(alert.name)}
                  </Link>
                ) : (
                  say(alert.name)
                )}
              </span>
              <span className="muted small nowrap">
                {words.since} {dayText(alert.since).slice(5)} {clockText(alert.since).slice(0, 5)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {data.alerts.length > shown && (
        <footer className="no-print">
          <button type="button" className="button quiet" onClick={() => setShown(data.alerts.length)}>
            {words.allRows(data.alerts.length)}
          </button>
        </footer>
      )}
    </section>
  );
}
