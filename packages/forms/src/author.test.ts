// Tests of authored forms: compilation, skip logic, calculation, score, tiers with their edges, veto, versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadForm } from './author.ts';
import { fill, fillFrom, formOn } from './fill.ts';
import { validateResponse } from './validate.ts';

const t = (zh: string, en = zh) => ({ zh, en });
const marks = (id: string, points: number) => ({
  id,
  text: t(id),
  type: 'whole',
  min: 0,
  max: points,
  points,
  required: true,
});
const choice = (id: string, full: number) => ({
  id,
  text: t(id),
  type: 'choice',
  required: true,
  options: [
    { code: 'met', text: t('符合'), score: full },
    { code: 'not-met', text: t('不符合'), score: 0 },
    { code: 'na', text: t('不适用'), score: 'not-applicable' },
  ],
});

/** The worked example of quantified grading: A >= 90, B 70-89, C 60-69, key items, items that do not apply. */
const GRADING = {
  id: 'pool-grading',
  version: '2026',
  from: '2026-01-01',
  title: t('游泳场所量化分级', 'Grading of swimming pools'),
  items: [
    { ...choice('permit', 10), veto: "permit == 'not-met'" },
    marks('water', 50),
    marks('staff', 30),
    choice('ventilation', 10),
    { id: 'chlorine', text: t('游离性余氯'), type: 'number', min: 0, max: 5, digits: 2, unit: 'mg/L' },
    { id: 'reason', text: t('不合格说明'), type: 'text', required: true, when: "permit == 'not-met'" },
  ],
  score: {
    method: 'percent-of-applicable',
    full: 100,
    'veto-tier': 'none',
    tiers: [
      { tier: 'A', title: t('A 级'), from: 90, edge: 'including', recheck: '12 months', colour: 'green' },
      { tier: 'B', title: t('B 级'), from: 70, edge: 'including', recheck: '6 months' },
      { tier: 'C', title: t('C 级'), from: 60, edge: 'including', recheck: '4 months' },
      { tier: 'none', title: t('不予评级'), recheck: '1 month', colour: 'red', action: 'rectify' },
    ],
  },
};

const grading = () => {
  const { form, issues } = loadForm(GRADING);
  assert.deepEqual(issues, []);
  assert.ok(form);
  return form;
};

const result = (answers: Record<string, string | number>) => {
  const { score } = fill(grading(), answers);
  return [score?.score, score?.tier];
};

test('[forms S1] items that do not apply leave both marks and full marks: 78 of 90 is 86.7, grade B', () => {
  const { score, issues } = fill(grading(), { permit: 'met', water: 43, staff: 25, ventilation: 'na' });
  assert.deepEqual(issues, []);
  assert.deepEqual([score?.full, score?.tier, score?.recheck], [90, 'B', '6 months']);
  assert.equal(score?.score?.toFixed(1), '86.7');
});

test('[forms S2] the edge of a tier counts as declared, on the unrounded score', () => {
  assert.deepEqual(result({ permit: 'met', water: 45, staff: 25, ventilation: 'met' }), [90, 'A']);
  assert.deepEqual(result({ permit: 'met', water: 45, staff: 24, ventilation: 'met' }), [89, 'B']);
  const strict = structuredClone(GRADING);
  strict.score.tiers[0]!.edge = 'excluding';
  const { form } = loadForm(strict);
  assert.equal(fill(form!, { permit: 'met', water: 45, staff: 25, ventilation: 'met' }).score?.tier, 'B');
});

test('[forms S3] a veto forces the veto tier whatever the score', () => {
  const { score } = fill(grading(), {
    permit: 'not-met',
    water: 50,
    staff: 30,
    ventilation: 'met',
    reason: '无证',
  });
  assert.deepEqual([score?.tier, score?.vetoes, score?.action], ['none', ['permit'], 'rectify']);
});

test('[forms S4] an unanswered scored item means no score and no tier', () => {
  const { score } = fill(grading(), { permit: 'met', water: 50 });
  assert.deepEqual([score?.score, score?.tier, score?.missing], [null, null, ['staff', 'ventilation']]);
});

test('[forms S5] skip logic, ranges and decimals hold in the compiled questionnaire', () => {
  const codes = (answers: Record<string, string | number>) =>
    fill(grading(), answers).issues.map((one) => one.code);
  const good = { permit: 'met', water: 1, staff: 1, ventilation: 'met' };
  assert.deepEqual(codes({ ...good, reason: 'x' }), ['invalid']);
  assert.deepEqual(codes({ ...good, permit: 'not-met' }), ['required']);
  assert.deepEqual(codes({ ...good, chlorine: 0.123 }), ['invariant']);
  assert.deepEqual(codes({ ...good, water: 51 }), ['invariant']);
  assert.deepEqual(codes({ ...good, ghost: 1 }), ['not-found']);
  assert.deepEqual(codes({ ...good, permit: 'maybe' }), ['invariant']);
});

test('[forms S6] calculated answers are computed, never believed', () => {
  const { form, issues } = loadForm({
    id: 'body',
    version: '1',
    title: t('体格'),
    items: [
      { id: 'height', text: t('身高'), type: 'number', required: true, unit: 'cm' },
      { id: 'weight', text: t('体重'), type: 'number', required: true, unit: 'kg' },
      {
        id: 'bmi',
        text: t('体质指数'),
        type: 'number',
        calculate: 'round(weight / (height / 100 * height / 100), 1)',
      },
    ],
  });
  assert.deepEqual(issues, []);
  assert.equal(fill(form!, { height: 170, weight: 65, bmi: 99 }).answers['bmi'], 22.5);
});

test('[forms S7] a wrong form is told where: marks that do not add up, missing edge, bad condition, doubled item', () => {
  const find = (change: (form: typeof GRADING & Record<string, unknown>) => void) => {
    const copy = structuredClone(GRADING) as typeof GRADING & Record<string, unknown>;
    change(copy);
    return loadForm(copy).issues.map((one) => `${one.code} ${one.at}`);
  };
  assert.deepEqual(
    find((form) => (form.score.full = 90)),
    ['full-marks score.full'],
  );
  assert.deepEqual(
    find((form) => delete (form.score.tiers[0] as Record<string, unknown>)['edge']),
    ['edge-missing score.tiers[0].edge'],
  );
  assert.deepEqual(
    find((form) => ((form.items[5] as Record<string, unknown>)['when'] = 'water * 2 > 3')),
    ['when-unsupported items.reason.when'],
  );
  assert.deepEqual(
    find((form) => ((form.items[0] as Record<string, unknown>)['veto'] = 'ghost == 1')),
    ['expression-invalid items.permit.veto'],
  );
  assert.deepEqual(
    find((form) => form.items.push(form.items[4]!)),
    ['item-twice items'],
  );
  assert.deepEqual(
    find((form) => ((form.items[4] as Record<string, unknown>)['unti'] = 'x')),
    ['unknown-key items[4].unti'],
  );
});

test('[forms S8] the version in force on a date is used, and an answer keeps the version it was given to', () => {
  const { form: old } = loadForm({ ...GRADING, version: '2024', from: '2024-01-01' });
  const versions = [grading(), old!];
  assert.equal(formOn(versions, '2025-12-31')?.version, '2024');
  assert.equal(formOn(versions, '2026-01-01')?.version, '2026');
  assert.equal(formOn(versions, '2023-12-31'), undefined);
  const { response } = fill(old!, { permit: 'met', water: 1, staff: 1, ventilation: 'met' });
  assert.equal(response.questionnaire, 'https://yimai.example/fhir/Questionnaire/pool-grading|2024');
  assert.ok(
    validateResponse(grading().questionnaire, response).some((one) =>
      one.expression.endsWith('questionnaire'),
    ),
  );
  assert.equal(fillFrom(old!, response).score?.tier, 'none');
});

test('[forms S9] the questionnaire is FHIR: English as translation, option scores as ordinalValue', () => {
  const item = grading().questionnaire.item?.[0];
  assert.equal(item?.answerOption?.[0]?.valueCoding?.extension?.[0]?.valueDecimal, 10);
  assert.equal(item?.type, 'choice');
  assert.ok(JSON.stringify(grading().questionnaire).includes('StructureDefinition/translation'));
});
