// Checks a QuestionnaireResponse against the Questionnaire it answers: structure, required, skip logic, number of answers.
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { type Answers, answersOf } from './answers.ts';
import { enabledItems } from './enable.ts';
import { extensionInteger } from './extension.ts';
import { checkAnswer, isExclusive } from './validate-answer.ts';

/** One finding, in the terms of OperationOutcome.issue. */
export interface ResponseIssue {
  readonly severity: 'error' | 'warning';
  readonly code:
    | 'structure'
    | 'required'
    | 'invariant'
    | 'invalid'
    | 'not-found'
    | 'business-rule'
    | 'code-invalid';
  readonly expression: string;
  readonly text: { readonly zh: string; readonly en: string };
}

interface Check {
  readonly issues: ResponseIssue[];
  readonly enabled: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  readonly finished: boolean;
}

export function validateResponse(
  questionnaire: Questionnaire,
  response: QuestionnaireResponse,
): ResponseIssue[] {
  const answers: Answers = answersOf(response);
  const check: Check = {
    issues: [],
    enabled: enabledItems(questionnaire, answers),
    known: new Set(allIds(questionnaire.item)),
    finished: response.status === 'completed' || response.status === 'amended',
  };
  checkHeader(questionnaire, response, check);
  checkItems(questionnaire.item ?? [], response.item ?? [], 'QuestionnaireResponse', check);
  return check.issues;
}

const allIds = (items: readonly QuestionnaireItem[] | undefined): string[] =>
  (items ?? []).flatMap((item) => [item.linkId, ...allIds(item.item)]);

function say(
  check: Check,
  code: ResponseIssue['code'],
  expression: string,
  zh: string,
  en: string,
  severity: ResponseIssue['severity'] = 'error',
): void {
  check.issues.push({ severity, code, expression, text: { zh, en } });
}

function checkHeader(questionnaire: Questionnaire, response: QuestionnaireResponse, check: Check): void {
  const [url, version] = (response.questionnaire ?? '').split('|');
  if (questionnaire.url !== undefined && url !== questionnaire.url) {
    say(
      check,
      'invalid',
      'QuestionnaireResponse.questionnaire',
      '答卷不属于该表单',
      'the response answers another form',
    );
  }
  if (version !== undefined && questionnaire.version !== undefined && version !== questionnaire.version) {
    say(
      check,
      'invalid',
      'QuestionnaireResponse.questionnaire',
      '表单版本不符',
      'the response answers another version',
    );
  }
  const at = response.authored;
  const { start, end } = questionnaire.effectivePeriod ?? {};
  const outside =
    at !== undefined &&
    ((start !== undefined && at < start) || (end !== undefined && at.slice(0, end.length) > end));
  if (questionnaire.status === 'retired' || outside) {
    const where = 'QuestionnaireResponse.questionnaire';
    say(check, 'business-rule', where, '表单不在有效期内', 'the form is not in force', 'warning');
  }
}

function checkItems(
  defined: readonly QuestionnaireItem[],
  given: readonly QuestionnaireResponseItem[],
  at: string,
  check: Check,
): void {
  const byId = new Map(defined.map((item, index) => [item.linkId, { item, index }]));
  const seen = new Set<string>();
  let last = -1;
  for (const [index, item] of given.entries()) {
    const place = `${at}.item[${index}]`;
    const definition = byId.get(item.linkId);
    if (!definition) {
      unknownItem(item.linkId, at, check);
      continue;
    }
    if (definition.index < last)
      say(check, 'structure', place, '题目顺序与表单不同', 'items are out of order');
    last = Math.max(last, definition.index);
    const twice = seen.has(item.linkId) && definition.item.type !== 'group';
    if (twice)
      say(
        check,
        'invalid',
        place,
        '同一题目出现两次',
        `"${item.linkId}" appears twice; put all answers into one item`,
      );
    seen.add(item.linkId);
    checkItem(definition.item, item, place, check);
  }
  checkGroupRepeats(defined, given, at, check);
  for (const item of defined) {
    const missing = item.required === true && !seen.has(item.linkId) && check.enabled.has(item.linkId);
    if (!missing) continue;
    missingRequired(item, at, check);
  }
}

function unknownItem(linkId: string, at: string, check: Check): void {
  if (check.known.has(linkId))
    say(check, 'structure', at, `“${linkId}”不在应有的位置`, `"${linkId}" is in the wrong place`);
  else say(check, 'not-found', at, `表单没有“${linkId}”`, `"${linkId}" is not in the form`);
}

function missingRequired(item: QuestionnaireItem, at: string, check: Check): void {
  const name = item.text ?? item.linkId;
  say(
    check,
    'required',
    at,
    `须填写“${name}”`,
    `"${name}" must be answered`,
    check.finished ? 'error' : 'warning',
  );
}

function checkGroupRepeats(
  defined: readonly QuestionnaireItem[],
  given: readonly QuestionnaireResponseItem[],
  at: string,
  check: Check,
): void {
  for (const item of defined) {
    if (item.type !== 'group') continue;
    const count = given.filter((one) => one.linkId === item.linkId).length;
    if (count > 1 && item.repeats !== true)
      say(check, 'invalid', at, '该组只能出现一次', `group "${item.linkId}" does not repeat`);
  }
}

function checkItem(
  definition: QuestionnaireItem,
  item: QuestionnaireResponseItem,
  at: string,
  check: Check,
): void {
  const type = definition.type as string;
  const answers = item.answer ?? [];
  if (!check.enabled.has(definition.linkId)) {
    say(check, 'invalid', at, '该题按跳转规则不应作答', `"${definition.linkId}" is not enabled`);
    return;
  }
  if (type === 'group') {
    if (answers.length > 0) say(check, 'structure', at, '分组不能有答案', 'a group cannot have answers');
    else checkItems(definition.item ?? [], item.item ?? [], at, check);
    return;
  }
  if (type === 'display' || type === 'question') {
    if (answers.length > 0)
      say(check, 'structure', at, '该类题目不能有答案', `items of type ${type} cannot have answers`);
    return;
  }
  if ((item.item?.length ?? 0) > 0) {
    say(check, 'structure', at, '下级题目应放在答案之内', 'items under a question belong inside its answer');
  }
  checkCount(definition, answers, at, check);
  for (const [index, answer] of answers.entries()) {
    const place = `${at}.answer[${index}]`;
    for (const found of checkAnswer(definition, answer, place)) check.issues.push(found);
    if ((definition.item?.length ?? 0) > 0)
      checkItems(definition.item ?? [], answer.item ?? [], place, check);
  }
  checkExclusive(definition, answers, at, check);
}

function checkCount(
  definition: QuestionnaireItem,
  answers: readonly QuestionnaireResponseItemAnswer[],
  at: string,
  check: Check,
): void {
  const least = extensionInteger(definition, 'questionnaire-minOccurs');
  const most = extensionInteger(definition, 'questionnaire-maxOccurs');
  if (definition.repeats !== true && most === undefined && answers.length > 1) {
    say(check, 'invalid', at, '该题只能有一个答案', 'only one answer is allowed');
  }
  if (most !== undefined && answers.length > most) {
    say(
      check,
      'invalid',
      at,
      `至多 ${most} 个答案`,
      `at most ${most} answers are allowed, ${answers.length} given`,
    );
  }
  if (least !== undefined && answers.length < least) {
    say(
      check,
      'invalid',
      at,
      `至少 ${least} 个答案`,
      `at least ${least} answers are needed`,
      check.finished ? 'error' : 'warning',
    );
  }
  if (answers.length === 0 && definition.required === true) missingRequired(definition, at, check);
}

/** 以上都没有 and the like: chosen together with another option is a contradiction. */
function checkExclusive(
  definition: QuestionnaireItem,
  answers: readonly QuestionnaireResponseItemAnswer[],
  at: string,
  check: Check,
): void {
  if (answers.length < 2) return;
  for (const [index, answer] of answers.entries()) {
    if (!isExclusive(definition, answer)) continue;
    say(
      check,
      'invariant',
      `${at}.answer[${index}]`,
      '该选项不能与其他选项同选',
      'this option excludes all others',
    );
  }
}
