// Whether an actor may take a transition here and now, and the words for each no.
import { type No, refuse } from '@yimai/kit';
import type { CompiledTransition, Loop } from './compile.ts';
import { isOwner, isParty } from './party.ts';
import type { Actor, LoopEvent, LoopState, Position } from './types.ts';

export function mayAct(
  loop: Loop,
  state: LoopState,
  position: Position,
  transition: CompiledTransition,
  actor: Actor,
): No | undefined {
  const party = transition.by.find((name) => isParty(loop, state, name, actor));
  const owner = position.owner;
  // Whoever was handed the work may act in the owner's place, whatever the role.
  const handed = owner !== null && owner.person === actor.person && transition.by.includes(owner.party);
  if (party === undefined && !handed) return notYourTurn(transition.event);
  if (party !== undefined && owner?.party === party && owner.person !== null && !isOwner(owner, actor)) {
    return refuse(
      'claimed-by-other',
      { zh: '已由他人认领', en: 'someone else has claimed this work' },
      { at: 'actingAs' },
    );
  }
  return undefined;
}

export function notYourTurn(event: string): No {
  return refuse(
    'not-your-turn',
    {
      zh: `您所用的机构和岗位不能做“${event}”`,
      en: `the role and organisation in which you act may not do "${event}"`,
    },
    { at: 'actingAs' },
  );
}

export function timeBackwards(): No {
  return refuse(
    'before-last-event',
    { zh: '时间早于上一步', en: 'the time is before the last step' },
    { at: 'occurredAt' },
  );
}

export function needsReason(transition: CompiledTransition, event: LoopEvent): No | undefined {
  const asks = transition.kind === 'return' || transition.kind === 'withdraw' || transition.kind === 'reopen';
  if (!asks || (event.reason !== undefined && event.reason.trim() !== '')) return undefined;
  return refuse(
    'reason-missing',
    { zh: '退回、撤回和重开须写明原因', en: 'a return, withdrawal or re-opening needs a reason' },
    { at: 'payload.reason' },
  );
}
