// The FHIR side of answers: one answer element to a plain value, and a whole response to answers by linkId.
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Value } from './expression.ts';

/** Answers by linkId: a scalar for one answer, a list where the question repeats. */
export type Answers = Readonly<Record<string, Value>>;

export const ANSWER_KEYS = [
  'valueBoolean',
  'valueDecimal',
  'valueInteger',
  'valueDate',
  'valueDateTime',
  'valueTime',
  'valueString',
  'valueUri',
  'valueAttachment',
  'valueCoding',
  'valueQuantity',
  'valueReference',
] as const;

/** Codings become their code, quantities their number, references their text, attachments their URL or title. */
export function plainValue(answer: QuestionnaireResponseItemAnswer): Value {
  if (answer.valueCoding) return answer.valueCoding.code ?? answer.valueCoding.display ?? null;
  if (answer.valueQuantity) return answer.valueQuantity.value ?? null;
  if (answer.valueReference) return answer.valueReference.reference ?? null;
  if (answer.valueAttachment) return answer.valueAttachment.url ?? answer.valueAttachment.title ?? null;
  return (
    answer.valueBoolean ??
    answer.valueDecimal ??
    answer.valueInteger ??
    answer.valueDate ??
    answer.valueDateTime ??
    answer.valueTime ??
    answer.valueString ??
    answer.valueUri ??
    null
  );
}

/** Flattens a response; nested groups and sub-questions keep their own linkIds, which are unique in a questionnaire. */
export function answersOf(response: QuestionnaireResponse): Answers {
  const found: Record<string, Value[]> = {};
  const walk = (items: readonly QuestionnaireResponseItem[] | undefined): void => {
    for (const item of items ?? []) {
      for (const answer of item.answer ?? []) {
        const list = found[item.linkId] ?? [];
        found[item.linkId] = list;
        list.push(plainValue(answer));
        walk(answer.item);
      }
      walk(item.item);
    }
  };
  walk(response.item);
  return Object.fromEntries(
    Object.entries(found).map(([id, list]) => [id, list.length === 1 ? list[0]! : list]),
  );
}

/** Every item of a questionnaire by linkId, in reading order. */
export function itemsOf(questionnaire: Questionnaire): Map<string, QuestionnaireItem> {
  const found = new Map<string, QuestionnaireItem>();
  const walk = (items: readonly QuestionnaireItem[] | undefined): void => {
    for (const item of items ?? []) {
      found.set(item.linkId, item);
      walk(item.item);
    }
  };
  walk(questionnaire.item);
  return found;
}

/** Builds the response that plain answers stand for; names that are not items are left out. */
export function responseOf(
  questionnaire: Questionnaire,
  answers: Answers,
  more: { readonly status?: 'in-progress' | 'completed'; readonly authored?: string } = {},
): QuestionnaireResponse {
  const build = (items: readonly QuestionnaireItem[] | undefined): QuestionnaireResponseItem[] =>
    (items ?? []).flatMap((item): QuestionnaireResponseItem[] => {
      const inner = build(item.item);
      const value = answers[item.linkId];
      if (item.type === 'group') return inner.length > 0 ? [{ linkId: item.linkId, item: inner }] : [];
      if (value === undefined || value === null) return [];
      const list = Array.isArray(value) ? value : [value];
      const made = list.map((one) => answerElement(item, one));
      if (inner.length > 0 && made[0]) made[0] = { ...made[0], item: inner };
      return [{ linkId: item.linkId, answer: made }];
    });
  const version = questionnaire.version === undefined ? '' : `|${questionnaire.version}`;
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${questionnaire.url ?? ''}${version}`,
    status: more.status ?? 'completed',
    ...(more.authored === undefined ? {} : { authored: more.authored }),
    item: build(questionnaire.item),
  };
}

function answerElement(item: QuestionnaireItem, value: Value): QuestionnaireResponseItemAnswer {
  switch (item.type) {
    case 'boolean':
      return { valueBoolean: value as boolean };
    case 'decimal':
      return { valueDecimal: value as number };
    case 'integer':
      return { valueInteger: value as number };
    case 'date':
      return { valueDate: value as string };
    case 'dateTime':
      return { valueDateTime: value as string };
    case 'time':
      return { valueTime: value as string };
    case 'url':
      return { valueUri: value as string };
    case 'choice':
    case 'open-choice': {
      const option = item.answerOption?.find((one) => one.valueCoding?.code === value);
      return option?.valueCoding ? { valueCoding: option.valueCoding } : choiceWithout(item, value);
    }
    case 'quantity':
      return { valueQuantity: { value: value as number, ...unitOf(item) } };
    case 'reference':
      return { valueReference: { reference: value as string } };
    case 'attachment':
      return { valueAttachment: { url: value as string } };
    default:
      return { valueString: value as string };
  }
}

function choiceWithout(item: QuestionnaireItem, value: Value): QuestionnaireResponseItemAnswer {
  return item.type === 'open-choice'
    ? { valueString: value as string }
    : { valueCoding: { code: value as string } };
}

export function unitOf(item: QuestionnaireItem): { unit?: string; system?: string; code?: string } {
  const coding = item.extension?.find((one) => one.url.endsWith('/questionnaire-unit'))?.valueCoding;
  if (!coding) return {};
  return {
    ...(coding.display === undefined ? {} : { unit: coding.display }),
    ...(coding.system === undefined ? {} : { system: coding.system }),
    ...(coding.code === undefined ? {} : { code: coding.code }),
  };
}
