// A plain model of a closed loop: reads the declaration as it is written and does what its words say, one line after the
// other. It shares no code with packages/loops; the tests hold the two against each other.
import { compileExpression, type Scope, type Value } from '@yimai/forms';
import { must } from '@yimai/kit';
import type {
  ActionDeclaration,
  LoopDeclaration,
  PartyDeclaration,
  TransitionDeclaration,
} from '@yimai/loops';
import { chinaDay, NoTable, type PlainCalendar, startOf } from './plain-calendar.fixture.ts';

export interface PlainActor {
  readonly person: string;
  readonly role: string;
  readonly organisation: string;
}

export interface PlainTimer {
  readonly branch: string;
  readonly kind: 'due' | 'escalate';
  readonly index: number;
  readonly at: number;
}

interface Place {
  state: string;
  since: number;
  due: number | null;
  /** The party whose work it is; who of it has taken the work, or the one person that the party is. */
  party: string | null;
  person: string | null;
  organisation: string | null;
  escalated: number;
}

export type Facts = Record<string, unknown>;

export interface PlainEvent {
  readonly event: string;
  readonly actor: PlainActor;
  readonly branch?: string;
  readonly answers?: Facts;
  readonly reason?: string;
}

/** A rule of the language says no. */
export class PlainRefusal extends Error {}
const no = (code: string): never => {
  throw new PlainRefusal(code);
};

const SYSTEM: PlainActor = { person: 'system', role: 'system', organisation: 'system' };
const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
const compiled = new Map<string, (scope: Scope) => Value>();

function compute(text: string, scope: Scope): Value {
  const known = compiled.get(text) ?? must(compileExpression(text, () => true));
  compiled.set(text, known);
  return known(scope);
}

export class PlainCase {
  readonly loop: LoopDeclaration;
  readonly calendar: PlainCalendar;
  readonly opener: PlainActor;
  readonly offices: Readonly<Record<string, string>>;
  places = new Map<string, Place>();
  data: Facts = {};
  closed: number | null = null;
  returns = 0;
  reopened = 0;
  rating: number | null = null;
  children = { open: 0, closed: 0, withoutResult: 0 };
  /** The sub-loops that the last event opened. */
  opened = 0;

  constructor(
    loop: LoopDeclaration,
    calendar: PlainCalendar,
    opener: PlainActor,
    offices: Readonly<Record<string, string>>,
  ) {
    this.loop = loop;
    this.calendar = calendar;
    this.opener = opener;
    this.offices = offices;
    for (const [name, field] of Object.entries(loop.fields))
      if (field.default !== undefined) this.data[name] = field.default;
  }

  clone(): PlainCase {
    const copy = new PlainCase(this.loop, this.calendar, this.opener, this.offices);
    return Object.assign(copy, this.#copy(), { opened: this.opened });
  }

  /** Opens the case; throws `PlainRefusal`. */
  open(answers: Facts, now: number): void {
    const opening = {
      ...this.loop.open,
      event: 'open',
      title: this.loop.title,
      from: [],
      to: this.loop.initial,
    };
    if (!list(opening.by).some((party) => this.isParty(party, this.opener))) no('not-your-turn');
    this.#take(opening, 'main', { event: 'open', actor: this.opener, answers }, now);
  }

  /** Applies an event or throws `PlainRefusal`; what was refused has changed nothing. */
  apply(event: PlainEvent, now: number): void {
    const before = this.#copy();
    try {
      this.opened = 0;
      if (event.event === '$claim' || event.event === '$release') this.#take$(event);
      else if (event.event.startsWith('$')) no('event-unknown');
      else this.#declared(event, now);
    } catch (error) {
      Object.assign(this, before);
      throw error;
    }
  }

  /** Every time that stands, but for reminders: the first instant past the deadline, and the steps after it. */
  timers(): PlainTimer[] {
    return [...this.places].flatMap(([branch, place]): PlainTimer[] => {
      const due = this.loop.states[place.state]?.due;
      if (!due || place.due === null) return [];
      const end = place.due;
      const steps = (due.escalate ?? []).map(({ after }, index): PlainTimer => {
        const at = after.startsWith('0 ') ? end : this.calendar.deadline(after, end, true, false);
        return { branch, kind: 'escalate', index, at: at + 1 };
      });
      return [{ branch, kind: 'due', index: 0, at: end + 1 }, ...steps];
    });
  }

  fire(timer: PlainTimer, now: number): void {
    const place = this.places.get(timer.branch);
    const due = place && this.loop.states[place.state]?.due;
    if (!place || !due) return;
    if (timer.kind === 'escalate') place.escalated = timer.index + 1;
    const event = timer.kind === 'due' ? due.event : due.escalate?.[timer.index]?.event;
    this.opened = 0;
    if (event === undefined) return;
    this.#tryAsSystem({ event, branch: timer.branch, actor: SYSTEM, reason: 'overdue' }, now);
  }

  childClosed(withResult: boolean, now: number): void {
    this.opened = 0;
    this.children = {
      open: this.children.open - 1,
      closed: this.children.closed + (withResult ? 1 : 0),
      withoutResult: this.children.withoutResult + (withResult ? 0 : 1),
    };
    if (this.children.open === 0) this.#tryAsSystem({ event: '$children-done', actor: SYSTEM }, now);
  }

  isParty(name: string, actor: PlainActor): boolean {
    if (name === 'system') return actor.role === 'system';
    const party = this.loop.parties[name];
    if (!party) return false;
    if (party.person) return this.#personOf(party) === actor.person && actor.person !== '';
    if (party.role !== undefined && !list(party.role).includes(actor.role)) return false;
    const at = this.organisationOf(party);
    return at === null || (at !== '' && at === actor.organisation);
  }

  organisationOf(party: PartyDeclaration): string | null {
    if (!party.at || party.at === 'anywhere') return null;
    if (party.at === 'opener') return this.opener.organisation;
    if (party.at.startsWith('field:')) return this.#textOf(party.at);
    return this.offices[party.at] ?? '';
  }

  #personOf(party: PartyDeclaration): string | null {
    if (party.person === 'opener') return this.opener.person;
    return party.person ? this.#textOf(party.person) : null;
  }

  /** An empty field stands for nobody, and so does what is no text. */
  #textOf(field: string): string {
    const value = this.data[field.slice('field:'.length)];
    return typeof value === 'string' ? value : '';
  }

  #tryAsSystem(event: PlainEvent, now: number): void {
    const before = this.#copy();
    try {
      this.#declared(event, now);
    } catch (error) {
      if (!(error instanceof PlainRefusal)) throw error;
      Object.assign(this, before);
    }
  }

  #copy() {
    const places = new Map([...this.places].map(([branch, place]) => [branch, { ...place }]));
    const { closed, returns, reopened, rating } = this;
    return {
      places,
      data: { ...this.data },
      children: { ...this.children },
      closed,
      returns,
      reopened,
      rating,
      opened: 0,
    };
  }

  #take$(event: PlainEvent): void {
    if (this.closed !== null) no('loop-closed');
    const owned = [...this.places].filter(([, place]) => place.party !== null);
    const asked = owned.filter(([branch]) => event.branch === undefined || branch === event.branch);
    const mine = (place: Place): boolean => {
      const party = this.loop.parties[place.party ?? ''];
      const holder = place.person ?? (party ? this.#personOf(party) : null);
      if (holder !== null) return holder === event.actor.person;
      return this.isParty(place.party!, event.actor);
    };
    const found = asked.length === 1 ? asked[0] : asked.find(([, place]) => mine(place));
    if (!found) throw new PlainRefusal('branch-needed');
    const place = found[1];
    if (!mine(place))
      no(place.person !== null && event.event === '$claim' ? 'claimed-by-other' : 'not-your-turn');
    const party = this.loop.parties[place.party!];
    place.person = event.event === '$claim' ? event.actor.person : party ? this.#personOf(party) : null;
  }

  #choices(state: string, event: string): TransitionDeclaration[] {
    return this.loop.transitions.filter((one) => one.event === event && list(one.from).includes(state));
  }

  /** The state that holds this branch, where there is one. */
  #holderOf(branch: string): string | undefined {
    return Object.entries(this.loop.states).find(
      ([, state]) => state.branches && branch in state.branches,
    )?.[0];
  }

  #declared(event: PlainEvent, now: number): void {
    const here = [...this.places].filter(
      ([branch, place]) =>
        (event.branch === undefined || branch === event.branch) &&
        this.#choices(place.state, event.event).length > 0,
    );
    if (here.length > 1) no('branch-needed');
    let [branch, choices] = ['', [] as TransitionDeclaration[]];
    if (here[0]) [branch, choices] = [here[0][0], this.#choices(here[0][1].state, event.event)];
    else {
      branch = [...this.places.keys()][0]!;
      choices = this.#choices(this.#holderOf(branch) ?? '', event.event);
      if (choices.length === 0) {
        if (!this.loop.transitions.some((one) => one.event === event.event)) no('event-unknown');
        no(this.closed === null ? 'event-not-here' : 'loop-closed');
      }
    }
    const place = this.places.get(branch)!;
    if (now < place.since) no('before-last-event');
    const scope = this.#scope(event, now);
    const taken = choices.find((one) => one.when === undefined || compute(one.when, scope) === true);
    if (!taken) throw new PlainRefusal('no-way-on');
    this.#mayAct(taken, place, event.actor);
    if (['return', 'withdraw', 'reopen'].includes(taken.kind ?? '') && !event.reason?.trim())
      no('reason-missing');
    this.#take(taken, branch, event, now);
  }

  #mayAct(transition: TransitionDeclaration, place: Place, actor: PlainActor): void {
    const party = list(transition.by).find((name) => this.isParty(name, actor));
    const handed =
      place.person === actor.person && place.party !== null && list(transition.by).includes(place.party);
    if (party === undefined && !handed) no('not-your-turn');
    const isOwners = party !== undefined && party === place.party;
    if (isOwners && place.person !== null && place.person !== actor.person) no('claimed-by-other');
  }

  /** Takes the transition: answers, guards, sets, rating, then the new place, then what follows from it. */
  #take(transition: TransitionDeclaration, branch: string, event: PlainEvent, now: number): void {
    this.#answers(transition, event.answers ?? {});
    let scope = this.#scope(event, now);
    for (const guard of transition.guards ?? []) if (compute(guard.that, scope) !== true) no(guard.code);
    if (transition.kind === 'reopen' && transition.within !== undefined && this.closed !== null)
      if (now > this.calendar.deadline(transition.within, this.closed, true, false)) no('reopen-too-late');
    const sets = Object.entries(transition.set ?? {}).map(([name, text]) => [name, compute(text, scope)]);
    this.data = { ...this.data, ...Object.fromEntries(sets) };
    scope = this.#scope(event, now);
    if (transition.kind === 'rate' && this.loop.rating) {
      const value = compute(this.loop.rating.value, scope);
      const { least, most } = this.loop.rating;
      if (value !== null && !(typeof value === 'number' && value >= least && value <= most))
        no('rating-out-of-range');
      if (typeof value === 'number') this.rating = value;
    }
    if (transition.kind === 'return') this.returns += 1;
    if (transition.kind === 'reopen') {
      this.reopened += 1;
      this.closed = null;
    }
    if (transition.to !== undefined) this.#goTo(transition.to, branch, now);
    this.opened = (transition.do ?? []).reduce((sum, action) => sum + this.#opens(action, scope), 0);
    this.children = { ...this.children, open: this.children.open + this.opened };
  }

  #opens(action: ActionDeclaration, scope: Scope): number {
    if (!('open' in action)) return 0;
    if (action.when !== undefined && compute(action.when, scope) !== true) return 0;
    if (action.each === undefined) return 1;
    const items = compute(action.each, scope);
    return Array.isArray(items) ? items.length : 0;
  }

  #answers(transition: TransitionDeclaration, answers: Facts): void {
    const names = [...new Set([...(transition.takes ?? []), ...(transition.requires ?? [])])];
    const next: Facts = { ...this.data };
    for (const name of names) {
      const value = answers[name];
      if (value === undefined) continue;
      const field = this.loop.fields[name];
      if (field && value !== null && !fits(field.type, value)) no('answer-type');
      if (field?.codes && typeof value === 'string' && !(value in field.codes)) no('code-unknown');
      next[name] = value;
    }
    for (const name of transition.requires ?? []) {
      const value = next[name];
      const empty =
        value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
      if (empty) no('field-missing');
    }
    this.data = next;
  }

  #goTo(to: string, branch: string, now: number): void {
    const state = this.loop.states[to]!;
    const holder = this.#holderOf(branch);
    const stays = holder !== undefined && this.#within(holder).has(to);
    if (stays && state.kind === 'branch-end') {
      this.places.set(branch, ended(to, now));
      const { need, join, branches } = this.loop.states[holder]!;
      const done = [...this.places.values()].filter(
        ({ state: one }) => this.loop.states[one]?.kind === 'branch-end',
      );
      if (done.length >= (need ?? Object.keys(branches ?? {}).length)) this.#goTo(join!, 'main', now);
      return;
    }
    if (state.kind === 'closed' || state.kind === 'closed-without-result') {
      this.places = new Map([['main', ended(to, now)]]);
      this.closed = now;
      return;
    }
    if (state.branches && Object.keys(state.branches).length > 0) {
      const begun = Object.entries(state.branches).map(
        ([name, start]) => [name, this.#place(start, now)] as const,
      );
      this.places = new Map(begun);
    } else if (stays) this.places.set(branch, this.#place(to, now));
    else this.places = new Map([['main', this.#place(to, now)]]);
  }

  /** The states that the branches of a holder can be in. */
  #within(holder: string): Set<string> {
    const { branches, join } = this.loop.states[holder]!;
    const inside = new Set<string>();
    const look = (name: string): void => {
      if (inside.has(name) || name === join || name === holder) return;
      if (this.loop.states[name]?.kind.startsWith('closed')) return;
      inside.add(name);
      for (const one of this.loop.transitions)
        if (one.to !== undefined && list(one.from).includes(name)) look(one.to);
    };
    for (const start of Object.values(branches ?? {})) look(start);
    return inside;
  }

  #place(name: string, now: number): Place {
    const state = this.loop.states[name]!;
    const party = state.owner === undefined ? undefined : this.loop.parties[state.owner];
    return {
      state: name,
      since: now,
      due: this.#dueOf(name, now),
      party: state.owner ?? null,
      person: party ? this.#personOf(party) : null,
      organisation: party ? this.organisationOf(party) : null,
      escalated: 0,
    };
  }

  #dueOf(name: string, now: number): number | null {
    const due = this.loop.states[name]!.due;
    if (!due) return null;
    const inclusive = due.edge === 'including';
    try {
      if (!due.from) return this.calendar.deadline(due.within, now, inclusive, due.roll !== 'none');
      const date = this.data[due.from.slice('field:'.length)];
      if (typeof date !== 'string') return no('deadline-date-missing');
      const end = this.calendar.deadline(due.within, startOf(date), inclusive, due.roll !== 'none');
      return end < now ? no('deadline-past') : end;
    } catch (error) {
      if (error instanceof NoTable) return no('calendar-missing');
      throw error;
    }
  }

  #scope(event: PlainEvent, now: number): Scope {
    const { data, opener, children, returns, reopened, rating } = this;
    const answers = event.answers ?? {};
    const today = chinaDay(now);
    return {
      data,
      answers,
      actor: event.actor,
      opener,
      children,
      returns,
      reopened,
      rating,
      reason: event.reason ?? null,
      today,
    };
  }
}

const ended = (state: string, now: number): Place => ({
  state,
  since: now,
  due: null,
  party: null,
  person: null,
  organisation: null,
  escalated: 0,
});

function fits(type: string, value: unknown): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'yes-no') return typeof value === 'boolean';
  if (type === 'list') return Array.isArray(value);
  if (type === 'date') return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  return typeof value === 'string';
}
