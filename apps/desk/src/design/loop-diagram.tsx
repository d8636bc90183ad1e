// A loop as a picture: states in columns, moves as lines, returns as dashed lines below; the same as a table on request.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { LoopDiagram } from '../contract.ts';
import { ScrollBox } from './scroll-box.tsx';
import { Shape } from './state.tsx';
import './loop-diagram.css';

const BOX_W = 128;
const BOX_H = 66;
const GAP_X = 32;
const GAP_Y = 28;
const PAD = 16;

type StateBox = LoopDiagram['states'][number];
type Move = LoopDiagram['moves'][number];

interface LoopPictureProps {
  readonly diagram: LoopDiagram;
  readonly here?: readonly string[];
  readonly passed?: ReadonlySet<string>;
  readonly label: string;
}

export function LoopPicture(props: LoopPictureProps) {
  const { t } = useTranslation();
  const [table, setTable] = useState(false);
  return (
    <div className="loop-picture">
      <div className="row loop-switch no-print">
        <button type="button" className="link-button" onClick={() => setTable(!table)}>
          {table ? t('programme.asDiagram') : t('programme.asTable')}
        </button>
      </div>
      {table ? <LoopTable diagram={props.diagram} label={props.label} /> : <Drawing {...props} />}
    </div>
  );
}

function Drawing({ diagram, here = [], passed, label }: LoopPictureProps) {
  const say = useSay();
  const place = new Map(diagram.states.map((state) => [state.id, state]));
  const columns = Math.max(...diagram.states.map((state) => state.column)) + 1;
  const rows = Math.max(...diagram.states.map((state) => state.row)) + 1;
  const backs = diagram.moves.filter((move) => move.back && move.from !== move.to);
  const forth = diagram.moves.filter((move) => !move.back);
  const width = PAD * 2 + columns * BOX_W + (columns - 1) * GAP_X;
  const depth = rows * (BOX_H + GAP_Y);
  const height = PAD * 2 + depth + backs.length * 14;
  return (
    <ScrollBox className="loop-scroll" label={label}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" fill="context-stroke" />
          </marker>
        </defs>
        {merged(forth).map((move) => (
          <Forth
            key={`${move.from}>${move.to}`}
            move={move}
            from={place.get(move.from)}
            to={place.get(move.to)}
            words={move.names.map(say).join(' / ')}
          />
        ))}
        {merged(backs).map((move, index) => (
          <Back
            key={`${move.from}<${move.to}`}
            from={place.get(move.from)}
            to={place.get(move.to)}
            y={PAD + depth + index * 14 - 8}
            words={move.names.map(say).join(' / ')}
          />
        ))}
        {diagram.states.map((state) => (
          <Box
            key={state.id}
            state={state}
            on={here.includes(state.id)}
            done={passed?.has(state.id) ?? false}
          />
        ))}
      </svg>
    </ScrollBox>
  );
}

type Merged = Move & { readonly names: readonly Move['name'][] };

/** Moves between the same two states are one line with both names. */
function merged(moves: readonly Move[]): Merged[] {
  const found = new Map<string, Merged>();
  for (const move of moves) {
    const key = `${move.from}>${move.to}`;
    const old = found.get(key);
    found.set(key, old ? { ...old, names: [...old.names, move.name] } : { ...move, names: [move.name] });
  }
  return [...found.values()];
}

const left = (state: StateBox) => PAD + state.column * (BOX_W + GAP_X);
const top = (state: StateBox) => PAD + state.row * (BOX_H + GAP_Y);

function Box({
  state,
  on,
  done,
}: {
  readonly state: StateBox;
  readonly on: boolean;
  readonly done: boolean;
}) {
  const say = useSay();
  const kind = on
    ? 'running'
    : done || state.end === 'done'
      ? 'done'
      : state.end === 'closed'
        ? 'closed'
        : 'waiting';
  return (
    <foreignObject x={left(state)} y={top(state)} width={BOX_W} height={BOX_H}>
      <div className={`loop-box ${on ? 'on' : ''} ${done ? 'done' : ''} ${state.end ?? ''}`}>
        <span className={`state ${kind}`}>
          <Shape kind={kind} size={10} />
          <span className="truncate" title={say(state.name)}>
            {say(state.name)}
          </span>
        </span>
        <span className="muted truncate loop-owner">{state.owner && say(state.owner)}</span>
        <span className="muted truncate loop-owner">{state.deadline && say(state.deadline)}</span>
      </div>
    </foreignObject>
  );
}

interface LineProps {
  readonly from: StateBox | undefined;
  readonly to: StateBox | undefined;
  readonly words: string;
}

function Forth({ move, from, to, words }: LineProps & { readonly move: Move }) {
  if (!from || !to) return null;
  const [x1, y1] = [left(from) + BOX_W, top(from) + BOX_H / 2];
  const [x2, y2] = [left(to), top(to) + BOX_H / 2];
  const middle = x2 - GAP_X / 2;
  const jumps = to.column - from.column > 1;
  // A line over several columns goes above the boxes between them.
  const lane = Math.min(top(from), top(to)) - 8;
  const path = jumps
    ? `M${x1} ${y1}h${GAP_X / 4}V${lane}H${middle}V${y2}H${x2 - 2}`
    : y1 === y2
      ? `M${x1} ${y1}H${x2 - 2}`
      : `M${x1} ${y1}H${middle}V${y2}H${x2 - 2}`;
  return (
    <path className={`loop-line ${move.kind}`} d={path} markerEnd="url(#arrow)">
      <title>{words}</title>
    </path>
  );
}

function Back({ from, to, y, words }: LineProps & { readonly y: number }) {
  if (!from || !to) return null;
  const [x1, x2] = [left(from) + BOX_W / 2 + 8, left(to) + BOX_W / 2 - 8];
  return (
    <path
      className="loop-line back"
      d={`M${x1} ${top(from) + BOX_H}V${y}H${x2}V${top(to) + BOX_H + 2}`}
      markerEnd="url(#arrow)"
    >
      <title>{words}</title>
    </path>
  );
}

function LoopTable({ diagram, label }: { readonly diagram: LoopDiagram; readonly label: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const nameOf = (id: string) => {
    const state = diagram.states.find((each) => each.id === id);
    return state ? say(state.name) : id;
  };
  return (
    <ScrollBox label={label}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            <th>{t('programme.state')}</th>
            <th>{t('programme.owner')}</th>
            <th>{t('programme.deadline')}</th>
            <th>{t('programme.moves')}</th>
          </tr>
        </thead>
        <tbody>
          {diagram.states.map((state) => (
            <tr key={state.id}>
              <td>{say(state.name)}</td>
              <td>{state.owner && say(state.owner)}</td>
              <td>{state.deadline && say(state.deadline)}</td>
              <td>
                {diagram.moves
                  .filter((move) => move.from === state.id)
                  .map((move) => t('programme.movesTo', { name: say(move.name), to: nameOf(move.to) }))
                  .join(t('listComma'))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
