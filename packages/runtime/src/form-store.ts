// Answers as QuestionnaireResponse: checked against the version of the form in force, scored, stored with what they say.
import type { Extension, QuestionnaireResponse } from '@medplum/fhirtypes';
import { type Answers, type Filled, type Form, fill } from '@yimai/forms';
import { ok, type Result, refuse } from '@yimai/kit';
import type { Actor, CaseData } from '@yimai/loops';
import type { RecordTx, Resource } from '@yimai/record';
import { currentForm, type RuntimeContext, SYSTEMS } from './context.ts';

export interface GivenForm {
  readonly form: string;
  readonly version: string | undefined;
  readonly answers: CaseData;
  readonly subject: string | undefined;
  /** What else is said of the answers: which survey they are of, which organisation they are about. */
  readonly marks?: readonly Extension[];
}

export interface StoredAnswers {
  readonly id: string;
  readonly filled: Filled;
  readonly form: Form;
  /** What a loop or survey reads: the answers, and the outcome as `score`, `tier`, `vetoed`. */
  readonly values: CaseData;
}

/** Answers given to an old version are refused with a clear word: they keep their text on the client and are given again. */
export function checkForm(
  context: RuntimeContext,
  given: GivenForm,
  now: Date,
): Result<{ form: Form; filled: Filled }> {
  const form = currentForm(context, given.form, now);
  if (!form.ok) return form;
  if (given.version !== undefined && given.version !== form.value.version) {
    return refuse(
      'form-version-old',
      {
        zh: `表单已更新为 ${form.value.version} 版，请按新版核对后重新提交`,
        en: `the form is now version ${form.value.version}; please check and send again`,
      },
      { at: 'payload.formVersion' },
    );
  }
  const filled = fill(form.value, given.answers as Answers, { authored: now.toISOString() });
  const wrong = filled.issues.find((one) => one.severity === 'error');
  if (wrong) return refuse('form-invalid', wrong.text, { at: `payload.answers (${wrong.expression})` });
  return ok({ form: form.value, filled });
}

export async function storeForm(
  context: RuntimeContext,
  tx: RecordTx,
  given: GivenForm,
  actor: Actor,
): Promise<Result<StoredAnswers>> {
  const checked = checkForm(context, given, tx.recordedAt);
  if (!checked.ok) return checked;
  const { form, filled } = checked.value;
  const resource = responseResource(filled, given, actor);
  const row = await tx.create(resource as unknown as Resource, { engine: 'form' });
  return ok({ id: row.fhirId, filled, form, values: valuesOf(filled) });
}

export function valuesOf(filled: Filled): CaseData {
  const score = filled.score;
  return {
    ...(filled.answers as CaseData),
    ...(score
      ? { score: score.score, tier: score.tier, vetoed: score.vetoes.length > 0, recheck: score.recheck }
      : {}),
  };
}

function responseResource(
  filled: Filled,
  { subject, marks = [] }: GivenForm,
  actor: Actor,
): QuestionnaireResponse {
  const author = /^(Practitioner|Organization|Patient)\//.test(actor.person)
    ? actor.person
    : actor.organisation;
  const { score } = filled;
  const said: Extension[] = [...marks];
  if (score && score.score !== null) {
    said.push({ url: `${SYSTEMS.extension}form-score`, valueDecimal: score.score });
    if (score.tier !== null) said.push({ url: `${SYSTEMS.extension}form-tier`, valueCode: score.tier });
  }
  return {
    ...filled.response,
    meta: { tag: [{ system: SYSTEMS.dataKind, code: 'work' }] },
    ...(subject === undefined ? {} : { subject: { reference: subject } }),
    ...(author.startsWith('Organization/system') || author === 'system'
      ? {}
      : { author: { reference: author } }),
    ...(said.length === 0 ? {} : { extension: said }),
  };
}
