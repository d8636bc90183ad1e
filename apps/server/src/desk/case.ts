// One case on one page: where it stands, the reader's next acts, its content, its time line, what is related to it.
import {
  type Act,
  type AnswerLine,
  type Case,
  type FileRef,
  type TimelineEntry,
  unitWord,
} from '@yimai/desk/contract';
import type { FormDeclaration, ItemDeclaration } from '@yimai/forms';
import { answersOf } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import { type Actor, availableEvents, type Position } from '@yimai/loops';
import { sql } from '@yimai/postgres';
import { timeline } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { actsOf, declarationOf, inOrder, PHOTOS } from './acts.ts';
import { type CodeWords, codesOfLoop } from './code-words.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { diagramOf } from './diagram.ts';
import { messagesOf } from './messages.ts';
import { bad, notFound } from './read-body.ts';
import { personHeader } from './residents.ts';
import { byIds, type Json, namesOf, seen } from './resources.ts';
import { allWords, plainWords } from './words.ts';
import { itemsOfCases, namesOfCases, type OpenedCase, openedCase, toItem, wordsOf } from './work-items.ts';
import { casesAround } from './work-rows.ts';

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/cases/:id', async (request): Promise<Case> => {
    const reader = await readerOf(deps, request);
    const { asOf } = request.query as { asOf?: string };
    return caseOf(deps, reader, (request.params as { id: string }).id, asOf ? instant(asOf) : null);
  });
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw bad('asOf', '应为时刻', 'should be an instant');
  return at;
}

async function caseOf(deps: DeskDeps, reader: Reader, id: string, asOf: Date | null): Promise<Case> {
  const each = await readCase(deps, reader, id, asOf);
  if (!each) throw notFound();
  const events = (await timeline(deps.database, id)).filter((event) => asOf === null || event.at <= asOf);
  const stays = await staysOf(deps, id, asOf);
  const people = events.flatMap((event) => [event.person, event.org]);
  const names = await namesOfCases(deps, reader, [each], people);
  const subject = each.task.for?.reference as string | undefined;
  const patient = subject?.startsWith('Patient/') ? subject.slice('Patient/'.length) : null;
  const parent = each.task.partOf?.[0]?.reference?.split('/')[1] ?? null;
  const [person, answered, messages, around] = await Promise.all([
    patient ? personHeader(deps, reader, patient) : null,
    answersBy(
      deps,
      reader,
      each,
      events.flatMap((event) => event.response ?? []),
    ),
    messagesOf(deps, reader, id),
    itemsOfCases(deps, reader, await casesAround(deps.database, id, parent)),
  ]);
  const told = withPhotos(
    each,
    events.map((event) => toEntry(each, event, stays, names, answered)),
  );
  const said = messages.filter((message) => asOf === null || message.at <= asOf.toISOString());
  const open = asOf === null && each.state.closed === null;
  return {
    item: toItem(deps, asOf ? { ...reader, now: asOf } : reader, each, names),
    person,
    subject:
      patient || !subject
        ? null
        : { name: names.get(subject) ?? '', kind: { zh: '对象', en: 'Subject' }, link: null },
    diagram: diagramOf(each.loop),
    path: stays.map((stay) => ({
      state: stay.state,
      enteredAt: stay.since_at.toISOString(),
      leftAt: stay.until_at?.toISOString() ?? null,
    })),
    alsoIn: each.state.positions.slice(1).map((position) => position.state),
    acts: asOf === null ? actsNow(deps, reader, each) : [],
    data: dataOf(each, names, codesOfLoop(deps, each.loop.declaration.id)),
    timeline: [...told, ...said].sort((a, b) => a.at.localeCompare(b.at)),
    related: [
      ...(open ? plansFor(deps, each) : []),
      ...around.map((item) => ({
        link: { kind: 'case' as const, id: item.id },
        title: item.title,
        note: item.state.name,
      })),
    ],
    canMessage: open,
    asOf: asOf?.toISOString() ?? null,
  };
}

/** Plans that would place this case where it stands now. */
function plansFor(deps: DeskDeps, each: OpenedCase): Case['related'] {
  const states = new Set(each.state.positions.map((position) => position.state));
  return [...deps.runtime.matches.values()]
    .filter(({ orders }) => orders.loop === each.state.loop && states.has(orders.state))
    .map((match) => ({ link: { kind: 'match', id: match.id }, title: match.title, note: null }));
}

/** The present version, or the one that stood at a moment. */
async function readCase(
  deps: DeskDeps,
  reader: Reader,
  id: string,
  asOf: Date | null,
): Promise<OpenedCase | null> {
  const now = await deps.record.read(reader.access, 'Task', id);
  if (!now || now.deleted) return null;
  if (asOf === null || now.updatedAt <= asOf) {
    return openedCase(deps, (await seen(deps, reader.access, now)).resource, now.version);
  }
  for (let version = now.version - 1; version > 0; version -= 1) {
    const row = await deps.record.readVersion(reader.access, 'Task', id, version);
    if (row && row.updatedAt <= asOf)
      return openedCase(deps, (await seen(deps, reader.access, row)).resource, version);
  }
  return null;
}

interface StayRow {
  readonly state: string;
  readonly entry: number;
  readonly since_at: Date;
  readonly until_at: Date | null;
}

async function staysOf(deps: DeskDeps, id: string, asOf: Date | null): Promise<StayRow[]> {
  const { rows } = await deps.database.run<StayRow>(sql`select state, entry, since_at, until_at from loop_stay
    where case_id = ${id} order by since_at, entry`);
  if (asOf === null) return rows;
  return rows
    .filter((row) => row.since_at <= asOf)
    .map((row) => ({ ...row, until_at: row.until_at && row.until_at <= asOf ? row.until_at : null }));
}

function actsNow(deps: DeskDeps, reader: Reader, each: OpenedCase): Case['acts'] {
  const { actor, now } = reader;
  const events = availableEvents(each.loop, each.state, actor, now.getTime());
  return inOrder([
    ...actsOf(deps, each.loop, each.id, each.state.data, events, now),
    ...ownership(each, actor),
  ]);
}

/** Claim, release and hand-over, where the work was given to an office. */
function ownership(each: OpenedCase, actor: Actor): Act[] {
  if (each.state.closed !== null) return [];
  return each.state.positions.flatMap((position): Act[] => {
    const { owner } = position;
    const party = owner ? each.loop.parties.get(owner.party) : undefined;
    if (!owner || party?.person != null) return [];
    const mine = owner.person === actor.person;
    const roleFits = owner.roles.length === 0 || owner.roles.includes(actor.role);
    const here = owner.organisation === null || owner.organisation === actor.organisation;
    if (mine) return [ownerAct(each, position, '$release'), ownerAct(each, position, '$hand-over')];
    return owner.person === null && here && roleFits ? [ownerAct(each, position, '$claim')] : [];
  });
}

const OWNER_ACTS = {
  $claim: { zh: '接手', en: 'Claim' },
  $release: { zh: '放回', en: 'Release' },
  '$hand-over': { zh: '移交', en: 'Hand over' },
} as const satisfies Record<string, Text>;

const HAND_OVER: FormDeclaration = {
  id: 'hand-over',
  version: '1',
  title: { zh: '移交', en: 'Hand over' },
  items: [{ id: 'to', text: { zh: '移交给', en: 'To whom' }, type: 'reference', required: true }],
};

function ownerAct(each: OpenedCase, position: Position, event: keyof typeof OWNER_ACTS): Act {
  const word = OWNER_ACTS[event];
  const state = each.loop.declaration.states[position.state]?.title;
  const several = each.state.positions.length > 1 && state !== undefined;
  const handsOver = event === '$hand-over';
  return {
    id: `${position.branch}.${event}`,
    name: several ? { zh: `${word.zh}（${state.zh}）`, en: `${word.en} (${state.en})` } : word,
    tone: 'plain',
    form: handsOver
      ? { declaration: HAND_OVER, pickers: { to: { kind: 'person' } }, prefill: {}, last: {} }
      : null,
    needsReason: handsOver,
    barred: null,
    command: { type: 'loop.act', payload: { case: each.id, event, branch: position.branch } },
    answersAs: 'answers',
    final: false,
  };
}

function dataOf(each: OpenedCase, names: ReadonlyMap<string, string>, codes: CodeWords): AnswerLine[] {
  // What still has its declared default says nothing yet.
  return Object.entries(each.loop.declaration.fields)
    .filter(([name, field]) => field.default === undefined || each.state.data[name] !== field.default)
    .filter(([name]) => name !== PHOTOS)
    .map(([name, field]) => ({ label: field.title, value: wordsOf(each, name, names, codes) }))
    .filter((line) => line.value.zh !== '');
}

/** Pictures that the case itself holds stand with its last act. */
function withPhotos(each: OpenedCase, told: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const photos = photosOf(each);
  return photos.length === 0
    ? told
    : told.map((entry, index) =>
        index === told.length - 1 ? { ...entry, files: [...entry.files, ...photos] } : entry,
      );
}

export function photosOf(each: OpenedCase): FileRef[] {
  const field = each.loop.declaration.fields[PHOTOS];
  if (!field) return [];
  return [each.state.data[PHOTOS] ?? []]
    .flat()
    .map((url) => ({ ...pictureRef(String(url)), title: field.title }));
}

export const pictureRef = (url: string): FileRef => ({
  id: url,
  title: '',
  contentType: 'image/jpeg',
  href: `/desk/files/${encodeURIComponent(url)}`,
  bytes: null,
});

const BUILT_IN: Readonly<Record<string, readonly [TimelineEntry['kind'], Text]>> = {
  open: ['opened', { zh: '提交', en: 'Filed' }],
  $claim: ['claimed', { zh: '接手', en: 'Claimed' }],
  $release: ['claimed', { zh: '放回', en: 'Released' }],
  '$hand-over': ['claimed', { zh: '移交', en: 'Handed over' }],
  $redate: ['moved', { zh: '期限按节假日安排重排', en: 'Deadline counted again by the holiday notice' }],
  $timer: ['escalated', { zh: '到期提醒', en: 'Deadline' }],
  '$child-closed': ['moved', { zh: '子事项办结', en: 'A sub-case closed' }],
  '$children-done': ['moved', { zh: '子事项全部办结', en: 'All sub-cases closed' }],
};

interface Answered {
  readonly lines: readonly AnswerLine[];
  readonly files: readonly FileRef[];
}

function toEntry(
  each: OpenedCase,
  event: Awaited<ReturnType<typeof timeline>>[number],
  stays: readonly StayRow[],
  names: ReadonlyMap<string, string>,
  answered: ReadonlyMap<string, Answered>,
): TimelineEntry {
  const { loop } = each;
  const transition = loop.declaration.transitions.find((one) => one.event === event.event);
  const [kind, title] = BUILT_IN[event.event] ?? [
    kindOf(transition?.kind),
    transition?.title ?? { zh: event.event, en: event.event },
  ];
  const entered = stays
    .filter((stay) => stay.entry === event.seq)
    .map((stay) => loop.declaration.states[stay.state]?.title);
  const closing = transition?.to === undefined ? undefined : loop.declaration.states[transition.to];
  const to = entered[0] ?? (closing && closing.kind !== 'open' ? closing.title : undefined);
  const given = answered.get(event.response ?? '');
  const system = event.person === 'system';
  return {
    id: String(event.seq),
    at: event.at.toISOString(),
    recordedAt: event.at.toISOString(),
    kind,
    title,
    who: system ? null : (names.get(event.person) ?? null),
    org: system ? null : (names.get(event.org) ?? null),
    from: null,
    to: to ?? null,
    answers: given?.lines ?? [],
    note: event.reason,
    files: given?.files ?? [],
  };
}

function kindOf(kind: string | undefined): TimelineEntry['kind'] {
  if (kind === 'return' || kind === 'withdraw') return 'returned';
  return kind === 'rate' ? 'rated' : 'moved';
}

/**
 * What was answered, in words, with the files among it, by the id of the response. Answers given in an act are part of the
 * case: who may read its Task reads them, unless they are about another person than the case.
 */
async function answersBy(
  deps: DeskDeps,
  reader: Reader,
  each: OpenedCase,
  ids: readonly string[],
): Promise<Map<string, Answered>> {
  const whole = await byIds(deps, deps.record.systemAccess(), 'QuestionnaireResponse', ids);
  const subject = each.task.for?.reference;
  const own = [...whole].filter(([, { resource }]) => {
    const about = resource.subject?.reference;
    return about === undefined || about === subject || !about.startsWith('Patient/');
  });
  const references = own.flatMap(([, { resource }]) => Object.values(answersOf(resource)).flat().map(String));
  const names = await namesOf(
    deps,
    reader,
    references.filter((text) => /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+$/.test(text)),
  );
  return new Map(own.map(([id, { resource }]) => [id, inWords(deps, resource, names)]));
}

export function inWords(deps: DeskDeps, response: Json, names: ReadonlyMap<string, string>): Answered {
  const [url, version] = String(response.questionnaire ?? '').split('|');
  const form = deps.runtime.forms.get(url?.split('/').at(-1) ?? '')?.find((each) => each.version === version);
  if (!form) return { lines: [], files: [] };
  const answers = answersOf(response);
  const lines: AnswerLine[] = [];
  const files: FileRef[] = [];
  for (const item of questions(declarationOf(form).items)) {
    const value = answers[item.id];
    if (value === undefined || value === null) continue;
    if (item.type === 'photo' || item.type === 'file' || item.type === 'signature') {
      for (const one of [value].flat()) files.push(fileRef(item, String(one)));
    } else lines.push({ label: item.text, value: answerWords(item, value, names) });
  }
  return { lines, files };
}

const questions = (items: FormDeclaration['items']): ItemDeclaration[] =>
  items.flatMap((item) => [item, ...questions(item.items ?? [])]);

function answerWords(item: ItemDeclaration, value: unknown, names: ReadonlyMap<string, string>): Text {
  const { zh, en } = allWords(
    [value]
      .flat()
      .map((one) => item.options?.find((each) => each.code === one)?.text ?? plainWords(one, names)),
  );
  const unit = item.unit ? ` ${unitWord(item.unit)}` : '';
  return { zh: zh + unit, en: en + unit };
}

function fileRef(item: ItemDeclaration, url: string): FileRef {
  return {
    id: url,
    title: item.text,
    contentType: item.type === 'file' ? 'application/octet-stream' : 'image/jpeg',
    href: `/desk/files/${encodeURIComponent(url)}`,
    bytes: null,
  };
}
