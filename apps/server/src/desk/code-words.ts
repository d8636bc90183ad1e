// Words for the codes that a case or a register keeps: its field's own, else those of the same field elsewhere in its
// programme — a choice of a form, a field of a loop or of another register.

import type { Form } from '@yimai/forms';
import type { Text } from '@yimai/kit';
import type { Programme } from '@yimai/runtime';
import type { DeskDeps } from './desk-deps.ts';

/** By field and code. */
export type CodeWords = ReadonlyMap<string, Text>;

const known = new WeakMap<Programme, CodeWords>();
const NONE: CodeWords = new Map();

export const codesOfRegister = (deps: DeskDeps, register: string): CodeWords =>
  codesOf(deps.runtime.programmes.find((one) => one.registers.some(({ id }) => id === register)));

export const codesOfLoop = (deps: DeskDeps, loop: string): CodeWords =>
  codesOf(
    deps.runtime.programmes.find((one) => one.loops.some(({ declaration }) => declaration.id === loop)),
  );

export const codeWord = (codes: CodeWords, field: string, code: unknown): Text | undefined =>
  codes.get(`${field}|${String(code)}`);

function codesOf(programme: Programme | undefined): CodeWords {
  if (!programme) return NONE;
  const found = known.get(programme) ?? read(programme);
  known.set(programme, found);
  return found;
}

function read(programme: Programme): CodeWords {
  const fields = [
    ...programme.loops.map(({ declaration }) => declaration.fields),
    ...programme.registers.map((register) => register.fields),
  ].flatMap((each) => Object.entries(each));
  const ofFields = fields.flatMap(([name, { codes = {} }]) =>
    Object.entries(codes).map(([code, text]) => [`${name}|${code}`, text] as const),
  );
  const ofForms = programme.forms.flatMap((form) =>
    questions(form.items).flatMap(({ id, options = [] }) =>
      options.map(({ code, text }) => [`${id}|${code}`, text] as const),
    ),
  );
  return new Map([...ofForms, ...ofFields]);
}

const questions = (items: Form['items']): Form['items'] =>
  items.flatMap((item) => [item, ...questions(item.items ?? [])]);
