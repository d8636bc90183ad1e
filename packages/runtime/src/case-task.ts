// A case as a FHIR Task: the whole state in an extension, and the standard elements that other systems read.
import type { Task, TaskInput, TaskRestriction } from '@medplum/fhirtypes';
import { assert } from '@yimai/kit';
import type { CaseData, FieldValue, Loop, LoopState } from '@yimai/loops';
import { ENGINE_TAG_SYSTEM } from '@yimai/record';
import { SYSTEMS } from './context.ts';

export interface CaseHead {
  readonly id: string;
  readonly number: string;
  readonly subject: string | undefined;
  readonly parent: string | undefined;
  /** Who has been a party so far: whoever had the case in hand finds it also after it went on. */
  readonly parties?: readonly string[];
}

export interface LastAct {
  readonly event: string;
  readonly by: string;
  readonly response: string | undefined;
  readonly reason: string | undefined;
}

const STATE = `${SYSTEMS.extension}loop-state`;

export function toTask(loop: Loop, head: CaseHead, state: LoopState, act: LastAct, at: Date): Task {
  const { declaration } = loop;
  const first = state.positions[0];
  const owner = state.positions.find((position) => position.owner !== null)?.owner;
  const due = earliestDue(state);
  const recipients = [...new Set([...recipientsOf(state), ...(head.parties ?? [])])];
  const restriction: TaskRestriction = {
    ...(due === null ? {} : { period: { end: new Date(due).toISOString() } }),
    ...(recipients.length > 0 ? { recipient: recipients.map((reference) => ({ reference })) } : {}),
  };
  const ownerReference = owner ? (referenceOf(owner.person) ?? referenceOf(owner.organisation)) : undefined;
  const requester = referenceOf(state.opener.organisation);
  return {
    resourceType: 'Task',
    id: head.id,
    meta: { tag: [{ system: ENGINE_TAG_SYSTEM, code: 'loop' }] },
    extension: [{ url: STATE, valueString: JSON.stringify(state) }],
    identifier: [{ system: SYSTEMS.number, value: head.number }],
    ...(head.parent === undefined ? {} : { partOf: [{ reference: `Task/${head.parent}` }] }),
    status: statusOf(loop, state),
    intent: 'order',
    code: {
      coding: [{ system: SYSTEMS.loop, code: declaration.id, display: declaration.title.zh }],
      text: declaration.title.zh,
    },
    businessStatus: {
      coding: state.positions.map((position) => ({
        system: `${SYSTEMS.loopState}${declaration.id}`,
        code: position.state,
      })),
      text: first ? (loop.states.get(first.state)?.declaration.title.zh ?? first.state) : '',
    },
    description: `${declaration.title.zh} ${head.number}`,
    ...(head.subject === undefined ? {} : { for: { reference: head.subject } }),
    ...(requester === undefined ? {} : { requester: { reference: requester } }),
    ...(ownerReference === undefined ? {} : { owner: { reference: ownerReference } }),
    authoredOn: new Date(state.opened).toISOString(),
    lastModified: at.toISOString(),
    executionPeriod: {
      start: new Date(state.opened).toISOString(),
      ...(state.closed === null ? {} : { end: new Date(state.closed).toISOString() }),
    },
    ...(Object.keys(restriction).length > 0 ? { restriction } : {}),
    ...(act.reason === undefined ? {} : { statusReason: { text: act.reason } }),
    ...inputsOf(loop, state.data),
    ...(act.response === undefined ? {} : { focus: { reference: `QuestionnaireResponse/${act.response}` } }),
  };
}

const referenceOf = (text: string | null): string | undefined =>
  text !== null && /^(Organization|Practitioner|PractitionerRole|Patient)\/[A-Za-z0-9.-]{1,64}$/.test(text)
    ? text
    : undefined;

/** Everyone who is a party can find the case: opener, places, owners. */
function recipientsOf(state: LoopState): string[] {
  const all = [
    state.opener.person,
    state.opener.organisation,
    ...Object.values(state.places),
    ...state.positions.flatMap((position) => [
      position.owner?.organisation ?? null,
      position.owner?.person ?? null,
    ]),
  ];
  return [...new Set(all.flatMap((one) => referenceOf(one) ?? []))];
}

function earliestDue(state: LoopState): number | null {
  const dues = state.positions.flatMap((position) => (position.due === null ? [] : [position.due]));
  return dues.length === 0 ? null : Math.min(...dues);
}

export type Outcome = 'open' | 'closed' | 'closed-without-result';

export function outcomeOf(loop: Loop, state: LoopState): Outcome {
  if (state.closed === null) return 'open';
  const kind = loop.states.get(state.positions[0]?.state ?? '')?.declaration.kind;
  return kind === 'closed-without-result' ? 'closed-without-result' : 'closed';
}

function statusOf(loop: Loop, state: LoopState): NonNullable<Task['status']> {
  const outcome = outcomeOf(loop, state);
  if (outcome === 'closed') return 'completed';
  if (outcome === 'closed-without-result') return 'cancelled';
  return state.positions.some((position) => position.owner?.person) ? 'in-progress' : 'requested';
}

function inputsOf(loop: Loop, data: CaseData): { input?: TaskInput[] } {
  const input = Object.entries(data).flatMap(([name, value]): TaskInput[] => {
    const field = loop.declaration.fields[name];
    if (!field || value === null || (Array.isArray(value) && value.length === 0)) return [];
    const type = { coding: [{ system: SYSTEMS.field, code: name }], text: field.title.zh };
    return (Array.isArray(value) ? value : [value]).map((one) => ({ type, ...inputValue(field.type, one) }));
  });
  return input.length > 0 ? { input } : {};
}

function inputValue(type: string, value: FieldValue) {
  if (typeof value === 'number') return { valueDecimal: value };
  if (typeof value === 'boolean') return { valueBoolean: value };
  const text = String(value);
  if (type === 'date') return { valueDate: text };
  return { valueString: text === '' ? '-' : text };
}

/** The state that a Task of this engine carries. */
export function stateOf(task: Task): LoopState {
  const text = task.extension?.find((one) => one.url === STATE)?.valueString;
  assert(text !== undefined, 'a Task of the loop engine has lost its state');
  return JSON.parse(text) as LoopState;
}

export function headOf(task: Task): CaseHead {
  return {
    id: task.id ?? '',
    number: task.identifier?.find((one) => one.system === SYSTEMS.number)?.value ?? '',
    subject: task.for?.reference,
    parent: task.partOf?.[0]?.reference?.replace(/^Task\//, ''),
    parties: (task.restriction?.recipient ?? []).flatMap((one) => one.reference ?? []),
  };
}
