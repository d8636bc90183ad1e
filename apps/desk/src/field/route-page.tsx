// The day's route: whom to visit in which order and why; made for one thumb, and readable without network.
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { AnswerOr } from '../app/kept-answers.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { useToast } from '../app/toast.tsx';
import type { FieldRoute, Stop } from '../contract.ts';
import { Icon } from '../design/icon.tsx';
import { Blank, Bones, Loaded } from '../design/loaded.tsx';
import { Shape, State } from '../design/state.tsx';
import './field.css';
import { Grade } from './grade-mark.tsx';
import { OutboxLine, OutboxPanel } from './outbox-panel.tsx';
import { chooseStops, type OrderedStop, orderStops, type Position } from './route-order.ts';
import { useField, useFieldOffline, useOutbox, usePack } from './use-field.ts';
import { useFieldWords } from './words.ts';

const COUNTS = [8, 12, 20, 40];
const CHOICE_KEY = 'yimai.field.choice';

interface Choice {
  readonly plans: readonly string[] | null;
  readonly grid: string;
  readonly everyone: boolean;
  readonly count: number;
}

const START: Choice = { plans: null, grid: '', everyone: false, count: 12 };

function readChoice(): Choice {
  try {
    return { ...START, ...(JSON.parse(localStorage.getItem(CHOICE_KEY) ?? '{}') as Partial<Choice>) };
  } catch {
    return START;
  }
}

function pathOf(choice: Choice): string {
  const query = new URLSearchParams({
    ...(choice.plans === null ? {} : { plans: choice.plans.join(',') }),
    ...(choice.grid === '' ? {} : { grid: choice.grid }),
    ...(choice.everyone ? { whose: 'everyone' } : {}),
  });
  return `/desk/field/route?${query}`;
}

export function FieldRoutePage() {
  useFieldOffline();
  const words = useFieldWords();
  const [choice, setChoice] = useState(readChoice);
  const change = (next: Partial<Choice>) =>
    setChoice((old) => {
      const changed = { ...old, ...next };
      localStorage.setItem(CHOICE_KEY, JSON.stringify(changed));
      return changed;
    });
  const query = useField<FieldRoute>(pathOf(choice));
  return (
    <div className="page field-page">
      <header className="page-head">
        <div>
          <h1>{words.title}</h1>
          {query.data && <Today route={query.data.data} />}
        </div>
        <Link to="/field/map" className="button">
          <Icon name="grid" size={18} />
          {words.map}
        </Link>
      </header>
      <OutboxLine savedAt={query.data?.savedAt ?? null} />
      <div className="field-grid">
        <Loaded query={query} bones={<Bones rows={6} height={64} />}>
          {(answer) => <RouteView answer={answer} choice={choice} change={change} />}
        </Loaded>
      </div>
    </div>
  );
}

function Today({ route }: { readonly route: FieldRoute }) {
  const words = useFieldWords();
  const { preferences } = usePreferences();
  const day = new Date(`${route.today}T00:00:00Z`).getUTCDay();
  const names = preferences.language === 'en' ? words.weekdays.split(',') : [...words.weekdays];
  return <p>{words.intro(route.today, names[day] ?? '')}</p>;
}

interface ViewProps {
  readonly answer: AnswerOr<FieldRoute>;
  readonly choice: Choice;
  readonly change: (next: Partial<Choice>) => void;
}

function RouteView({ answer, choice, change }: ViewProps) {
  const words = useFieldWords();
  const { jobs } = useOutbox();
  const [here, setHere] = useState<Position | null>(null);
  const route = answer.data;
  // What was done and waits to be sent is no longer on the way.
  const gone = useMemo(
    () =>
      new Set(
        jobs.flatMap(({ state, place }) =>
          state === 'waiting' && !('case' in place) ? [`${place.register}|${place.key}`] : [],
        ),
      ),
    [jobs],
  );
  const stops = useMemo(() => {
    const open = route.stops.filter(
      (stop) => stop.cases.length > 0 || !gone.has(`${stop.register}|${stop.key}`),
    );
    return orderStops(chooseStops(open, choice.count), here);
  }, [route.stops, gone, choice.count, here]);
  usePack(
    stops.map((one) => one.stop),
    answer.savedAt === null,
  );
  return (
    <>
      <div className="stack">
        <OutboxPanel when="refused" />
        <Summary stops={stops} waiting={route.waiting} />
        {stops.length === 0 ? (
          <section className="panel">
            <Blank title={words.emptyTitle}>
              <p>{words.emptyText}</p>
            </Blank>
          </section>
        ) : (
          <ol className="stops">
            {stops.map((one, index) => (
              <StopLine key={`${one.stop.register}|${one.stop.key}`} one={one} nth={index + 1} />
            ))}
          </ol>
        )}
      </div>
      <div className="stack">
        <OutboxPanel when="waiting" />
        <Choices route={route} choice={choice} change={change} setHere={setHere} />
      </div>
    </>
  );
}

function Summary({ stops, waiting }: { readonly stops: readonly OrderedStop[]; readonly waiting: number }) {
  const words = useFieldWords();
  const cases = stops.flatMap(({ stop }) => stop.cases);
  const late = cases.filter((item) => item.state.kind === 'late' || item.state.kind === 'critical').length;
  const missed = stops.filter(({ stop }) => stop.checks.some((check) => check.missed > 0)).length;
  if (stops.length === 0) return null;
  return (
    <div className="stack tight">
      <p className="row wrap field-sum">
        <strong>{words.stops(stops.length)}</strong>
        {cases.length > 0 && <State kind="running" word={words.cases(cases.length)} />}
        {late > 0 && <State kind="late" word={words.late(late)} />}
        {missed > 0 && <State kind="due-soon" word={words.missedAll(missed)} />}
      </p>
      <p className="muted small">
        {words.byHand(stops.length, waiting)}
        {stops.every((one) => one.km === null) && ` · ${words.noDistance}`}
      </p>
    </div>
  );
}

function StopLine({ one, nth }: { readonly one: OrderedStop; readonly nth: number }) {
  const words = useFieldWords();
  const say = useSay();
  const { stop, km } = one;
  return (
    <li>
      <Link
        to="/field/$registerId/$key"
        params={{ registerId: stop.register, key: stop.key }}
        className={`stop ${stop.cases.length > 0 ? 'urgent' : ''}`}
      >
        <span className="stop-nth" aria-hidden="true">
          {nth}
        </span>
        <span className="stop-body">
          <span className="between">
            <strong>{stop.name}</strong>
            <Grade grade={stop.grade} quiet />
          </span>
          <span className="muted small">
            {[
              stop.trade && say(stop.trade),
              stop.grid,
              stop.address,
              km === null ? null : words.km(km.toFixed(1)),
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
          <Reasons stop={stop} />
        </span>
        <Icon name="right" size={18} />
      </Link>
    </li>
  );
}

function Reasons({ stop }: { readonly stop: Stop }) {
  const words = useFieldWords();
  const say = useSay();
  return (
    <span className="stop-reasons">
      {stop.cases.map((item) => (
        <State
          key={item.id}
          kind={item.state.kind}
          word={`${say(item.loop.name)} · ${say(item.state.name)}`}
        />
      ))}
      {stop.checks.map((check) => (
        <span key={check.plan} className={`state ${check.missed > 0 ? 'due-soon' : 'waiting'}`}>
          <Shape kind={check.missed > 0 ? 'due-soon' : 'waiting'} />
          {say(check.title)} {check.missed > 0 ? words.missed(check.missed) : words.due(check.dueOn.slice(5))}
        </span>
      ))}
    </span>
  );
}

interface ChoicesProps {
  readonly route: FieldRoute;
  readonly choice: Choice;
  readonly change: (next: Partial<Choice>) => void;
  readonly setHere: (here: Position) => void;
}

function Choices({ route, choice, change, setHere }: ChoicesProps) {
  const words = useFieldWords();
  const say = useSay();
  const toast = useToast();
  const chosen = route.plans.filter((plan) => plan.chosen).map((plan) => plan.id);
  const fromHere = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setHere({ latitude: coords.latitude, longitude: coords.longitude }),
      () => toast(words.noPosition, { tone: 'late' }),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  return (
    <section className="panel" aria-label={words.plans}>
      <div className="body stack">
        <div className="field-choices">
          <label className="field">
            <span className="label">{words.grid}</span>
            <select
              className="input"
              value={choice.grid}
              onChange={(event) => change({ grid: event.target.value })}
            >
              <option value="">{words.allGrids}</option>
              {route.grids.map((grid) => (
                <option key={grid.name} value={grid.name}>
                  {grid.name} · {grid.stops}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span className="label">{words.count}</span>
            <select
              className="input"
              value={choice.count}
              onChange={(event) => change({ count: Number(event.target.value) })}
            >
              {COUNTS.map((count) => (
                <option key={count} value={count}>
                  {words.countOf(count)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span className="label">{words.whose}</span>
            <select
              className="input"
              value={choice.everyone ? 'everyone' : 'mine'}
              onChange={(event) => change({ everyone: event.target.value === 'everyone' })}
            >
              <option value="mine">{words.mine}</option>
              <option value="everyone">{words.everyone}</option>
            </select>
          </label>
        </div>
        {route.stops.some((stop) => stop.at !== null) && 'geolocation' in navigator && (
          <button type="button" className="button" onClick={fromHere}>
            <Icon name="route" size={18} />
            {words.fromHere}
          </button>
        )}
        {route.plans.length > 0 && (
          <div className="table-wrap">
            <table className="table field-plans" aria-label={words.plans}>
              <thead>
                <tr>
                  <th>{words.plans}</th>
                  <th className="number">{words.planDue}</th>
                  <th className="number">{words.planDone}</th>
                  <th className="number">{words.planMissed}</th>
                </tr>
              </thead>
              <tbody>
                {route.plans.map((plan) => (
                  <tr key={plan.id}>
                    <td>
                      <label className="check">
                        <input
                          type="checkbox"
                          checked={plan.chosen}
                          onChange={() =>
                            change({
                              plans: plan.chosen
                                ? chosen.filter((id) => id !== plan.id)
                                : [...chosen, plan.id],
                            })
                          }
                        />
                        {say(plan.title)}
                      </label>
                    </td>
                    <td className="number">{plan.due}</td>
                    <td className="number">{plan.done}</td>
                    <td className={`number ${plan.missed > 0 ? 'state-late' : ''}`}>
                      {plan.missed > 0 ? `▲ ${plan.missed}` : 0}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </section>
  );
}
