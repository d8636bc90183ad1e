// One measure as a tile: value with unit, shape of the year, change with arrow and word, target with sign and word.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import type { FigureChange, FigureTarget, FigureTile } from './contract.ts';
import { changeText, targetText, unitText, valueText } from './format.ts';
import { Spark } from './spark.tsx';
import type { FigureSearch } from './use-figures.ts';
import { useWords } from './words.ts';

export function Tile({ tile, search }: { readonly tile: FigureTile; readonly search: FigureSearch }) {
  const say = useSay();
  const words = useWords();
  const isKnown = tile.value !== null;
  return (
    <Link
      to="/figures/$figureId"
      params={{ figureId: tile.id }}
      search={search}
      className={`figure-tile ${isKnown ? '' : 'unknown'}`}
    >
      <span className="figure-name">{say(tile.name)}</span>
      <span className="figure-line">
        <span className="figure-value">
          {valueText(tile, tile.digits, words)}
          {isKnown && <small> {unitText(tile.unit, words)}</small>}
        </span>
        {isKnown && <Spark values={tile.spark} width={104} />}
      </span>
      <span className="figure-foot">
        {tile.onYear ? (
          <Change change={tile.onYear} beside={words.onYear} />
        ) : (
          <span className="muted">{isKnown ? words.better[tile.direction] : ''}</span>
        )}
        {tile.target && <Target target={tile.target} tile={tile} />}
      </span>
    </Link>
  );
}

export function Change({ change, beside }: { readonly change: FigureChange; readonly beside: string }) {
  const words = useWords();
  const tone = change.good === null ? 'muted' : change.good ? 'good' : 'bad';
  const arrow = change.value === 0 ? '＝' : change.value > 0 ? '↑' : '↓';
  return (
    <span className={`figure-change ${tone}`}>
      <span aria-hidden="true">{arrow}</span> {changeText(change, words)}
      <span className="muted"> {beside}</span>
      {change.partial && <span className="muted">（{words.partial}）</span>}
      {change.good !== null && (
        <span className="sr">{change.good ? words.changes.good : words.changes.bad}</span>
      )}
    </span>
  );
}

export function Target({
  target,
  tile,
}: {
  readonly target: FigureTarget;
  readonly tile: Pick<FigureTile, 'unit'>;
}) {
  const words = useWords();
  const state = target.met === null ? 'muted' : target.met ? 'good' : 'bad';
  return (
    <span className={`figure-change ${state}`} title={target.source}>
      {target.met !== null && <span aria-hidden="true">{target.met ? '●' : '▲'} </span>}
      {words.target} {targetText(target, tile, words)}
      {target.met !== null && ` ${target.met ? words.targetMet : words.targetMissed}`}
    </span>
  );
}
