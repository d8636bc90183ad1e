// Filling a form: calculated answers, skip logic, validation and score in one pure call for desk, phone and server.
import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { type Answers, answersOf, responseOf } from './answers.ts';
import type { Form } from './author.ts';
import { enabledItems } from './enable.ts';
import type { Value } from './expression.ts';
import { type ScoreResult, score } from './scoring.ts';
import { type ResponseIssue, validateResponse } from './validate.ts';

export interface Filled {
  readonly answers: Answers;
  readonly enabled: ReadonlySet<string>;
  readonly response: QuestionnaireResponse;
  readonly issues: readonly ResponseIssue[];
  readonly score: ScoreResult | null;
}

/** Takes plain answers; calculated items are always computed here and never believed from outside. */
export function fill(
  form: Form,
  given: Answers,
  more: { readonly authored?: string; readonly draft?: boolean } = {},
): Filled {
  const known: Record<string, Value> = { ...given };
  for (const { id, run } of form.calculations) known[id] = run(known);
  const enabled = enabledItems(form.questionnaire, known);
  const answers = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
  const response = responseOf(form.questionnaire, answers, {
    status: more.draft ? 'in-progress' : 'completed',
    ...(more.authored === undefined ? {} : { authored: more.authored }),
  });
  return {
    answers,
    enabled,
    response,
    issues: [...unknownAnswers(form, given), ...validateResponse(form.questionnaire, response)],
    score: form.scoring ? score(form.scoring, answers, enabled) : null,
  };
}

/** The same from a response that came as FHIR. */
export function fillFrom(form: Form, response: QuestionnaireResponse): Filled {
  const filled = fill(form, answersOf(response), { draft: response.status === 'in-progress' });
  return { ...filled, response, issues: validateResponse(form.questionnaire, response) };
}

function unknownAnswers(form: Form, given: Answers): ResponseIssue[] {
  const known = new Set<string>();
  const collect = (items: Form['items']): void => {
    for (const item of items) {
      known.add(item.id);
      collect(item.items ?? []);
    }
  };
  collect(form.items);
  return Object.keys(given)
    .filter((id) => !known.has(id))
    .map((id) => ({
      severity: 'error',
      code: 'not-found',
      expression: 'QuestionnaireResponse',
      text: { zh: `表单没有“${id}”`, en: `"${id}" is not in the form` },
    }));
}

/** The version of a form that is in force on a date: the latest that had begun. */
export function formOn(versions: readonly Form[], date: string): Form | undefined {
  return versions
    .filter((form) => form.from <= date)
    .sort((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0))[0];
}
