// Answers into the fields of a case: only what the transition names, of the right type, nothing required left empty.
import type { Value } from '@yimai/forms';
import { isLocalDate, ok, type Result, refuse } from '@yimai/kit';
import type { CompiledTransition, Loop } from './compile.ts';
import type { StepScope } from './step.ts';
import type { CaseData, FieldValue } from './types.ts';

/** Takes the answers that the transition names into the case's fields and checks that nothing required is empty. */
export function takeAnswers(
  loop: Loop,
  data: CaseData,
  transition: CompiledTransition,
  answers: CaseData,
): Result<CaseData> {
  if (transition.takes.length === 0) return ok(data);
  const next: Record<string, FieldValue> = { ...data };
  for (const name of transition.takes) {
    const value = answers[name];
    if (value === undefined) continue;
    const field = loop.declaration.fields[name];
    if (field && value !== null && !fits(field.type, value)) {
      return refuse(
        'answer-type',
        { zh: `“${field.title.zh}”的内容类型不对`, en: `"${field.title.en}" is of the wrong type` },
        { at: `payload.answers.${name}` },
      );
    }
    if (field?.codes && typeof value === 'string' && !Object.hasOwn(field.codes, value)) {
      return refuse(
        'code-unknown',
        { zh: `“${field.title.zh}”没有这个选项`, en: `"${field.title.en}" has no such choice` },
        { at: `payload.answers.${name}` },
      );
    }
    next[name] = value;
  }
  for (const name of transition.requires) {
    const value = next[name];
    if (
      value !== undefined &&
      value !== null &&
      value !== '' &&
      !(Array.isArray(value) && value.length === 0)
    )
      continue;
    const title = loop.declaration.fields[name]?.title ?? { zh: name, en: name };
    return refuse(
      'field-missing',
      { zh: `须填写“${title.zh}”`, en: `"${title.en}" must be filled` },
      { at: `payload.answers.${name}` },
    );
  }
  return ok(next);
}

function fits(type: string, value: FieldValue): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'yes-no') return typeof value === 'boolean';
  if (type === 'list') return Array.isArray(value);
  if (type === 'date') return isLocalDate(value);
  return typeof value === 'string';
}

export function runSets(transition: CompiledTransition, scope: StepScope): CaseData {
  if (transition.sets.length === 0) return scope.data;
  const next: Record<string, FieldValue> = { ...scope.data };
  for (const [name, expr] of transition.sets) next[name] = asField(expr.run(scope));
  return next;
}

const asField = (value: Value): FieldValue => value as FieldValue;
