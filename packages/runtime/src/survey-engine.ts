// Surveys: answers that are valid, satisfied or low; the rate with its least number; low answers followed up.
import type { Extension } from '@medplum/fhirtypes';
import { compileExpression } from '@yimai/forms';
import { ok, type Result } from '@yimai/kit';
import { type Actor, type CaseData, SYSTEM } from '@yimai/loops';
import { type Database, sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx } from '@yimai/record';
import { declared, type RuntimeContext, SYSTEMS } from './context.ts';
import { storeForm } from './form-store.ts';
import { handler } from './handler.ts';
import { openCase } from './loop-engine.ts';
import type { SurveyDeclaration } from './programme.ts';
import { data, optionalText, text } from './read-payload.ts';

const holds = (expression: string, values: CaseData): boolean => {
  const compiled = compileExpression(expression, () => true);
  return compiled.ok && compiled.value({ answers: values, score: values['score'] ?? null }) === true;
};

async function answer(
  context: RuntimeContext,
  tx: RecordTx,
  survey: SurveyDeclaration,
  given: {
    readonly answers: CaseData;
    readonly about: string | undefined;
    readonly formVersion: string | undefined;
  },
  actor: Actor,
): Promise<Result<unknown>> {
  const stored = await storeForm(
    context,
    tx,
    {
      form: survey.form,
      version: given.formVersion,
      answers: given.answers,
      subject: undefined,
      marks: marksOf(survey, given.about, actor),
    },
    actor,
  );
  if (!stored.ok) return stored;
  const { id, values } = stored.value;
  const valid = survey.valid === undefined || holds(survey.valid, values);
  const satisfied = valid && holds(survey.satisfied, values);
  let followUp: string | null = null;
  if (valid && survey.low && holds(survey.low.when, values)) {
    const answers = Object.fromEntries(
      Object.entries(survey.low.with).map(([name, expression]) => {
        const compiled = compileExpression(expression, () => true);
        return [
          name,
          compiled.ok ? (compiled.value({ answers: values, score: values['score'] ?? null }) as never) : null,
        ];
      }),
    );
    const opener: Actor = { ...SYSTEM, organisation: actor.organisation };
    const opened = await openCase(context, tx, {
      loop: survey.low.opens,
      actor: opener,
      answers,
      subject: given.about,
    });
    if (!opened.ok) return opened;
    followUp = opened.value.case;
  }
  await tx.run(sql`insert into survey_answer (response, survey, at, valid, satisfied, about, case_id)
    values (${id}, ${survey.id}, ${tx.recordedAt}, ${valid}, ${satisfied}, ${given.about ?? null}, ${followUp})`);
  return ok({ response: id, valid, satisfied, followUp });
}

/** Several surveys may share a form: the answers say which one, and which organisation they are about. */
function marksOf({ id }: SurveyDeclaration, about: string | undefined, actor: Actor): Extension[] {
  const org = [about, actor.organisation].find((each) => each !== undefined && /^Organization\//.test(each));
  return [
    { url: `${SYSTEMS.extension}survey`, valueCode: id },
    ...(org === undefined
      ? []
      : [{ url: `${SYSTEMS.extension}about-organisation`, valueReference: { reference: org } }]),
  ];
}

export function surveyCommands(context: RuntimeContext): CommandHandler<never>[] {
  return [
    handler(
      'survey.answer',
      { survey: text, about: optionalText, answers: data, formVersion: optionalText },
      async (tx, payload, actor) => {
        const found = declared(context.surveys, payload.survey, 'payload.survey');
        return found.ok ? answer(context, tx, found.value, payload, actor) : found;
      },
    ),
  ];
}

export interface SurveyRate {
  readonly answers: number;
  readonly valid: number;
  readonly satisfied: number;
  /** Per cent of the valid answers, two decimals; null without any. */
  readonly rate: number | null;
  readonly publishable: boolean;
  /** Against the declared baseline, in percentage points. */
  readonly points: number | null;
  readonly followUps: number;
}

export async function surveyRate(
  context: RuntimeContext,
  database: Database,
  id: string,
  from: Date,
  to: Date,
): Promise<SurveyRate> {
  const survey = context.surveys.get(id);
  const { rows } = await database.run<{
    answers: number;
    valid: number;
    satisfied: number;
    follow_ups: number;
  }>(sql`select
      count(*)::int as answers, (count(*) filter (where valid))::int as valid,
      (count(*) filter (where satisfied))::int as satisfied, count(case_id)::int as follow_ups
    from survey_answer where survey = ${id} and at >= ${from} and at <= ${to}`);
  const { answers = 0, valid = 0, satisfied = 0, follow_ups: followUps = 0 } = rows[0] ?? {};
  const rate = valid === 0 ? null : Math.round((satisfied / valid) * 10_000) / 100;
  const baseline = survey?.baseline;
  return {
    answers,
    valid,
    satisfied,
    rate,
    publishable: valid >= (survey?.least ?? 0) && valid > 0,
    points: rate === null || baseline === undefined ? null : Math.round((rate - baseline) * 100) / 100,
    followUps,
  };
}
