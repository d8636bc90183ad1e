// One mechanism in a line: its name, what waits, its figures.
import { Link } from '@tanstack/react-router';
import { useSay } from '../app/preferences.tsx';
import type { MechanismSummary } from '../contract.ts';
import { grouped } from '../design/number.ts';
import { State } from '../design/state.tsx';
import { useMechanismWords } from './words.ts';

export function MechanismLine({
  one,
  kind = false,
}: {
  readonly one: MechanismSummary;
  readonly kind?: boolean;
}) {
  const words = useMechanismWords();
  const say = useSay();
  return (
    <div className="mechanism-line">
      <Link to="/mechanisms/$kind/$id" params={{ kind: one.kind, id: one.id }} className="mechanism-name">
        {say(one.name)}
      </Link>
      {kind && <span className="tag">{words.kinds[one.kind]}</span>}
      {one.waiting > 0 && <State kind="due-soon" word={words.waitingCount(one.waiting)} />}
      <span className="mechanism-facts">
        {one.figures.map((figure) => (
          <span
            key={figure.name.zh}
            className={figure.tone === 'late' ? 'state late' : figure.tone === 'soon' ? 'state due-soon' : ''}
          >
            {figure.tone === 'late' ? '▲ ' : figure.tone === 'soon' ? '◔ ' : ''}
            <span className="muted">{say(figure.name)}</span> {grouped(figure.value)}
          </span>
        ))}
      </span>
    </div>
  );
}
