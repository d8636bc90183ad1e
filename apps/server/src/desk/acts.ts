// Acts as the desk offers them: what a transition takes in becomes a form, with pickers for references.
import type { Act, FormDeclaration, FormOfAct } from '@yimai/desk/contract';
import type { Form, ItemDeclaration, ItemType, Value } from '@yimai/forms';
import type { AvailableEvent, CaseData, FieldDeclaration, FieldType, Loop } from '@yimai/loops';
import { currentForm } from '@yimai/runtime';
import type { DeskDeps } from './desk-deps.ts';

type Fields = Readonly<Record<string, FieldDeclaration & { readonly required?: boolean }>>;

export function actsOf(
  deps: DeskDeps,
  loop: Loop,
  caseId: string,
  data: CaseData,
  events: readonly AvailableEvent[],
  now: Date,
): Act[] {
  return events.map((event) => {
    const taken = formFor(deps, event.form, event.takes, event.requires, loop.declaration.fields, data, now);
    return {
      id: `${event.branch}.${event.event}`,
      name: event.title,
      tone: toneOf(event.kind),
      form: taken?.form ?? null,
      needsReason: event.needsReason,
      barred: event.barred ? (event.barred.detail ?? { zh: event.barred.code, en: event.barred.code }) : null,
      command: {
        type: 'loop.act',
        payload: { case: caseId, event: event.event, branch: event.branch, ...versionOf(taken?.version) },
      },
      answersAs: 'answers',
      final: event.kind === 'withdraw',
    } satisfies Act;
  });
}

const TONES: readonly Act['tone'][] = ['main', 'plain', 'danger'];

/** Main acts first, then others, then those that send back. */
export const inOrder = (acts: readonly Act[]): Act[] =>
  [...acts].sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone));

export const versionOf = (version: string | undefined) =>
  version === undefined ? {} : { formVersion: version };

function toneOf(kind: AvailableEvent['kind']): Act['tone'] {
  if (kind === 'return' || kind === 'withdraw') return 'danger';
  return kind === 'forward' || kind === 'rate' ? 'main' : 'plain';
}

/** The declared form, or one made of the fields that the transition takes; null when it takes nothing. */
export function formFor(
  deps: DeskDeps,
  formId: string | null,
  takes: readonly string[],
  requires: readonly string[],
  fields: Fields,
  data: CaseData,
  now: Date,
): { form: FormOfAct; version: string | undefined } | null {
  if (formId !== null) {
    const form = currentForm(deps.runtime, formId, now);
    if (!form.ok) return null;
    return { form: wrap(declarationOf(form.value), fields, data), version: form.value.version };
  }
  if (takes.length === 0) return null;
  const declared = Object.keys(fields).filter((name) => takes.includes(name));
  return { form: wrap(formOfFields('fields', declared, fields, requires), fields, data), version: undefined };
}

/** Back to what `loadForm` reads: the desk compiles it again in the browser. */
export function declarationOf(form: Form): FormDeclaration {
  return {
    id: form.id,
    version: form.version,
    title: form.title,
    items: form.items,
    ...(form.scoring ? { score: form.scoring.declaration } : {}),
  };
}

export function formOfFields(
  id: string,
  names: readonly string[],
  fields: Fields,
  required: readonly string[],
): FormDeclaration {
  const items = names.flatMap((name): ItemDeclaration[] => {
    const field = fields[name];
    if (!field) return [];
    const options = field.codes && Object.entries(field.codes).map(([code, text]) => ({ code, text }));
    const type = options ? (field.type === 'list' ? 'choices' : 'choice') : typeOf(name, field.type);
    return [
      {
        id: name,
        text: field.title,
        type,
        required: required.includes(name) || field.required === true,
        ...(options ? { options } : {}),
        ...(field.type === 'list' && !options ? { repeats: true } : {}),
      },
    ];
  });
  return { id, version: '1', title: { zh: '', en: '' }, items };
}

/** A list called `photos` is taken with the camera; what it holds are addresses of pictures. */
const typeOf = (name: string, type: FieldType): ItemType =>
  type === 'list' && name === PHOTOS ? 'photo' : TYPES[type];
export const PHOTOS = 'photos';

const TYPES: Readonly<Record<FieldType, ItemType>> = {
  text: 'text',
  number: 'number',
  'yes-no': 'yes-no',
  date: 'date',
  organisation: 'reference',
  person: 'reference',
  reference: 'reference',
  code: 'text',
  list: 'text',
};

export function wrap(declaration: FormDeclaration, fields: Fields, data: CaseData): FormOfAct {
  const items = flat(declaration.items);
  const pickers = items
    .filter((item) => item.type === 'reference')
    .map(
      (item) => [item.id, { kind: fields[item.id]?.type === 'person' ? 'person' : 'organisation' }] as const,
    );
  const known = items.flatMap((item) => {
    const value = data[item.id];
    return value === undefined || value === null ? [] : [[item.id, value as Value] as const];
  });
  return { declaration, pickers: Object.fromEntries(pickers), prefill: Object.fromEntries(known), last: {} };
}

const flat = (items: readonly ItemDeclaration[]): ItemDeclaration[] =>
  items.flatMap((item) => [item, ...flat(item.items ?? [])]);
