// Tests of response validation: our own small set, then the official pairs where they are at hand.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { validateResponse } from './validate.ts';

const form: Questionnaire = {
  resourceType: 'Questionnaire',
  url: 'https://example.org/q',
  version: '2',
  status: 'active',
  item: [
    { linkId: 'smokes', type: 'boolean', required: true },
    {
      linkId: 'how-many',
      type: 'integer',
      required: true,
      enableWhen: [{ question: 'smokes', operator: '=', answerBoolean: true }],
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueInteger: 100 }],
    },
    {
      linkId: 'brand',
      type: 'string',
      maxLength: 3,
      enableWhen: [{ question: 'how-many', operator: '>', answerInteger: 0 }],
    },
    { linkId: 'home', type: 'group', item: [{ linkId: 'rooms', type: 'integer', required: true }] },
  ],
};

const answer = (
  item: QuestionnaireResponse['item'],
  status: 'completed' | 'in-progress' = 'completed',
): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'https://example.org/q|2',
  status,
  item: item ?? [],
});

const codes = (response: QuestionnaireResponse) =>
  validateResponse(form, response).map((one) => `${one.severity} ${one.code} ${one.expression}`);

test('[forms V1] a complete response has no issue', () => {
  const good = answer([
    { linkId: 'smokes', answer: [{ valueBoolean: true }] },
    { linkId: 'how-many', answer: [{ valueInteger: 20 }] },
    { linkId: 'brand', answer: [{ valueString: '红塔山' }] },
    { linkId: 'home', item: [{ linkId: 'rooms', answer: [{ valueInteger: 3 }] }] },
  ]);
  assert.deepEqual(codes(good), []);
});

test('[forms V2] skip logic: a hidden question need not and must not be answered, and hides those behind it', () => {
  assert.deepEqual(codes(answer([{ linkId: 'smokes', answer: [{ valueBoolean: false }] }])), []);
  const hidden = answer([
    { linkId: 'smokes', answer: [{ valueBoolean: false }] },
    { linkId: 'how-many', answer: [{ valueInteger: 20 }] },
    { linkId: 'brand', answer: [{ valueString: 'x' }] },
  ]);
  assert.deepEqual(codes(hidden), [
    'error invalid QuestionnaireResponse.item[1]',
    'error invalid QuestionnaireResponse.item[2]',
  ]);
});

test('[forms V3] a draft may lack answers, a finished response may not', () => {
  assert.deepEqual(codes(answer([])), ['error required QuestionnaireResponse']);
  assert.deepEqual(codes(answer([], 'in-progress')), ['warning required QuestionnaireResponse']);
});

test('[forms V4] range, length, type, place, order and another version are each told', () => {
  const bad = answer([
    { linkId: 'how-many', answer: [{ valueInteger: 101 }] },
    { linkId: 'smokes', answer: [{ valueBoolean: true }] },
    { linkId: 'brand', answer: [{ valueString: '红塔山烟' }] },
    { linkId: 'rooms', answer: [{ valueInteger: 1 }] },
  ]);
  assert.deepEqual(codes(bad), [
    'error invariant QuestionnaireResponse.item[0].answer[0].value.ofType(integer)',
    'error structure QuestionnaireResponse.item[1]',
    'error invariant QuestionnaireResponse.item[2].answer[0].value.ofType(string)',
    'error structure QuestionnaireResponse',
  ]);
  const old = {
    ...answer([{ linkId: 'smokes', answer: [{ valueBoolean: false }] }]),
    questionnaire: 'https://example.org/q|1',
  };
  assert.deepEqual(codes(old), ['error invalid QuestionnaireResponse.questionnaire']);
});

const data = process.env['YIMAI_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
const index = join(data, 'fhir/questionnaire-response-index.json');

interface Pair {
  readonly name: string;
  readonly file: string;
  readonly questionnaire: readonly string[];
  readonly expectValid: boolean;
  readonly detectableFromBaseSpec: boolean;
  readonly expectedErrors: readonly { readonly code: string; readonly expression: string }[];
}

test('[forms V5] official pairs: every expected error is found at its place, and valid ones raise no error', (t) => {
  if (!existsSync(index)) {
    t.diagnostic('official-suite questionnaire-response skipped no data here');
    t.skip('the official pairs are not here');
    return;
  }
  const read = (file: string): unknown => JSON.parse(readFileSync(join(data, 'fhir', file), 'utf8'));
  const pairs = read('questionnaire-response-index.json') as Pair[];
  let run = 0;
  for (const pair of pairs) {
    if (!pair.detectableFromBaseSpec && !pair.expectValid) continue;
    const issues = validateResponse(
      read(pair.questionnaire[0]!) as Questionnaire,
      read(pair.file) as QuestionnaireResponse,
    );
    const found = issues.filter((one) => one.severity === 'error');
    if (pair.expectValid) assert.deepEqual(found, [], pair.name);
    for (const expected of pair.expectedErrors) {
      const match = found.some((one) => one.expression === expected.expression && one.code === expected.code);
      assert.ok(
        match,
        `${pair.name}: ${expected.code} at ${expected.expression}, found ${JSON.stringify(found.map((one) => [one.code, one.expression]))}`,
      );
    }
    run += 1;
  }
  t.diagnostic(`official-suite questionnaire-response run ${run}`);
  assert.ok(run > 0);
});
