// The compact authoring form (YAML) of a questionnaire, its checks, and its compilation to FHIR Questionnaire + scoring.
import type { Questionnaire, QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import type { Text } from '@yimai/kit';
import { compileWhen } from './author-when.ts';
import { type Compiled, compileExpression } from './expression.ts';
import { compileScoring, type Scoring, type ScoringDeclaration } from './scoring.ts';
import {
  aDate,
  aFlag,
  aName,
  aNumber,
  aText,
  aTitle,
  aWhole,
  type Issue,
  inspect,
  issue,
  listOf,
  objectOf,
  oneOf,
  optional,
  type Shape,
} from './shape.ts';

export const FORM_URL = 'https://yimai.example/fhir/Questionnaire/';
export const OPTION_SYSTEM = 'https://yimai.example/fhir/CodeSystem/form-';
export const CALCULATION_LANGUAGE = 'text/x-yimai-expression';
const EXTENSION = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';

const TYPES = {
  'yes-no': 'boolean',
  whole: 'integer',
  number: 'decimal',
  text: 'string',
  'long-text': 'text',
  date: 'date',
  'date-time': 'dateTime',
  time: 'time',
  choice: 'choice',
  choices: 'choice',
  quantity: 'quantity',
  reference: 'reference',
  photo: 'attachment',
  file: 'attachment',
  signature: 'attachment',
  group: 'group',
  note: 'display',
} as const;

export type ItemType = keyof typeof TYPES;

export interface OptionDeclaration {
  readonly code: string;
  readonly text: Text;
  readonly score?: number | 'not-applicable';
  readonly exclusive?: boolean;
}

export interface ItemDeclaration {
  readonly id: string;
  readonly text: Text;
  readonly type: ItemType;
  readonly required?: boolean;
  readonly repeats?: boolean;
  readonly when?: string;
  readonly min?: number;
  readonly max?: number;
  readonly digits?: number;
  readonly unit?: string;
  readonly longest?: number;
  readonly size?: number;
  readonly points?: number;
  readonly veto?: string;
  readonly calculate?: string;
  readonly options?: readonly OptionDeclaration[];
  readonly items?: readonly ItemDeclaration[];
}

export interface FormDeclaration {
  readonly id: string;
  readonly version: string;
  readonly from?: string;
  readonly title: Text;
  readonly source?: string;
  readonly items: readonly ItemDeclaration[];
  readonly score?: ScoringDeclaration;
}

/** A form ready for use: the FHIR questionnaire, the calculations in order, the scoring. */
export interface Form {
  readonly id: string;
  readonly version: string;
  readonly from: string;
  readonly title: Text;
  readonly canonical: string;
  readonly questionnaire: Questionnaire;
  readonly calculations: readonly { readonly id: string; readonly run: Compiled }[];
  readonly scoring: Scoring | null;
  readonly items: readonly ItemDeclaration[];
}

const option = objectOf({
  code: aText,
  text: aTitle,
  score: optional((value, at, issues) => {
    if (value !== 'not-applicable') aNumber(value, at, issues);
  }),
  exclusive: optional(aFlag),
});

const item: Shape = (value, at, issues) =>
  objectOf({
    id: aName,
    text: aTitle,
    type: oneOf(...Object.keys(TYPES)),
    required: optional(aFlag),
    repeats: optional(aFlag),
    when: optional(aText),
    min: optional(aNumber),
    max: optional(aNumber),
    digits: optional(aWhole),
    unit: optional(aText),
    longest: optional(aWhole),
    size: optional(aWhole),
    points: optional(aNumber),
    veto: optional(aText),
    calculate: optional(aText),
    options: optional(listOf(option)),
    items: optional(listOf(item)),
  })(value, at, issues);

const threshold = {
  from: optional(aNumber),
  'up-to': optional(aNumber),
  edge: optional(oneOf('including', 'excluding')),
};

const form = objectOf({
  id: aName,
  version: aText,
  from: optional(aDate),
  title: aTitle,
  source: optional(aText),
  items: listOf(item),
  score: optional(
    objectOf({
      method: oneOf('sum', 'percent-of-applicable', 'expression'),
      value: optional(aText),
      digits: optional(aWhole),
      full: optional(aNumber),
      tiers: listOf(
        objectOf({
          tier: aText,
          title: aTitle,
          ...threshold,
          colour: optional(oneOf('red', 'yellow', 'green')),
          recheck: optional(aText),
          action: optional(aText),
        }),
      ),
      'veto-tier': optional(aText),
    }),
  ),
});

export const flatItems = (items: readonly ItemDeclaration[]): ItemDeclaration[] =>
  items.flatMap((one) => [one, ...flatItems(one.items ?? [])]);

/** The compiled form, or everything that is wrong with its declaration. */
export function loadForm(value: unknown): { readonly form?: Form; readonly issues: readonly Issue[] } {
  const shape = inspect(value, form);
  if (shape.length > 0) return { issues: shape };
  const declaration = value as FormDeclaration;
  const issues: Issue[] = [];
  const all = flatItems(declaration.items);
  const ids = new Set(all.map((one) => one.id));
  if (ids.size !== all.length) {
    const twice = all.find((one, index) => all.findIndex((other) => other.id === one.id) !== index);
    issues.push(issue('items', 'item-twice', `题目“${twice?.id}”重复`, `item "${twice?.id}" appears twice`));
  }
  const knows = (path: readonly string[]) => path.length === 1 && ids.has(path[0]!);
  const compile = (text: string, at: string, more: readonly string[] = []): Compiled => {
    const compiled = compileExpression(
      text,
      (path) => knows(path) || (path.length === 1 && more.includes(path[0]!)),
    );
    if (compiled.ok) return compiled.value;
    const detail = compiled.refusal.detail ?? { zh: '', en: '' };
    issues.push(issue(at, 'expression-invalid', detail.zh, detail.en));
    return () => null;
  };
  for (const one of all) issues.push(...checkItem(one));
  const calculations = all.flatMap((one) =>
    one.calculate === undefined
      ? []
      : [{ id: one.id, run: compile(one.calculate, `items.${one.id}.calculate`) }],
  );
  const scoring = declaration.score ? compileScoring(declaration.score, all, compile, issues) : null;
  const questionnaire = toQuestionnaire(declaration, all, issues);
  if (issues.length > 0) return { issues };
  return {
    issues,
    form: {
      id: declaration.id,
      version: declaration.version,
      from: declaration.from ?? '1900-01-01',
      title: declaration.title,
      canonical: `${FORM_URL}${declaration.id}|${declaration.version}`,
      questionnaire,
      calculations,
      scoring,
      items: declaration.items,
    },
  };
}

function checkItem(one: ItemDeclaration): Issue[] {
  const at = `items.${one.id}`;
  const issues: Issue[] = [];
  const chooses = one.type === 'choice' || one.type === 'choices';
  if (chooses && (one.options?.length ?? 0) === 0) {
    issues.push(issue(`${at}.options`, 'options-missing', '选择题须有选项', 'a choice needs options'));
  }
  if (!chooses && one.options)
    issues.push(issue(`${at}.options`, 'options-unwanted', '只有选择题有选项', 'only a choice has options'));
  const codes = (one.options ?? []).map((each) => each.code);
  if (new Set(codes).size !== codes.length)
    issues.push(issue(`${at}.options`, 'option-twice', '选项代码重复', 'an option code is used twice'));
  if (one.min !== undefined && one.max !== undefined && one.min > one.max) {
    issues.push(issue(`${at}.min`, 'range-empty', '下限大于上限', 'the minimum is above the maximum'));
  }
  if (one.type === 'group' && (one.items?.length ?? 0) === 0) {
    issues.push(issue(`${at}.items`, 'group-empty', '分组内没有题目', 'the group is empty'));
  }
  return issues;
}

function toQuestionnaire(
  declaration: FormDeclaration,
  all: readonly ItemDeclaration[],
  issues: Issue[],
): Questionnaire {
  const types = new Map(all.map((one) => [one.id, TYPES[one.type]]));
  const build = (one: ItemDeclaration): QuestionnaireItem => {
    const when =
      one.when === undefined
        ? undefined
        : compileWhen(one.when, types, `items.${one.id}.when`, issues, systemOf);
    const inner = (one.items ?? []).map(build);
    const extension = extensionsFor(one);
    return {
      linkId: one.id,
      text: one.text.zh,
      _text: translation(one.text.en),
      type: TYPES[one.type],
      ...(one.required ? { required: true } : {}),
      ...(one.repeats || one.type === 'choices' ? { repeats: true } : {}),
      ...(one.longest === undefined ? {} : { maxLength: one.longest }),
      ...(one.calculate === undefined ? {} : { readOnly: true }),
      ...(one.options ? { answerOption: one.options.map((each) => toOption(each, systemOf(one.id))) } : {}),
      ...(when ?? {}),
      ...(extension.length > 0 ? { extension } : {}),
      ...(inner.length > 0 ? { item: inner } : {}),
    } as QuestionnaireItem;
  };
  const systemOf = (id: string) => `${OPTION_SYSTEM}${declaration.id}-${id}`;
  return {
    resourceType: 'Questionnaire',
    id: `${declaration.id}-${declaration.version.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`,
    url: FORM_URL + declaration.id,
    version: declaration.version,
    name: declaration.id,
    title: declaration.title.zh,
    status: 'active',
    ...(declaration.from === undefined ? {} : { effectivePeriod: { start: declaration.from } }),
    ...(declaration.source === undefined ? {} : { copyright: declaration.source }),
    item: declaration.items.map(build),
  };
}

function toOption(one: OptionDeclaration, system: string): QuestionnaireItemAnswerOption {
  const score = typeof one.score === 'number' ? one.score : undefined;
  return {
    valueCoding: {
      system,
      code: one.code,
      display: one.text.zh,
      ...(score === undefined
        ? {}
        : { extension: [{ url: `${EXTENSION}ordinalValue`, valueDecimal: score }] }),
    },
    ...(one.exclusive
      ? { extension: [{ url: `${EXTENSION}questionnaire-optionExclusive`, valueBoolean: true }] }
      : {}),
  };
}

function translation(en: string) {
  const parts = [
    { url: 'lang', valueCode: 'en' },
    { url: 'content', valueString: en },
  ];
  return { extension: [{ url: `${EXTENSION}translation`, extension: parts }] };
}

function extensionsFor(one: ItemDeclaration) {
  const whole = one.type === 'whole';
  const bound = (value: number) => (whole ? { valueInteger: value } : { valueDecimal: value });
  const quantity = (value: number) => ({
    value,
    unit: one.unit,
    system: 'http://unitsofmeasure.org',
    code: one.unit,
  });
  return [
    ...(one.min !== undefined && one.type !== 'quantity'
      ? [{ url: `${EXTENSION}minValue`, ...bound(one.min) }]
      : []),
    ...(one.max !== undefined && one.type !== 'quantity'
      ? [{ url: `${EXTENSION}maxValue`, ...bound(one.max) }]
      : []),
    ...(one.min !== undefined && one.type === 'quantity'
      ? [{ url: `${SDC}sdc-questionnaire-minQuantity`, valueQuantity: quantity(one.min) }]
      : []),
    ...(one.max !== undefined && one.type === 'quantity'
      ? [{ url: `${SDC}sdc-questionnaire-maxQuantity`, valueQuantity: quantity(one.max) }]
      : []),
    ...(one.digits === undefined ? [] : [{ url: `${EXTENSION}maxDecimalPlaces`, valueInteger: one.digits }]),
    ...(one.size === undefined ? [] : [{ url: `${EXTENSION}maxSize`, valueDecimal: one.size }]),
    ...(one.unit === undefined
      ? []
      : [
          {
            url: `${EXTENSION}questionnaire-unit`,
            valueCoding: { system: 'http://unitsofmeasure.org', code: one.unit, display: one.unit },
          },
        ]),
    ...(one.calculate === undefined
      ? []
      : [
          {
            url: `${SDC}sdc-questionnaire-calculatedExpression`,
            valueExpression: { language: CALCULATION_LANGUAGE, expression: one.calculate },
          },
        ]),
    ...(one.type === 'signature'
      ? [{ url: `${EXTENSION}questionnaire-signatureRequired`, valueBoolean: true }]
      : []),
  ];
}
