// Tests of the pure step: owners, refusals, branches, deadlines, timers, sub-loops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { availableEvents } from './available.ts';
import { withOpenedChildren } from './built-in.ts';
import { loadLoop } from './check.ts';
import { compileLoop } from './compile.ts';
import { DIRECTOR, EXPERT, OFFICER, PLACES, repositoryCalendar, SAMPLE } from './sample.ts';
import { initialState, step } from './step.ts';
import { type Actor, type LoopDeclaration, type LoopEvent, type LoopState, SYSTEM } from './types.ts';

const calendar = repositoryCalendar();
const { loop } = compileLoop(SAMPLE);
const START = Date.parse('2026-03-02T09:00:00+08:00');
const HOUR = 3_600_000;

function open(): LoopState {
  const opened = initialState(
    loop,
    { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } },
    START,
    calendar,
  );
  assert.ok(opened.ok);
  return opened.state;
}

function go(state: LoopState, event: LoopEvent, at = START + HOUR): LoopState {
  const result = step(loop, state, event, at, calendar);
  assert.ok(result.ok, result.ok ? '' : result.refusal.code);
  return result.state;
}

function refused(state: LoopState, event: LoopEvent, code: string, at?: string, when = START + HOUR): void {
  const result = step(loop, state, event, when, calendar);
  assert.ok(!result.ok, 'should be refused');
  assert.equal(result.refusal.code, code);
  if (at !== undefined) assert.equal(result.refusal.at, at);
}

const placed = () => go(open(), { event: 'place', actor: OFFICER, answers: { expert: 'p-expert' } });
const onSite = () => go(placed(), { event: 'accept', actor: EXPERT, answers: { start: '2026-03-05' } });
const rating = () =>
  go(go(onSite(), { event: 'log', actor: EXPERT, answers: { sessions: 2 } }), {
    event: 'finish',
    actor: EXPERT,
  });

test('[loops L1] an opening without a required field is refused at that field', () => {
  const result = initialState(loop, { actor: DIRECTOR, places: PLACES, answers: {} }, START, calendar);
  assert.ok(!result.ok);
  assert.deepEqual([result.refusal.code, result.refusal.at], ['field-missing', 'payload.answers.specialty']);
});

test('[loops L2] only the party that the declaration names may act, by role and organisation', () => {
  refused(
    open(),
    { event: 'place', actor: DIRECTOR, answers: { expert: 'p-expert' } },
    'not-your-turn',
    'actingAs',
  );
  const elsewhere: Actor = { ...OFFICER, organisation: 'org-other' };
  refused(open(), { event: 'place', actor: elsewhere, answers: { expert: 'p-expert' } }, 'not-your-turn');
  refused(placed(), { event: 'accept', actor: OFFICER, answers: { start: '2026-03-05' } }, 'not-your-turn');
});

test('[loops L3] an event that is unknown, not here, or on a closed case has three different words', () => {
  refused(open(), { event: 'dance', actor: OFFICER }, 'event-unknown', 'payload.event');
  refused(open(), { event: 'close', actor: OFFICER }, 'event-not-here', 'payload.event');
  const withdrawn = go(open(), { event: 'withdraw', actor: DIRECTOR, reason: '不再需要' });
  refused(
    withdrawn,
    { event: 'place', actor: OFFICER, answers: { expert: 'x' } },
    'loop-closed',
    'payload.event',
  );
});

test('[loops L4] a return needs a reason, counts, and gives the work back to the earlier owner', () => {
  refused(placed(), { event: 'send-back', actor: EXPERT }, 'reason-missing', 'payload.reason');
  const back = go(placed(), { event: 'send-back', actor: EXPERT, reason: '专业不符' });
  assert.equal(back.returns, 1);
  assert.equal(back.positions[0]?.owner?.organisation, 'org-hr');
});

test('[loops L5] a guard refuses with its own code until its condition holds', () => {
  refused(onSite(), { event: 'finish', actor: EXPERT }, 'nothing-logged', 'payload.event');
  assert.equal(rating().positions.length, 2);
});

test('[loops L6] an internal transition adds to a field and leaves state, clock and owner alone', () => {
  const before = onSite();
  const logged = go(before, { event: 'log', actor: EXPERT, answers: { sessions: 2 } }, START + 2 * HOUR);
  assert.equal(logged.data['sessions'], 2);
  assert.deepEqual(logged.positions, before.positions);
  assert.notEqual(logged.digest, before.digest);
});

test('[loops L7] branches run side by side and join when all have ended, in either order', () => {
  const events: LoopEvent[] = [
    { event: 'rate-institution', actor: DIRECTOR, answers: { institution: 5 } },
    { event: 'rate-patients', actor: DIRECTOR, answers: { patients: 4 } },
  ];
  for (const order of [events, [...events].reverse()]) {
    const half = go(rating(), order[0]!);
    assert.equal(half.positions.length, 2);
    const joined = go(half, order[1]!);
    assert.deepEqual(
      joined.positions.map((position) => position.state),
      ['rated'],
    );
    assert.equal(joined.rating, 4.5);
  }
});

test('[loops L8] a withdrawal declared on the branching state ends all branches and their timers', () => {
  const result = step(
    loop,
    rating(),
    { event: 'withdraw', actor: DIRECTOR, reason: '停止' },
    START + HOUR,
    calendar,
  );
  assert.ok(result.ok);
  assert.deepEqual(
    result.state.positions.map((position) => position.state),
    ['withdrawn'],
  );
  assert.equal(result.effects.filter((effect) => effect.kind === 'cancel').length, 2);
  assert.ok(result.state.closed !== null);
});

test('[loops L9] a rating outside its range is refused', () => {
  refused(
    rating(),
    { event: 'rate-patients', actor: DIRECTOR, answers: { patients: 6 } },
    'rating-out-of-range',
  );
});

test('[loops L10] entering a state schedules its reminders, its deadline and its escalations', () => {
  const opened = initialState(
    loop,
    { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } },
    START,
    calendar,
  );
  assert.ok(opened.ok);
  const timers = opened.effects.flatMap((effect) =>
    effect.kind === 'schedule' ? [[effect.timer, new Date(effect.at).toISOString()]] : [],
  );
  assert.deepEqual(timers, [
    ['remind', '2026-03-06T00:30:00.000Z'],
    ['due', '2026-03-09T16:00:00.000Z'],
    ['escalate', '2026-03-09T16:00:00.000Z'],
    ['escalate', '2026-03-11T16:00:00.000Z'],
  ]);
});

test('[loops L11] a timer of an earlier stay is stale; a live one tells its addressee and may move the case', () => {
  const start = open();
  const fire = (key: string): LoopEvent => ({ event: '$timer', actor: SYSTEM, answers: { key } });
  const told = step(loop, start, fire('main|1|escalate|0'), START + 200 * HOUR, calendar);
  assert.ok(told.ok);
  assert.deepEqual(
    told.effects.map((effect) => (effect.kind === 'notify' ? effect.to.party : effect.kind)),
    ['head'],
  );
  assert.equal(told.state.positions[0]?.escalated, 1);
  const lapsed = step(loop, placed(), fire('main|2|due|0'), START + 26 * HOUR, calendar);
  assert.ok(lapsed.ok);
  assert.equal(lapsed.state.positions[0]?.state, 'filed');
  assert.equal(lapsed.state.returns, 1);
  refused(lapsed.state, fire('main|2|due|0'), 'timer-stale', 'payload.key', START + 26 * HOUR);
});

test('[loops L12] nobody but the system may fire the transitions of a timer', () => {
  refused(placed(), { event: 'lapse', actor: OFFICER, reason: 'x' }, 'not-your-turn');
});

test('[loops L13] claimed work is touched only by its holder, until released or handed over with a reason', () => {
  const claimed = go(open(), { event: '$claim', actor: OFFICER });
  const colleague: Actor = { ...OFFICER, person: 'p-colleague' };
  refused(
    claimed,
    { event: 'place', actor: colleague, answers: { expert: 'p-expert' } },
    'claimed-by-other',
    'actingAs',
  );
  refused(claimed, { event: '$claim', actor: colleague }, 'claimed-by-other');
  refused(claimed, { event: '$hand-over', actor: OFFICER, answers: { to: 'p-colleague' } }, 'reason-missing');
  const handed = go(claimed, {
    event: '$hand-over',
    actor: OFFICER,
    answers: { to: 'p-colleague' },
    reason: '出差',
  });
  go(handed, { event: 'place', actor: colleague, answers: { expert: 'p-expert' } });
  const released = go(claimed, { event: '$release', actor: OFFICER });
  go(released, { event: 'place', actor: colleague, answers: { expert: 'p-expert' } });
});

test('[loops L14] a case re-opens only from its end, with a reason, within its time', () => {
  const rated = go(
    go(rating(), { event: 'rate-institution', actor: DIRECTOR, answers: { institution: 5 } }),
    {
      event: 'rate-patients',
      actor: DIRECTOR,
      answers: { patients: 4 },
    },
  );
  const closed = go(rated, { event: 'close', actor: OFFICER }, START + 2 * HOUR);
  refused(closed, { event: 'reopen', actor: OFFICER }, 'reason-missing', 'payload.reason', START + 2 * HOUR);
  refused(
    closed,
    { event: 'reopen', actor: OFFICER, reason: '补评' },
    'reopen-too-late',
    'payload.event',
    START + 32 * 24 * HOUR,
  );
  const again = go(closed, { event: 'reopen', actor: OFFICER, reason: '补评' }, START + 30 * 24 * HOUR);
  assert.deepEqual([again.closed, again.reopened, again.positions[0]?.state], [null, 1, 'rated']);
});

test('[loops L15] a deadline counted from a date that has passed is refused, and a missing holiday table says its year', () => {
  refused(
    placed(),
    { event: 'accept', actor: EXPERT, answers: { start: '2024-01-01' } },
    'deadline-past',
    'payload.answers.start',
  );
  const late = Date.parse('2026-12-29T09:00:00+08:00');
  const result = initialState(
    loop,
    { actor: DIRECTOR, places: PLACES, answers: { specialty: '儿科' } },
    late,
    calendar,
  );
  assert.ok(!result.ok);
  assert.equal(result.refusal.code, 'calendar-missing');
  assert.match(result.refusal.detail?.zh ?? '', /2027/);
});

test('[loops L16] an answer of the wrong type is refused at its field', () => {
  refused(
    rating(),
    { event: 'rate-patients', actor: DIRECTOR, answers: { patients: 'five' } },
    'answer-type',
    'payload.answers.patients',
  );
});

test('[loops L17] a time before the last step is refused', () => {
  refused(
    open(),
    { event: 'place', actor: OFFICER, answers: { expert: 'x' } },
    'before-last-event',
    'occurredAt',
    START - 1,
  );
});

test('[loops L18] when the last sub-loop closes the waiting transition is taken', () => {
  const declaration: LoopDeclaration = {
    ...SAMPLE,
    transitions: [
      ...SAMPLE.transitions,
      {
        event: '$children-done',
        title: { zh: '子流程完成', en: 'Sub-loops done' },
        from: 'on-site',
        to: 'rating',
        by: 'system',
      },
    ],
  };
  const parent = compileLoop(declaration).loop;
  const two = withOpenedChildren(onSite(), 2);
  const one = step(
    parent,
    two,
    { event: '$child-closed', actor: SYSTEM, answers: { withResult: true } },
    START + HOUR,
    calendar,
  );
  assert.ok(one.ok);
  assert.equal(one.state.positions[0]?.state, 'on-site');
  const none = step(
    parent,
    one.state,
    { event: '$child-closed', actor: SYSTEM, answers: { withResult: false } },
    START + HOUR,
    calendar,
  );
  assert.ok(none.ok);
  assert.deepEqual(none.state.children, { open: 0, closed: 1, withoutResult: 1 });
  assert.equal(none.state.positions.length, 2);
});

test('[loops L19] closing with an action puts the computed entry into its register', () => {
  const rated = go(
    go(rating(), { event: 'rate-institution', actor: DIRECTOR, answers: { institution: 4 } }),
    {
      event: 'rate-patients',
      actor: DIRECTOR,
      answers: { patients: 4 },
    },
  );
  const result = step(loop, rated, { event: 'close', actor: OFFICER }, START + HOUR, calendar);
  assert.ok(result.ok);
  assert.deepEqual(
    result.effects.find((effect) => effect.kind === 'put'),
    {
      kind: 'put',
      register: 'finished-orders',
      entry: { specialty: '儿科', rating: 4 },
    },
  );
});

test('[loops L19] a case hangs a task in a tree, with the values of its data', () => {
  const declaration = {
    id: 'finding',
    version: 1,
    title: { zh: '问题', en: 'Finding' },
    fields: { what: { type: 'text', title: { zh: '问题', en: 'What' } } },
    parties: { anyone: { title: { zh: '发现人', en: 'Finder' }, at: 'opener' } },
    open: {
      by: 'anyone',
      requires: ['what'],
      do: [{ task: 'measures', with: { area: "'upgrade'", title: 'data.what' } }],
    },
    initial: 'noted',
    states: { noted: { title: { zh: '已记录', en: 'Noted' }, kind: 'closed' } },
    transitions: [],
  };
  const unknown = loadLoop(declaration, { trees: new Set() });
  assert.deepEqual(
    unknown.issues.map((one) => [one.at, one.code]),
    [['open.do[0]', 'name-unknown']],
  );
  const made = loadLoop(declaration, { trees: new Set(['measures']) }).loop;
  assert.ok(made);
  const opened = initialState(
    made,
    { actor: OFFICER, places: {}, answers: { what: '排队' } },
    START,
    calendar,
  );
  assert.ok(opened.ok);
  assert.deepEqual(
    opened.effects.filter((effect) => effect.kind === 'task'),
    [{ kind: 'task', tree: 'measures', row: { area: 'upgrade', title: '排队' } }],
  );
});

test('[loops L20] the acts offered are exactly those that the actor may take, with the bar where a guard says no', () => {
  const names = (state: LoopState, actor: Actor) =>
    availableEvents(loop, state, actor, START).map((one) => one.event);
  assert.deepEqual(names(open(), OFFICER), ['place']);
  assert.deepEqual(names(open(), DIRECTOR), ['withdraw']);
  const acts = availableEvents(loop, onSite(), EXPERT, START);
  assert.deepEqual(
    acts.map((one) => [one.event, one.barred?.code]),
    [
      ['log', undefined],
      ['finish', 'nothing-logged'],
    ],
  );
});

test('[loops L21] random walks keep an owner and a deadline in every open state and never leave a closed one (seed 20260302)', () => {
  const actors = [DIRECTOR, OFFICER, EXPERT, { ...DIRECTOR, role: 'dean', organisation: 'org-head' }];
  const events = [...loop.eventNames, '$claim', '$release', '$hand-over', '$timer'];
  const walk = fc.array(
    fc.tuple(fc.nat(events.length - 1), fc.nat(actors.length - 1), fc.nat(30), fc.nat(400)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(walk, (steps) => {
      let state = open();
      let now = START;
      for (const [event, actor, number, hours] of steps) {
        now += hours * HOUR;
        if (now > Date.parse('2026-10-01T00:00:00+08:00')) break;
        const answers = {
          expert: 'p-expert',
          start: new Date(now + 8 * HOUR).toISOString().slice(0, 10),
          sessions: number,
          institution: number % 7,
          patients: number % 6,
          to: 'p-officer',
          key: `main|${state.positions[0]?.entry}|due|0`,
        };
        const result = step(
          loop,
          state,
          { event: events[event]!, actor: actors[actor]!, answers, reason: 'r' },
          now,
          calendar,
        );
        if (!result.ok) continue;
        const wasClosed = state.closed !== null;
        if (wasClosed) assert.equal(result.state.reopened, state.reopened + 1);
        assert.ok(result.state.seq > state.seq);
        state = result.state;
        for (const position of state.positions) {
          const kind = loop.states.get(position.state)?.declaration.kind;
          if (kind !== 'open') continue;
          assert.ok(position.owner, `${position.state} has an owner`);
          assert.ok(position.due !== null, `${position.state} has a deadline`);
        }
      }
    }),
    { seed: 20260302, numRuns: 300 },
  );
});

test('[loops L22] a state goes through JSON unchanged and steps on equally', () => {
  const copy = JSON.parse(JSON.stringify(onSite())) as LoopState;
  const event: LoopEvent = { event: 'log', actor: EXPERT, answers: { sessions: 1 } };
  assert.deepEqual(go(copy, event), go(onSite(), event));
});
