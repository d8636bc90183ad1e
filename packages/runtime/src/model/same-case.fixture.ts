// Says where the state of a case and the plain model differ.
import assert from 'node:assert/strict';
import type { LoopState } from '@yimai/loops';
import { type PlainCase, PlainRefusal } from './plain-loop.fixture.ts';

/** What the model says to an act: `applied`, or the code of its no. */
export function worded(act: () => void): string {
  try {
    act();
    return 'applied';
  } catch (error) {
    if (error instanceof PlainRefusal) return error.message;
    throw error;
  }
}

export function sameCase(real: LoopState, plain: PlainCase): void {
  assert.deepEqual(picture(real), pictureOf(plain));
}

export function differs(real: LoopState, plain: PlainCase): boolean {
  return JSON.stringify(picture(real)) !== JSON.stringify(pictureOf(plain));
}

/** Where the model cannot know a fact (a register's, a form's), it goes on from what the runner made of it. */
export function adopt(plain: PlainCase, real: LoopState): void {
  const { data, closed, returns, reopened, rating, children } = real;
  const places = new Map(
    real.positions.map(({ branch, state, since, due, owner, escalated }) => {
      const { party, person, organisation } = owner ?? { party: null, person: null, organisation: null };
      return [branch, { state, since, due, party, person, organisation, escalated }];
    }),
  );
  Object.assign(plain, { data: { ...data }, closed, returns, reopened, rating, children, places });
}

function picture(state: LoopState) {
  const places = state.positions.map(({ branch, state: name, since, due, owner, escalated }) => ({
    branch,
    state: name,
    since,
    due,
    party: owner?.party ?? null,
    organisation: owner?.organisation ?? null,
    person: owner?.person ?? null,
    escalated,
  }));
  const { closed, data, returns, reopened, rating, children } = state;
  return { places: sorted(places), closed, data: filled(data), returns, reopened, rating, children };
}

function pictureOf(plain: PlainCase) {
  const places = [...plain.places].map(
    ([branch, { state, since, due, party, organisation, person, escalated }]) => ({
      branch,
      state,
      since,
      due,
      party,
      organisation,
      person,
      escalated,
    }),
  );
  const { closed, data, returns, reopened, rating, children } = plain;
  return { places: sorted(places), closed, data: filled(data), returns, reopened, rating, children };
}

const sorted = <T extends { readonly branch: string }>(places: readonly T[]): T[] =>
  [...places].sort((a, b) => (a.branch < b.branch ? -1 : 1));

/** A field that is null says the same as one that is not there; key order says nothing. */
const filled = (data: object): object =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== null && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
