// Figures: tiles of one group for an organisation and a period; each opens its trend, institutions and cases.
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Blank, Bones, Loaded } from '../design/loaded.tsx';
import { ScrollBox } from '../design/scroll-box.tsx';
import { FIGURE_GROUPS, type FigureGroup, type FigureTiles } from './contract.ts';
import { Filters } from './figure-filters.tsx';
import { Change, Target, Tile } from './figure-tile.tsx';
import './figures.css';
import { clockText, count, unitText, valueText } from './format.ts';
import { useTableWords } from './table-words.ts';
import { query, useFigureAge, useTiles } from './use-figures.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/figures');

export function FiguresPage() {
  const words = useWords();
  const tableWords = useTableWords();
  const { group: asked, ...search } = route.useSearch();
  const group = FIGURE_GROUPS.find((each) => each === asked) ?? 'monitoring';
  const navigate = route.useNavigate();
  const tiles = useTiles(search, group);
  const age = useFigureAge();
  return (
    <div className="page figures">
      <header className="page-head">
        <div>
          <h1>{words.title}</h1>
          <p>{words.intro}</p>
        </div>
        {tiles.data && (
          <Filters
            period={tiles.data.period.name}
            scope={tiles.data.scope}
            scopes={tiles.data.scopes}
            change={(next) => void navigate({ search: { ...next, group } })}
          />
        )}
      </header>
      <div className="tabs no-print" role="tablist">
        {FIGURE_GROUPS.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            aria-selected={each === group}
            onClick={() => void navigate({ search: { ...search, group: each } })}
          >
            {words.groups[each]}
          </button>
        ))}
      </div>
      <p className="row wrap figure-more no-print">
        <Link to="/tables">{tableWords.title}</Link>
        <Link to="/data-quality">{tableWords.findings}</Link>
      </p>
      <Loaded query={tiles} bones={<Bones rows={10} />}>
        {(data) => <Tiles data={data} group={group} dataAt={age?.dataAt ?? data.dataAt} />}
      </Loaded>
    </div>
  );
}

interface TilesProps {
  readonly data: FigureTiles;
  readonly group: FigureGroup;
  readonly dataAt: string | null;
}

function Tiles({ data, group, dataAt }: TilesProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { language } = usePreferences().preferences;
  const [turned, turn] = useState(false);
  const [all, showAll] = useState(true);
  const known = data.tiles.filter((tile) => tile.value !== null || tile.masked);
  const shown = all ? data.tiles : known;
  const search = { period: data.period.name, scope: data.scope.id };
  return (
    <>
      <div className="figure-bar">
        <span className="grow">
          <strong>{data.scope.name}</strong> · {data.period.name}
          {data.period.running && (
            <span className="tag" title={words.runningText}>
              {words.running}
            </span>
          )}
          <span className="muted small"> {words.collected(known.length, data.tiles.length)}</span>
        </span>
        {dataAt && (
          <span className="muted small nowrap">
            {words.asOf} {clockText(dataAt)}
          </span>
        )}
        <label className="check no-print">
          <input type="checkbox" checked={!all} onChange={() => showAll(!all)} />
          {words.onlyCollected}
        </label>
        <span className="row no-print">
          <button type="button" className="button quiet" aria-pressed={turned} onClick={() => turn(!turned)}>
            {turned ? words.asPicture : words.asTable}
          </button>
          <button
            type="button"
            className="button quiet"
            onClick={() =>
              void download(
                `/desk/figures/export?${query({ ...search, group, language })}`,
                {},
                `${words.title}-${data.period.name}.xlsx`,
              )
            }
          >
            <Icon name="download" size={16} />
            {t('act.exportXlsx')}
          </button>
          <button type="button" className="button quiet only-wide" onClick={() => print()}>
            <Icon name="print" size={16} />
            {t('act.print')}
          </button>
        </span>
      </div>
      {shown.length === 0 ? (
        <Blank title={words.noneCollected}>
          <p>{words.noneCollectedText}</p>
        </Blank>
      ) : turned ? (
        <TilesTable data={{ ...data, tiles: shown }} />
      ) : (
        <div className="figure-tiles">
          {shown.map((tile) => (
            <Tile key={tile.id} tile={tile} search={search} />
          ))}
        </div>
      )}
    </>
  );
}

function TilesTable({ data }: { readonly data: FigureTiles }) {
  const words = useWords();
  const say = useSay();
  return (
    <section className="panel">
      <ScrollBox label={words.title}>
        <table className="table">
          <thead>
            <tr>
              <th>{words.heads.figure}</th>
              <th className="number">{words.heads.value}</th>
              <th className="number">{words.heads.numerator}</th>
              <th className="number">{words.heads.denominator}</th>
              <th>{words.onYear}</th>
              <th>{words.target}</th>
            </tr>
          </thead>
          <tbody>
            {data.tiles.map((tile) => (
              <tr key={tile.id}>
                <td>{say(tile.name)}</td>
                <td className={`number ${tile.value === null ? 'muted' : ''}`}>
                  {valueText(tile, tile.digits, words)} {tile.value !== null && unitText(tile.unit, words)}
                </td>
                <td className="number">{tile.numerator === null ? '' : count(tile.numerator)}</td>
                <td className="number">{tile.denominator === null ? '' : count(tile.denominator)}</td>
                <td>{tile.onYear && <Change change={tile.onYear} beside="" />}</td>
                <td>{tile.target && <Target target={tile.target} tile={tile} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
