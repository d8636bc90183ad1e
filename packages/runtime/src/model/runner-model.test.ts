// The runner over a real database, through commands and due times, held against the plain model of every loop, while the
// application and the database are killed in the middle. `YIMAI_KILLS` and `YIMAI_SEED` lengthen and vary it.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { uuidv7 } from '@yimai/kit';
import type { LoopDeclaration, LoopState, TransitionDeclaration } from '@yimai/loops';
import { removeEmbedded } from '@yimai/postgres/embedded';
import type { CommandAnswer } from '@yimai/record';
import { loadProgrammes } from '../load.ts';
import type { Asked } from './county-process.fixture.ts';
import { KilledCounty } from './killed-county.fixture.ts';
import { PlainCalendar } from './plain-calendar.fixture.ts';
import { type PlainActor, PlainCase, type PlainEvent, type PlainTimer } from './plain-loop.fixture.ts';
import { RandomActs } from './random-acts.fixture.ts';
import { adopt, differs, sameCase, worded } from './same-case.fixture.ts';

const KILLS = Number(process.env['YIMAI_KILLS'] ?? 2);
const SEED = Number(process.env['YIMAI_SEED'] ?? 20_261_122);
const ACTS_BETWEEN = 70;
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const START = Date.parse('2026-03-02T09:00:00+08:00');
const LAST = Date.parse('2026-09-01T00:00:00+08:00');

/** The offices of the small county; others are not there, and the loops that need them do not open. */
const OFFICES = {
  'office:bureau': 'Organization/bureau',
  'office:hr-centre': 'Organization/hr-centre',
  'office:consortium-office': 'Organization/office',
  'office:supervision': 'Organization/station',
};
const PARENTS: Readonly<Record<string, string>> = {
  'village-a1': 'town-a',
  office: 'county',
  'hr-centre': 'county',
};

interface Known {
  readonly id: string;
  readonly parent: string | null;
  readonly plain: PlainCase;
  readonly fired: Set<string>;
}

interface Stored {
  readonly id: string;
  readonly parent: string | null;
  readonly times: readonly string[] | null;
  readonly state: LoopState;
}

class Comparison {
  readonly county: KilledCounty;
  readonly acts = new RandomActs(SEED);
  readonly calendar = new PlainCalendar(join(REPOSITORY, 'rules/calendar'));
  readonly loops: readonly LoopDeclaration[];
  readonly cases = new Map<string, Known>();
  readonly openedLoops = new Set<string>();
  now = START;
  applied = 0;
  refused = 0;

  constructor(county: KilledCounty) {
    this.county = county;
    const { programmes } = loadProgrammes(join(REPOSITORY, 'programs'));
    this.loops = programmes.flatMap((programme) => programme.loops.map((loop) => loop.declaration));
  }

  async openAll(): Promise<void> {
    for (const loop of this.loops)
      for (let tries = 0; tries < 4 && !this.openedLoops.has(loop.id); tries += 1) await this.open(loop);
  }

  async open(loop: LoopDeclaration): Promise<void> {
    const opener = this.acts.opener(loop, OFFICES);
    if (opener.role === 'system') return;
    const answers = this.acts.answers(loop, this.acts.namesOf(loop.open, false), this.now);
    const offices = { ...OFFICES, 'opener-parent': parentOf(opener.organisation) };
    const plain = new PlainCase(loop, this.calendar, opener, offices);
    const said = worded(() => plain.open(answers as never, this.now));
    const answer = await this.send(opener, 'loop.open', { loop: loop.id, answers });
    if (answer.outcome === 'refused') {
      this.judgeRefusal(loop.open, said, answer, `opening ${loop.id}`);
      return;
    }
    assert.equal(answer.outcome, 'applied', `opening ${loop.id}: ${JSON.stringify(answer)}`);
    if (!isUnsure(loop.open)) assert.equal(said, 'applied', `${loop.id} was opened against its rules`);
    const { case: id } = answer.result as { case: string };
    this.cases.set(id, { id, parent: null, plain, fired: new Set() });
    this.openedLoops.add(loop.id);
    await this.settle(new Set(isUnsure(loop.open) ? [id] : []));
  }

  async act(kill?: 'application' | 'database'): Promise<void> {
    const one = this.acts.pick([...this.cases.values()]);
    const { plain } = one;
    const event = this.acts.event(plain, this.now);
    const before = plain.clone();
    const said = worded(() => plain.apply(event, this.now));
    const { answers, reason, branch } = event;
    const payload = {
      case: one.id,
      event: event.event,
      answers: answers ?? {},
      ...(reason ? { reason } : {}),
      ...(branch ? { branch } : {}),
    };
    const answer = await this.send(event.actor, 'loop.act', payload, kill);
    const transitions = plain.loop.transitions.filter((transition) => transition.event === event.event);
    const unsure = transitions.some(isUnsure);
    const where = `${event.event} of ${plain.loop.id}`;
    if (answer.outcome === 'refused') {
      adoptModel(plain, before);
      for (const transition of transitions.length > 0 ? transitions : [undefined]) {
        if (transitions.length > 1 && said === 'applied' && !transitions.some(hasEffects)) continue;
        this.judgeRefusal(transition, said, answer, where, transitions.some(hasEffects));
        break;
      }
      return;
    }
    assert.equal(answer.outcome, 'applied', `${where}: ${JSON.stringify(answer)}`);
    if (!unsure) assert.equal(said, 'applied', `${where} was applied against its rules`);
    this.applied += 1;
    if (before.closed !== null && plain.closed === null)
      assert.ok(
        transitions.some((transition) => transition.kind === 'reopen'),
        `${where} left a closed case`,
      );
    if (before.closed === null && plain.closed !== null && !unsure) this.tellParent(one);
    await this.settle(new Set(unsure || plain.opened > 0 ? [one.id, one.parent ?? ''] : []), event);
  }

  /** A refusal must be one of the rules, or come from what the act would have written elsewhere. */
  judgeRefusal(
    by: LoopDeclaration['open'] | TransitionDeclaration | undefined,
    said: string,
    answer: CommandAnswer,
    where: string,
    writes = by !== undefined && hasEffects(by),
  ): void {
    this.refused += 1;
    const code = answer.refusal?.code ?? '';
    if (by && (isUnsure(by) || writes)) return;
    // Offices that this county has not, and people that it does not know, are refused before any rule of the loop.
    if (code === 'office-missing') return;
    assert.equal(code, said, `${where} was refused`);
  }

  tellParent(one: Known): void {
    const parent = one.parent === null ? undefined : this.cases.get(one.parent);
    if (!parent) return;
    const last = [...one.plain.places.values()][0]!.state;
    parent.plain.childClosed(one.plain.loop.states[last]?.kind === 'closed', this.now);
    if (parent.plain.closed !== null) this.tellParent(parent);
  }

  /** To the next time that stands: what is due fires, and the model fires the same. */
  async passTime(kill?: 'application' | 'database'): Promise<void> {
    const next = await this.county.ask<number | null>(this.now, { do: 'next' });
    const until = next === null ? this.now + 86_400_000 : Math.max(next, this.now + 1);
    if (until > LAST) return;
    this.now = until;
    const fires = this.county.ask<{ faults: string[] }>(this.now, { do: 'fire' });
    if (kill) {
      fires.catch(() => {});
      await sleep(this.acts.random() * 25);
      await this.county.kill(kill);
      await this.county.start();
      await this.county.ask(this.now, { do: 'fire' });
    } else assert.deepEqual((await fires).faults, [], 'no due time fails');
    await this.settle(new Set());
  }

  /** Compares every case with its model; what fired, or opened as a sub-loop, is followed first. */
  async settle(unsure: ReadonlySet<string>, event?: PlainEvent): Promise<void> {
    const stored = await this.county.ask<Stored[]>(this.now, { do: 'states' });
    for (const { id, parent, state } of stored) {
      if (this.cases.has(id)) continue;
      const loop = this.loops.find((one) => one.id === state.loop)!;
      const plain = new PlainCase(loop, this.calendar, state.opener, { ...state.places });
      adopt(plain, state);
      this.cases.set(id, { id, parent, plain, fired: new Set() });
      this.openedLoops.add(loop.id);
    }
    assert.equal(stored.length, this.cases.size, 'a case is gone');
    // Sub-loops before their parents: the end of one is told to the other.
    for (const { id, state } of [...stored].sort((a, b) => (a.id < b.id ? 1 : -1))) {
      const one = this.cases.get(id)!;
      if (unsure.has(id)) adopt(one.plain, state);
      else this.followTimers(one, state);
      try {
        sameCase(state, one.plain);
      } catch (error) {
        throw new Error(
          `${state.loop} ${id} after ${JSON.stringify(event ?? 'time')}: ${(error as Error).message}`,
        );
      }
    }
    for (const one of stored) this.mustStand(one);
  }

  /** Times that have come fire in some order; those of one instant in either. */
  followTimers(one: Known, state: LoopState): void {
    const due = one.plain
      .timers()
      .filter((timer) => timer.at <= this.now && !one.fired.has(nameOf(one, timer)));
    for (const timer of due) one.fired.add(nameOf(one, timer));
    if (due.length === 0) return;
    const before = one.plain.clone();
    const wasOpen = before.closed === null;
    for (const order of ordersOf(due)) {
      adoptModel(one.plain, before);
      for (const timer of order) if (stillStands(one.plain, before, timer)) one.plain.fire(timer, this.now);
      if (!differs(state, one.plain)) break;
    }
    if (wasOpen && one.plain.closed !== null) this.tellParent(one);
  }

  /** No open place without owner or deadline, no deadline without its time, no time for what is over. */
  mustStand({ id, state, times }: Stored): void {
    const { states } = this.cases.get(id)!.plain.loop;
    if (state.closed !== null) assert.equal(times, null, `${id} is closed and has times`);
    for (const { state: name, branch, entry, due, owner } of state.positions) {
      if (states[name]?.kind !== 'open') continue;
      assert.ok(owner?.party, `${id} ${name} has lost its owner`);
      assert.ok(due !== null, `${id} ${name} has no deadline`);
      const stands = (times ?? []).includes(`${branch}|${entry}|due|0|${due + 1}`);
      assert.equal(
        stands,
        due >= this.now,
        `${id} ${name}: its deadline ${stands ? 'is past and not told' : 'is lost'}`,
      );
    }
  }

  /** The same command again after a kill has the effect of once. */
  async send(
    actor: PlainActor,
    type: string,
    payload: unknown,
    kill?: 'application' | 'database',
  ): Promise<CommandAnswer> {
    const as = {
      role: actor.role,
      org: actor.organisation.slice('Organization/'.length),
      person: actor.person.slice('Practitioner/'.length),
    };
    const ask: Asked['ask'] = { do: 'send', as, command: uuidv7(), type, payload };
    if (!kill) return this.county.ask<CommandAnswer>(this.now, ask);
    this.county.ask(this.now, ask).catch(() => {});
    await sleep(this.acts.random() * 25);
    await this.county.kill(kill);
    await this.county.start();
    return this.county.ask<CommandAnswer>(this.now, ask);
  }
}

const parentOf = (organisation: string): string =>
  `Organization/${PARENTS[organisation.slice('Organization/'.length)] ?? 'county'}`;

/** What the model cannot know: facts from registers, and answers that a form has worked out. */
const isUnsure = (by: LoopDeclaration['open'] | TransitionDeclaration): boolean =>
  Boolean(by.form || by.look);

/** What an act writes elsewhere has rules of its own there, and may refuse the whole. */
const hasEffects = (by: LoopDeclaration['open'] | TransitionDeclaration): boolean =>
  (by.do ?? []).some((action) => !('notify' in action));

const adoptModel = (plain: PlainCase, from: PlainCase): void => {
  Object.assign(plain, from.clone());
};

const nameOf = (one: Known, { branch, kind, index }: PlainTimer): string => {
  const place = one.plain.places.get(branch)!;
  return `${branch}|${place.state}|${place.since}|${kind}|${index}`;
};

/** A stay that an earlier time of the same instant has ended takes its other times with it. */
const stillStands = (plain: PlainCase, before: PlainCase, { branch }: PlainTimer): boolean => {
  const [now, then] = [plain.places.get(branch), before.places.get(branch)];
  return now !== undefined && then !== undefined && now.state === then.state && now.since === then.since;
};

function* ordersOf<T extends { readonly at: number }>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length <= 1) yield items;
  for (const [at, first] of items.entries()) {
    if (items.length <= 1) return;
    for (const rest of ordersOf(items.filter((_, index) => index !== at))) yield [first, ...rest];
  }
}

test(`[runtime M2] the runner equals the model through ${KILLS} kills of application and database, seed ${SEED}`, async (t) => {
  const top = mkdtempSync(join(tmpdir(), 'yimai-model-'));
  chmodSync(top, 0o755);
  const dir = join(top, 'data');
  const county = new KilledCounty(dir);
  t.after(async () => {
    await county.stop();
    await removeEmbedded(dir);
    rmSync(top, { recursive: true, force: true });
  });
  await county.start();
  const comparison = new Comparison(county);
  await comparison.openAll();
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const { acts } = comparison;
    for (let turn = 0; turn < ACTS_BETWEEN; turn += 1) {
      if (acts.chance(0.15)) await comparison.passTime();
      else await comparison.act();
    }
    if (kill === KILLS) break;
    const what = kill % 2 === 0 ? 'application' : 'database';
    if (acts.chance(0.3)) await comparison.passTime(what);
    else await comparison.act(what);
  }
  assert.ok(
    comparison.openedLoops.size > comparison.loops.length / 3,
    `only ${comparison.openedLoops.size} loops opened`,
  );
  assert.ok(comparison.applied > ACTS_BETWEEN / 2, `only ${comparison.applied} acts applied`);
});
