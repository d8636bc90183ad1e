// The emergency look (应急调阅): one resident, a reason, a few hours; everybody is told and somebody reviews it.
import { ok, type Result, refuse, type Uuid, uuidv7 } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { Actor, Lock } from '../types.ts';
import type { Policy } from './policy.ts';
import type { Runner } from './runner.ts';

const HOUR_MS = 3_600_000;
/** A reason is a sentence, not a key pressed. */
const REASON_LENGTH_MIN = 6;

export interface Look {
  readonly patient: Uuid;
  readonly patientId: string;
  readonly reason: string;
  /** Locked classes that the emergency needs; each is named and reviewed. A child's age is never in the way. */
  readonly locks: readonly Lock[];
}

export async function openLook(
  run: Runner,
  policy: Policy,
  actor: Actor,
  look: Look,
  now: Date,
): Promise<Result<{ id: Uuid; until: Date }>> {
  if (!policy.breakGlass.roles.includes(actor.role))
    return refuse(
      'break-glass-not-allowed',
      { zh: '该岗位不能应急调阅', en: 'this role has no emergency look' },
      { rule: 'A7' },
    );
  if (new Set(look.reason.trim()).size < REASON_LENGTH_MIN)
    return refuse(
      'reason-too-short',
      { zh: '请写明应急调阅的理由（至少一句话）', en: 'give the reason in a sentence' },
      { at: 'payload.reason', rule: 'A7' },
    );
  const id = uuidv7(now.getTime());
  const until = new Date(now.getTime() + policy.settings.breakGlassMinutes * 60_000);
  const review = new Date(now.getTime() + policy.settings.breakGlassReviewHours * HOUR_MS);
  await run.run(sql`insert into break_glass
      (id, user_id, patient, patient_fhir_id, role, org, reason, locks, opened_at, until_at, review_until)
    values (${id}, ${actor.user}, ${look.patient}, ${look.patientId}, ${actor.role}, ${actor.org}, ${look.reason.trim()},
      ${look.locks}, ${now}, ${until}, ${review})`);
  return ok({ id, until });
}

export const VERDICTS = ['justified', 'unjustified', 'revoked'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `revoked` ends a look that is still open; nobody reviews the own one. */
export async function reviewLook(
  run: Runner,
  policy: Policy,
  actor: Actor,
  review: { readonly id: Uuid; readonly verdict: Verdict; readonly note: string },
  now: Date,
): Promise<Result<{ patient: Uuid }>> {
  if (!policy.breakGlass.review.includes(actor.role))
    return refuse(
      'review-not-allowed',
      { zh: '该岗位不能复核应急调阅', en: 'this role does not review emergency looks' },
      { rule: 'A7' },
    );
  const { rows } = await run.run<{ patient: Uuid; user_id: Uuid; reviewed_at: Date | null }>(
    sql`select patient, user_id, reviewed_at from break_glass where id = ${review.id} for update`,
  );
  const look = rows[0];
  if (!look)
    return refuse(
      'look-unknown',
      { zh: '没有此次应急调阅', en: 'no such emergency look' },
      { at: 'payload.id', rule: 'A7' },
    );
  if (look.user_id === actor.user)
    return refuse(
      'own-review',
      { zh: '不能复核自己的调阅', en: 'nobody reviews the own look' },
      { at: 'payload.id', rule: 'A7' },
    );
  if (look.reviewed_at !== null)
    return refuse(
      'already-reviewed',
      { zh: '已复核', en: 'reviewed already' },
      { at: 'payload.id', rule: 'A7' },
    );
  await run.run(sql`update break_glass set reviewed_at = ${now}, reviewed_by = ${actor.user}, verdict = ${review.verdict},
      note = ${review.note},
      until_at = case when ${review.verdict}::text = 'justified' then until_at else least(until_at, ${now}::timestamptz) end
    where id = ${review.id}`);
  return ok({ patient: look.patient });
}

export interface LookEntry {
  readonly id: Uuid;
  readonly user: string;
  readonly role: string;
  readonly patient: string;
  readonly reason: string;
  readonly locks: readonly Lock[];
  readonly opened: Date;
  readonly until: Date;
  readonly reviewUntil: Date;
}

/** Looks that wait for review, those due first. */
export async function looksToReview(run: Runner, limit = 200): Promise<LookEntry[]> {
  const { rows } =
    await run.run<LookEntry>(sql`select b.id, u.name as "user", b.role, b.patient_fhir_id as patient,
      b.reason, b.locks, b.opened_at as opened, b.until_at as until, b.review_until as "reviewUntil"
    from break_glass b join app_user u on u.id = b.user_id
    where b.reviewed_at is null order by b.review_until, b.id limit ${limit}`);
  return rows;
}
