// Turns the actions of a transition into effects: values computed, addressees named, nothing carried out.
import type { CompiledAction, Loop } from './compile.ts';
import { resolveParty } from './party.ts';
import type { StepScope } from './step.ts';
import type { CaseData, Effect, FieldValue, LoopState } from './types.ts';

export function runActions(
  loop: Loop,
  state: LoopState,
  actions: readonly CompiledAction[],
  scope: StepScope,
  effects: Effect[],
): void {
  for (const action of actions) {
    if (action.when !== null && action.when.run(scope) !== true) continue;
    const declared = action.declaration;
    if ('notify' in declared) {
      for (const party of action.parties) {
        effects.push({
          kind: 'notify',
          to: resolveParty(loop, state, party),
          about: 'message',
          text: declared.text,
        });
      }
    } else if ('open' in declared) openEach(action, declared.open, scope, effects);
    else if ('put' in declared)
      effects.push({ kind: 'put', register: declared.put, entry: valuesOf(action, scope) });
    else if ('book' in declared) {
      effects.push({ kind: 'book', pool: declared.book, request: valuesOf(action, scope) });
    } else if ('release' in declared) {
      effects.push({ kind: 'release', pool: declared.release, request: valuesOf(action, scope) });
    } else if ('task' in declared) {
      effects.push({ kind: 'task', tree: declared.task, row: valuesOf(action, scope) });
    } else if ('subject' in declared) {
      const value = action.values[0]?.[1].run(scope) ?? null;
      effects.push({ kind: 'subject', field: declared.subject, value: value as FieldValue });
    } else effects.push({ kind: 'note', text: declared.note });
  }
}

/** One sub-loop, or one for each item of a list. */
function openEach(action: CompiledAction, loop: string, scope: StepScope, effects: Effect[]): void {
  if (!action.each) {
    effects.push({ kind: 'open', loop, data: valuesOf(action, scope) });
    return;
  }
  const items = action.each.run(scope);
  for (const item of Array.isArray(items) ? items : []) {
    effects.push({ kind: 'open', loop, data: valuesOf(action, { ...scope, item }) });
  }
}

function valuesOf(action: CompiledAction, scope: StepScope): CaseData {
  return Object.fromEntries(action.values.map(([name, expr]) => [name, expr.run(scope) as FieldValue]));
}
