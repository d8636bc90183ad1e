// Every programme shows something: where no story of its own is told, its registers get entries and its loops are walked
// by those whom the declaration names, with answers made up from it. What an engine refuses is simply not done.
import { addDays, chinaInstant } from '@yimai/kit';
import { type AvailableEvent, availableEvents, type Loop, type LoopState } from '@yimai/loops';
import { currentForm, newestLoop, type RuntimeContext, stateOf } from '@yimai/runtime';
import { allChairs, type Chair } from '../people.ts';
import { seeded } from '../random.ts';
import type { Resident } from '../residents.ts';
import { staffUsers } from '../sign-ins.ts';
import { SEEDED_ANSWERS, SEEDED_OPENINGS, SEEDED_ROWS } from './first-rows.ts';
import { type Ground, inventedAnswers, inventedField } from './invented.ts';
import { addMechanisms } from './mechanisms.ts';
import { type Script, type Stage, type Story, seat } from './stage.ts';
import { NOT_OPENED_BY_HAND, OF_LATE, TOLD } from './told.ts';

const CASES = 4;
const STEPS_MAX = 10;
const ROWS = 6;
const TRIES = 3;
const TASKS = 12;
const ANSWERS = 36;

export function addLateProgrammes(
  stage: Stage,
  script: Script,
  people: readonly Resident[],
  context: RuntimeContext,
): void {
  addMechanisms(stage, script, context);
  const adults = people.filter((one) => one.age >= 40).slice(0, 200);
  for (const [index, programme] of context.programmes.entries()) {
    if (programme.domain === 'fund') continue;
    const random = seeded(9_700 + index);
    const groundOf = (
      nth: number,
      day = addDays(stage.begins, 20 + ((index * 5 + nth * 61) % 280)),
    ): Ground => ({
      random: random.fork(`${programme.id}-${nth}`),
      day,
      nth,
      topic: programme.title.zh.replace(/[（(].*$/, '').slice(0, 12),
      resident: `Patient/${adults[(index * 7 + nth) % Math.max(1, adults.length)]?.id ?? 'none'}`,
    });
    const early = chinaInstant(addDays(stage.begins, 5 + (index % 10)), '09:30');
    for (const register of programme.registers)
      if (!TOLD.has(register.id)) script.add(early, entries(stage, register, groundOf));
    for (const tree of programme.trees)
      if (!TOLD.has(tree.id)) script.add(early, tasks(stage, tree, groundOf(0)));
    for (const survey of programme.surveys)
      script.add(
        chinaInstant(addDays(stage.begins, 200 + index), '10:40'),
        answered(stage, context, survey, groundOf(40)),
      );
    for (const loop of programme.loops) {
      const { id } = loop.declaration;
      if (TOLD.has(id) || NOT_OPENED_BY_HAND.has(id)) continue;
      for (let nth = 0; nth < CASES; nth += 1) {
        const stands = nth >= CASES - 2;
        const isNow = stands || OF_LATE.has(id);
        // Numbers apart from those of the registers' rows: a thing that is opened is not there yet.
        const ground = groundOf(nth + 20, isNow ? addDays(stage.until, -12 + nth * 2) : undefined);
        const at = chinaInstant(ground.day, `1${nth}:${10 + (index % 45)}`);
        script.add(at, walk(stage, context, id, `late-${id}-${nth}`, ground, stands ? nth - 1 : STEPS_MAX));
      }
    }
  }
}

/** Keys of what was entered, for loops that look something up. */
const entered = new Map<string, readonly unknown[]>();

let seats: readonly Chair[] | undefined;

/** Those who sign in come first: what waits, waits for somebody. */
function chairs(): readonly Chair[] {
  seats ??= [...staffUsers().map((one) => seat(one.login)), ...allChairs()];
  return seats;
}

type Register = RuntimeContext['programmes'][number]['registers'][number];
type Tree = RuntimeContext['programmes'][number]['trees'][number];

async function* entries(stage: Stage, register: Register, groundOf: (nth: number) => Ground): Story {
  const keeper = chairs().find((one) => register.by.includes(one.role));
  const isOfCases = register.key.some((name) => /^case$/.test(name));
  if (!keeper || isOfCases) return;
  const rows =
    SEEDED_ROWS[register.id] ?? Array.from({ length: ROWS }, (_, nth) => rowOf(register, groundOf(nth)));
  const kept = rows.filter((row) => row !== null);
  if (register.key.length === 1)
    entered.set(
      register.id,
      kept.map((row) => row[register.key[0]!]),
    );
  await stage.send(
    `late-${register.id}`,
    keeper,
    'register.import',
    { register: register.id, rows: kept },
    'may-refuse',
  );
  yield* [];
}

function rowOf(register: Register, ground: Ground): Record<string, unknown> | null {
  const row: Record<string, unknown> = {};
  for (const [id, field] of Object.entries(register.fields)) {
    const value = inventedField(id, field, ground);
    if (value !== undefined) row[id] = value;
    else if (register.key.includes(id) || (field as { required?: boolean }).required) return null;
  }
  return row;
}

/** Nodes under which a load hangs its tasks. */
const areasOf = (nodes: Tree['nodes']): Tree['nodes'] =>
  nodes.flatMap((node) => (node.nodes?.length === 0 ? [node] : areasOf(node.nodes ?? [])));

async function* tasks(stage: Stage, tree: Tree, ground: Ground): Story {
  const keeper = chairs().find((one) => tree.by.includes(one.role));
  if (!keeper) return;
  const leads = ['bureau', 'county-hospital', 'tcm-hospital', 'maternal-hospital', 'township-1', 'hr-centre'];
  const areas = areasOf(tree.nodes);
  const list = Array.from({ length: areas.length === 0 ? 0 : (tree.counts?.tasks ?? TASKS) }, (_, nth) => ({
    id: `task-${nth + 1}`,
    area: areas[nth % Math.max(1, areas.length)]?.id ?? 'area-1',
    title: `${ground.topic}任务 ${nth + 1}（合成）`,
    lead: `Organization/${leads[nth % leads.length]}`,
    due: addDays(stage.begins, 100 + Math.floor((nth * 280) / (tree.counts?.tasks ?? TASKS))),
  }));
  const story = `late-${tree.id}`;
  const loaded = await stage.send(
    story,
    keeper,
    'tree.load',
    { tree: tree.id, ...(list.length > 0 ? { tasks: list } : {}) },
    'may-refuse',
  );
  if (!loaded) return;
  for (const [nth, task] of list.entries()) {
    yield chinaInstant(addDays(task.due, -3), '16:20');
    if (nth % 5 === 3) continue;
    const id = `${tree.id}-${task.id}`;
    await stage.send(
      story,
      keeper,
      'task.report',
      {
        task: id,
        progress: nth % 4 === 2 ? 60 : 100,
        note: '按月推进（合成）',
        evidence: [`DocumentReference/${id}`],
      },
      'may-refuse',
    );
    if (nth % 4 !== 2) await stage.send(story, keeper, 'task.close', { task: id }, 'may-refuse');
  }
}

type Survey = RuntimeContext['programmes'][number]['surveys'][number];

async function* answered(stage: Stage, context: RuntimeContext, survey: Survey, ground: Ground): Story {
  const form = currentForm(context, survey.form, chinaInstant(ground.day));
  if (!form.ok) return;
  const { id, version, title, items } = form.value;
  const asker = seat(survey.id === 'community-satisfaction' ? 'inspector' : 'office');
  const count = SEEDED_ANSWERS[survey.id]?.length ?? ANSWERS;
  for (let nth = 0; nth < count; nth += 1) {
    const answers =
      SEEDED_ANSWERS[survey.id]?.[nth] ??
      inventedAnswers(
        { id, version, title, items },
        { ...ground, random: ground.random.fork(`answer-${nth}`) },
      );
    if (answers === null) return;
    const payload = { survey: survey.id, answers };
    await stage.send(`late-${survey.id}-${nth}`, asker, 'survey.answer', payload, 'may-refuse');
    if (nth % 6 === 5) yield chinaInstant(addDays(ground.day, 1 + nth), '10:40');
  }
}

async function* walk(
  stage: Stage,
  context: RuntimeContext,
  id: string,
  name: string,
  ground: Ground,
  steps: number,
): Story {
  const found = newestLoop(context, id);
  if (!found.ok) return;
  const loop = found.value;
  const opened = await open(stage, context, loop, name, ground);
  if (opened === null) return;
  let day = ground.day;
  for (let turn = 0; turn < steps; turn += 1) {
    day = addDays(day, ground.random.between(1, 3));
    if (day > stage.until) return;
    yield chinaInstant(day, `15:${10 + turn}`);
    const task = stage.replays() ? null : await stage.read('Task', opened);
    if (!task) return;
    const state = stateOf(task.resource as unknown as Parameters<typeof stateOf>[0]);
    // A year that is played again finds the case where the plan ends.
    if (state.closed !== null || task.version > steps) return;
    if (!(await act(stage, context, loop, state, opened, `${name}-v${task.version}`, { ...ground, day })))
      return;
  }
}

async function open(
  stage: Stage,
  context: RuntimeContext,
  loop: Loop,
  name: string,
  ground: Ground,
): Promise<string | null> {
  const { opening, declaration } = loop;
  const roles = opening.by.flatMap((party) => [declaration.parties[party]?.role ?? []].flat() as string[]);
  const openers = chairs().filter((one) => roles.includes(one.role));
  const subject = declaration.subject === 'Patient' ? { subject: ground.resident } : {};
  const known = lookedUp(loop, ground);
  for (let turn = 0; turn < TRIES; turn += 1) {
    const opener = openers[turn * 3 === 0 ? 0 : (turn * 3) % Math.max(1, openers.length)];
    const answers = answersFor(context, loop, opening, {
      ...ground,
      random: ground.random.fork(`open-${turn}`),
    });
    if (!opener || (answers === null && !SEEDED_OPENINGS[declaration.id])) return null;
    const payload = {
      loop: declaration.id,
      ...subject,
      // Some look for what must be there, some for what must not.
      answers: { ...answers, ...(turn === 0 ? known : {}), ...SEEDED_OPENINGS[declaration.id]?.(ground) },
    };
    const result = await stage.send(`${name}-open-${turn}`, opener, 'loop.open', payload, 'may-refuse');
    if (result) return String(result['case']);
  }
  return null;
}

/** Answers by which an opening finds an entry of ours. */
function lookedUp(loop: Loop, ground: Ground): Record<string, unknown> {
  const looks = Object.values(loop.declaration.open.look ?? {});
  return Object.fromEntries(
    looks.flatMap(({ register, key }) => {
      const field = /^(?:answers|data)\.([a-z-]+)$/.exec(key)?.[1];
      const keys = entered.get(register) ?? [];
      return field === undefined || keys.length === 0 ? [] : [[field, keys[ground.nth % keys.length]]];
    }),
  );
}

/** One act forward by whoever may do it; of several ways the first that needs no reason. */
async function act(
  stage: Stage,
  context: RuntimeContext,
  loop: Loop,
  state: LoopState,
  id: string,
  name: string,
  ground: Ground,
): Promise<boolean> {
  for (const { chair, event } of possible(loop, state, ground)) {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const answers = answersFor(context, loop, event, {
        ...ground,
        random: ground.random.fork(`${name}-${turn}`),
      });
      if (answers === null) break;
      const payload = { case: id, event: event.event, branch: event.branch, answers };
      const done = await stage.send(
        `${name}-${event.event}-${turn}`,
        chair,
        'loop.act',
        payload,
        'may-refuse',
      );
      if (done) return true;
    }
  }
  return false;
}

function possible(loop: Loop, state: LoopState, ground: Ground): { chair: Chair; event: AvailableEvent }[] {
  const now = chinaInstant(ground.day, '15:00').getTime();
  const seen = new Set<string>();
  const found: { chair: Chair; event: AvailableEvent }[] = [];
  for (const chair of chairs()) {
    const actor = {
      person: `Practitioner/${chair.practitioner}`,
      role: chair.role,
      organisation: `Organization/${chair.org}`,
    };
    for (const event of availableEvents(loop, state, actor, now)) {
      const forward =
        event.kind !== 'return' && event.kind !== 'withdraw' && !event.needsReason && !event.barred;
      if (!forward || seen.has(`${event.branch}.${event.event}`)) continue;
      seen.add(`${event.branch}.${event.event}`);
      found.push({ chair, event });
    }
  }
  // An act that leaves the state is better than one that stays in it.
  const moves = new Set(
    loop.declaration.transitions.filter((one) => one.to !== undefined).map((one) => one.event),
  );
  return found
    .sort((a, b) => Number(moves.has(b.event.event)) - Number(moves.has(a.event.event)))
    .slice(0, 4);
}

interface Asked {
  readonly form: string | null;
  readonly takes: readonly string[];
  readonly requires: readonly string[];
}

function answersFor(context: RuntimeContext, loop: Loop, asked: Asked, ground: Ground): object | null {
  const answers: Record<string, unknown> = {};
  if (asked.form !== null) {
    const form = currentForm(context, asked.form, chinaInstant(ground.day, '15:00'));
    if (!form.ok) return null;
    const { id, version, title, items } = form.value;
    const given = inventedAnswers({ id, version, title, items }, ground);
    if (given === null) return null;
    Object.assign(answers, given);
    return answers;
  }
  for (const name of new Set([...asked.requires, ...asked.takes])) {
    const field = loop.declaration.fields[name];
    const value = field && inventedField(name, field, ground);
    if (value !== undefined) answers[name] = value;
    else if (asked.requires.includes(name)) return null;
  }
  return answers;
}
