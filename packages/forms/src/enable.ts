// Skip logic: which questions of a questionnaire are to be answered, given the answers so far (FHIR enableWhen).
import type { Questionnaire, QuestionnaireItem, QuestionnaireItemEnableWhen } from '@medplum/fhirtypes';
import type { Answers } from './answers.ts';
import type { Value } from './expression.ts';

/** linkIds of the enabled items. A disabled question counts as unanswered for the questions that look at it. */
export function enabledItems(questionnaire: Questionnaire, answers: Answers): Set<string> {
  const all: QuestionnaireItem[] = [];
  const collect = (items: readonly QuestionnaireItem[] | undefined): void => {
    for (const item of items ?? []) {
      all.push(item);
      collect(item.item);
    }
  };
  collect(questionnaire.item);
  // Answers of questions that turn out to be disabled fall away, so repeat until nothing changes; each round disables
  // at least one more item, so the number of items bounds the rounds.
  let enabled = new Set(all.map((item) => item.linkId));
  for (let round = 0; round <= all.length; round += 1) {
    const visible: Record<string, Value> = {};
    for (const [id, value] of Object.entries(answers)) if (enabled.has(id)) visible[id] = value;
    const next = new Set<string>();
    walk(questionnaire.item, visible, next);
    if (next.size === enabled.size && [...next].every((id) => enabled.has(id))) return next;
    enabled = next;
  }
  return enabled;
}

function walk(items: readonly QuestionnaireItem[] | undefined, answers: Answers, enabled: Set<string>): void {
  for (const item of items ?? []) {
    if (!isEnabled(item, answers)) continue;
    enabled.add(item.linkId);
    walk(item.item, answers, enabled);
  }
}

export function isEnabled(item: QuestionnaireItem, answers: Answers): boolean {
  const conditions = item.enableWhen ?? [];
  if (conditions.length === 0) return true;
  return item.enableBehavior === 'any'
    ? conditions.some((condition) => holds(condition, answers))
    : conditions.every((condition) => holds(condition, answers));
}

function holds(condition: QuestionnaireItemEnableWhen, answers: Answers): boolean {
  const given = Object.hasOwn(answers, condition.question) ? answers[condition.question] : undefined;
  const list = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
  if (condition.operator === 'exists') return list.length > 0 === (condition.answerBoolean ?? true);
  const wanted = wantedValue(condition);
  // R4: with several answers one that fits is enough; for != no answer may be equal.
  if (condition.operator === '!=') return list.length > 0 && !list.includes(wanted as never);
  return list.some((value) => fits(condition.operator ?? '=', value as Value, wanted));
}

function wantedValue(condition: QuestionnaireItemEnableWhen): Value {
  return (
    condition.answerBoolean ??
    condition.answerDecimal ??
    condition.answerInteger ??
    condition.answerDate ??
    condition.answerDateTime ??
    condition.answerTime ??
    condition.answerString ??
    condition.answerCoding?.code ??
    condition.answerQuantity?.value ??
    condition.answerReference?.reference ??
    null
  );
}

function fits(operator: string, value: Value, wanted: Value): boolean {
  if (operator === '=') return value === wanted;
  const ordered =
    (typeof value === 'number' && typeof wanted === 'number') ||
    (typeof value === 'string' && typeof wanted === 'string');
  if (!ordered) return false;
  if (operator === '>') return value > wanted;
  if (operator === '<') return value < wanted;
  if (operator === '>=') return value >= wanted;
  return value <= wanted;
}
