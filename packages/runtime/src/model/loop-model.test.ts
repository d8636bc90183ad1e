// Random walks over every loaded loop, the pure step held against the plain model: same answer, same places, same owners,
// same deadlines; no walk leaves a closed state, loses an owner or misses a deadline. `YIMAI_SEEDS` lengthens it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  compileLoop,
  type Effect,
  initialState,
  type Loop,
  type LoopState,
  type Places,
  SYSTEM,
  step,
  withOpenedChildren,
} from '@yimai/loops';
import { loadCalendar, loadProgrammes } from '../load.ts';
import { PlainCalendar } from './plain-calendar.fixture.ts';
import { PlainCase, type PlainTimer } from './plain-loop.fixture.ts';
import { RandomActs } from './random-acts.fixture.ts';
import { sameCase, worded } from './same-case.fixture.ts';

const SEEDS = Number(process.env['YIMAI_SEEDS'] ?? 24);
const EVENTS = 40;
const FIRST_SEED = 20_261_122;
const START = Date.parse('2026-03-02T09:00:00+08:00');

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const loops = loadProgrammes(join(REPOSITORY, 'programs')).programmes.flatMap((programme) => programme.loops);
const calendar = loadCalendar(join(REPOSITORY, 'rules/calendar'));
const plainCalendar = new PlainCalendar(join(REPOSITORY, 'rules/calendar'));

interface Walk {
  readonly loop: Loop;
  readonly acts: RandomActs;
  readonly plain: PlainCase;
  real: LoopState;
  now: number;
  readonly timers: Map<string, number>;
  taken: Set<string>;
}

test(`[runtime M1] the pure step equals a plain model on random walks over every loop, ${SEEDS} seeds from ${FIRST_SEED}`, () => {
  const reached = new Map<string, Set<string>>();
  const taken = new Set<string>();
  for (const loop of loops) {
    const seen = new Set<string>();
    reached.set(loop.declaration.id, seen);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      const walk = begin(loop, seed) ?? begin(withoutOpeningGuards(loop), seed);
      if (!walk) continue;
      walk.taken = taken;
      let closedFor = 0;
      for (let turn = 0; turn < EVENTS && closedFor < 8; turn += 1) {
        closedFor = walk.real.closed === null ? 0 : closedFor + 1;
        try {
          oneTurn(walk);
        } catch (error) {
          throw new Error(`${loop.declaration.id}, seed ${seed}, turn ${turn}: ${(error as Error).message}`, {
            cause: error,
          });
        }
        for (const { state } of walk.real.positions) seen.add(state);
      }
    }
  }
  const untouched = [...reached].filter(([, seen]) => seen.size === 0).map(([id]) => id);
  assert.deepEqual(untouched, [], 'every loop was opened at least once');
  const declared = loops.reduce((sum, loop) => sum + loop.declaration.transitions.length, 0);
  assert.ok(taken.size > declared * 0.7, `only ${taken.size} of ${declared} transitions were taken`);
});

function begin(loop: Loop, seed: number): Walk | undefined {
  const acts = new RandomActs(seed);
  const places = placesOf(loop);
  const opener = acts.opener(loop.declaration, places);
  const plain = new PlainCase(loop.declaration, plainCalendar, opener, places);
  // A walk needs its case: openings are tried until the rules let one through.
  for (let tries = 0; tries < 120; tries += 1) {
    const answers = acts.answers(loop.declaration, acts.namesOf(loop.declaration.open), START) as never;
    const one = new PlainCase(loop.declaration, plainCalendar, opener, places);
    const said = worded(() => one.open(answers, START));
    const real = initialState(loop, { actor: opener, places, answers }, START, calendar);
    assert.equal(
      real.ok ? 'applied' : real.refusal.code,
      said,
      `${loop.declaration.id}: opening, seed ${seed}`,
    );
    if (!real.ok) continue;
    Object.assign(plain, one);
    const walk: Walk = {
      loop,
      acts,
      plain,
      real: real.state,
      now: START,
      timers: new Map(),
      taken: new Set(),
    };
    follow(walk, real.state, real.effects);
    check(walk);
    return walk;
  }
  return undefined;
}

/** Some guards ask for facts that chance does not find; the rest of the loop is walked all the same. */
function withoutOpeningGuards(loop: Loop): Loop {
  const open = { ...loop.declaration.open, guards: [] };
  return compileLoop({ ...loop.declaration, open }).loop;
}

const placesOf = (loop: Loop): Places =>
  Object.fromEntries(
    Object.values(loop.declaration.parties)
      .flatMap(({ at }) => (at && /^(office:|opener-parent|subject-)/.test(at) ? [at] : []))
      .map((at) => [
        at,
        at === 'opener-parent' ? 'Organization/county' : `Organization/${at.replace('office:', '')}`,
      ]),
  );

function follow(walk: Walk, state: LoopState, effects: readonly Effect[]): void {
  let opened = 0;
  for (const effect of effects) {
    if (effect.kind === 'schedule') walk.timers.set(effect.key, effect.at);
    else if (effect.kind === 'cancel') {
      for (const key of [...walk.timers.keys()]) if (key.startsWith(effect.prefix)) walk.timers.delete(key);
    } else if (effect.kind === 'open') opened += 1;
  }
  walk.real = opened === 0 ? state : withOpenedChildren(state, opened);
  if (state.closed !== null) walk.timers.clear();
}

function oneTurn(walk: Walk): void {
  const { acts } = walk;
  if (acts.chance(0.25)) {
    passTime(walk);
    return;
  }
  if (walk.real.children.open > 0 && acts.chance(0.3)) {
    childEnds(walk);
    return;
  }
  walk.now += Math.floor(acts.random() * 3_600_000);
  fireDue(walk, walk.now);
  const event = acts.event(walk.plain, walk.now);
  const wasClosed = walk.real.closed !== null;
  const said = worded(() => walk.plain.apply(event, walk.now));
  const real = step(walk.loop, walk.real, event as never, walk.now, calendar);
  assert.equal(real.ok ? 'applied' : real.refusal.code, said, `${event.event} by ${event.actor.role}`);
  if (!real.ok) return;
  const from = walk.real.positions.map(({ state }) => state);
  for (const one of walk.loop.declaration.transitions)
    if (one.event === event.event && [one.from].flat().some((name) => from.includes(name as string)))
      walk.taken.add(`${walk.loop.declaration.id} ${one.event} ${String(one.to)} ${one.when ?? ''}`);
  const kinds = walk.loop.declaration.transitions
    .filter((one) => one.event === event.event)
    .map((one) => one.kind);
  if (wasClosed && real.state.closed === null)
    assert.ok(kinds.includes('reopen'), `${event.event} left a closed state and is no re-opening`);
  follow(walk, real.state, real.effects);
  check(walk);
}

function childEnds(walk: Walk): void {
  const withResult = walk.acts.chance(0.5);
  walk.plain.childClosed(withResult, walk.now);
  const real = step(
    walk.loop,
    walk.real,
    { event: '$child-closed', actor: SYSTEM, answers: { withResult } },
    walk.now,
    calendar,
  );
  assert.ok(real.ok, 'the end of a sub-loop is never refused');
  follow(walk, real.state, real.effects);
  check(walk);
}

/** To the next time that stands, or some days on. */
function passTime(walk: Walk): void {
  const next = Math.min(...walk.timers.values());
  const until =
    walk.acts.chance(0.6) && Number.isFinite(next)
      ? next
      : walk.now + Math.floor(walk.acts.random() * 4) * 86_400_000;
  // Beyond the last holiday table the step says so; the walk stays before it.
  if (until > Date.parse('2026-09-01T00:00:00+08:00')) return;
  walk.now = Math.max(walk.now, until);
  fireDue(walk, walk.now);
}

/** Each time that has come is fired in its order, at its own instant. */
function fireDue(walk: Walk, now: number): void {
  for (;;) {
    const [key, at] = [...walk.timers].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
    if (key === undefined || at! > now) return;
    walk.timers.delete(key);
    const [branch, , kind, index] = key.split('|');
    const when = Math.max(at!, ...walk.real.positions.map(({ since }) => since));
    const real = step(
      walk.loop,
      walk.real,
      { event: '$timer', actor: SYSTEM, answers: { key } },
      when,
      calendar,
    );
    if (kind !== 'remind') walk.plain.fire({ branch, kind, index: Number(index), at } as PlainTimer, when);
    assert.ok(real.ok, `the timer ${key} of a stay that lasts is refused`);
    follow(walk, real.state, real.effects);
    check(walk);
  }
}

function check(walk: Walk): void {
  sameCase(walk.real, walk.plain);
  const { states } = walk.loop.declaration;
  for (const position of walk.real.positions) {
    const kind = states[position.state]!.kind;
    if (kind !== 'open') continue;
    assert.ok(position.owner?.party, `${position.state} has lost its owner`);
    assert.ok(position.due !== null, `${position.state} has no deadline`);
    const key = `${position.branch}|${position.entry}|due|0`;
    const stands = walk.timers.get(key);
    assert.ok(
      stands === position.due + 1 || position.due < walk.now,
      `${position.state}: its deadline would be missed`,
    );
  }
  assert.ok(walk.real.closed === null || walk.timers.size === 0, 'a closed case has no times');
}
