// What may happen now: the next acts of a case for one actor, with the reason where an act is barred.
import type { Refusal, Text } from '@yimai/kit';
import type { CompiledTransition, Loop } from './compile.ts';
import { isOwner, isParty } from './party.ts';
import { scopeOf } from './step.ts';
import type { Actor, Instant, LoopState, TransitionKind } from './types.ts';

export interface AvailableEvent {
  readonly event: string;
  readonly title: Text;
  readonly branch: string;
  readonly kind: TransitionKind;
  readonly form: string | null;
  readonly takes: readonly string[];
  readonly requires: readonly string[];
  readonly needsReason: boolean;
  /** A guard over what is already known says no; guards over the answers are asked when they are given. */
  readonly barred: Refusal | null;
}

/** The acts open to this actor in the present state, in the order of the declaration. */
export function availableEvents(loop: Loop, state: LoopState, actor: Actor, now: Instant): AvailableEvent[] {
  const found: AvailableEvent[] = [];
  const home = loop.branchHome.get(state.positions[0]?.branch ?? '');
  const places = [
    ...state.positions.map((position) => ({ position, name: position.state })),
    ...(home !== undefined && state.positions[0] ? [{ position: state.positions[0], name: home }] : []),
  ];
  for (const { position, name } of places) {
    for (const [event, choices] of loop.states.get(name)?.events ?? []) {
      const first = choices[0];
      if (!first || event.startsWith('$')) continue;
      const handed =
        position.owner !== null &&
        position.owner.person === actor.person &&
        first.by.includes(position.owner.party);
      const party = first.by.find((one) => isParty(loop, state, one, actor));
      if (!handed && party === undefined) continue;
      if (party !== undefined && position.owner?.party === party && !isOwner(position.owner, actor)) continue;
      found.push(describe(event, position.branch, first, barredBy(state, choices, actor, now)));
    }
  }
  return found;
}

function barredBy(
  state: LoopState,
  choices: readonly CompiledTransition[],
  actor: Actor,
  now: Instant,
): Refusal | null {
  const scope = scopeOf(state, { event: choices[0]!.event, actor }, choices, now);
  const choice = choices.find((one) => one.when === null || one.when.answers || one.when.run(scope) === true);
  if (!choice) return { code: 'no-way-on' };
  for (const guard of choice.guards) {
    // A field that this very act fills cannot bar it beforehand.
    if (guard.expr.answers || choice.takes.length > 0) continue;
    if (guard.expr.run(scope) !== true) return { code: guard.code, detail: guard.otherwise };
  }
  return null;
}

function describe(
  event: string,
  branch: string,
  choice: CompiledTransition,
  barred: Refusal | null,
): AvailableEvent {
  return {
    event,
    title: choice.title,
    branch,
    kind: choice.kind,
    form: choice.form,
    takes: choice.takes,
    requires: choice.requires,
    needsReason: choice.kind === 'return' || choice.kind === 'withdraw' || choice.kind === 'reopen',
    barred,
  };
}
