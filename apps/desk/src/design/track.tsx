// The loop of a case as a slim track: what is behind it with the time it took, where it stands with its clock, what lies ahead.
import { useTranslation } from 'react-i18next';
import { useSay } from '../app/preferences.tsx';
import type { Case } from '../contract.ts';
import { Clock } from './clock.tsx';
import './loop-diagram.css';
import { useNow } from './now.ts';
import { ScrollBox } from './scroll-box.tsx';
import { Shape } from './state.tsx';
import { since } from './time.ts';

export function Track({ kase }: { readonly kase: Case }) {
  const { t } = useTranslation();
  const say = useSay();
  const now = useNow();
  const here = new Set([kase.item.state.id, ...kase.alsoIn]);
  const stays = new Map(kase.path.map((stay) => [stay.state, stay]));
  const steps = stepsOf(kase, here);
  return (
    <ScrollBox label={t('case.track')} className="track-box">
      <ol className="track">
        {steps.map((state) => {
          const on = here.has(state.id);
          const stay = stays.get(state.id);
          const passed = !on && stay !== undefined;
          const kind = on
            ? (state.end ?? (kase.item.state.kind === 'waiting' ? 'running' : kase.item.state.kind))
            : passed
              ? 'done'
              : 'waiting';
          return (
            <li
              key={state.id}
              className={on ? 'here' : passed ? 'passed' : ''}
              aria-current={on ? 'step' : undefined}
            >
              <span className="track-mark">
                <Shape kind={kind} size={12} />
              </span>
              <span className="track-name">{say(state.name)}</span>
              {on && !state.end && (
                <span className="track-time">
                  <Clock deadline={kase.item.deadline} />
                </span>
              )}
              {passed && stay.leftAt && (
                <span className="track-time">{since(stay.enteredAt, Date.parse(stay.leftAt), t)}</span>
              )}
              {on && state.end && (
                <span className="track-time">
                  {since(kase.item.openedAt, stay ? Date.parse(stay.enteredAt) : now, t)}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </ScrollBox>
  );
}

/** What was passed, in the order it was passed; then the present; then the shortest way ahead to a good end. */
function stepsOf(kase: Case, here: ReadonlySet<string>): Case['diagram']['states'] {
  const { states } = kase.diagram;
  const byId = new Map(states.map((state) => [state.id, state]));
  const passed = [...new Set(kase.path.map((stay) => stay.state))].filter((id) => !here.has(id));
  const ahead = wayAhead(kase, here);
  const ids = [...passed, ...here, ...ahead.filter((id) => !here.has(id) && !passed.includes(id))];
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function wayAhead(kase: Case, here: ReadonlySet<string>): string[] {
  const { states, moves } = kase.diagram;
  const ends = new Set(states.filter((state) => state.end === 'done').map((state) => state.id));
  const from = new Map<string, string | null>([...here].map((id) => [id, null]));
  const queue = [...here];
  for (const id of queue) {
    if (ends.has(id)) {
      const way: string[] = [];
      for (let at: string | null = id; at !== null; at = from.get(at) ?? null) way.unshift(at);
      return way;
    }
    for (const move of moves) {
      if (move.from !== id || move.back || from.has(move.to)) continue;
      from.set(move.to, id);
      queue.push(move.to);
    }
  }
  return [];
}
