// Random acts on cases: mostly what somebody may do here, sometimes what nobody may. The same seed gives the same acts.
import type { LoopDeclaration, PartyDeclaration, TransitionDeclaration } from '@yimai/loops';
import { chinaDay } from './plain-calendar.fixture.ts';
import type { Facts, PlainActor, PlainCase, PlainEvent } from './plain-loop.fixture.ts';

export const HOUSES = [
  'county',
  'bureau',
  'hr-centre',
  'office',
  'station',
  'tcm',
  'town-a',
  'town-b',
  'village-a1',
];
export const PEOPLE = [
  'director-a',
  'director-b',
  'hr',
  'president',
  'officer',
  'expert-1',
  'expert-2',
  'clerk',
];

/** Mulberry32: numbers from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class RandomActs {
  readonly random: () => number;
  readonly #houses: readonly string[];

  constructor(seed: number, houses: readonly string[] = HOUSES) {
    this.random = randomFrom(seed);
    this.#houses = houses;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** Somebody who may open the loop, at any house that fits. */
  opener(loop: LoopDeclaration, offices: Readonly<Record<string, string>>): PlainActor {
    const by = loop.open.by;
    const name = this.pick(Array.isArray(by) ? (by as readonly string[]) : [by as string]);
    const party = loop.parties[name];
    const office = party?.at?.startsWith('office:') ? offices[party.at] : undefined;
    return {
      person: `Practitioner/${this.pick(PEOPLE)}`,
      role: name === 'system' ? 'system' : this.#role(party),
      organisation: office ?? `Organization/${this.pick(this.#houses)}`,
    };
  }

  answers(loop: LoopDeclaration, names: readonly string[], now: number): Facts {
    const given = names.filter((name) => !this.chance(Object.hasOwn(loop.fields, name) ? 0.03 : 0.4));
    return Object.fromEntries(given.map((name) => [name, this.#value(loop, name, now)]));
  }

  /** What a transition takes, and what its expressions read of the answers. */
  namesOf(transition: LoopDeclaration['open'] | TransitionDeclaration, looked = true): string[] {
    const text = JSON.stringify([
      transition.guards,
      transition.set,
      transition.do,
      (transition as { when?: string }).when,
    ]);
    const read = [...text.matchAll(/answers\.([a-z][a-z0-9-]*)/g)].map((match) => match[1]!);
    const looks = Object.keys(transition.look ?? {});
    const all = [...(transition.takes ?? []), ...(transition.requires ?? []), ...read];
    return [...new Set(all)].filter((name) => looked || !looks.includes(name));
  }

  event(one: PlainCase, now: number): PlainEvent {
    const { loop } = one;
    const [branch, place] = this.pick([...one.places]);
    if (this.chance(0.06)) {
      const party = place.party === null ? undefined : loop.parties[place.party];
      const actor =
        place.person && this.chance(0.5)
          ? { ...this.#actor(one, party), person: place.person }
          : this.#actor(one, party);
      return { event: this.pick(['$claim', '$release']), actor, branch };
    }
    const here = loop.transitions.filter((transition) => fromOf(transition).includes(place.state));
    const transition = here.length > 0 && !this.chance(0.06) ? this.pick(here) : this.pick(loop.transitions);
    if (!transition) return { event: 'nothing', actor: this.#actor(one, undefined) };
    const by = Array.isArray(transition.by) ? transition.by : [transition.by];
    const party = this.pick(by as readonly string[]);
    const actor = this.#actor(one, loop.parties[party]);
    const holds = place.person !== null && place.party === party && this.chance(0.9);
    const answers = this.answers(loop, this.namesOf(transition), now);
    return {
      event: transition.event,
      actor: holds ? { ...actor, person: place.person! } : actor,
      answers,
      ...(one.places.size > 1 && !this.chance(0.1) ? { branch } : {}),
      ...(this.chance(0.9) ? { reason: '模型测试' } : {}),
    };
  }

  /** One who fits the party in this case; now and then one who does not. */
  #actor(one: PlainCase, party: PartyDeclaration | undefined): PlainActor {
    const stranger = {
      person: `Practitioner/${this.pick(PEOPLE)}`,
      role: this.#role(party),
      organisation: `Organization/${this.pick(this.#houses)}`,
    };
    if (!party || this.chance(0.06)) return stranger;
    const organisation = one.organisationOf(party);
    const named = party.person === 'opener' ? one.opener.person : party.person?.replace('field:', '');
    const person = party.person === 'opener' ? named : named === undefined ? undefined : one.data[named];
    return {
      ...stranger,
      ...(typeof organisation === 'string' && organisation !== '' ? { organisation } : {}),
      ...(typeof person === 'string' && person.startsWith('Practitioner/') ? { person } : {}),
    };
  }

  #role(party: PartyDeclaration | undefined): string {
    const role = party?.role;
    return role === undefined ? 'expert' : typeof role === 'string' ? role : this.pick(role);
  }

  #value(loop: LoopDeclaration, name: string, now: number): Facts[string] {
    const field = loop.fields[name];
    const day = 86_400_000;
    switch (field?.type) {
      case 'number':
        return this.pick([0, 1, 2, 3, 4, 5, 60, 90, 100]);
      case 'yes-no':
        return this.chance(0.6);
      case 'date':
        return chinaDay(now + Math.floor(this.random() * 40) * day);
      case 'organisation':
        return `Organization/${this.pick(this.#houses)}`;
      case 'person':
        return `Practitioner/${this.pick(PEOPLE)}`;
      case 'list':
        return this.chance(0.9) ? [`项${Math.floor(this.random() * 9)}`] : [];
      case 'code':
        return this.pick([...Object.keys(field.codes ?? { x: 0 })]);
      case undefined:
        return this.pick<Facts[string]>([0, 1, 3, 5, 100, true, false, '文字', '2026-05-06', ['项一']]);
      default:
        return `文字${Math.floor(this.random() * 1000)}`;
    }
  }
}

const fromOf = (transition: TransitionDeclaration): readonly string[] =>
  typeof transition.from === 'string' ? [transition.from] : transition.from;
