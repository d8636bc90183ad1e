// Runs cases: opens them, applies events, carries effects out, all in the transaction of the act that caused them.
import type { Task } from '@medplum/fhirtypes';
import { chinaDate, must, ok, type Result, refuse, uuidv7 } from '@yimai/kit';
import {
  type Actor,
  type CaseData,
  type CompiledTransition,
  type Effect,
  type FieldValue,
  initialState,
  type Loop,
  type LoopState,
  SYSTEM,
  step,
  withOpenedChildren,
} from '@yimai/loops';
import { sql } from '@yimai/postgres';
import type { RecordTx, Resource } from '@yimai/record';
import { caseRows } from './case-rows.ts';
import { type CaseHead, headOf, type LastAct, stateOf, toTask } from './case-task.ts';
import { loopVersion, newestLoop, type RuntimeContext } from './context.ts';
import { storeForm } from './form-store.ts';
import { lookUp } from './look.ts';
import { findPlaces } from './places.ts';
import { type BookRequest, book, release } from './pool-engine.ts';
import { putEntry } from './register-engine.ts';
import { hangTask } from './tree-engine.ts';

export interface Opening {
  readonly loop: string;
  readonly actor: Actor;
  readonly subject?: string | undefined;
  readonly parent?: string | undefined;
  readonly answers: CaseData;
  readonly formVersion?: string | undefined;
}

export interface CaseAnswer {
  readonly case: string;
  readonly number: string;
  readonly states: readonly string[];
  readonly seq: number;
}

/** How deep effects may open sub-loops and close parents; a declaration that goes round is stopped here. */
const DEPTH_MAX = 8;

export async function openCase(
  context: RuntimeContext,
  tx: RecordTx,
  opening: Opening,
  depth = 0,
): Promise<Result<CaseAnswer>> {
  if (depth > DEPTH_MAX)
    return refuse('loops-too-deep', { zh: '子流程嵌套过深', en: 'sub-loops are nested too deeply' });
  const found = newestLoop(context, opening.loop);
  if (!found.ok) return found;
  const loop = found.value;
  const places = await findPlaces(tx, loop, opening.actor.organisation, opening.subject);
  if (!places.ok) return places;
  const answered = await takeForm(context, tx, loop.opening.form, opening);
  if (!answered.ok) return answered;
  const { actor } = opening;
  const answers = await lookUp(tx, loop.opening, answered.value.answers, {}, actor);
  const opened = initialState(
    loop,
    { actor, places: places.value, answers },
    tx.recordedAt.getTime(),
    context.calendar,
  );
  if (!opened.ok) return opened;
  const head: CaseHead = {
    id: uuidv7(tx.recordedAt.getTime()),
    number: await caseNumber(tx, loop),
    subject: opening.subject,
    parent: opening.parent,
  };
  const act: LastAct = {
    event: 'open',
    by: actor.person,
    response: answered.value.response,
    reason: undefined,
  };
  const made = { before: null, state: opened.state, effects: opened.effects };
  const state = await writeCase(context, tx, loop, head, made, act, actor, depth);
  return ok(answerOf(head, state));
}

export interface Act {
  readonly case: string;
  readonly event: string;
  readonly actor: Actor;
  readonly branch?: string | undefined;
  readonly answers: CaseData;
  readonly reason?: string | undefined;
  readonly formVersion?: string | undefined;
  readonly ifVersion?: number | undefined;
}

export async function actOnCase(
  context: RuntimeContext,
  tx: RecordTx,
  act: Act,
  depth = 0,
): Promise<Result<CaseAnswer>> {
  if (depth > DEPTH_MAX)
    return refuse('loops-too-deep', { zh: '流程互相触发过深', en: 'loops set each other off too deeply' });
  // The row stays locked to the end of the transaction: of two who act at once the second sees what the first did.
  const found = await tx.readAsSystem('Task', act.case, { forUpdate: true });
  if (found?.row.engine !== 'loop') {
    return refuse('case-unknown', { zh: '没有这件事', en: 'there is no such case' }, { at: 'payload.case' });
  }
  if (act.ifVersion !== undefined && act.ifVersion !== found.row.version) {
    return refuse(
      'version-conflict',
      { zh: '他人刚处理过，请刷新后再办', en: 'someone has just acted on this case; please look again' },
      { at: 'ifVersion' },
    );
  }
  const task = found.resource as unknown as Task;
  const state = stateOf(task);
  const version = loopVersion(context, state.loop, state.version);
  if (!version.ok) return version;
  const loop = version.value;
  const head = headOf(task);
  const transition = transitionOf(loop, state, act);
  const answered = await takeForm(context, tx, transition?.form ?? null, { ...act, subject: head.subject });
  if (!answered.ok) return answered;
  const event = {
    event: act.event,
    actor: act.actor,
    answers: await lookUp(tx, transition, answered.value.answers, state.data, act.actor),
    ...(act.branch === undefined ? {} : { branch: act.branch }),
    ...(act.reason === undefined ? {} : { reason: act.reason }),
  };
  const moved = step(loop, state, event, tx.recordedAt.getTime(), context.calendar);
  if (!moved.ok) return moved;
  const last: LastAct = {
    event: act.event,
    by: act.actor.person,
    response: answered.value.response,
    reason: act.reason,
  };
  const made = { before: state, state: moved.state, effects: moved.effects };
  const written = await writeCase(context, tx, loop, head, made, last, act.actor, depth);
  return ok(answerOf(head, written));
}

const answerOf = (head: CaseHead, state: LoopState): CaseAnswer => ({
  case: head.id,
  number: head.number,
  states: state.positions.map((position) => position.state),
  seq: state.seq,
});

/** A number that people can say on the telephone: loop, year, running number. */
async function caseNumber(tx: RecordTx, loop: Loop): Promise<string> {
  const year = chinaDate(tx.recordedAt).slice(0, 4);
  const name = `${loop.declaration.id}-${year}`;
  return `${name}-${String(await tx.nextNumber(name)).padStart(5, '0')}`;
}

/** The transition that the event would take, wherever the case stands. */
function transitionOf(loop: Loop, state: LoopState, act: Act): CompiledTransition | undefined {
  for (const position of state.positions) {
    if (act.branch !== undefined && act.branch !== position.branch) continue;
    const here = loop.states.get(position.state)?.events.get(act.event)?.[0];
    if (here) return here;
    const home = loop.branchHome.get(position.branch);
    const whole = home === undefined ? undefined : loop.states.get(home)?.events.get(act.event)?.[0];
    if (whole) return whole;
  }
  return undefined;
}

async function takeForm(
  context: RuntimeContext,
  tx: RecordTx,
  form: string | null,
  from: {
    readonly answers: CaseData;
    readonly formVersion?: string | undefined;
    readonly subject?: string | undefined;
    readonly actor: Actor;
  },
): Promise<Result<{ answers: CaseData; response: string | undefined }>> {
  if (form === null) return ok({ answers: from.answers, response: undefined });
  const given = { form, version: from.formVersion, answers: from.answers, subject: from.subject };
  const stored = await storeForm(context, tx, given, from.actor);
  return stored.ok ? ok({ answers: stored.value.values, response: stored.value.id }) : stored;
}

/** What a step made of a case; `before` is null when it opens. */
interface Moved {
  readonly before: LoopState | null;
  readonly state: LoopState;
  readonly effects: readonly Effect[];
}

async function writeCase(
  context: RuntimeContext,
  tx: RecordTx,
  loop: Loop,
  known: CaseHead,
  made: Moved,
  act: LastAct,
  actor: Actor,
  depth: number,
): Promise<LoopState> {
  const { before, effects } = made;
  const opens = effects.flatMap((effect) => (effect.kind === 'open' ? [effect] : []));
  const state = opens.length === 0 ? made.state : withOpenedChildren(made.state, opens.length);
  const head = must(aboutWhom(loop, known, effects));
  const task = toTask(loop, head, state, act, tx.recordedAt) as unknown as Resource;
  if (act.event === 'open') await tx.create(task, { id: head.id, engine: 'loop' });
  else await tx.update(task, { engine: 'loop' });
  const at = tx.recordedAt;
  tx.send(caseRows({ loop, head, before, state, effects, act, actor, at, command: tx.commandId }));
  // Sub-loops and the parent come after this case's own row: they may act on it in turn.
  for (const effect of opens) {
    const child: Actor = { ...SYSTEM, organisation: state.opener.organisation };
    must(
      await openCase(
        context,
        tx,
        { loop: effect.loop, actor: child, subject: head.subject, parent: head.id, answers: effect.data },
        depth + 1,
      ),
    );
  }
  await carryOut(context, tx, head, effects, actor, depth);
  return state;
}

/** An act may say whom or what the case is about from now on; it is of the kind that the loop names. */
function aboutWhom(loop: Loop, head: CaseHead, effects: readonly Effect[]): Result<CaseHead> {
  const said = effects.flatMap((effect) => (effect.kind === 'subject' ? [textOf(effect.value)] : [])).at(-1);
  if (said === undefined) return ok(head);
  const kind = loop.declaration.subject;
  if (
    /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(said) &&
    (kind === undefined || said.startsWith(`${kind}/`))
  )
    return ok({ ...head, subject: said });
  return refuse(
    'subject-wrong',
    { zh: `这件事须针对 ${kind ?? '一个资源'}`, en: `this matter is about a ${kind ?? 'resource'}` },
    { at: 'payload.answers' },
  );
}

async function carryOut(
  context: RuntimeContext,
  tx: RecordTx,
  head: CaseHead,
  effects: readonly Effect[],
  actor: Actor,
  depth: number,
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'notify') tell(tx, head, effect);
    else if (effect.kind === 'note')
      tx.audit('loop.note', { type: 'Task', id: head.id, text: effect.text.en });
    else if (effect.kind === 'put') {
      const entry = { ...effect.entry, case: `Task/${head.id}` };
      must(
        await putEntry(context, tx, {
          register: effect.register,
          entry,
          actor,
          byEngine: true,
          from: undefined,
        }),
      );
    } else if (effect.kind === 'book') {
      must(await book(context, tx, bookingOf(effect, head, actor)));
    } else if (effect.kind === 'release') {
      const { holder, unit } = effect.request;
      await release(tx, {
        pool: effect.pool,
        order: `Task/${head.id}`,
        holder: textOf(holder),
        unit: textOf(unit),
      });
    } else if (effect.kind === 'task') {
      must(await hangTask(context, tx, effect.tree, effect.row, `Task/${head.id}`, actor));
    } else if (effect.kind === 'closed' && head.parent !== undefined) {
      const closing: Act = {
        case: head.parent,
        event: '$child-closed',
        actor: SYSTEM,
        answers: { withResult: effect.withResult },
      };
      must(await actOnCase(context, tx, closing, depth + 1));
    }
  }
}

/** What a loop books is booked for its case, so that the case can release it again. */
function bookingOf(effect: Effect & { kind: 'book' | 'release' }, head: CaseHead, actor: Actor): BookRequest {
  const { unit, holder, from, to, ...facts } = effect.request;
  return {
    pool: effect.pool,
    unit: textOf(unit),
    holder: textOf(holder) ?? `Task/${head.id}`,
    from: textOf(from),
    to: textOf(to),
    facts,
    hold: false,
    actor,
    order: `Task/${head.id}`,
  };
}

const textOf = (value: FieldValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function tell(tx: RecordTx, head: CaseHead, effect: Effect & { kind: 'notify' }): void {
  const { to, text, about } = effect;
  tx.send(sql`insert into notice (id, at, org, roles, person, about, case_id, text_zh, text_en)
    values (${uuidv7(tx.recordedAt.getTime())}, ${tx.recordedAt}, ${to.organisation}, ${[...to.roles]}, ${to.person},
      ${about}, ${head.id}, ${text.zh}, ${text.en})`);
}
