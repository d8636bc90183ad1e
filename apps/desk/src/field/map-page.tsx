// The officer's map of the grids: a tile a grid by township, with missed checks, cases and grades; the table says the same.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../app/preferences.tsx';
import type { GridList, GridMap, GridTile, StateKind, Stop } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Bones, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { Shape, State } from '../design/state.tsx';
import '../pages/case.css';
import './field.css';
import { Grade } from './grade-mark.tsx';
import { OutboxLine } from './outbox-panel.tsx';
import { useField, useFieldOffline } from './use-field.ts';
import { type FieldWords, useFieldWords } from './words.ts';

const SHOWS = ['overdue', 'cases', 'grades', 'objects'] as const;
type Show = (typeof SHOWS)[number];

export function FieldMapPage() {
  useFieldOffline();
  const words = useFieldWords();
  const query = useField<GridMap>('/desk/field/map');
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{words.mapTitle}</h1>
          <p>{words.mapText}</p>
        </div>
        <div className="row wrap no-print">
          <Link to="/field" className="button">
            <Icon name="route" size={18} />
            {words.title}
          </Link>
          <button type="button" className="button only-wide" onClick={() => print()}>
            <Icon name="print" size={16} />
            <PrintWord />
          </button>
        </div>
      </header>
      <OutboxLine savedAt={query.data?.savedAt ?? null} />
      <Loaded query={query} bones={<Bones rows={6} height={72} />}>
        {(answer) => <MapView map={answer.data} />}
      </Loaded>
    </div>
  );
}

function PrintWord() {
  const words = useFieldWords();
  return <>{words.print}</>;
}

function MapView({ map }: { readonly map: GridMap }) {
  const words = useFieldWords();
  const { grid } = useSearch({ strict: false }) as { grid?: string };
  const [show, setShow] = useState<Show>('overdue');
  const [asTable, setAsTable] = useState(false);
  if (map.register === null || map.grids.length === 0)
    return (
      <section className="panel">
        <Blank title={words.mapEmptyTitle}>
          <p>{words.mapEmptyText}</p>
        </Blank>
      </section>
    );
  return (
    <div className="stack">
      <div className="between wrap no-print">
        <fieldset className="story-kinds">
          <legend className="sr">{words.mapShow}</legend>
          {SHOWS.map((each) => (
            <button
              key={each}
              type="button"
              className={`button ${each === show ? 'chosen' : ''}`}
              aria-pressed={each === show}
              onClick={() => setShow(each)}
            >
              {words.show[each]}
            </button>
          ))}
        </fieldset>
        <button type="button" className="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? 'grid' : 'register'} size={16} />
          {asTable ? words.picture : words.table}
        </button>
      </div>
      {grid !== undefined && <Chosen map={map} grid={grid} />}
      {asTable ? (
        <GridTable map={map} />
      ) : (
        <>
          <Legend map={map} show={show} />
          <Picture map={map} show={show} chosen={grid} />
        </>
      )}
    </div>
  );
}

const areasOf = (grids: readonly GridTile[]): [string, GridTile[]][] => {
  const areas = new Map<string, GridTile[]>();
  for (const tile of grids) areas.set(tile.area, [...(areas.get(tile.area) ?? []), tile]);
  return [...areas];
};

const sum = (tiles: readonly GridTile[], of: (tile: GridTile) => number) =>
  tiles.reduce((total, tile) => total + of(tile), 0);

/** What a view shows of a tile: its number, and how heavy it weighs from 0 to 1. */
function weigh(tile: GridTile, show: Show, most: number): { number: number; share: number } {
  switch (show) {
    case 'overdue':
      return { number: tile.overdue, share: tile.objects === 0 ? 0 : tile.overdue / tile.objects };
    case 'cases':
      return { number: tile.openCases, share: Math.min(1, tile.openCases / 5) };
    case 'grades':
      return { number: tile.objects - tile.ungraded, share: 0 };
    case 'objects':
      return { number: tile.objects, share: most === 0 ? 0 : tile.objects / most };
  }
}

function Legend({ map, show }: { readonly map: GridMap; readonly show: Show }) {
  const words = useFieldWords();
  const say = useSay();
  const { grids } = map;
  return (
    <p className="row wrap small map-legend">
      <strong>{words.objects(sum(grids, (tile) => tile.objects))}</strong>
      {show === 'grades' ? (
        <>
          {map.grades.map((grade) => (
            <span key={grade.tier} className={`tier ${grade.colour ?? ''}`}>
              {say(grade.name)} {sum(grids, (tile) => tile.graded[grade.tier] ?? 0)}
            </span>
          ))}
          <span className="muted">{words.ungraded(sum(grids, (tile) => tile.ungraded))}</span>
        </>
      ) : (
        <>
          <Sum kind="due-soon" count={sum(grids, (tile) => tile.overdue)} word={words.overdueCount} />
          <Sum kind="running" count={sum(grids, (tile) => tile.openCases)} word={words.casesCount} />
          <Sum kind="late" count={sum(grids, (tile) => tile.lateCases)} word={words.lateCount} />
        </>
      )}
    </p>
  );
}

interface SumProps {
  readonly kind: StateKind;
  readonly count: number;
  readonly word: (count: number) => string;
}

/** Nothing is said quietly. */
const Sum = ({ kind, count, word }: SumProps) =>
  count === 0 ? <span className="muted">{word(0)}</span> : <State kind={kind} word={word(count)} />;

interface PictureProps {
  readonly map: GridMap;
  readonly show: Show;
  readonly chosen: string | undefined;
}

function Picture({ map, show, chosen }: PictureProps) {
  const words = useFieldWords();
  const most = Math.max(0, ...map.grids.map((tile) => tile.objects));
  return (
    <div className="map-areas">
      {areasOf(map.grids).map(([area, tiles]) => (
        <section key={area} className="map-area" aria-label={area === '-' ? words.noGrid : area}>
          <h2>
            {area === '-' ? words.noGrid : area}{' '}
            <span className="muted small">{words.objects(sum(tiles, (tile) => tile.objects))}</span>
          </h2>
          <ul className="map-tiles">
            {tiles.map((tile) => (
              <li key={tile.name}>
                <Tile tile={tile} map={map} show={show} most={most} chosen={tile.name === chosen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface TileProps {
  readonly tile: GridTile;
  readonly map: GridMap;
  readonly show: Show;
  readonly most: number;
  readonly chosen: boolean;
}

function Tile({ tile, map, show, most, chosen }: TileProps) {
  const words = useFieldWords();
  const say = useSay();
  const { number, share } = weigh(tile, show, most);
  const short = tile.name.startsWith(tile.area) ? tile.name.slice(tile.area.length) || tile.name : tile.name;
  const hue = show === 'objects' ? 'var(--accent-soft)' : 'var(--soon-soft)';
  const background = `color-mix(in srgb, ${hue} ${Math.round(share * 100)}%, var(--surface))`;
  const told = [
    words.objects(tile.objects),
    words.overdueCount(tile.overdue),
    words.casesCount(tile.openCases),
    tile.lateCases > 0 ? words.lateCount(tile.lateCases) : null,
    ...map.grades.flatMap((grade) => {
      const count = tile.graded[grade.tier] ?? 0;
      return count > 0 ? [`${say(grade.name)} ${count}`] : [];
    }),
  ].filter((part) => part !== null);
  return (
    <Link
      to="/field/map"
      search={{ grid: tile.name }}
      className={`map-tile ${chosen ? 'chosen' : ''}`}
      style={{ background }}
      aria-current={chosen ? 'true' : undefined}
      resetScroll={false}
    >
      <span className="small muted truncate">
        <span className="sr">{tile.area === tile.name || tile.area === '-' ? '' : tile.area}</span>
        {short}
      </span>
      {show === 'grades' ? (
        <GradeBar tile={tile} map={map} />
      ) : (
        <span className={`map-number ${number === 0 ? 'none' : ''}`}>
          {show === 'overdue' && number > 0 && <Shape kind="due-soon" />}
          {show === 'cases' && number > 0 && <Shape kind={tile.lateCases > 0 ? 'late' : 'running'} />}
          {number}
        </span>
      )}
      <span className="sr">{told.join(', ')}</span>
    </Link>
  );
}

/** Grades of one grid as counts with their shapes; the ungraded are the rest. */
function GradeBar({ tile, map }: { readonly tile: GridTile; readonly map: GridMap }) {
  const shown = map.grades.filter((grade) => (tile.graded[grade.tier] ?? 0) > 0);
  if (shown.length === 0) return <span className="map-number muted">–</span>;
  return (
    <span className="map-grades">
      {shown.map((grade) => (
        <span key={grade.tier} className={`tier ${grade.colour ?? ''}`}>
          {tile.graded[grade.tier]}
        </span>
      ))}
    </span>
  );
}

function GridTable({ map }: { readonly map: GridMap }) {
  const words = useFieldWords();
  const say = useSay();
  const navigate = useNavigate();
  return (
    <section className="panel">
      <ScrollBox label={words.mapTitle}>
        <table className="table" aria-label={words.mapTitle}>
          <thead>
            <tr>
              <th>{words.gridName}</th>
              <th>{words.area}</th>
              <th className="number">{words.objectsColumn}</th>
              <th className="number">{words.overdueColumn}</th>
              <th className="number">{words.casesColumn}</th>
              <th className="number">{words.lateColumn}</th>
              {map.grades.map((grade) => (
                <th key={grade.tier} className="number">
                  {say(grade.name)}
                </th>
              ))}
              <th className="number">{words.ungradedColumn}</th>
            </tr>
          </thead>
          <tbody>
            {map.grids.map((tile) => (
              <tr
                key={tile.name}
                className="open"
                onClick={() => void navigate({ to: '/field/map', search: { grid: tile.name } })}
              >
                <td>
                  <Link to="/field/map" search={{ grid: tile.name }}>
                    {tile.name === '-' ? words.noGrid : tile.name}
                  </Link>
                </td>
                <td>{tile.area === '-' ? '' : tile.area}</td>
                <td className="number">{tile.objects}</td>
                <td className="number">{tile.overdue}</td>
                <td className="number">{tile.openCases}</td>
                <td className="number">{tile.lateCases > 0 ? `▲ ${tile.lateCases}` : 0}</td>
                {map.grades.map((grade) => (
                  <td key={grade.tier} className="number">
                    {tile.graded[grade.tier] ?? 0}
                  </td>
                ))}
                <td className="number">{tile.ungraded}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function Chosen({ map, grid }: { readonly map: GridMap; readonly grid: string }) {
  const words = useFieldWords();
  const register = map.register?.id ?? '';
  const query = useField<GridList>(
    `/desk/field/map/${encodeURIComponent(register)}/${encodeURIComponent(grid)}`,
  );
  return (
    <section className="panel map-chosen" aria-labelledby="map-chosen">
      <header>
        <h2 id="map-chosen">{words.inGrid(grid === '-' ? words.noGrid : grid)}</h2>
        <Link to="/field/map" search={{}} className="button quiet icon" resetScroll={false}>
          <Icon name="close" size={16} />
          <span className="sr">{words.close}</span>
        </Link>
      </header>
      <Loaded query={query} bones={<Bones rows={4} height={36} />}>
        {(answer) =>
          answer.data.stops.length === 0 ? (
            <p className="body muted">{words.inGridEmpty}</p>
          ) : (
            <ul className="map-list">
              {answer.data.stops.map((stop) => (
                <GridObject key={stop.key} stop={stop} words={words} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function GridObject({ stop, words }: { readonly stop: Stop; readonly words: FieldWords }) {
  const say = useSay();
  const missed = stop.checks.reduce((most, check) => Math.max(most, check.missed), 0);
  const worst = stop.cases.find((item) => item.state.kind === 'late') ?? stop.cases[0];
  return (
    <li>
      <Link
        to="/field/$registerId/$key"
        params={{ registerId: stop.register, key: stop.key }}
        className="here-line"
      >
        <span className="stack tight grow">
          <span>{stop.name}</span>
          <span className="muted small">{stop.trade ? say(stop.trade) : ''}</span>
        </span>
        <span className="row wrap">
          {worst && <State kind={worst.state.kind} word={say(worst.state.name)} />}
          {missed > 0 && <State kind="due-soon" word={words.missed(missed)} />}
          <Grade grade={stop.grade} quiet />
        </span>
        <Icon name="right" size={16} />
      </Link>
    </li>
  );
}
