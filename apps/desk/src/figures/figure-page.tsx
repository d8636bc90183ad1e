// One figure: the value and what stands beside it, its trend, the institutions in their order, the cases, the definition.
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { Icon } from '../design/icon.tsx';
import { Bones, Loaded } from '../design/loaded.tsx';
import type { FigureDetail } from './contract.ts';
import { Cases } from './figure-cases.tsx';
import { FigureClosing } from './figure-closing.tsx';
import { Filters } from './figure-filters.tsx';
import { Missing } from './figure-missing.tsx';
import { Rows } from './figure-rows.tsx';
import { Change, Target } from './figure-tile.tsx';
import { Trend } from './figure-trend.tsx';
import './figures.css';
import { clockText, count, unitText, valueText } from './format.ts';
import { query, useDetail, useFigureAge } from './use-figures.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/figures/$figureId');

export function FigurePage() {
  const { figureId } = route.useParams();
  const search = route.useSearch();
  const detail = useDetail(figureId, search);
  const navigate = route.useNavigate();
  const age = useFigureAge();
  const [within, choose] = useState<string | null>(null);
  const place = `${figureId} ${search.period} ${search.scope}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another figure begins with all of its organisations
  useEffect(() => choose(null), [place]);
  return (
    <div className="page figures">
      <Loaded query={detail} bones={<Bones rows={10} />}>
        {(data) => (
          <>
            <Head
              data={data}
              filters={
                <Filters
                  period={data.period.name}
                  scope={data.scope}
                  change={(next) => void navigate({ search: next })}
                />
              }
            />
            <Summary data={data} dataAt={age?.dataAt ?? data.dataAt} />
            <Missing sources={data.missing} />
            <div className={data.rows.length > 0 ? 'figure-columns' : 'stack'}>
              <Trend data={data} />
              {data.rows.length > 0 && <Rows data={data} chosen={within} choose={choose} />}
            </div>
            {data.items && data.items.length > 0 && <Items data={data} />}
            <Cases data={data} within={within} leave={() => choose(null)} />
            <Definition data={data} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Head({ data, filters }: { readonly data: FigureDetail; readonly filters: ReactNode }) {
  const words = useWords();
  const say = useSay();
  const { t } = useTranslation();
  const { language } = usePreferences().preferences;
  const search = { period: data.period.name, scope: data.scope.id };
  return (
    <header className="page-head">
      <div>
        <p className="small figure-way">
          <Link to="/figures" search={search}>
            {words.title}
          </Link>{' '}
          / {data.scope.name}
        </p>
        <h1>{say(data.tile.name)}</h1>
        <p>{say(data.purpose)}</p>
      </div>
      <div className="row wrap no-print">
        {filters}
        <button
          type="button"
          className="button quiet"
          onClick={() =>
            void download(
              `/desk/figures/${encodeURIComponent(data.tile.id)}/export?${query({ ...search, language })}`,
              {},
              `${say(data.tile.name)}-${data.period.name}.xlsx`,
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
      </div>
    </header>
  );
}

function Summary({ data, dataAt }: { readonly data: FigureDetail; readonly dataAt: string | null }) {
  const words = useWords();
  const { tile, period, lastPeriod, lastYear, rank } = data;
  const isYear = period.name.length === 4;
  return (
    <section className="panel figure-summary" aria-label={words.heads.value}>
      <div>
        <p className="muted small">
          {data.scope.name} · {period.name} {period.running && <span className="tag">{words.running}</span>}
        </p>
        <p className={`figure-big ${tile.value === null ? 'unknown' : ''}`}>
          {valueText(tile, tile.digits, words)}
          {tile.value !== null && <small> {unitText(tile.unit, words)}</small>}
        </p>
        <p className="muted small">
          {tile.masked
            ? words.maskedText
            : tile.value === null
              ? words.missingText
              : tile.numerator !== null && tile.denominator !== null
                ? `${count(tile.numerator)} / ${count(tile.denominator)}`
                : words.better[tile.direction]}
        </p>
      </div>
      <dl className="figure-beside">
        {lastYear && <Beside word={words.onYear} data={data} other={lastYear} />}
        {lastPeriod && !isYear && <Beside word={words.onLast} data={data} other={lastPeriod} />}
        {tile.target && (
          <div>
            <dt>{words.target}</dt>
            <dd>
              <Target target={tile.target} tile={tile} />
            </dd>
            <dd className="muted small">{tile.target.source}</dd>
          </div>
        )}
        {rank && (
          <div>
            <dt>{words.heads.rank}</dt>
            <dd>{words.rankOf(rank.place, rank.of)}</dd>
          </div>
        )}
        {dataAt && (
          <div>
            <dt>{words.asOf}</dt>
            <dd>{clockText(dataAt)}</dd>
            {period.running && <dd className="muted small">{words.runningText}</dd>}
          </div>
        )}
      </dl>
    </section>
  );
}

interface BesideProps {
  readonly word: string;
  readonly data: FigureDetail;
  readonly other: NonNullable<FigureDetail['lastYear']>;
}

function Beside({ word, data, other }: BesideProps) {
  const words = useWords();
  return (
    <div>
      <dt>{word}</dt>
      <dd>{other.change ? <Change change={other.change} beside="" /> : <span className="muted">—</span>}</dd>
      <dd className="muted small">
        {other.period}: {valueText(other, data.tile.digits, words)}
        {other.value !== null && ` ${unitText(data.tile.unit, words)}`}
      </dd>
    </div>
  );
}

function Items({ data }: { readonly data: FigureDetail }) {
  const words = useWords();
  const most = Math.max(...(data.items ?? []).map((item) => item.count));
  return (
    <section className="panel" aria-labelledby="figure-items">
      <header>
        <h2 id="figure-items">{words.items}</h2>
      </header>
      <ol className="figure-items">
        {data.items?.map((item) => (
          <li key={item.key}>
            <span className="nowrap">{item.key}</span>
            <span className="bar">
              <i style={{ width: `${(100 * item.count) / most}%` }} />
            </span>
            <span className="number">{count(item.count)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Definition({ data }: { readonly data: FigureDetail }) {
  const words = useWords();
  const say = useSay();
  return (
    <section className="panel" aria-labelledby="figure-definition">
      <header>
        <h2 id="figure-definition">{words.definition}</h2>
      </header>
      <dl className="facts body">
        <dt>{words.source}</dt>
        <dd>{data.source}</dd>
        {data.edge && (
          <>
            <dt>{words.edge}</dt>
            <dd>{say(data.edge)}</dd>
          </>
        )}
        {data.exclusions && (
          <>
            <dt>{words.exclusions}</dt>
            <dd>{say(data.exclusions)}</dd>
          </>
        )}
        <dt>{words.effective}</dt>
        <dd>
          {data.effectiveFrom} · {words.version} {data.version}
          {data.frozenAt && ` · ${words.frozen} ${data.frozenAt.slice(0, 10)}`}
        </dd>
        {data.lateUntil && (
          <>
            <dt>{words.closes}</dt>
            <dd>{words.closesAfter(data.lateUntil)}</dd>
          </>
        )}
      </dl>
      {data.closing && <FigureClosing key={data.closing} data={data} closing={data.closing} />}
    </section>
  );
}
