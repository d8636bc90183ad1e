// Surveys at the desk: the rate with its least number, month by month, low answers and what became of them.
import type { LowAnswer, SurveyPage } from '@yimai/desk/contract';
import { addMonths, chinaDate, chinaInstant, type LocalDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { currentForm, type SurveyDeclaration, surveyRate } from '@yimai/runtime';
import type { FastifyInstance } from 'fastify';
import { declarationOf, versionOf, wrap } from './acts.ts';
import { type DeskDeps, type Reader, readerOf } from './desk-deps.ts';
import { notFound } from './read-body.ts';
import { namesOf } from './resources.ts';
import { itemsOfCases, programmeHolding } from './work-items.ts';

const MONTHS = 12;
const LOW_MAX = 50;

export function register(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/desk/mechanisms/surveys/:id', async (request): Promise<SurveyPage> => {
    const reader = await readerOf(deps, request);
    const survey = deps.runtime.surveys.get((request.params as { id: string }).id);
    if (!survey) throw notFound();
    return pageOf(deps, reader, survey);
  });
}

async function pageOf(deps: DeskDeps, reader: Reader, survey: SurveyDeclaration): Promise<SurveyPage> {
  const today = chinaDate(reader.now);
  const first = `${today.slice(0, 7)}-01` as LocalDate;
  const starts = Array.from({ length: MONTHS }, (_, nth) => addMonths(first, nth - MONTHS + 1));
  const at = (day: LocalDate) => chinaInstant(day, '00:00');
  const rateOf = async (from: Date, to: Date) =>
    hidden(await surveyRate(deps.runtime, deps.database, survey.id, from, to));
  const [rate, months, low] = await Promise.all([
    rateOf(at(starts[0]!), reader.now),
    Promise.all(
      starts.map(async (start) => ({
        month: start.slice(0, 7),
        ...(await rateOf(at(start), new Date(at(addMonths(start, 1)).getTime() - 1))),
      })),
    ),
    lowOf(deps, reader, survey),
  ]);
  const form = currentForm(deps.runtime, survey.form, reader.now);
  return {
    id: survey.id,
    name: survey.title,
    programme: programmeHolding(deps, (one) => one.surveys.some((each) => each.id === survey.id)),
    asOf: reader.now.toISOString(),
    form: form.ok ? form.value.title : { zh: survey.form, en: survey.form },
    least: survey.least,
    baseline: survey.baseline ?? null,
    rate,
    months,
    low,
    answers: form.ok
      ? {
          id: 'answer',
          name: { zh: '录入答卷', en: 'Enter answers' },
          tone: 'main',
          form: wrap(declarationOf(form.value), {}, {}),
          needsReason: false,
          barred: null,
          command: {
            type: 'survey.answer',
            payload: { survey: survey.id, ...versionOf(form.value.version) },
          },
          answersAs: 'answers',
          final: false,
        }
      : null,
  };
}

/** A rate of too few answers is not told. */
const hidden = (rate: Awaited<ReturnType<typeof surveyRate>>) =>
  rate.publishable ? rate : { ...rate, rate: null, points: null };

async function lowOf(deps: DeskDeps, reader: Reader, survey: SurveyDeclaration): Promise<LowAnswer[]> {
  const { rows } = await deps.database.run<{
    at: Date;
    about: string | null;
    case_id: string;
  }>(sql`select at, about, case_id from survey_answer where survey = ${survey.id} and case_id is not null
    order by at desc limit ${LOW_MAX}`);
  const items = await itemsOfCases(
    deps,
    reader,
    rows.map((row) => ({ case_id: row.case_id, loop: '', branch: null, since_at: null, due_at: null })),
  );
  const seen = new Map(items.map((item) => [item.id, item]));
  const names = await namesOf(
    deps,
    reader,
    rows.map((row) => row.about),
  );
  return rows.flatMap((row) => {
    const item = seen.get(row.case_id);
    return item ? [{ at: row.at.toISOString(), about: names.get(row.about ?? '') ?? null, item }] : [];
  });
}
