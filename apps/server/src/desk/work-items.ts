// Cases as lines of a list: each Task read under the reader's access, in the words of its loop.
import type { Deadline, Said, StateKind, WorkItem } from '@yimai/desk/contract';
import type { Text } from '@yimai/kit';
import { type Loop, type LoopState, type Position, workingMinutesBetween } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { loopVersion, type Programme, stateOf } from '@yimai/runtime';
import { type CodeWords, codesOfLoop, codeWord } from './code-words.ts';
import type { DeskDeps, Reader } from './desk-deps.ts';
import { homesOf } from './field-objects.ts';
import { byIds, type Json, namesOf } from './resources.ts';
import { allWords, inOne, plainWords, saidNumber } from './words.ts';
import type { CaseRow } from './work-rows.ts';

export interface OpenedCase {
  readonly id: string;
  readonly task: Json;
  readonly version: number;
  readonly state: LoopState;
  readonly loop: Loop;
  readonly number: string;
}

/** Lines for those rows whose Task the reader may see, in the order of the rows. */
export async function itemsOfCases(
  deps: DeskDeps,
  reader: Reader,
  rows: readonly CaseRow[],
): Promise<WorkItem[]> {
  const tasks = await byIds(
    deps,
    reader.access,
    'Task',
    rows.map((row) => row.case_id),
  );
  const opened = rows.flatMap((row) => {
    const found = tasks.get(row.case_id);
    const each = found ? openedCase(deps, found.resource, found.row.version) : null;
    return each ? [{ each, row }] : [];
  });
  const names = await namesOfCases(
    deps,
    reader,
    opened.map(({ each }) => each),
  );
  return opened.map(({ each, row }) => toItem(deps, reader, each, names, row.branch));
}

/** Null for a Task that is no case, or whose loop is no longer loaded. */
export function openedCase(deps: DeskDeps, task: Json, version: number): OpenedCase | null {
  if (!(task.extension ?? []).some((one: Json) => String(one.url).endsWith('/loop-state'))) return null;
  const state = stateOf(task);
  const loop = loopVersion(deps.runtime, state.loop, state.version);
  if (!loop.ok) return null;
  const number =
    (task.identifier ?? []).find((one: Json) => String(one.system).endsWith('/case-number'))?.value ?? '';
  return { id: task.id, task, version, state, loop: loop.value, number: saidNumber(number) };
}

export const loopAndNumber = ({ loop, number }: Pick<OpenedCase, 'loop' | 'number'>): Text => {
  const { zh, en } = loop.declaration.title;
  return { zh: `${zh} ${number}`, en: `${en} ${number}` };
};

/** The field in which a loop keeps the key of the object that it is about. */
const OBJECT_FIELD = 'object';

/** What the cases point to by its name: people, houses, and objects by the key that their register knows them by. */
export async function namesOfCases(
  deps: DeskDeps,
  reader: Reader,
  opened: readonly OpenedCase[],
  more: readonly (string | null | undefined)[] = [],
): Promise<Names> {
  const keys = opened.flatMap(({ state }) => [state.data[OBJECT_FIELD] ?? []].flat().map(String));
  const [names, objects] = await Promise.all([
    namesOf(deps, reader, [...opened.flatMap(referencesIn), ...more]),
    keys.length === 0 ? [] : objectNames(deps, keys),
  ]);
  return new Map([...names, ...objects]);
}

async function objectNames(deps: DeskDeps, keys: readonly string[]): Promise<[string, string][]> {
  const registers = homesOf(deps).map(({ register }) => register.id);
  const { rows } = await deps.database.run<{
    key: string;
    name: string;
  }>(sql`select key, data ->> 'name' as name
    from register_entry where register = any(${registers}::text[]) and key = any(${[...new Set(keys)]}::text[])
      and to_date is null and data ->> 'name' is not null`);
  return rows.map(({ key, name }) => [key, name]);
}

function referencesIn(each: OpenedCase): (string | null | undefined)[] {
  const owners = each.state.positions.flatMap((position) => [
    position.owner?.organisation,
    position.owner?.person,
  ]);
  const data = Object.keys(each.loop.declaration.fields)
    .flatMap((name) => [each.state.data[name]].flat().map(String))
    .filter((text) => REFERENCE.test(text));
  return [
    each.state.opener.organisation,
    each.state.opener.person,
    each.task.for?.reference,
    ...owners,
    ...data,
  ];
}

type Names = ReadonlyMap<string, string>;

export function toItem(
  deps: DeskDeps,
  reader: Reader,
  each: OpenedCase,
  names: Names,
  branch: string | null = null,
): WorkItem {
  const { state, loop } = each;
  const position = state.positions.find((one) => one.branch === branch) ?? state.positions[0];
  const declared = loop.states.get(position?.state ?? '')?.declaration;
  const owner = position?.owner ?? null;
  const party = owner ? loop.parties.get(owner.party) : undefined;
  const named = party?.person != null;
  const deadline = position ? deadlineOf(deps, position, reader.now) : null;
  const person = owner?.person ?? null;
  const orgRef = (reference: string | null | undefined) =>
    reference ? { id: reference.split('/')[1] ?? '', name: names.get(reference) ?? '' } : null;
  const at = position?.since ?? state.opened;
  return {
    id: each.id,
    number: each.number,
    title: titleOf(each, names, codesOfLoop(deps, loop.declaration.id)),
    programme: programmeOf(deps, loop.declaration.id),
    loop: { id: loop.declaration.id, name: loop.declaration.title },
    state: {
      id: position?.state ?? '',
      name: declared?.title ?? { zh: '', en: '' },
      kind: stateKind(each, deadline, person !== null),
    },
    org: orgRef(state.opener.organisation),
    owner: {
      org: orgRef(owner?.organisation),
      role: owner ? (loop.declaration.parties[owner.party]?.title ?? null) : null,
      person: named && person ? (names.get(person) ?? null) : null,
    },
    claim: !named && person ? { name: names.get(person) ?? '', me: person === reader.actor.person } : null,
    openedAt: new Date(state.opened).toISOString(),
    enteredAt: new Date(at).toISOString(),
    deadline: state.closed === null ? deadline : null,
    version: each.version,
  };
}

/** A case is called by what it is about: the person or thing, else its first telling fields. */
function titleOf(each: OpenedCase, names: Names, codes: CodeWords): Said {
  const { loop, state, task } = each;
  const subject = names.get(task.for?.reference ?? '');
  const told = Object.keys(loop.declaration.fields)
    .map((name) => ({ name, words: wordsOf(each, name, names, codes) }))
    .filter(
      ({ name, words }) =>
        words.zh !== '' &&
        !isCodes(words.zh) &&
        TELLING.has(loop.declaration.fields[name]!.type) &&
        state.data[name] !== null,
    )
    .slice(0, 2)
    .map(({ words }) => words);
  const person = told.length < 2 ? personIn(each, names) : undefined;
  const about = subject ?? person;
  const parts = [...(about ? [{ zh: about, en: about }] : []), ...told];
  if (parts.length === 0) return loopAndNumber(each);
  const line = (language: keyof Text, comma: string) =>
    [...[...new Set(parts.map((part) => part[language]))].join(comma)].slice(0, 60).join('');
  return inOne({ zh: line('zh', '，'), en: line('en', ', ') });
}

/** Who a case speaks of where little else tells it from the others of its loop. */
function personIn({ loop, state }: OpenedCase, names: Names): string | undefined {
  const found = Object.entries(loop.declaration.fields).find(
    ([name, field]) => field.type === 'person' && names.has(String(state.data[name])),
  );
  return found && names.get(String(state.data[found[0]]));
}

const TELLING = new Set(['text', 'code', 'list']);
const REFERENCE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+$/;
/** Names that programmes give to checks and steps, as in `visits-add-up`, references and ids: they tell a person nothing. */
const CODE =
  /^([a-z]+(-[a-z0-9]+)*|[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const isCodes = (words: string): boolean => words.split('、').every((word) => CODE.test(word));

/** The value of a case's field in words. */
export function wordsOf(each: OpenedCase, name: string, names: Names, codes: CodeWords): Text {
  const field = each.loop.declaration.fields[name];
  return allWords(
    [each.state.data[name] ?? null]
      .flat()
      .filter((value) => value !== null)
      .map(
        (value) => field?.codes?.[String(value)] ?? codeWord(codes, name, value) ?? plainWords(value, names),
      ),
  );
}

type Place = { id: string; name: Text };

export const programmeOf = (deps: DeskDeps, loop: string): Place =>
  programmeHolding(deps, (programme) => programme.loops.some((one) => one.declaration.id === loop));

/** The programme that declares something, for the way back to it. */
export function programmeHolding(deps: DeskDeps, holds: (programme: Programme) => boolean): Place {
  const found = deps.runtime.programmes.find(holds);
  return found
    ? { id: `${found.domain}/${found.id}`, name: found.title }
    : { id: '', name: { zh: '', en: '' } };
}

export function deadlineOf(deps: DeskDeps, position: Position, now: Date): Deadline | null {
  const { due, since } = position;
  if (due === null) return null;
  const between = (from: number, to: number): number => {
    const minutes = workingMinutesBetween(deps.runtime.calendar, from, to);
    return minutes.ok ? minutes.value : Math.round((to - from) / 60_000);
  };
  const at = now.getTime();
  // At least one minute late, even where no working time has passed since.
  const left = at > due ? Math.min(-1, -between(due, at)) : between(at, due);
  return {
    at: new Date(due).toISOString(),
    workingMinutesLeft: left,
    workingMinutesWhole: between(since, due),
    ...(position.provisional ? { provisional: true } : {}),
  };
}

const SOON_SHARE = 0.25;

function stateKind(each: OpenedCase, deadline: Deadline | null, taken: boolean): StateKind {
  const first = each.loop.states.get(each.state.positions[0]?.state ?? '')?.declaration.kind;
  if (each.state.closed !== null) return first === 'closed-without-result' ? 'closed' : 'done';
  if (deadline && deadline.workingMinutesLeft < 0) return 'late';
  if (deadline && deadline.workingMinutesLeft <= SOON_SHARE * deadline.workingMinutesWhole) return 'due-soon';
  return taken ? 'running' : 'waiting';
}
