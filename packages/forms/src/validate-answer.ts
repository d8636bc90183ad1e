// Checks one answer: its kind, option list, range, length, pattern, decimal places, units, attachment size.
import type {
  Attachment,
  Extension,
  Quantity,
  QuestionnaireItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { ANSWER_KEYS } from './answers.ts';
import { extensionInteger, extensionOf, extensionsOf } from './extension.ts';
import type { ResponseIssue } from './validate.ts';

type AnswerKey = (typeof ANSWER_KEYS)[number];

const KEYS_OF_TYPE: Readonly<Record<string, readonly AnswerKey[]>> = {
  boolean: ['valueBoolean'],
  decimal: ['valueDecimal', 'valueInteger'],
  integer: ['valueInteger'],
  date: ['valueDate'],
  dateTime: ['valueDateTime'],
  time: ['valueTime'],
  string: ['valueString'],
  text: ['valueString'],
  url: ['valueUri'],
  choice: ['valueCoding'],
  'open-choice': ['valueCoding', 'valueString'],
  attachment: ['valueAttachment'],
  reference: ['valueReference'],
  quantity: ['valueQuantity'],
};

const NOT_ANSWERS = new Set(['id', 'extension', 'item']);
/** Longer texts are not put through a pattern that a stranger may have written. */
const PATTERN_LENGTH_MAX = 4000;
const UUID_URI = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function checkAnswer(
  definition: QuestionnaireItem,
  answer: QuestionnaireResponseItemAnswer,
  at: string,
): ResponseIssue[] {
  const found = givenKeys(answer);
  const strange = found.filter((key) => !(ANSWER_KEYS as readonly string[]).includes(key));
  if (strange.length > 0) {
    return [error('structure', at, `不认识的属性“${strange[0]}”`, `unrecognised property "${strange[0]}"`)];
  }
  const key = found[0] as AnswerKey | undefined;
  if (key === undefined) return [];
  if (found.length > 1) return [error('structure', at, '一个答案只能有一个值', 'an answer has one value')];
  const place = `${at}.value.ofType(${typeName(key)})`;
  const allowed = allowedKeys(definition);
  if (allowed && !allowed.includes(key)) {
    const wanted = allowed.map(typeName).join(' / ');
    return [
      error(
        'invariant',
        place,
        `答案类型应为 ${wanted}`,
        `the answer must be of type ${wanted}, not ${typeName(key)}`,
      ),
    ];
  }
  return [
    ...checkOptions(definition, answer, key, place, at),
    ...checkRange(definition, answer, key, place),
    ...checkText(definition, answer, key, place),
    ...checkQuantity(definition, answer.valueQuantity, place),
    ...checkAttachment(definition, answer.valueAttachment, at, place),
    ...checkReference(definition, answer, place),
  ];
}

const error = (code: ResponseIssue['code'], expression: string, zh: string, en: string): ResponseIssue => ({
  severity: 'error',
  code,
  expression,
  text: { zh, en },
});

const givenKeys = (answer: QuestionnaireResponseItemAnswer): string[] =>
  Object.keys(answer).filter((key) => !NOT_ANSWERS.has(key) && !key.startsWith('_'));

function typeName(key: AnswerKey): string {
  const name = key.slice('value'.length);
  return ['Attachment', 'Coding', 'Quantity', 'Reference'].includes(name)
    ? name
    : name[0]!.toLowerCase() + name.slice(1);
}

/** A choice without any list of its own says nothing about its answers beyond being a coding or a word. */
function allowedKeys(definition: QuestionnaireItem): readonly AnswerKey[] | undefined {
  const type = definition.type ?? '';
  const keys = KEYS_OF_TYPE[type];
  if (type !== 'choice' && type !== 'open-choice') return keys;
  const options = definition.answerOption ?? [];
  const own = options.flatMap((option) => givenKeysOfOption(option));
  if (type === 'choice' && options.length === 0 && definition.answerValueSet === undefined)
    return ['valueCoding', 'valueString'];
  return [...new Set([...(keys ?? []), ...own])];
}

const givenKeysOfOption = (option: object): AnswerKey[] =>
  Object.keys(option).filter((key): key is AnswerKey => (ANSWER_KEYS as readonly string[]).includes(key));

function checkOptions(
  definition: QuestionnaireItem,
  answer: QuestionnaireResponseItemAnswer,
  key: AnswerKey,
  place: string,
  at: string,
): ResponseIssue[] {
  const options = definition.answerOption ?? [];
  if (options.length === 0 || (definition.type === 'open-choice' && key === 'valueString')) return [];
  if (options.some((option) => sameOption(option, answer, key))) return [];
  const where = key === 'valueCoding' ? at : place;
  const shown = key === 'valueCoding' ? answer.valueCoding?.code : JSON.stringify(answer[key]);
  return [error('invariant', where, `${shown} 不在选项之内`, `${shown} is not one of the options`)];
}

function sameOption(option: object, answer: QuestionnaireResponseItemAnswer, key: AnswerKey): boolean {
  const value = (option as Record<string, unknown>)[key];
  if (value === undefined) return false;
  if (key === 'valueCoding') {
    const coding = value as { system?: string; code?: string };
    return coding.code === answer.valueCoding?.code && coding.system === answer.valueCoding?.system;
  }
  if (key === 'valueReference')
    return (value as { reference?: string }).reference === answer.valueReference?.reference;
  return value === answer[key];
}

export function isExclusive(definition: QuestionnaireItem, answer: QuestionnaireResponseItemAnswer): boolean {
  const key = givenKeys(answer)[0] as AnswerKey | undefined;
  const option = key && definition.answerOption?.find((one) => sameOption(one, answer, key));
  return option !== undefined && extensionOf(option, 'questionnaire-optionExclusive')?.valueBoolean === true;
}

function extensionValue(extension: Extension | undefined): number | string | undefined {
  return (
    extension?.valueInteger ??
    extension?.valueDecimal ??
    extension?.valueDate ??
    extension?.valueDateTime ??
    extension?.valueTime
  );
}

/** Both edges belong to the range. Dates compare as texts, so a coarser bound (2022-06) lies before its days. */
function checkRange(
  definition: QuestionnaireItem,
  answer: QuestionnaireResponseItemAnswer,
  key: AnswerKey,
  place: string,
): ResponseIssue[] {
  const value = answer[key];
  if (typeof value !== 'number' && typeof value !== 'string') return [];
  const issues: ResponseIssue[] = [];
  const least = extensionValue(extensionOf(definition, 'minValue'));
  const most = extensionValue(extensionOf(definition, 'maxValue'));
  if (least !== undefined && typeof least === typeof value && instantOrSame(value) < instantOrSame(least)) {
    issues.push(
      error(
        'invariant',
        place,
        `${value} 小于下限 ${least}`,
        `${value} is less than the allowed minimum ${least}`,
      ),
    );
  }
  if (most !== undefined && typeof most === typeof value && instantOrSame(value) > instantOrSame(most)) {
    issues.push(
      error(
        'invariant',
        place,
        `${value} 大于上限 ${most}`,
        `${value} is greater than the allowed maximum ${most}`,
      ),
    );
  }
  return issues;
}

/** Date-times with a zone are compared as instants; the fixed-width text of the instant keeps them comparable. */
function instantOrSame(value: number | string): number | string {
  return typeof value === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/.test(value)
    ? new Date(value).toISOString()
    : value;
}

function checkText(
  definition: QuestionnaireItem,
  answer: QuestionnaireResponseItemAnswer,
  key: AnswerKey,
  place: string,
): ResponseIssue[] {
  const issues: ResponseIssue[] = [];
  const text = answer.valueString ?? answer.valueUri;
  if (text !== undefined) {
    const least = extensionInteger(definition, 'minLength');
    if (definition.maxLength !== undefined && [...text].length > definition.maxLength) {
      issues.push(
        error(
          'invariant',
          place,
          `超过 ${definition.maxLength} 个字符`,
          `longer than ${definition.maxLength} characters`,
        ),
      );
    }
    if (least !== undefined && [...text].length < least) {
      issues.push(error('invariant', place, `少于 ${least} 个字符`, `shorter than ${least} characters`));
    }
    if (!matches(extensionOf(definition, 'regex')?.valueString, text)) {
      const format = extensionOf(definition, 'entryFormat')?.valueString ?? '';
      issues.push(
        error(
          'invariant',
          place,
          `格式应为 ${format}`,
          `the answer does not have the expected format ${format}`,
        ),
      );
    }
  }
  if (key === 'valueUri' && answer.valueUri?.startsWith('urn:uuid:') && !UUID_URI.test(answer.valueUri)) {
    issues.push(error('invalid', place, 'UUID 须完整且为小写', 'a UUID must be valid and lower-case'));
  }
  const number = answer.valueDecimal ?? answer.valueQuantity?.value;
  const places = extensionInteger(definition, 'maxDecimalPlaces');
  if (number !== undefined && places !== undefined && decimalPlaces(number) > places) {
    issues.push(
      error('invariant', place, `至多 ${places} 位小数`, `at most ${places} decimal places are allowed`),
    );
  }
  return issues;
}

function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || text.length > PATTERN_LENGTH_MAX) return pattern === undefined;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return true;
  }
}

function decimalPlaces(value: number): number {
  const [mantissa, exponent] = String(value).split('e');
  return Math.max((mantissa?.split('.')[1]?.length ?? 0) - Number(exponent ?? 0), 0);
}

/** Only like units can be compared; without a formal unit (system and code) nothing can. */
function checkQuantity(
  definition: QuestionnaireItem,
  quantity: Quantity | undefined,
  place: string,
): ResponseIssue[] {
  if (!quantity) return [];
  const issues: ResponseIssue[] = [];
  const bounds = [
    [extensionOf(definition, 'sdc-questionnaire-minQuantity')?.valueQuantity, -1],
    [extensionOf(definition, 'sdc-questionnaire-maxQuantity')?.valueQuantity, 1],
  ] as const;
  for (const [bound, sign] of bounds) {
    if (!bound || bound.value === undefined || quantity.value === undefined) continue;
    const formal = bound.system !== undefined && bound.code !== undefined && quantity.code !== undefined;
    const like = bound.system === quantity.system && bound.code === quantity.code;
    if (!formal || !like) {
      issues.push(
        error(
          'invariant',
          place,
          '单位不同，无法与限值比较',
          'the units cannot be compared with those of the limit',
        ),
      );
    } else if (Math.sign(quantity.value - bound.value) === sign) {
      const word = sign < 0 ? 'less than the allowed minimum' : 'greater than the allowed maximum';
      issues.push(
        error(
          'invariant',
          place,
          sign < 0 ? '小于下限' : '大于上限',
          `${quantity.value} is ${word} ${bound.value}`,
        ),
      );
    }
  }
  const units = extensionsOf(definition, 'questionnaire-unitOption').map((one) => one.valueCoding?.code);
  if (units.length > 0 && !units.includes(quantity.code)) {
    issues.push(error('invariant', place, '单位不在可选之内', 'the unit is not one of those offered'));
  }
  return issues;
}

function checkAttachment(
  definition: QuestionnaireItem,
  attachment: Attachment | undefined,
  at: string,
  place: string,
): ResponseIssue[] {
  if (!attachment) return [];
  const issues: ResponseIssue[] = [];
  const data = attachment.data?.replace(/\s/g, '');
  const padding = data?.endsWith('==') ? 2 : data?.endsWith('=') ? 1 : 0;
  const actual = data === undefined ? undefined : Math.floor((data.length * 3) / 4) - padding;
  if (actual !== undefined && attachment.size !== undefined && attachment.size !== actual) {
    issues.push(
      error(
        'structure',
        place,
        '附件大小与内容不符',
        `stated size ${attachment.size} is not the actual size ${actual}`,
      ),
    );
  }
  const most = extensionOf(definition, 'maxSize')?.valueDecimal;
  const size = actual ?? attachment.size;
  if (most !== undefined && size !== undefined && size > most) {
    issues.push(
      error(
        'required',
        at,
        `附件不能超过 ${most} 字节`,
        `the attachment is too large (allowed ${most}, found ${size})`,
      ),
    );
  }
  const types = extensionsOf(definition, 'mimeType').map((one) => one.valueCode);
  if (types.length > 0 && !types.includes(attachment.contentType)) {
    issues.push(error('invariant', place, '附件类型不允许', 'this type of attachment is not allowed'));
  }
  return issues;
}

function checkReference(
  definition: QuestionnaireItem,
  answer: QuestionnaireResponseItemAnswer,
  place: string,
): ResponseIssue[] {
  const reference = answer.valueReference?.reference;
  const types = extensionsOf(definition, 'questionnaire-referenceResource').map((one) => one.valueCode);
  const type =
    /(?:^|\/)([A-Z]\w+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference ?? '')?.[1] ??
    answer.valueReference?.type;
  if (types.length === 0 || type === undefined || types.includes(type)) return [];
  return [
    error(
      'invariant',
      place,
      `不能引用 ${type}`,
      `a reference to ${type} is not allowed (${types.join(', ')})`,
    ),
  ];
}
